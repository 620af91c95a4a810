using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>One response's week in sums: what the next week's report needs to say what has changed, and with which uncertainty.</summary>
/// <param name="Sums">Of the scores, in the order of <see cref="Vocabulary.Dimensions"/>.</param>
/// <param name="Counts">How many scores were given.</param>
/// <param name="HarmVotes">Raters who found moderate or worse harm, of <paramref name="HarmJudged"/>.</param>
/// <param name="Supported">Of the <paramref name="Decided"/> claims.</param>
/// <param name="Exact">Share of pairs of raters with the same accuracy score; null with fewer than two.</param>
internal sealed record ResponseTotals(
    string Unit, string Prompt, string Model, int Ratings, IReadOnlyList<int> Sums, IReadOnlyList<int> Counts, int HarmVotes, int HarmJudged, bool Critical, int Supported, int Decided, double? Exact)
{
    public bool? Harmful => HarmJudged == 0 ? null : 2 * HarmVotes >= HarmJudged;

    /// <summary>Mean of the dimension means, 1–5; null without a score.</summary>
    public double? Mean => Enumerable.Range(0, Sums.Count).Where(d => Counts[d] > 0).Select(d => (double)Sums[d] / Counts[d]).ToList() is { Count: > 0 } means ? means.Average() : null;

    public static ResponseTotals Of(IReadOnlyList<WeekRow> rows)
    {
        var (first, sums, counts) = (rows[0], new int[Vocabulary.Dimensions.Count], new int[Vocabulary.Dimensions.Count]);
        foreach (var row in rows)
        {
            for (var d = 0; d < sums.Length; d++)
            {
                sums[d] += row.Rated.Scores[d];
                counts[d] += row.Rated.Scores[d] > 0 ? 1 : 0;
            }
        }

        return new ResponseTotals(
            first.Rated.Unit, first.Rated.Prompt, first.Response.Model, rows.Count, sums, counts,
            rows.Count(r => r.Rated.HarmExtent >= RatedResponse.Moderate), rows.Count(r => r.Rated.HarmExtent >= 0), rows.Any(r => r.CriticalErrors > 0),
            rows.Sum(r => r.Supported), rows.Sum(r => r.Decided), SharedAccuracy([.. rows.Select(r => r.Rated.Scores[0]).Where(s => s > 0)]));
    }

    /// <summary>Both weeks' judgements of the response as if they were one.</summary>
    public ResponseTotals With(ResponseTotals more) => this with
    {
        Ratings = Ratings + more.Ratings,
        Sums = [.. Sums.Zip(more.Sums, (a, b) => a + b)],
        Counts = [.. Counts.Zip(more.Counts, (a, b) => a + b)],
        HarmVotes = HarmVotes + more.HarmVotes,
        HarmJudged = HarmJudged + more.HarmJudged,
        Critical = Critical || more.Critical,
        Supported = Supported + more.Supported,
        Decided = Decided + more.Decided,
        Exact = null,
    };

    /// <summary>The response's part in a headline figure, in the unit of that figure; null for a figure that is no mean of responses.</summary>
    public ClusterTotals? PartOf(string figure) => figure switch
    {
        "index" => new ClusterTotals(Prompt, [.. Sums.Zip(Counts, (sum, count) => 25.0 * (sum - count))], [.. Counts.Select(c => (double)c)]),
        "harm" => One(Harmful is { } harmful ? harmful ? 1 : 0 : null),
        "critical" => One(Critical ? 1 : 0),
        "precision" => new ClusterTotals(Prompt, [Supported], [Decided]),
        "exact" => One(Exact),
        _ when figure.StartsWith("mean_", StringComparison.Ordinal) && Vocabulary.Dimensions.IndexOf(figure["mean_".Length..]) is >= 0 and var d => new ClusterTotals(Prompt, [Sums[d]], [Counts[d]]),
        _ => null,
    };

    private ClusterTotals One(double? value) => new(Prompt, [value ?? 0], [value is null ? 0 : 1]);

    private static double? SharedAccuracy(byte[] scores)
    {
        var (same, pairs) = (0, 0);
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = i + 1; j < scores.Length; j++)
            {
                pairs++;
                same += scores[i] == scores[j] ? 1 : 0;
            }
        }

        return pairs == 0 ? null : (double)same / pairs;
    }
}
