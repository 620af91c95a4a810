namespace HealthEval.Reports.Workbook;

/// <summary>Who judged, under pseudonyms. Means are suppressed for raters with few judgements, who could be recognised by them.</summary>
internal static class RatersSheet
{
    private const int Fewest = 5;

    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("Rater", 18), Column.Text("Simulated", 12), Column.Text("Degree", 12), Column.Text("Years of practice", 12), Column.Text("Sub-domains", 36),
        Column.Number("Judgements", Look.Count), Column.Number("Ratings", Look.Count), Column.Number("Difference from others", "+0.00;-0.00;0.00", 12), Column.Number("on responses", Look.Count),
        Column.Number("Same score six times", Look.Rate, 12), Column.Number("Spans per judgement", Look.Score), Column.Number("Claims per judgement", Look.Score), Column.Number("Median active seconds", Look.Count), Column.Number("Fastest tenth", Look.Count), Column.Text("Remark", 30),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet("Raters", Look.Accent);
        pen.Title("Raters", "Pseudonyms only; names never leave the platform. \"Difference from others\" is the mean distance, in points, of a rater's scores from the other raters' mean on the same responses.");
        var differences = Differences(book);
        pen.Table("Raters", Columns, book.Week.RaterTallies.Values.Select(t => Row(t, book.Week.Raters.FirstOrDefault(r => r.Rater == t.Rater), differences.GetValueOrDefault(t.Rater))));
    }

    private static object?[] Row(RaterTally t, RaterExport? rater, (double Sum, int Responses) difference)
    {
        object?[] who =
        [
            t.Rater, t.Simulated ? "simulated" : "no", rater?.Degree ?? "not stated", rater?.Years ?? "not stated", string.Join(", ", rater?.Subdomains ?? []), t.Judgements, t.Ratings,
        ];
        if (t.Judgements < Fewest)
        {
            return [.. who, "–", "–", "–", "–", "–", "–", "–", $"fewer than {Fewest} judgements: suppressed"];
        }

        var (sum, on) = difference;
        return
        [
            .. who, on == 0 ? "not defined" : sum / on, on, t.Ratings == 0 ? "not defined" : (double)t.StraightLined / t.Ratings, (double)t.Spans / t.Judgements, (double)t.Claims / t.Judgements,
            t.MedianSeconds is { } median ? median : "–", t.FastestTenth is { } fast ? fast : "–", on == 0 ? "no response shared with another rater" : "",
        ];
    }

    private static Dictionary<string, (double Sum, int Responses)> Differences(Book book)
    {
        var differences = new Dictionary<string, (double, int)>(StringComparer.Ordinal);
        foreach (var response in book.Week.Rows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var means = response.Select(r => (r.Rated.Rater, Mean: MeanOf(r.Rated.Scores))).Where(r => r.Mean is not null).ToList();
            foreach (var (rater, mean) in means.Where(_ => means.Count > 1))
            {
                var others = (means.Sum(m => m.Mean!.Value) - mean!.Value) / (means.Count - 1);
                var (sum, count) = differences.GetValueOrDefault(rater);
                differences[rater] = (sum + mean.Value - others, count + 1);
            }
        }

        return differences;
    }

    private static double? MeanOf(byte[] scores)
    {
        var (sum, count) = (0, 0);
        foreach (var score in scores)
        {
            sum += score;
            count += score > 0 ? 1 : 0;
        }

        return count == 0 ? null : (double)sum / count;
    }
}
