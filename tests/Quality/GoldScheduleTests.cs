using HealthEval.Quality;

namespace HealthEval.Tests.Quality;

public sealed class GoldScheduleTests
{
    [Theory]
    [InlineData(0.08)]
    [InlineData(0.1)]
    [InlineData(0.03)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    public void The_share_holds_and_two_are_never_in_a_row(double share)
    {
        foreach (var rater in Enumerable.Range(0, 20).Select(n => $"rater-{n}"))
        {
            var due = Due(rater, share, 4_000);

            Assert.InRange(due.Count, (4_000 * share) - 1, (4_000 * share) + 1);
            Assert.All(due.Zip(due.Skip(1)), pair => Assert.True(share >= 0.5 || pair.Second - pair.First > 1, $"{rater}: {pair}"));
        }
    }

    [Fact]
    public void No_place_is_likelier_than_another_so_that_nobody_can_count_them_off()
    {
        const double Share = 0.1;
        var places = Enumerable.Range(0, 2_000).SelectMany(n => Due($"rater-{n}", Share, 100)).Select(place => (int)(place % 10)).CountBy(place => place).ToDictionary();
        var expected = places.Values.Sum() / 10.0;

        var chiSquare = places.Values.Sum(count => (count - expected) * (count - expected) / expected);

        // no two in a row takes a little from the first place of a run and gives it to the second; beyond that the places are alike
        Assert.Equal(10, places.Count);
        Assert.All(places.Where(place => place.Key > 1), place => Assert.InRange(place.Value, expected * 0.95, expected * 1.05));
        Assert.InRange(places[0] + places[1], expected * 1.95, expected * 2.05);
        Assert.True(chiSquare > 0);
    }

    [Fact]
    public void Each_rater_has_places_of_their_own_and_always_the_same_ones()
    {
        Assert.Equal(Due("ana", 0.08, 500), Due("ana", 0.08, 500));
        Assert.NotEqual(Due("ana", 0.08, 500), Due("ben", 0.08, 500));
    }

    [Fact]
    public void Without_a_share_nothing_is_due() => Assert.Empty(Due("ana", 0, 1_000));

    private static List<long> Due(string rater, double share, int tasks) =>
        [.. Enumerable.Range(0, tasks).Select(n => (long)n).Where(n => GoldSchedule.IsDue("p1", rater, share, n, out _))];
}
