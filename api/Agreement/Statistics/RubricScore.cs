namespace HealthEval.Agreement.Statistics;

/// <summary>One rubric criterion as judged on one answer.</summary>
/// <param name="Points">Points; negative for something that should not happen.</param>
/// <param name="Met">True when it was met; on a negative criterion that the bad thing happened.</param>
/// <param name="Tags">Tags such as "axis:accuracy".</param>
public sealed record JudgedCriterion(double Points, bool Met, IReadOnlyList<string>? Tags = null);

/// <summary>Rubric scores exactly as HealthBench computes them.</summary>
public static class RubricScore
{
    /// <summary>
    /// One answer: Σ points of met criteria ÷ Σ positive points. At most 1, may be below 0; null where no criterion has positive points.
    /// Source: Arora and others 2025, HealthBench, §3; openai/simple-evals, healthbench_eval.calculate_score.
    /// </summary>
    public static double? Answer(IEnumerable<JudgedCriterion> criteria, string? tag = null)
    {
        var (met, possible) = (0.0, 0.0);
        foreach (var c in criteria.Where(c => tag is null || c.Tags?.Contains(tag, StringComparer.Ordinal) == true))
        {
            met += c.Met ? c.Points : 0;
            possible += c.Points > 0 ? c.Points : 0;
        }
        return possible > 0 ? met / possible : null;
    }

    /// <summary>
    /// A data set: mean of the answers' scores, clipped to 0–1. The standard error is the standard deviation (divisor = number of resamples) of the clipped means of
    /// resampled answers; the interval is their percentiles. Answers without a score are left out. With a tag only that tag's criteria count. Undefined when no answer has a score.
    /// </summary>
    /// <param name="answers">The judged criteria of each answer.</param>
    /// <param name="tag">A tag, or null for all criteria.</param>
    /// <param name="clusters">The cluster (prompt) of each answer; null resamples answers, as HealthBench does.</param>
    /// <param name="resampling">Seed and draws; null takes the defaults (1,000 draws).</param>
    public static Estimate DataSet(
        IReadOnlyList<IReadOnlyList<JudgedCriterion>> answers, string? tag = null, IReadOnlyList<string>? clusters = null, Resampling? resampling = null)
    {
        var measure = tag is null ? "healthbench-score" : "healthbench-score " + tag;
        var scored = answers.Select((a, i) => (Score: Answer(a, tag), Cluster: clusters?[i])).Where(s => s.Score is not null).ToArray();
        var size = new SampleSize(scored.Length, answers.Sum(a => a.Count), 0);
        if (scored.Length == 0)
        {
            return Estimate.None(measure, answers.Count == 0 ? UndefinedReason.NoRatings : "no answer has a criterion with positive points", size);
        }
        var mean = scored.Average(s => s.Score!.Value);
        var estimate = Estimate.Of(measure, Math.Clamp(mean, 0, 1), size) with { Details = Details.Of(("mean", mean), ("answersWithoutScore", answers.Count - scored.Length)) };
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] cluster = [.. scored.Select((s, i) => s.Cluster is null ? i : numbers.TryGetValue(s.Cluster, out var n) ? n : numbers[s.Cluster] = numbers.Count)];
        var count = clusters is null ? scored.Length : numbers.Count;
        var (sums, sizes) = (new double[count], new int[count]);
        for (var i = 0; i < scored.Length; i++)
        {
            sums[cluster[i]] += scored[i].Score!.Value;
            sizes[cluster[i]]++;
        }
        resampling ??= new Resampling();
        var described = Bootstrap.Describe(estimate, count, () => 0, (times, _) => Clipped(times, sums, sizes), resampling);
        return described.StandardError is { } se ? described with { StandardError = se * Math.Sqrt((resampling.Draws - 1.0) / resampling.Draws) } : described;
    }

    /// <summary>HealthBench Professional's adjustment for length: raw − 0.0147 · (characters − 2000) ÷ 500.</summary>
    public static double LengthAdjusted(double raw, int characters) => raw - (0.0147 * (characters - 2000) / 500);

    private static double Clipped(ReadOnlySpan<int> times, double[] sums, int[] sizes)
    {
        var (sum, size) = (0.0, 0L);
        for (var c = 0; c < times.Length; c++)
        {
            sum += times[c] * sums[c];
            size += (long)times[c] * sizes[c];
        }
        return size == 0 ? double.NaN : Math.Clamp(sum / size, 0, 1);
    }
}
