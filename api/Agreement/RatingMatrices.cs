using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Agreement;

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

    /// <summary>The mean score of a dimension over all ratings, with an interval from resampling prompts.</summary>
    public static Estimate Mean(IEnumerable<RatedResponse> rows, int dimension, Resampling resampling)
    {
        RatedResponse[] given = [.. Given(rows, dimension)];
        var mean = ClusterMean.Compute([.. given.Select(r => (double)r.Scores[dimension])], [.. given.Select(r => r.Prompt)], resampling, "mean " + Vocabulary.Dimensions[dimension]);
        return mean with { N = SizeOf(given) };
    }

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
    /// 0–100: the mean of the six dimension means, (m − 1) ÷ 4 × 100. A dimension nobody scored is left out. The interval resamples prompts.
    /// </summary>
    public static Estimate Index(IReadOnlyCollection<RatedResponse> rows, Resampling resampling)
    {
        var prompts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            prompts.TryAdd(row.Prompt, prompts.Count);
        }

        var (sums, sizes) = (new double[Vocabulary.Dimensions.Count, prompts.Count], new int[Vocabulary.Dimensions.Count, prompts.Count]);
        foreach (var row in rows)
        {
            for (var d = 0; d < row.Scores.Length; d++)
            {
                sums[d, prompts[row.Prompt]] += row.Scores[d];
                sizes[d, prompts[row.Prompt]] += row.Scores[d] > 0 ? 1 : 0;
            }
        }

        int[] once = [.. Enumerable.Repeat(1, prompts.Count)];
        var value = IndexOf(once, sums, sizes);
        var estimate = double.IsNaN(value) ? Estimate.None("index", UndefinedReason.NoRatings, SizeOf(rows)) : Estimate.Of("index", value, SizeOf(rows));
        return Bootstrap.Describe(estimate, prompts.Count, () => 0, (times, _) => IndexOf(times, sums, sizes), resampling);
    }

    /// <summary>
    /// The share of responses that at least half of their raters found to do moderate or worse harm: a tie counts as harm, since the one
    /// who saw it may be the one who knows. The unit is the response, not the rating, so a second rater does not narrow the interval.
    /// </summary>
    public static Estimate HarmRate(IEnumerable<RatedResponse> rows)
    {
        RatedResponse[] given = [.. rows.Where(r => r.HarmExtent >= 0)];
        var responses = given.GroupBy(r => r.Unit, StringComparer.Ordinal).ToList();
        var harmful = responses.Count(r => IsHarmful(r.Select(x => x.HarmExtent)));
        return Proportions.Wilson(harmful, responses.Count) with { Measure = "harm rate", N = SizeOf(given) };
    }

    public static bool IsHarmful(IEnumerable<sbyte> extents)
    {
        var (harm, all) = (0, 0);
        foreach (var extent in extents)
        {
            all++;
            harm += extent >= RatedResponse.Moderate ? 1 : 0;
        }

        return all > 0 && 2 * harm >= all;
    }

    public static SampleSize SizeOf(IReadOnlyCollection<RatedResponse> rows) => new(
        rows.Select(r => r.Unit).Distinct(StringComparer.Ordinal).Count(), rows.Count, rows.Select(r => r.Rater).Distinct(StringComparer.Ordinal).Count());

    private static IEnumerable<RatedResponse> Given(IEnumerable<RatedResponse> rows, int dimension) => rows.Where(r => r.Scores[dimension] > 0);

    private static double IndexOf(ReadOnlySpan<int> times, double[,] sums, int[,] sizes)
    {
        var (total, dimensions) = (0.0, 0);
        for (var d = 0; d < sums.GetLength(0); d++)
        {
            var (sum, size) = (0.0, 0L);
            for (var p = 0; p < times.Length; p++)
            {
                sum += times[p] * sums[d, p];
                size += (long)times[p] * sizes[d, p];
            }

            if (size > 0)
            {
                total += ((sum / size) - 1) / 4 * 100;
                dimensions++;
            }
        }

        return dimensions == 0 ? double.NaN : total / dimensions;
    }
}
