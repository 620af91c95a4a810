using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports.Workbook;

/// <summary>How far raters agree, with intervals, n, and what the number means.</summary>
internal static class AgreementSheet
{
    private const string Name = "Agreement";

    private static readonly Column Rated = Column.Text("Rated", 24);
    private static readonly Column Reading = Column.Text("Reading", 46);

    private static readonly IReadOnlyList<Column> Ordered =
    [
        Rated, Reading, new("α ordinal", 11, Look.Score, Bar: (0, 1)), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score),
        Column.Number("AC2 quadratic", Look.Score), Column.Number("AC2: 95% low", Look.Score), Column.Number("AC2: 95% high", Look.Score),
        Column.Number("Responses with 2+ raters", Look.Count, 12), Column.Number("Ratings", Look.Count), Column.Number("Raters", Look.Count),
        Column.Number("Identical", Look.Rate), Column.Number("At most 1 apart", Look.Rate), Column.Number("Week before (α)", Look.Score),
    ];

    private static readonly IReadOnlyList<Column> Named =
    [
        Rated, Reading, Column.Number("α nominal", Look.Score, 11), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score),
        Column.Number("AC1", Look.Score), Column.Number("AC1: 95% low", Look.Score), Column.Number("AC1: 95% high", Look.Score),
        Column.Number("Units with 2+ raters", Look.Count, 12), Column.Number("Ratings", Look.Count), Column.Number("Raters", Look.Count), Column.Number("Identical", Look.Rate),
    ];

    private static readonly IReadOnlyList<Column> Correlations =
    [
        Rated, Column.Text("Form and remark", 46), Column.Number("ICC of one rating", Look.Score, 11), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score),
        Column.Number("ICC of the mean", Look.Score), Column.Number("Mean: 95% low", Look.Score), Column.Number("Mean: 95% high", Look.Score), Column.Number("Responses", Look.Count, 12), Column.Number("Ratings", Look.Count),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet(Name, Look.Accent);
        pen.Title(Name, "1 is perfect agreement, 0 what chance gives. Published clinician agreement on open-ended medical answers is usually 0.4 to 0.6: read every value with its interval and n.");
        AgreementFigures[] all = [.. book.Figures.Dimensions.Select(d => d.Agreement), book.Figures.HarmAgreement];
        pen.Heading("Scores and harm: ordered values");
        var block = pen.Table("Agreement", Ordered, all.Select(a => (object?[])
        [
            a.Name, a.Reading, a.Alpha, .. Pen.Limits(a.Alpha), a.Ac, .. Pen.Limits(a.Ac), a.Alpha.N.Units, a.Alpha.N.Ratings, a.Alpha.N.Raters, a.Exact, a.WithinOne, Earlier(book, a),
        ]));
        pen.Note("Only responses with two raters or more count. α is low when nearly all scores are equal, even if raters agree: then AC2, \"Identical\" and \"At most 1 apart\" say so.");
        pen.Skip();
        Chart(book, pen, all, block);
        pen.Heading("Harm, verdicts, yes/no checks and marked errors: names");
        pen.Table("AgreementNames", Named, book.Figures.Nominal.Select(a => (object?[])
            [a.Name, a.Reading, a.Alpha, .. Pen.Limits(a.Alpha), a.Ac, .. Pen.Limits(a.Ac), a.Alpha.N.Units, a.Alpha.N.Ratings, a.Alpha.N.Raters, a.Exact]));
        pen.Note("A verdict's unit is a passage that two raters recorded as a claim with the same borders; claims that came with the answers are the same units for everybody, and stand apart.");
        pen.Note("A code group's unit is a response: was an error of this group marked in it or not.");
        pen.Skip();
        pen.Heading("How reliable is one rating, how reliable the mean that is delivered");
        pen.Table("AgreementIcc", Correlations, book.Figures.Dimensions.Select(d => (d.Name, d.Agreement.Icc!)).Select(x => (object?[])
            [x.Name, Form(x.Item2), x.Item2.One, .. Pen.Limits(x.Item2.One), x.Item2.Mean, .. Pen.Limits(x.Item2.Mean), x.Item2.One.N.Units, x.Item2.One.N.Ratings]));
        pen.Note("ICC(2,·) needs every rater on every response; where raters differ from response to response, as here usually, ICC(1,·) is given instead. k is the mean number of ratings per response.");
    }

    private static string Form(IccFigures icc) => $"ICC{icc.Model}{(Pen.Remark(icc.One) is { Length: > 0 } remark ? ": " + remark : "")}";

    private static object Earlier(Book book, AgreementFigures a) => book.Changes.Before?.Alphas?.GetValueOrDefault(a.Name) is { } b ? b : "–";

    private static void Chart(Book book, Pen pen, AgreementFigures[] all, Block block)
    {
        if (!all.Any(a => a.Alpha.IsDefined))
        {
            return;
        }

        var names = new Texts(block.Reference(1), [.. all.Select(a => a.Name)]);
        var values = new Numbers(block.Reference(3), [.. all.Select(a => a.Alpha.Value)]);
        var top = pen.Row - 1;
        var bars = pen.Helpers(block, [.. all.Select(a => a.Alpha.Interval?.Upper - a.Alpha.Value)], [.. all.Select(a => a.Alpha.Value - a.Alpha.Interval?.Lower)]);
        book.Charts.Add(new Chart(
            Name, ChartKind.Bars, "Krippendorff's α, with 95% interval",
            [new ChartSeries("α", names, values, "1B6E78", (bars[0], bars[1]))],
            (0, top, 10, top + 13), new Axis("α (1 = perfect, 0 = chance)", Math.Min(0, Lowest(all)), 1, "0.0")));
        pen.Skip(14);
    }

    private static double Lowest(AgreementFigures[] all) => Math.Floor(all.Min(a => a.Alpha.Interval?.Lower ?? a.Alpha.Value ?? 0) * 5) / 5;
}
