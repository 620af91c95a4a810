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

    // Forty prompts of two answers each, and nobody ever differs: 0.025^(1/40) is the lower limit, as of one trial a prompt. Never agreeing is its mirror.
    [Theory]
    [InlineData(0, 0.9119027, 1)]
    [InlineData(3, 0, 0.0880973)]
    public void Where_all_or_none_agree_the_limits_are_exact_on_prompts(int apart, double low, double high)
    {
        var ratings = Enumerable.Range(0, 80).SelectMany(u => new[] { new Rating($"u{u}", "a", 1 + (u % 2), $"p{u / 2}"), new Rating($"u{u}", "b", 1 + (u % 2) + apart, $"p{u / 2}") });
        var interval = PercentAgreement.Compute(RatingMatrix.FromNumbers([.. ratings])).Interval!;
        Assert.Equal(low, interval.Lower, 1e-6);
        Assert.Equal(high, interval.Upper, 1e-6);
        Assert.Equal("Clopper–Pearson exact on clusters", interval.Method);
    }

    // Two units with the same table: their variance is 0, which is no proof that the next unit has it too.
    [Fact]
    public void Units_that_are_all_alike_give_a_value_without_limits()
    {
        var alike = ValueCounts.FromTable(new[,] { { 40, 40, 40 }, { 40, 40, 40 } }, Scale.OfLabels(["x", "y", "z"]));
        var fleiss = FleissKappa.Compute(alike);
        Assert.Equal(-1.0 / 119, fleiss.Value!.Value, 1e-12);
        Assert.Null(fleiss.Interval);
        Assert.Equal(UndefinedReason.NoSpread, fleiss.Details["interval"]);

        var resampled = ClusterMean.Compute([4, 4, 4], ["p", "q", "r"]);
        Assert.Equal((4.0, 0.0), (resampled.Value, resampled.StandardError));
        Assert.Equal((null, UndefinedReason.NoSpread), (resampled.Interval, resampled.Details["interval"]));
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
