namespace HealthEval.Reports.Workbook;

/// <summary>How far raters agree, with intervals, n, and what the number means.</summary>
internal static class AgreementSheet
{
    private const string Name = "Agreement";
    private const int PlusColumn = 15;

    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("Rated", 18), new("α ordinal", 11, Look.Score, Bar: (0, 1)), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score),
        Column.Number("Responses with 2+ raters", Look.Count, 12), Column.Number("Ratings", Look.Count), Column.Number("Raters", Look.Count),
        Column.Number("Identical", Look.Rate), Column.Number("Identical: 95% low", Look.Rate), Column.Number("Identical: 95% high", Look.Rate),
        Column.Number("At most 1 apart", Look.Rate), Column.Number("±1: 95% low", Look.Rate), Column.Number("±1: 95% high", Look.Rate), Column.Number("Week before (α)", Look.Score), Column.Number("High − α", Look.Score), Column.Number("α − low", Look.Score), Column.Text("Reading", 48),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet(Name, Look.Accent);
        pen.Title("Agreement", "Krippendorff's α: 1 is perfect agreement, 0 what chance gives. Published clinician agreement on open-ended medical answers is usually 0.4 to 0.6.");
        AgreementFigures[] all = [.. book.Figures.Dimensions.Select(d => d.Agreement), book.Figures.HarmAgreement];
        var before = book.Week.History.FirstOrDefault(w => w.Week == book.Week.Week.Add(-1).ToString());
        var block = pen.Table("Agreement", Columns, all.Select((a, i) => (object?[])
        [
            a.Name, a.Alpha, .. Pen.Limits(a.Alpha), a.Alpha.N.Units, a.Alpha.N.Ratings, a.Alpha.N.Raters,
            a.Exact, .. Pen.Limits(a.Exact), a.WithinOne, .. Pen.Limits(a.WithinOne), (i == 0 ? before?.Find("agreement")?.Value : null) is { } b ? b : "–",
            a.Alpha.Interval?.Upper - a.Alpha.Value, a.Alpha.Value - a.Alpha.Interval?.Lower, a.Reading,
        ]));
        pen.Note("Only responses with two raters or more count. Percent agreement is the share of agreeing pairs of raters, averaged over responses. Intervals resample prompts (Methods).");
        pen.Note("α is low when nearly all scores are equal, even if raters agree: read it together with \"Identical\" and \"At most 1 apart\".");
        if (all.Any(a => a.Alpha.IsDefined))
        {
            var names = new Texts(block.Reference(1), [.. all.Select(a => a.Name)]);
            var values = new Numbers(block.Reference(2), [.. all.Select(a => a.Alpha.Value)]);
            var plus = new Numbers(block.Reference(PlusColumn), [.. all.Select(a => a.Alpha.Interval?.Upper - a.Alpha.Value)]);
            var minus = new Numbers(block.Reference(PlusColumn + 1), [.. all.Select(a => a.Alpha.Value - a.Alpha.Interval?.Lower)]);
            book.Charts.Add(new Chart(
                Name, ChartKind.Bars, "Krippendorff's α, with 95% interval", [new ChartSeries("α", names, values, "1B6E78", (plus, minus))], (0, pen.Row, 10, pen.Row + 18), new Axis("α (1 = perfect, 0 = chance)", Math.Min(0, Lowest(all)), 1, "0.0")));
            pen.Skip(20);
        }
    }

    private static double Lowest(AgreementFigures[] all) => Math.Floor(all.Min(a => a.Alpha.Interval?.Lower ?? a.Alpha.Value ?? 0) * 5) / 5;
}
