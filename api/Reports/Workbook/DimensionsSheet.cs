namespace HealthEval.Reports.Workbook;

/// <summary>Each dimension: mean, spread, how often each score was given; then by sub-domain, audience, risk and language.</summary>
internal static class DimensionsSheet
{
    private const string Name = "Dimensions";
    private static readonly string[] Levels = ["1", "2", "3", "4", "5"];
    private static readonly string[] LevelColors = ["B5483A", "E3A08F", "D8D8D8", "9CC5CA", "1B6E78"];

    public static void Write(Book book)
    {
        var pen = book.Sheet(Name, Look.Accent);
        pen.Title("Dimensions", "Six ratings from 1 to 5, each with written anchors; 3 means usable with correction. A rating is one rater on one response.");
        pen.Heading("Means");
        var means = pen.Table("Dimensions", Means, book.Figures.Dimensions.Select(d => (object?[])
        [
            d.Name, d.Mean, .. Pen.Limits(d.Mean), d.Mean.StandardError is { } se ? se : "–", d.Mean.N.Ratings, d.Mean.N.Units, d.Mean.N.Raters, d.NotGiven, Pen.Remark(d.Mean),
        ]));
        pen.Helpers(means, [.. book.Figures.Dimensions.Select(d => d.Mean.Interval?.Upper - d.Mean.Value)], [.. book.Figures.Dimensions.Select(d => d.Mean.Value - d.Mean.Interval?.Lower)]);
        pen.Heading("How often each score was given");
        var distribution = pen.Table("Distribution", Distribution, book.Figures.Dimensions.Select(d => (object?[])[d.Name, .. d.Distribution.Select(n => (object)n)]));
        Totals(book, pen, distribution);
        Charts(book, pen, distribution);
        Custom(book, pen);
        pen.Heading("By sub-domain, audience, risk and language");
        pen.Table("Slices", Slices(book), book.Figures.Slices.Select(s => (object?[])
        [
            s.Kind, s.Value, s.Responses, s.Ratings, s.Index, .. Pen.Limits(s.Index), .. s.Means.Select(m => (object)m), s.Findings.Harm(book.Figures.Rule) is var harm ? harm : null, harm.Details.Number("successes") ?? 0, harm.Details.Number("trials") ?? 0, Pen.Remark(s.Index),
        ]));
    }

    /// <summary>Beside the six, where the guideline has any; no headline rests on them.</summary>
    private static void Custom(Book book, Pen pen)
    {
        if (CustomDimension.Of(book.Week) is not { Count: > 0 } custom)
        {
            return;
        }

        pen.Heading("Dimensions of this customer's own");
        pen.Table(
            "CustomDimensions",
            [
                Column.Text("Dimension", 20), Column.Number("Mean", Look.Score), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score), Column.Number("α, ordinal", Look.Score), Column.Number("α 95% low", Look.Score),
                Column.Number("α 95% high", Look.Score), Column.Number("Ratings", Look.Count), .. Levels.Select(level => Column.Number(level, Look.Count)), Column.Text("Remark", 12, wrap: false),
            ],
            custom.Select(d => (object?[])[d.Name, d.Mean, .. Pen.Limits(d.Mean), d.Alpha, .. Pen.Limits(d.Alpha), d.Distribution.Sum(), .. d.Distribution.Select(n => (object)n), Pen.Remark(d.Mean)]));
    }

    /// <summary>Dimension means with their intervals, from this sheet's first table.</summary>
    public static Chart MeansChart(Book book, string sheet, (int Column, int Row, int ToColumn, int ToRow) at)
    {
        var block = new Block(Name, MeansHeaderRow, MeansHeaderRow + book.Figures.Dimensions.Count, Means.Count);
        var names = new Texts(block.Reference(1), [.. book.Figures.Dimensions.Select(d => d.Name)]);
        var values = new Numbers(block.Reference(2), [.. book.Figures.Dimensions.Select(d => d.Mean.Value)]);
        var plus = new Numbers(block.Reference(PlusColumn), [.. book.Figures.Dimensions.Select(d => d.Mean.Interval?.Upper - d.Mean.Value)]);
        var minus = new Numbers(block.Reference(PlusColumn + 1), [.. book.Figures.Dimensions.Select(d => d.Mean.Value - d.Mean.Interval?.Lower)]);
        return new Chart(sheet, ChartKind.Bars, "Mean score by dimension, with 95% interval", [new ChartSeries("Mean", names, values, "1B6E78", (plus, minus))], at, new Axis("mean score (1–5)", 1, 5, "0"));
    }

    /// <summary>Row of the first table's header: title, explanation, gap, heading come before it.</summary>
    private const int MeansHeaderRow = 5;
    private const int PlusColumn = Pen.HelperColumn;

    private static readonly IReadOnlyList<Column> Means =
    [
        Column.Text("Dimension", 20), new("Mean", 12, Look.Score, Bar: (1, 5)), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score), Column.Number("Standard error", "0.000"),
        Column.Number("Ratings", Look.Count), Column.Number("Responses", Look.Count), Column.Number("Raters", Look.Count), Column.Number("Not rated or N/A", Look.Count), Column.Text("Remark", 12, wrap: false),
    ];

    private static readonly IReadOnlyList<Column> Distribution =
    [
        Column.Text("Dimension", 20), .. Levels.Select(l => new Column(l, 12, Look.Count)),
    ];

    private static IReadOnlyList<Column> Slices(Book book) =>
    [
        Column.Text("By", 20), Column.Text("Group", 14), Column.Number("Responses", Look.Count), Column.Number("Ratings", Look.Count),
        Column.Number("Index 0–100", Look.OneDecimal), Column.Number("95% low", Look.OneDecimal), Column.Number("95% high", Look.OneDecimal),
        .. book.Figures.Dimensions.Select(d => Column.Number(d.Name, Look.Score, 14)), Column.Number("Harm ≥ moderate", Look.Rate), Column.Number("Harmful", Look.Count), Column.Number("of", Look.Count), Column.Text("Remark", 16, wrap: false),
    ];

    private static void Totals(Book book, Pen pen, Block block)
    {
        var row = block.LastRow + 1;
        Pen.Put(pen.Sheet.Cell(row, 1), "All dimensions");
        for (var level = 0; level < Levels.Length; level++)
        {
            var cell = pen.Sheet.Cell(row, level + 2);
            var letter = (char)('B' + level);
            book.Formula(cell, $"SUM({letter}{block.FirstRow}:{letter}{block.LastRow})", book.Figures.Dimensions.Sum(d => d.Distribution[level]));
            cell.Style.NumberFormat.SetFormat(Look.Count);
        }

        pen.Sheet.Range(row, 1, row, Levels.Length + 1).Style.Font.SetBold();
        pen.Skip();
    }

    private static void Charts(Book book, Pen pen, Block block)
    {
        if (book.Figures.Empty)
        {
            return;
        }

        var names = new Texts(block.Reference(1), [.. book.Figures.Dimensions.Select(d => d.Name)]);
        var series = Levels.Select((level, i) => new ChartSeries(
            "score " + level, names, new Numbers(block.Reference(i + 2), [.. book.Figures.Dimensions.Select(d => (double?)d.Distribution[i])]), LevelColors[i])).ToList();
        var top = pen.Row - 1;
        book.Charts.Add(MeansChart(book, Name, (0, top, 6, top + 18)));
        book.Charts.Add(new Chart(Name, ChartKind.Shares, "Share of each score", series, (6, top, 14, top + 18), new Axis("share of ratings", 0, 1, "0%")));
        pen.Skip(20);
    }
}
