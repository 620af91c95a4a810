namespace HealthEval.Reports.Workbook;

/// <summary>Where raters are far apart, and what both said: what a lead discusses in the next calibration.</summary>
internal static class DisagreementsSheet
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("Response", 26), Column.Text("Model", 16), Column.Text("Why it is here", 24), Column.Number("Range", "0", 8),
        Column.Text("Lower or milder: rater", 13), Column.Number("Score", "0", 8), Column.Text("Harm", 11), Column.Text("Rationale", 44),
        Column.Text("Higher or graver: rater", 13), Column.Number("Score ", "0", 8), Column.Text("Harm ", 11), Column.Text("Rationale ", 44), Column.Text("Adjudication", 44),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet("Disagreements", Look.Accent);
        var found = book.Disagreements;
        pen.Title("Disagreements", "Responses on which raters are two points or more apart on a dimension, or where one saw no harm and another moderate or worse. Opposite harm first, then the widest.");
        if (found.Count > found.Shown.Count)
        {
            pen.Note($"{found.Shown.Count:N0} of {found.Count:N0} are shown; the others are on the sheet Items, column Range.");
            pen.Skip();
        }

        pen.Table("Disagreements", Columns, found.Shown.Select(d => (object?[])
        [
            d.Unit, d.Model, d.Why, d.Range == 0 ? "–" : d.Range, d.Low.Rater, Score(d.Low), d.Low.Harm, d.Low.Rationale ?? "none written", d.High.Rater, Score(d.High), d.High.Harm, d.High.Rationale ?? "none written", Outcome(book.Week, d),
        ]), book.Figures.Single == book.Figures.Responses ? "No response has two raters, so nothing can differ." : "No two raters are that far apart in this week.");
    }

    /// <summary>What was decided about the response, or about its task as a whole.</summary>
    private static string Outcome(WeekData week, Disagreement d)
    {
        var rulings = week.Adjudications.Where(a => a.TaskId == d.TaskId).SelectMany(a => a.Rulings).Where(r => r.Point.ResponseId is null || r.Point.ResponseId == d.ResponseId).ToList();
        return rulings.Count == 0
            ? "not settled in this week"
            : string.Join("; ", rulings.Select(r => $"{r.Point.Dimension ?? r.Point.Kind}: {r.Final}{(r.Overturned ? ", as no judgement had it" : "")} ({r.Rationale})"));
    }

    private static object Score(Opinion opinion) => opinion.Score == 0 ? "–" : opinion.Score;
}
