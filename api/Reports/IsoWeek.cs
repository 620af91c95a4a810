using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace HealthEval.Reports;

/// <summary>An ISO 8601 week in UTC, written <c>2026-W47</c>: Monday 00:00 up to, not including, the next Monday.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly partial record struct IsoWeek(int Year, int Number)
{
    public DateTimeOffset Start => new(ISOWeek.ToDateTime(Year, Number, DayOfWeek.Monday), TimeSpan.Zero);

    public DateTimeOffset End => Start.AddDays(7);

    public DateTimeOffset LastDay => Start.AddDays(6);

    public static IsoWeek Of(DateTimeOffset time) => new(ISOWeek.GetYear(time.UtcDateTime), ISOWeek.GetWeekOfYear(time.UtcDateTime));

    /// <summary>The week named by <paramref name="text"/>, or null when it is not a week of any calendar (such as 2025-W53).</summary>
    public static IsoWeek? Parse(string? text)
    {
        if (text is null || Syntax().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var week = new IsoWeek(int.Parse(match.Groups["year"].ValueSpan), int.Parse(match.Groups["week"].ValueSpan));
        return week.Number >= 1 && week.Number <= ISOWeek.GetWeeksInYear(week.Year) ? week : null;
    }

    public IsoWeek Add(int weeks) => Of(Start.AddDays(7 * weeks));

    public override string ToString() => $"{Year:0000}-W{Number:00}";

    [GeneratedRegex(@"^(?<year>20[0-9][0-9])-W(?<week>[0-9][0-9])\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Syntax();
}
