using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports.Workbook;

/// <summary>Is the work going as planned: judgements wanted and given, how long a task takes, what waits, what was refused.</summary>
internal static class OperationsSheet
{
    private const string Name = "Operations";

    private static readonly IReadOnlyList<Column> Facts =
    [
        Column.Text("Figure", 34), Column.Number("Value", Look.Count, 14), Column.Number("of", Look.Count, 14), Column.Number("Share", Look.Rate, 14), Column.Text("What it means", 64),
    ];

    private static readonly IReadOnlyList<Column> Days =
    [
        Column.Text("End of day (UTC)", 34, wrap: false), Column.Number("Planned", Look.Count, 14), Column.Number("Delivered", Look.Count, 14), Column.Number("Backlog", Look.Count, 14),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet(Name, Look.Accent);
        var o = book.Week.Context!.Operations;
        pen.Title(Name, "Planned is the number of judgements wanted: tasks × judgements per task. All of the project up to the end of this week, except where the week is named.");
        pen.Table("Operations", Facts, Rows(book, o), "Nothing was planned or delivered.");
        pen.Heading("Planned and delivered, day by day");
        var days = pen.Table("OperationsDays", Days, o.Days.Select(d => (object?[])[$"{d.Day:ddd yyyy-MM-dd}", d.Planned, d.Delivered, Math.Max(0, d.Planned - d.Delivered)]), "No day of this week has begun.");
        if (o.Last is { Planned: > 0 })
        {
            var names = new Texts(days.Reference(1), [.. o.Days.Select(d => $"{d.Day:ddd yyyy-MM-dd}")]);
            var top = pen.Row - 1;
            book.Charts.Add(new Chart(
                Name, ChartKind.Lines, "Burn-up: judgements planned and delivered",
                [
                    new ChartSeries("planned", names, new Numbers(days.Reference(2), [.. o.Days.Select(d => (double?)d.Planned)]), "7A5195"),
                    new ChartSeries("delivered", names, new Numbers(days.Reference(3), [.. o.Days.Select(d => (double?)d.Delivered)]), "1B6E78"),
                ],
                (0, top, 6, top + 18), new Axis("judgements, cumulative", 0, null, "#,##0")));
            pen.Skip(20);
        }

        ConductTables.Operations(book, pen);
    }

    private static IEnumerable<object?[]> Rows(Book book, Operations o)
    {
        var (planned, delivered) = (o.Last?.Planned ?? 0, o.Last?.Delivered ?? 0);
        yield return ["Judgements in this week", book.Week.Judgements, null, null, "Submitted from Monday to the end of the week; all figures of the other sheets rest on them."];
        yield return Share("Delivered of planned", delivered, planned, "planned judgements");
        yield return ["Backlog", Math.Max(0, planned - delivered), null, null, "Judgements still wanted when the week ended."];
        yield return ["Tasks completed in this week", o.Completed, o.Tasks, null, "Tasks whose last wanted judgement came in this week, of all tasks."];
        yield return ["Cycle time: median hours", Quantile(o, 0.5), null, null, Cycle(o)];
        yield return ["Cycle time: 90th percentile, hours", Quantile(o, 0.9), null, null, "Nine of ten completed tasks took no longer."];
        yield return Share("Judged by two or more", o.TwiceJudged, o.Judged, "tasks with a judgement; agreement can be computed for these only");
        var points = book.Week.Adjudications.SelectMany(a => a.Rulings).ToList();
        yield return ["Cases settled in this week", book.Week.Adjudications.Count, null, null, "Tasks whose judgements disagreed, or that were sent by hand, and on which an adjudicator decided."];
        yield return Share("Points overturned", points.Count(r => r.Overturned), points.Count, "points that adjudicators decided: the value that stands is one that no judgement had given");
        yield return Share("Records rejected", (int)o.RecordsRejected, (int)o.RecordsRead, $"records of the {o.Files:N0} files of this week ({o.FailedFiles:N0} failed as a whole); {o.RecordsDuplicate:N0} were there already; receipts name every line");
    }

    private static object?[] Share(string name, int part, int whole, string of)
    {
        return whole == 0
            ? [name, part, whole, "not defined", "Nothing to take a share of: " + of + "."]
            : [name, part, whole, (double)part / whole, $"Of {of}."];
    }

    private static string Cycle(Operations o) => o.CycleHours.Count == 0
        ? "No task was completed in this week."
        : $"From the arrival of the file to the last wanted judgement; n = {o.CycleHours.Count:N0} tasks{(o.CycleHours.Count < Figures.LowN ? ", low n" : "")}.";

    private static object Quantile(Operations o, double share) => o.CycleHours.Count == 0 ? "not defined" : Math.Round(Bootstrap.Quantile([.. o.CycleHours], share), 1);
}
