using HealthEval.Cli;

namespace HealthEval.Tests.Cli;

/// <summary>When simulated judgements are dated.</summary>
public sealed class PastTimeTests
{
    private static readonly DateTimeOffset End = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    // Ten were expected; gold, repeats and second opinions made it fourteen.
    [Fact]
    public void More_judgements_than_expected_are_not_dated_after_now()
    {
        var time = new SimulateCommand.PastTime(End, TimeSpan.FromDays(21), 10);
        var dates = Enumerable.Range(0, 15).Select(_ =>
        {
            var now = time.GetUtcNow();
            time.Step();
            return now;
        }).ToList();
        Assert.Equal(End - TimeSpan.FromDays(21), dates[0]);
        Assert.Equal(End - TimeSpan.FromDays(10.5), dates[5]);
        Assert.All(dates.Skip(10), date => Assert.Equal(End, date));
    }
}
