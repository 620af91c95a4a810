using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

public sealed class IsoWeekTests
{
    [Theory]
    [InlineData("2026-W47", "2026-11-16", "2026-11-23")]
    [InlineData("2026-W53", "2026-12-28", "2027-01-04")]
    [InlineData("2025-W01", "2024-12-30", "2025-01-06")]
    public void A_week_starts_on_Monday_and_ends_before_the_next(string text, string start, string end)
    {
        var week = IsoWeek.Parse(text)!.Value;
        Assert.Equal(start, week.Start.ToString("yyyy-MM-dd"));
        Assert.Equal(end, week.End.ToString("yyyy-MM-dd"));
        Assert.Equal(text, week.ToString());
        Assert.Equal(week, IsoWeek.Of(week.Start));
        Assert.Equal(week, IsoWeek.Of(week.End.AddTicks(-1)));
        Assert.Equal(week.Add(1), IsoWeek.Of(week.End));
    }

    [Theory]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026-W7")]
    [InlineData("2026-47")]
    [InlineData("2026-W47/")]
    [InlineData("2026-W47\n")]
    [InlineData("../W47")]
    [InlineData("٢٠٢٦-W47")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_week_of_any_calendar_is_refused(string? text) => Assert.Null(IsoWeek.Parse(text));
}
