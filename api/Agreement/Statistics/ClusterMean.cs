namespace HealthEval.Agreement.Statistics;

/// <summary>A mean of values that come in clusters, with a cluster-bootstrap interval.</summary>
public static class ClusterMean
{
    /// <summary>
    /// The mean of the values with a cluster-bootstrap standard error and interval: whole clusters (prompts) are resampled, not values.
    /// In the unit of the values; undefined without values. With one cluster there is a mean but no interval.
    /// Source: Davison and Hinkley 1997, §3.8.
    /// </summary>
    /// <param name="values">Finite numbers.</param>
    /// <param name="clusters">The cluster of each value; null makes each value its own cluster.</param>
    /// <param name="resampling">Seed, draws, confidence and interval; null takes the defaults.</param>
    /// <param name="measure">Name of the result.</param>
    public static Estimate Compute(IReadOnlyList<double> values, IReadOnlyList<string>? clusters = null, Resampling? resampling = null, string measure = "mean")
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var cluster = new int[values.Count];
        for (var i = 0; i < cluster.Length; i++)
        {
            cluster[i] = clusters is null ? i : numbers.TryGetValue(clusters[i], out var known) ? known : numbers[clusters[i]] = numbers.Count;
        }
        return Compute([.. values], cluster, clusters is null ? cluster.Length : numbers.Count, resampling ?? new Resampling(), measure);
    }

    internal static Estimate Compute(ReadOnlySpan<double> values, ReadOnlySpan<int> cluster, int clusters, Resampling resampling, string measure)
    {
        if (values.Length == 0)
        {
            return Estimate.None(measure, UndefinedReason.NoRatings);
        }
        var (sums, sizes) = (new double[clusters], new int[clusters]);
        for (var i = 0; i < values.Length; i++)
        {
            sums[cluster[i]] += values[i];
            sizes[cluster[i]]++;
        }
        var estimate = Estimate.Of(measure, sums.Sum() / values.Length, new SampleSize(values.Length, values.Length, 0));
        return Bootstrap.Describe(estimate, clusters, () => 0, (times, _) => Weighted(times, sums, sizes), resampling);
    }

    private static double Weighted(ReadOnlySpan<int> times, double[] sums, int[] sizes)
    {
        var (sum, size) = (0.0, 0L);
        for (var c = 0; c < times.Length; c++)
        {
            sum += times[c] * sums[c];
            size += (long)times[c] * sizes[c];
        }
        return size == 0 ? double.NaN : sum / size;
    }
}
