namespace HealthEval.Agreement.Statistics;

/// <summary>Observed agreement, without any correction for chance.</summary>
public static class PercentAgreement
{
    /// <summary>
    /// The share of agreeing pairs of ratings within a unit, averaged over units with two ratings or more (Fleiss 1971, eq. 2; Gwet 2014, eq. 2.4).
    /// Range 0–1; undefined when no unit has two ratings. <paramref name="tolerance"/> 0 asks for the same value; 1 accepts values at most 1 apart
    /// (numbers), or neighbouring levels (ordered labels). Standard error from the variance between units, interval by cluster bootstrap,
    /// exact on the clusters where nothing or everything agrees.
    /// </summary>
    public static Estimate Compute(ValueCounts counts, double tolerance = 0, Resampling? resampling = null)
    {
        var measure = tolerance == 0 ? "percent-agreement" : $"percent-agreement within {tolerance}";
        if (tolerance != 0 && !counts.Scale.IsOrdered)
        {
            return Estimate.None(measure, UndefinedReason.NeedsOrder, new SampleSize(counts.UnitCount, counts.RatingCount, counts.Raters));
        }
        var (shares, clusters, ratings) = (new List<double>(counts.PairableUnits), new List<int>(counts.PairableUnits), 0);
        var dense = new Dictionary<int, int>();
        for (var u = 0; u < counts.UnitCount; u++)
        {
            if (counts.TotalOf(u) > 1)
            {
                shares.Add(Share(counts, u, tolerance));
                ratings += counts.TotalOf(u);
                clusters.Add(dense.TryGetValue(counts.Clusters[u], out var known) ? known : dense[counts.Clusters[u]] = dense.Count);
            }
        }
        var size = new SampleSize(shares.Count, ratings, counts.Raters);
        if (shares.Count == 0)
        {
            return Estimate.None(measure, counts.Raters == 1 ? UndefinedReason.OneRater : UndefinedReason.NoPairableUnits, size);
        }
        if (dense.Count > 1 && shares[0] is (0 or 1) && shares.TrueForAll(s => s == shares[0]))
        {
            var exact = ClusteredRate.Exact((int)shares[0], dense.Count, (resampling ?? new Resampling()).Confidence);
            return Estimate.Of(measure, shares[0], size) with { StandardError = 0, Interval = exact, Details = Details.Of(("clusters", dense.Count)) };
        }
        return ClusterMean.Compute([.. shares], [.. clusters], dense.Count, resampling ?? new Resampling(), measure) with { N = size };
    }

    /// <inheritdoc cref="Compute(ValueCounts, double, Resampling?)"/>
    public static Estimate Compute(RatingMatrix matrix, double tolerance = 0, Resampling? resampling = null) => Compute(matrix.Counts, tolerance, resampling);

    private static double Share(ValueCounts counts, int unit, double tolerance)
    {
        var levels = counts.LevelsOf(unit);
        var times = counts.CountsOf(unit);
        var total = (double)counts.TotalOf(unit);
        var agreeing = 0.0;
        for (var a = 0; a < levels.Length; a++)
        {
            agreeing += times[a] * (times[a] - 1.0);
            for (var b = a + 1; b < levels.Length && tolerance > 0; b++)
            {
                agreeing += Apart(counts.Scale, levels[a], levels[b]) <= tolerance ? 2.0 * times[a] * times[b] : 0;
            }
        }
        return agreeing / (total * (total - 1));
    }

    private static double Apart(Scale scale, int low, int high) => scale.Numbers is { } numbers ? numbers[high] - numbers[low] : high - low;
}
