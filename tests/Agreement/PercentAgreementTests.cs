using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class PercentAgreementTests
{
    private static readonly Rating[] Ratings =
    [
        new("u1", "a", 1), new("u1", "b", 1), new("u1", "c", 2),
        new("u2", "a", 4), new("u2", "b", 5), new("u2", "c", 5),
        new("u3", "a", 1), new("u3", "b", 5),
        new("u4", "a", 3),
    ];

    [Fact]
    public void It_is_the_mean_share_of_agreeing_pairs_per_unit()
    {
        var exact = PercentAgreement.Compute(RatingMatrix.FromNumbers(Ratings));
        Assert.Equal(((1.0 / 3) + (1.0 / 3) + 0) / 3, exact.Value!.Value, 1e-12);
        Assert.Equal(new SampleSize(3, 8, 3), exact.N);
    }

    [Fact]
    public void Within_one_accepts_neighbours() =>
        Assert.Equal(2.0 / 3, PercentAgreement.Compute(RatingMatrix.FromNumbers(Ratings), tolerance: 1).Value!.Value, 1e-12);

    [Fact]
    public void Within_one_needs_an_order() => Assert.Equal(
        UndefinedReason.NeedsOrder, PercentAgreement.Compute(RatingMatrix.FromLabels([new("u", "a", "x"), new("u", "b", "y")]), tolerance: 1).Undefined);

    [Fact]
    public void The_published_four_rater_table_gives_its_share() =>
        Assert.Equal(0.8181818, PercentAgreement.Compute(GroundTruthFiles.Wide("gwet_raw4raters.csv")).Value!.Value, 5e-8);

    [Fact]
    public void A_repeat_by_the_same_rater_is_one_rating_unless_all_are_asked_for()
    {
        Rating[] twice = [.. Ratings, new("u1", "a", 2)];
        Assert.Equal(1, RatingMatrix.FromNumbers(twice).RepeatedRatings);
        Assert.Equal(9, RatingMatrix.FromNumbers(twice).RatingCount);
        Assert.Equal(10, RatingMatrix.FromNumbers(twice, null, Repeats.All).RatingCount);
        Assert.Equal([1, 0, 1], RatingMatrix.FromNumbers(twice, null, Repeats.Last).LevelsOf(0).ToArray());
    }
}
