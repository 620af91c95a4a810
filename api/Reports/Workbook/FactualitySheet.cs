namespace HealthEval.Reports.Workbook;

/// <summary>What the checked claims came to, by type and model, and what was refuted.</summary>
internal static class FactualitySheet
{
    private const int MostRefuted = 200;

    private static readonly Dictionary<string, string> Colors = new(StringComparer.Ordinal)
    {
        ["SUPPORTED"] = "1B6E78",
        ["PARTLY_SUPPORTED"] = "8CC0C6",
        ["REFUTED"] = "B5483A",
        ["OUTDATED"] = "E3A08F",
        ["NOT_FOUND"] = "7A2E25",
        ["CONTESTED"] = "E69F00",
        ["UNVERIFIABLE"] = "C9CED1",
        ["NOT_A_CLAIM"] = "E6EAEB",
    };

    public static void Write(Book book)
    {
        var pen = book.Sheet("Factuality", "#E69F00");
        pen.Title("Factuality", "Claims as raters recorded and checked them against public sources. Strict precision = supported ÷ (supported + partly + refuted or outdated); lenient counts partly as half. Undecided claims are shown, not counted.");
        pen.Heading("Precision");
        var (strict, lenient) = (book.Figures.Precision, book.Figures.Lenient);
        List<Column> precision = [Column.Text("Measure", 26), Column.Number("Value", Look.Rate), Column.Number("95% low", Look.Rate), Column.Number("95% high", Look.Rate), Column.Number("Numerator", "#,##0.0"), Column.Number("Decided claims", Look.Count), Column.Text("Remark", 12, wrap: false)];
        pen.Table("Precision", precision, new[] { ("strict", strict), ("lenient", lenient) }.Select(p => (object?[])
            [p.Item1, p.Item2, .. Pen.Limits(p.Item2), p.Item2.Details.Number("successes") ?? 0, book.Week.Verdicts.Decided, Pen.Remark(p.Item2)]));
        pen.Heading("Verdicts by type of claim");
        Verdicts(book, pen, "VerdictsByType", "Type", book.Week.VerdictsByType, key => book.Week.Guideline.ClaimTypes.FirstOrDefault(t => t.Key == key)?.Name ?? key, chart: true);
        pen.Heading("Verdicts by model");
        Verdicts(book, pen, "VerdictsByModel", "Model", book.Week.VerdictsByModel, key => key, chart: false);
        RefutedClaims(book);
    }

    private static void RefutedClaims(Book book)
    {
        var pen = book.Sheet("Refuted claims", "#E69F00");
        pen.Title("Refuted claims", "Claims that a rater found refuted or outdated, with the correction and the source; critical ones first.");
        List<Column> refuted =
        [
            Column.Text("Model", 20), Column.Text("Verdict", 12), Column.Text("Critical", 10), Column.Text("Tier", 8), Column.Text("Task", 20), Column.Text("Rater", 12), Column.Text("Claim", 60), Column.Text("Correction", 50), Column.Text("Source", 40),
        ];
        var ordered = book.Week.Refuted.OrderByDescending(r => r.Critical).ThenBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.TaskId, StringComparer.Ordinal).ThenBy(r => r.Rater, StringComparer.Ordinal).ThenBy(r => r.Number);
        pen.Table("RefutedClaims", refuted, ordered.Take(MostRefuted).Select(r => (object?[])
            [r.Model, r.Verdict, r.Critical ? "critical" : "no", r.Tier ?? "none", r.TaskId, r.Rater, r.Quote, r.Correction, r.Source]), "No claim was refuted in this week.");
        if (book.Week.Refuted.Count > MostRefuted)
        {
            pen.Note($"The first {MostRefuted} of {book.Week.Refuted.Count:N0}, critical ones first; all are on sheet Claims.");
        }
    }

    private static void Verdicts(Book book, Pen pen, string table, string what, SortedDictionary<string, VerdictTally> tallies, Func<string, string> name, bool chart)
    {
        var verdicts = book.Week.Guideline.Verdicts;
        List<Column> columns =
        [
            Column.Text(what, 26), .. verdicts.Select(v => Column.Number(v.Name, Look.Count, 12)), Column.Number("Not checked", Look.Count), Column.Number("All", Look.Count),
            Column.Number("Precision", Look.Rate), Column.Number("95% low", Look.Rate), Column.Number("95% high", Look.Rate), Column.Number("Decided", Look.Count), Column.Text("Remark", 12, wrap: false),
        ];
        var block = pen.Table(table, columns, tallies.Select(t =>
        {
            var strict = t.Value.Strict;
            return (object?[])[name(t.Key), .. verdicts.Select(v => (object)t.Value.ByVerdict.GetValueOrDefault(v.Key)), t.Value.Unchecked, t.Value.Total, strict, .. Pen.Limits(strict), t.Value.Decided, Pen.Remark(strict)];
        }), "No claim was recorded in this week.");
        if (!chart || tallies.Count == 0)
        {
            return;
        }

        var names = new Texts(block.Reference(1), [.. tallies.Select(t => name(t.Key))]);
        var series = verdicts.Select((v, i) => new ChartSeries(
            v.Name, names, new Numbers(block.Reference(i + 2), [.. tallies.Values.Select(t => (double?)t.ByVerdict.GetValueOrDefault(v.Key))]), Colors.GetValueOrDefault(v.Key, "9AA5AB"))).ToList();
        book.Charts.Add(new Chart("Factuality", ChartKind.Shares, "Verdicts by type of claim", series, (0, pen.Row - 1, 9, pen.Row + 17), new Axis("share of claims", 0, 1, "0%")));
        pen.Skip(20);
    }
}
