namespace HealthEval.Reports.Workbook;

/// <summary>Where raters are far apart, and what both said: what a lead discusses in the next calibration.</summary>
internal static class DisagreementsSheet
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("Response", 26), Column.Text("Model", 16), Column.Text("Why it is here", 24), Column.Number("Range", "0", 8),
        Column.Text("Lower or milder: rater", 13), Column.Number("Score", "0", 8), Column.Text("Harm", 11), Column.Text("Rationale", 44),
        Column.Text("Higher or graver: rater", 13), Column.Number("Score ", "0", 8), Column.Text("Harm ", 11), Column.Text("Rationale ", 44), Column.Text("Adjudication", 18),
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
            d.Unit, d.Model, d.Why, d.Range == 0 ? "–" : d.Range, d.Low.Rater, Score(d.Low), d.Low.Harm, d.Low.Rationale ?? "none written", d.High.Rater, Score(d.High), d.High.Harm, d.High.Rationale ?? "none written", "not adjudicated",
        ]), book.Figures.Single == book.Figures.Responses ? "No response has two raters, so nothing can differ." : "No two raters are that far apart in this week.");
    }

    private static object Score(Opinion opinion) => opinion.Score == 0 ? "–" : opinion.Score;
}
