using HealthEval.Agreement;

namespace HealthEval.Reports.Workbook;

/// <summary>Who judged, under pseudonyms. Figures are suppressed for raters with few judgements, who could be recognised by them.</summary>
internal static class RatersSheet
{
    private const int Fewest = 5;

    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("Rater", 14), Column.Text("Simulated", 11), Column.Text("Degree", 10), Column.Text("Years of practice", 11), Column.Text("Sub-domains", 26),
        Column.Number("Judgements", Look.Count), Column.Number("Ratings", Look.Count),
        Column.Number("Bias against others", "+0.00;-0.00;0.00", 11), Column.Number("95% low", "+0.00;-0.00;0.00"), Column.Number("95% high", "+0.00;-0.00;0.00"), Column.Number("Shared ratings", Look.Count),
        Column.Number("Weighted κ with others", Look.Score, 11), Column.Number("Score pairs", Look.Count), Column.Number("Median active seconds", Look.Count), Column.Number("Fastest tenth, seconds", Look.Count),
        Column.Number("Same score six times", Look.Rate, 11), Column.Number("Spans per judgement", Look.Score), Column.Number("Claims per judgement", Look.Score), Column.Text("Drift (EWMA)", 26), Column.Text("Remark", 28),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet("Raters", Look.Accent);
        pen.Title("Raters", "Pseudonyms only; names never leave the platform. Each rater is compared with the mean of the others on the same responses: bias above 0 is more lenient, below 0 stricter.");
        pen.Note(WeekHeadlines.AboutGold(book.Week) + " Weighted κ pools the six dimensions, whose errors go together, so it has no interval here.");
        pen.Skip();
        var figures = PeerFigures.Of([.. book.Week.Rows.Select(row => row.Rated)], Figures.Resampling);
        pen.Table("Raters", Columns, book.Week.RaterTallies.Values.Select(t => Row(t, book.Week.Raters.FirstOrDefault(r => r.Rater == t.Rater), figures.GetValueOrDefault(t.Rater))));
        pen.Note("Drift: an exponentially weighted mean (λ 0.3) of the differences from the others, in the order of submission, against limits of 3 standard deviations of all raters' differences. It needs ten shared responses.");
        ConductTables.Raters(book, pen);
    }

    private static object?[] Row(RaterTally t, RaterExport? rater, PeerFigures? figures)
    {
        object?[] who =
        [
            t.Rater, t.Simulated ? "simulated" : "no", rater?.Degree ?? "not stated", rater?.Years ?? "not stated", string.Join(", ", rater?.Subdomains ?? []), t.Judgements, t.Ratings,
        ];
        if (t.Judgements < Fewest || figures is null)
        {
            return [.. who, .. Enumerable.Repeat("–", Columns.Count - who.Length - 1), t.Judgements < Fewest ? $"fewer than {Fewest} judgements: suppressed" : "no ratings"];
        }

        return
        [
            .. who, figures.Bias, .. Pen.Limits(figures.Bias), figures.Bias.N.Units, figures.Kappa, figures.Kappa.N.Units,
            t.MedianSeconds is { } median ? median : "–", t.FastestTenth is { } fast ? fast : "–", t.Ratings == 0 ? "not defined" : (double)t.StraightLined / t.Ratings, (double)t.Spans / t.Judgements, (double)t.Claims / t.Judgements,
            figures.Drift, figures.Bias.IsDefined ? Pen.Remark(figures.Bias) : Sentence.Of(figures.Bias.Undefined!),
        ];
    }
}
