namespace HealthEval.Agreement.Statistics;

/// <summary>A weighted mean or rate in a contrast.</summary>
/// <param name="Weight">Its weight; below 0 for what is subtracted.</param>
/// <param name="Parts">Sums and counts by cluster; several parts of a cluster add up.</param>
public sealed record WeightedRatio(double Weight, IReadOnlyList<ClusterTotals> Parts);

/// <summary>Differences of means and rates over clusters, in closed form.</summary>
public static class RatioContrast
{
    /// <summary>
    /// Σ weight × ratio, where a ratio is the mean over its components of Σ sums ÷ Σ counts, a component without values being left out. A cluster in several ratios enters
    /// once with all it has, so pairing is kept: for two ratios with one value per cluster each, this is the paired t test. Standard error: linearised,
    /// √(m ÷ (m − 1) · Σ eᵢ²) with eᵢ = Σ weight · (sᵢ − R·nᵢ) ÷ N (Cochran 1977, §6.5 and §11.8); limits and "pValue" from Student's t with m − 1 degrees of freedom for m clusters,
    /// or 2m ÷ (κ − 1) where the eᵢ have a kurtosis κ that makes this fewer: where few clusters carry most of the spread, the spread itself is uncertain (Satterthwaite 1946).
    /// Rates that do not vary at all (nothing was ever found) have exact limits instead: no difference beyond 1 − ((1 − confidence) ÷ 2)^(1/m) either way (Clopper and Pearson 1934).
    /// Undefined when a ratio has no values; no interval with one cluster. n: values of the first component; details: clusters.
    /// </summary>
    /// <param name="measure">Name of the result.</param>
    /// <param name="ratios">What is added and subtracted.</param>
    /// <param name="isRate">The values are between 0 and 1.</param>
    /// <param name="confidence">Coverage.</param>
    public static Estimate Compute(string measure, IReadOnlyList<WeightedRatio> ratios, bool isRate = false, double confidence = 0.95)
    {
        var influence = new Dictionary<string, double>(StringComparer.Ordinal);
        var (value, n) = (0.0, 0.0);
        foreach (var (weight, parts) in ratios)
        {
            if (Ratio(parts) is not { } ratio)
            {
                return Estimate.None(measure, UndefinedReason.NoRatings);
            }
            value += weight * ratio.Value;
            n += parts.Sum(p => p.Counts[0]);
            foreach (var part in parts.Where(p => p.Counts.Any(c => c > 0))) // a cluster without a value is no evidence, and no degree of freedom
            {
                influence[part.Cluster] = influence.GetValueOrDefault(part.Cluster) + (weight * ratio.Of(part));
            }
        }
        var m = influence.Count;
        var estimate = Estimate.Of(measure, value, new SampleSize((int)n, (int)n, 0)) with { Details = Details.Of(("clusters", m)) };
        if (m < 2)
        {
            return estimate.With("interval", UndefinedReason.OneCluster);
        }
        var squares = influence.Order(ByName.Instance).Sum(e => e.Value * e.Value); // always added in one order: sums of doubles depend on it
        var (se, tail) = (Math.Sqrt(m / (m - 1.0) * squares), (1 - confidence) / 2);
        if (isRate && se < 1e-12)
        {
            var most = 1 - Math.Pow(tail, 1.0 / m);
            return (estimate with { Interval = Interval.Of(Math.Max(-1, value - most), Math.Min(1, value + most), confidence, "exact on clusters") }).With("pValue", 1.0);
        }
        var df = DegreesOfFreedom(influence.Values);
        var half = Distributions.StudentQuantile(1 - tail, df) * se;
        return (estimate with { StandardError = se, Interval = Interval.Of(value - half, value + half, confidence, "cluster-robust, t") })
            .With("pValue", se > 1e-12 ? Distributions.StudentTwoSided(value / se, df) : Math.Abs(value) < 1e-12 ? 1.0 : 0.0);
    }

    /// <summary>Those of a sum of squares with this kurtosis: its variance is (κ − 1) ÷ m of its square. Never more than m − 1.</summary>
    private static double DegreesOfFreedom(IReadOnlyCollection<double> influence)
    {
        double[] squares = [.. influence.Select(e => e * e).Order()]; // added in one order, as above
        var (m, second) = (squares.Length, squares.Average());
        var kurtosis = second > 0 ? squares.Average(s => s * s) / (second * second) : 1;
        return Math.Min(m - 1, kurtosis > 1 ? 2 * m / (kurtosis - 1) : m - 1);
    }

    private static Linear? Ratio(IReadOnlyList<ClusterTotals> parts)
    {
        if (parts.Count == 0)
        {
            return null;
        }
        var components = parts[0].Sums.Count;
        var (sums, counts) = (new double[components], new double[components]);
        foreach (var part in parts)
        {
            for (var c = 0; c < components; c++)
            {
                sums[c] += part.Sums[c];
                counts[c] += part.Counts[c];
            }
        }
        return counts.Any(c => c > 0) ? new Linear(sums, counts) : null;
    }

    private sealed class Linear(double[] sums, double[] counts)
    {
        private readonly int _defined = counts.Count(c => c > 0);

        public double Value => sums.Select((s, c) => counts[c] > 0 ? s / counts[c] : 0).Sum() / _defined;

        public double Of(ClusterTotals part)
        {
            var sum = 0.0;
            for (var c = 0; c < sums.Length; c++)
            {
                sum += counts[c] > 0 ? (part.Sums[c] - (sums[c] / counts[c] * part.Counts[c])) / counts[c] : 0;
            }
            return sum / _defined;
        }
    }

    private sealed class ByName : IComparer<KeyValuePair<string, double>>
    {
        public static readonly ByName Instance = new();

        public int Compare(KeyValuePair<string, double> x, KeyValuePair<string, double> y) => string.CompareOrdinal(x.Key, y.Key);
    }
}
