using ClosedXML.Excel;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports.Workbook;

/// <summary>Model by model: index, harm, facts, critical errors; means per dimension; who is preferred to whom.</summary>
internal static class ModelsSheet
{
    private const int MostInChart = 8;

    public static void Write(Book book)
    {
        var pen = book.Sheet("Models", Look.Accent);
        var models = book.Figures.Models;
        pen.Title("Models", "Sorted by name: models answered different prompts, so their order here would mean little. Sheet Comparison compares them on the prompts they share. Raters did not see which model wrote what.");
        pen.Heading("Overview");
        pen.Table("Models", Overview, models.Select(Row));
        pen.Heading("Safety and facts");
        pen.Table("ModelRates", Rates, models.SelectMany(RatesOf));
        if (book.Week.Week.IsWeek)
        {
            pen.Heading("Change since the week before");
            ChangesSheet.ModelTable(pen, book.Changes.Models);
        }

        pen.Heading("Mean score per dimension (1–5)");
        var means = pen.Table("ModelMeans", [Column.Text("Model", 26), .. book.Figures.Dimensions.Select(d => Column.Number(d.Name, Look.Score, 15))], models.Select(m => (object?[])[m.Name, .. m.Means]));
        if (models.Count > 0)
        {
            Shade(pen, means);
            var last = models.Count <= MostInChart ? models.Count : MostInChart;
            Chart(book, pen, means, last);
        }

        pen.Heading("Every mean with its interval");
        pen.Table("ModelDimensions", Detail, models.SelectMany(m => m.Means.Select((e, d) => (object?[])[m.Name, book.Figures.Dimensions[d].Name, e, .. Pen.Limits(e), e.N.Ratings, e.N.Units, e.N.Raters, Pen.Remark(e)])));
        pen.Heading("Direct comparisons (every two responses of a rater's ranking)");
        pen.Note($"A tie counts as half a win. {book.Week.Preferences:N0} judgements state a preference; {book.Week.AllBad:N0} of them found that none of the responses will do. Intervals are by prompt.");
        pen.Table("Preferences", Pairs, book.Week.Pairs.Values.Select(Row), $"No two answers were compared in {book.Week.Week.This}.");
        pen.Heading("All models on one scale of preference (Bradley–Terry, Davidson's ties)");
        var fit = PreferenceModel.Fit(book.Week.Pairs.Values);
        pen.Table("BradleyTerry", Scale, Abilities(fit), Sentence.Of(fit.Summary.Undefined ?? ""));
    }

    private static readonly IReadOnlyList<Column> Overview =
    [
        Column.Text("Model", 26), new("Index 0–100", 12, Look.OneDecimal, Bar: (0, 100)), Column.Number("95% low", Look.OneDecimal), Column.Number("95% high", Look.OneDecimal),
        Column.Number("Responses", Look.Count), Column.Number("Prompts", Look.Count), Column.Number("Ratings", Look.Count), Column.Number("Errors marked", Look.Count), Column.Number("Penalty per rating", Look.Score), Column.Number("Penalty per 100 words", Look.Score), Column.Text("Remark", 30, wrap: false),
    ];

    private static readonly IReadOnlyList<Column> Rates =
    [
        Column.Text("Model", 26), Column.Text("Figure", 24), Column.Number("Rate", Look.Rate), Column.Number("95% low", Look.Rate), Column.Number("95% high", Look.Rate), Column.Number("Numerator", Look.Count), Column.Number("Denominator", Look.Count, 12), Column.Text("of", 16, wrap: false), Column.Text("Remark", 12, wrap: false),
    ];

    private static readonly IReadOnlyList<Column> Detail =
    [
        Column.Text("Model", 26), Column.Text("Dimension", 24), new("Mean", 10, Look.Score, Bar: (1, 5)), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score),
        Column.Number("Ratings", Look.Count), Column.Number("Responses", Look.Count), Column.Number("Raters", Look.Count), Column.Text("Remark", 12, wrap: false),
    ];

    private static readonly IReadOnlyList<Column> Pairs =
    [
        Column.Text("Model", 26), Column.Text("against", 24), Column.Number("Wins", Look.Count), Column.Number("Losses", Look.Count), Column.Number("Ties", Look.Count),
        Column.Number("Win rate", Look.Rate), Column.Number("95% low", Look.Rate), Column.Number("95% high", Look.Rate), Column.Number("Comparisons", Look.Count),
        Column.Number("Prompts", Look.Count), Column.Number("Of these: none will do", Look.Count), Column.Text("Remark", 12, wrap: false),
    ];

    private static readonly IReadOnlyList<Column> Scale =
    [
        Column.Text("Model", 26), Column.Number("Log ability", Look.Score, 24), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score),
        Column.Number("Share of all", Look.Rate), Column.Number("Rank", "0"), Column.Text("Ranks that fit the data", 12),
    ];

    private static object?[] Row(ModelFigures m) =>
    [
        m.Name, m.Index, .. Pen.Limits(m.Index), m.Responses, m.Prompts, m.Ratings, m.Errors, (double)m.Penalty / m.Ratings, m.Words == 0 ? "not defined" : 100.0 * m.Penalty / m.Words, Pen.Remark(m.Index),
    ];

    private static IEnumerable<object?[]> RatesOf(ModelFigures m) => new[]
    {
        ("harm ≥ moderate, any rater", m.Findings.HarmAny, "responses"), ("harm ≥ moderate, majority", m.Findings.HarmMajority, "responses"),
        ("critical error, any rater", m.Findings.CriticalAny, "responses"), ("critical error, majority", m.Findings.CriticalMajority, "responses"), ("factual precision", m.Precision, "decided claims"),
    }.Select(r => (object?[])[m.Name, r.Item1, r.Item2, .. Pen.Limits(r.Item2), r.Item2.Details.Number("successes") ?? 0, r.Item2.Details.Number("trials") ?? 0, r.Item3, Pen.Remark(r.Item2)]);

    private static object?[] Row(PairTally p) => p.WinRate is var rate
        ? [p.First, p.Second, p.Wins, p.Losses, p.Ties, rate, .. Pen.Limits(rate), p.Votes.Count, p.Prompts, p.AllBad, Pen.Remark(rate)]
        : [];

    private static IEnumerable<object?[]> Abilities(BradleyTerryFit fit) => fit.Items.Select(i => (object?[])
        [i.Item, i.LogAbility, i.Limits is { } l ? l.Lower : "–", i.Limits is { } h ? h.Upper : "–", i.Share, i.Rank, $"{i.RankLow}–{i.RankHigh}"]);

    private static void Shade(Pen pen, Block means) => pen.Sheet.Range(means.FirstRow, 2, means.LastRow, means.Columns)
        .AddConditionalFormat().ColorScale()
        .Minimum(XLCFContentType.Number, 1, Look.Color("#F4C7C3")).Midpoint(XLCFContentType.Number, 3, XLColor.White).Maximum(XLCFContentType.Number, 5, Look.Color("#A9D5B5"));

    private static void Chart(Book book, Pen pen, Block means, int count)
    {
        var models = book.Figures.Models.Take(count).ToList();
        var names = new Texts($"'Models'!$B${means.HeaderRow}:$G${means.HeaderRow}", [.. book.Figures.Dimensions.Select(d => d.Name)]);
        var series = models.Select((m, i) => new ChartSeries(
            CellText.Clean(m.Name), names, new Numbers($"'Models'!$B${means.FirstRow + i}:$G${means.FirstRow + i}", [.. m.Means.Select(e => e.Value)]), Look.Series[i])).ToList();
        var title = book.Figures.Models.Count > count ? $"Mean score by dimension, the first {count} of {book.Figures.Models.Count} models by name" : "Mean score by dimension";
        var top = pen.Row - 1;
        book.Charts.Add(new Chart("Models", ChartKind.Columns, title, series, (0, top, 11, top + 18), new Axis("mean score (1–5)", 1, 5, "0")));
        pen.Skip(20);
    }
}
