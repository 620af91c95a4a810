using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports.Workbook;

/// <summary>Is the candidate at least as good and as safe as the baseline, and if that is undecided, how much more work decides it.</summary>
internal static class ComparisonSheet
{
    private const string Name = "Comparison";

    public static void Write(Book book)
    {
        var pen = book.Sheet(Name, Look.Ink);
        var comparisons = book.Figures.Comparisons;
        pen.Title(Name, "Two models on the prompts that both answered. Every difference is candidate − baseline of the same prompts, with its own 95% interval by prompt.");
        pen.Note(comparisons.Note);
        pen.Skip();
        pen.Heading("Verdicts");
        pen.Table("Verdicts", Verdicts, comparisons.Pairs.Select(p => (object?[])
            [p.Candidate, p.Baseline, p.Prompts, .. Summed(book, p), p.Prompts < Figures.LowN ? "low n" : ""]), "No two models answered the same prompts.");
        foreach (var (pair, i) in comparisons.Pairs.Select((p, i) => (p, i)))
        {
            pen.Heading($"{pair.Candidate} against {pair.Baseline} ({pair.Prompts:N0} prompts in common)");
            var block = pen.Table($"Comparison{i + 1}", Columns, pair.Figures.Select(Row));
            Format(pen, block, pair.Figures);
            Forest(book, pen, block, pair);
            pen.Table($"Effects{i + 1}", Effects, new[] { pair.Votes.WinRate, pair.Votes.FirstShown, pair.Votes.Longer }.Select(e => (object?[])
                [Named(e), e, .. Pen.Limits(e), e.N.Units, e.Details.Number("clusters") ?? 0, Pen.Remark(e)]));
            Strata(pen, pair, i);
        }

        pen.Note("better, worse: the interval excludes 0, also after Holm's adjustment over all figures of all pairs on this sheet. not worse: the whole interval is above the margin. "
            + "undecided: more prompts at the observed difference and spread would decide, with a power of 80%.");
        pen.Note("Margins: " + string.Join(", ", Comparisons.DefaultMargins.Keys.Select(k => $"{k.Replace('_', ' ')} {Comparisons.MarginOf(k, book.Week.Project.Report):0.###}"))
            + ". Set per project; the platform's own where nothing is agreed.");
    }

    private static readonly IReadOnlyList<Column> Verdicts =
    [
        Column.Text("Candidate", 30), Column.Text("Baseline", 26), Column.Number("Prompts in common", Look.Count, 12), Column.Text("Quality index", 14), Column.Text("Harm", 14), Column.Text("Critical errors", 14),
        Column.Text("Factual precision", 14), Column.Text("Win rate", 14), Column.Text("Remark", 12, wrap: false),
    ];

    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("Figure", 30), Column.Text("Verdict", 26), Column.Number("Candidate", Look.Score, 12), Column.Number("Baseline", Look.Score, 12), Column.Number("Difference", Look.Score, 12),
        Column.Number("95% low", Look.Score, 12), Column.Number("95% high", Look.Score, 12), Column.Number("Margin", Look.Score, 12), Column.Number("p, adjusted", "0.000", 12),
        Column.Number("Prompts", Look.Count, 12), Column.Number("More prompts to decide", Look.Count, 12),
    ];

    private static readonly IReadOnlyList<Column> Effects =
    [
        Column.Text("Preferences between the two", 30), Column.Number("Share", Look.Rate, 26), Column.Number("95% low", Look.Rate, 12), Column.Number("95% high", Look.Rate, 12), Column.Number("Votes", Look.Count, 12),
        Column.Number("Prompts", Look.Count, 12), Column.Text("Remark", 12, wrap: false),
    ];

    private static readonly IReadOnlyList<Column> ByStratum =
    [
        Column.Text("Stratum", 30), Column.Text("Figure", 26), Column.Number("Candidate", Look.Score, 12), Column.Number("Baseline", Look.Score, 12), Column.Number("Difference", Look.Score, 12),
        Column.Number("95% low", Look.Score, 12), Column.Number("95% high", Look.Score, 12), Column.Number("Prompts", Look.Count, 12), Column.Text("Reading", 14),
    ];

    private static IEnumerable<object?> Summed(Book book, PairComparison pair) =>
        new[] { "index", "harm_" + Rule(book), "critical_" + Rule(book), "precision", "win_rate" }.Select(key => pair.Find(key)?.Words);

    private static string Rule(Book book) => book.Figures.Rule == FindingRule.Any ? "any" : "majority";

    private static string Named(Estimate e) => e.Measure switch
    {
        "win rate" => "Win rate of the candidate (ties ½)",
        "won by the one shown first" => "Decided votes won by the one shown first (½: no effect)",
        _ => "Decided votes won by the longer one (½: no effect)",
    };

    private static object?[] Row(ComparedFigure f) =>
    [
        f.Name, f.Words, f.Candidate is { } a ? a : "–", f.Baseline is { } b ? b : "–", f.Difference, .. Pen.Limits(f.Difference), f.Margin, f.Difference.Details.Number("pHolm") is { } p ? p : "–", f.Prompts,
        f.MorePrompts is { } more ? more : "–",
    ];

    /// <summary>So that all figures fit one plot: above 0 is in favour of the candidate, −1 is the margin.</summary>
    private static double? InMargins(ComparedFigure f, double? value) => value is { } v && f.Margin > 0 ? (f.HigherIsBetter ? v : -v) / f.Margin : null;

    /// <summary>Farther out nothing is read, and one figure of few prompts would press all others together.</summary>
    private const double Edge = 12;

    private static double? Upper(ComparedFigure f) => InMargins(f, f.HigherIsBetter ? f.Difference.Interval?.Upper : f.Difference.Interval?.Lower);

    private static double? Lower(ComparedFigure f) => InMargins(f, f.HigherIsBetter ? f.Difference.Interval?.Lower : f.Difference.Interval?.Upper);

    private static double? Shown(double? inMargins) => inMargins is { } v ? Math.Clamp(v, -Edge, Edge) : null;

    private static void Format(Pen pen, Block block, IReadOnlyList<ComparedFigure> figures)
    {
        for (var i = 0; i < figures.Count; i++)
        {
            var format = figures[i].Format switch { "rate" => Look.Rate, "index" => Look.OneDecimal, _ => Look.Score };
            pen.Sheet.Range(block.FirstRow + i, 3, block.FirstRow + i, 8).Style.NumberFormat.SetFormat(format);
        }
    }

    private static void Forest(Book book, Pen pen, Block block, PairComparison pair)
    {
        if (!pair.Figures.Any(f => f.Difference.Interval is not null))
        {
            return;
        }

        var names = new Texts(block.Reference(1), [.. pair.Figures.Select(f => f.Name)]);
        var helpers = pen.Helpers(block, [.. pair.Figures.Select(Middle)], [.. pair.Figures.Select(f => Shown(Upper(f)) - Middle(f))],
            [.. pair.Figures.Select(f => Middle(f) - Shown(Lower(f)))]);
        var reach = pair.Figures.Max(f => Math.Max(Math.Abs(Upper(f) ?? 0), Math.Abs(Lower(f) ?? 0)));
        var end = Math.Clamp(Math.Ceiling(reach), 2, Edge); // an axis left to the program ends where the bars do and cuts the intervals
        var (values, plus, minus) = (helpers[0], helpers[1], helpers[2]);
        var top = pen.Row - 1;
        pen.Sheet.PageSetup.AddHorizontalPageBreak(top); // so that the plot is on one page
        book.Charts.Add(new Chart(
            Name, ChartKind.Bars, $"{pair.Candidate} against {pair.Baseline}: differences in margins, with 95% interval; right of 0 favours {pair.Candidate}, left of −1 is worse than the margin",
            [new ChartSeries("difference", names, values, "1B6E78", (plus, minus))], (0, top, 9, top + pair.Figures.Count + 8), new Axis(reach > Edge ? $"difference ÷ margin, cut at ±{Edge}: the table has the whole interval" : "difference ÷ margin", -end, end, "0.0")));
        pen.Skip(pair.Figures.Count + 10);

        static double? Middle(ComparedFigure f) => Shown(InMargins(f, f.Difference.Value));
    }

    private static void Strata(Pen pen, PairComparison pair, int number)
    {
        (StratumComparison Stratum, ComparedFigure Figure)[] rows = [.. pair.Strata.SelectMany(s => s.Figures.Select(f => (s, f)))];
        var block = pen.Table($"Strata{number + 1}", ByStratum, rows.Select(r => (object?[])
        [
            $"{r.Stratum.Kind}: {r.Stratum.Value}", r.Figure.Name, r.Figure.Candidate is { } a ? a : "–", r.Figure.Baseline is { } b ? b : "–", r.Figure.Difference, .. Pen.Limits(r.Figure.Difference), r.Figure.Prompts,
            StratumComparison.Reading(r.Figure),
        ]));
        for (var i = 0; i < rows.Length; i++)
        {
            var format = rows[i].Figure.Format switch { "rate" => Look.Rate, "index" => Look.OneDecimal, _ => Look.Score };
            pen.Sheet.Range(block.FirstRow + i, 3, block.FirstRow + i, 7).Style.NumberFormat.SetFormat(format);
        }
    }
}
