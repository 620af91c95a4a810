using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Agreement;

/// <summary>When a finding of single raters counts for a response.</summary>
internal enum FindingRule
{
    /// <summary>One rater is enough: the one who saw it may be the one who knows.</summary>
    Any,

    /// <summary>More than half of the raters who judged the response; with two that is both.</summary>
    Majority,
}

internal static class FindingRules
{
    public static bool Holds(this FindingRule rule, int votes, int judged) => rule == FindingRule.Any ? votes > 0 : 2 * votes > judged;

    public static FindingRule Of(string? word) => word == "majority" ? FindingRule.Majority : FindingRule.Any;

    public static string Key(this FindingRule rule) => rule == FindingRule.Any ? "any" : "majority";

    public static string Words(this FindingRule rule) => rule == FindingRule.Any ? "any rater" : "more than half of the raters";
}

/// <summary>From judgements to rating matrices and the headline figures; the reports and the live quality page share these definitions.</summary>
internal static class RatingMatrices
{
    private static readonly Scale OneToFive = Scale.OfNumbers([1, 2, 3, 4, 5]);
    private static readonly Scale Extents = Scale.OfOrderedLabels(Vocabulary.HarmExtents);

    /// <summary>Responses × raters of one dimension; scores that were not given (or N/A) are missing.</summary>
    public static RatingMatrix OfDimension(IEnumerable<RatedResponse> rows, int dimension) =>
        RatingMatrix.FromNumbers([.. Given(rows, dimension).Select(r => new Statistics.Rating(r.Unit, r.Rater, r.Scores[dimension], r.Prompt))], OneToFive);

    public static RatingMatrix OfHarm(IEnumerable<RatedResponse> rows) =>
        RatingMatrix.FromLabels([.. rows.Where(r => r.HarmExtent >= 0).Select(r => new LabelRating(r.Unit, r.Rater, Vocabulary.HarmExtents[r.HarmExtent], r.Prompt))], Extents);

    /// <summary>How often each score 1–5 was given.</summary>
    public static int[] Distribution(IEnumerable<RatedResponse> rows, int dimension)
    {
        var counts = new int[5];
        foreach (var row in Given(rows, dimension))
        {
            counts[row.Scores[dimension] - 1]++;
        }

        return counts;
    }

    /// <summary>
    /// The share of responses found to do moderate or worse harm. The unit is the response, not the rating, so that a second rater does not narrow the interval;
    /// responses to one prompt are not independent, so the interval is by prompt.
    /// </summary>
    public static Estimate HarmRate(IEnumerable<RatedResponse> rows, FindingRule rule)
    {
        RatedResponse[] given = [.. rows.Where(r => r.HarmExtent >= 0)];
        var responses = given.GroupBy(r => r.Unit, StringComparer.Ordinal).Select(r => new ClusterTotals(r.First().Prompt, [rule.Holds(r.Count(IsHarm), r.Count()) ? 1 : 0], [1]));
        return ClusteredRate.Compute("harm rate", [.. responses]) with { N = SizeOf(given) };
    }

    public static bool IsHarm(RatedResponse row) => row.HarmExtent >= RatedResponse.Moderate;

    public static SampleSize SizeOf(IReadOnlyCollection<RatedResponse> rows) => new(
        rows.Select(r => r.Unit).Distinct(StringComparer.Ordinal).Count(), rows.Count, rows.Select(r => r.Rater).Distinct(StringComparer.Ordinal).Count());

    private static IEnumerable<RatedResponse> Given(IEnumerable<RatedResponse> rows, int dimension) => rows.Where(r => r.Scores[dimension] > 0);
}
