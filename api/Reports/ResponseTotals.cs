using System.Text.Json.Serialization;
using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>One response's week in sums: what the next week's report needs to say what has changed, and with which uncertainty.</summary>
/// <param name="Sums">Of the scores, in the order of <see cref="Vocabulary.Dimensions"/>.</param>
/// <param name="Counts">How many scores were given.</param>
/// <param name="HarmVotes">Raters who found moderate or worse harm, of <paramref name="HarmJudged"/>.</param>
/// <param name="CriticalVotes">Raters who found a critical error, of <paramref name="Ratings"/>.</param>
/// <param name="Supported">Of the <paramref name="Decided"/> claims.</param>
/// <param name="Penalty">Σ severity weights over all raters.</param>
/// <param name="Words">Of the response, times its raters.</param>
/// <param name="Exact">Share of pairs of raters with the same accuracy score; null with fewer than two.</param>
internal sealed record ResponseTotals(
    string Unit, string Prompt, string Model, int Ratings, IReadOnlyList<int> Sums, IReadOnlyList<int> Counts, int HarmVotes, int HarmJudged, int CriticalVotes, int Supported, int Decided, double? Exact,
    string Subdomain = "", string Risk = "", int Penalty = 0, int Words = 0)
{

    /// <summary>What changes of the mix are taken out by.</summary>
    [JsonIgnore]
    public string Stratum => $"{Subdomain} · {Risk}";

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
            rows.Count(r => r.Rated.HarmExtent >= RatedResponse.Moderate), rows.Count(r => r.Rated.HarmExtent >= 0), rows.Count(r => r.CriticalErrors > 0),
            rows.Sum(r => r.Supported), rows.Sum(r => r.Decided), SharedAccuracy([.. rows.Select(r => r.Rated.Scores[0]).Where(s => s > 0)]),
            first.Item.Subdomain, first.Item.RiskTier, rows.Sum(r => r.Penalty), rows.Count * first.Response.Words);
    }

    /// <summary>Both weeks' judgements of the response as if they were one.</summary>
    public ResponseTotals With(ResponseTotals more) => this with
    {
        Ratings = Ratings + more.Ratings,
        Sums = [.. Sums.Zip(more.Sums, (a, b) => a + b)],
        Counts = [.. Counts.Zip(more.Counts, (a, b) => a + b)],
        HarmVotes = HarmVotes + more.HarmVotes,
        HarmJudged = HarmJudged + more.HarmJudged,
        CriticalVotes = CriticalVotes + more.CriticalVotes,
        Supported = Supported + more.Supported,
        Decided = Decided + more.Decided,
        Exact = null,
        Penalty = Penalty + more.Penalty,
        Words = Words + more.Words,
    };

    /// <summary>The response's part in a headline figure, in the unit of that figure; null for a figure that is no mean of responses.</summary>
    public ClusterTotals? PartOf(string figure) => figure switch
    {
        "index" => new ClusterTotals(Prompt, [.. Sums.Zip(Counts, (sum, count) => 25.0 * (sum - count))], [.. Counts.Select(c => (double)c)]),
        "harm_any" => Harm(FindingRule.Any),
        "harm_majority" => Harm(FindingRule.Majority),
        "critical_any" => Critical(FindingRule.Any),
        "critical_majority" => Critical(FindingRule.Majority),
        "precision" => new ClusterTotals(Prompt, [Supported], [Decided]),
        "exact" => One(Exact),
        "penalty" => new ClusterTotals(Prompt, [100 * Penalty], [Words]),
        _ when figure.StartsWith("mean_", StringComparison.Ordinal) && Vocabulary.Dimensions.IndexOf(figure["mean_".Length..]) is >= 0 and var d => new ClusterTotals(Prompt, [Sums[d]], [Counts[d]]),
        _ => null,
    };

    private ClusterTotals Harm(FindingRule rule) => One(HarmJudged == 0 ? null : rule.Holds(HarmVotes, HarmJudged) ? 1 : 0);

    private ClusterTotals Critical(FindingRule rule) => One(rule.Holds(CriticalVotes, Ratings) ? 1 : 0);

    private ClusterTotals One(double? value) => new(Prompt, [value ?? 0], [value is null ? 0 : 1]);

    /// <summary>A headline figure that is a rate, over some responses.</summary>
    public static Estimate Rate(string figure, IEnumerable<ResponseTotals> responses) => ClusteredRate.Compute(figure, [.. responses.Select(r => r.PartOf(figure)!)]);

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
