namespace HealthEval.Agreement.Statistics;

/// <summary>Krippendorff's alpha: any number of raters, missing ratings, four levels of measurement.</summary>
public static class KrippendorffAlpha
{
    /// <summary>
    /// α = 1 − D_o/D_e over the pairable values (units with one rating are dropped). Range −1 to 1: 1 is perfect, 0 what chance gives.
    /// Undefined when no unit has two ratings, when all pairable values are equal, when the level asks for an order or numbers that
    /// the values do not have, and at ratio level with negative numbers. "Ordinal" is Krippendorff's own metric, made from the marginal frequencies:
    /// δ²(c,k) = (Σ n_g from c to k − (n_c + n_k)/2)². The variant with fixed ordinal weights is <c>GwetAgreement.Krippendorff</c>.
    /// Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability"; Hayes and Krippendorff 2007. Linear time in the number of ratings.
    /// </summary>
    /// <param name="counts">How often each level was given to each unit.</param>
    /// <param name="level">Level of measurement.</param>
    /// <param name="resampling">Settings of the cluster bootstrap; null gives the estimate alone.</param>
    public static Estimate Compute(ValueCounts counts, MeasurementLevel level, Resampling? resampling = null)
    {
        var measure = "krippendorff-alpha " + level.ToString().ToLowerInvariant();
        var kernel = new AlphaKernel(counts, level);
        var size = new SampleSize(counts.PairableUnits, kernel.PairableRatings, counts.Raters);
        if (Refusal(counts, level) is { } reason)
        {
            return Estimate.None(measure, reason, size);
        }
        var scratch = kernel.NewScratch();
        var alpha = kernel.Evaluate([], scratch);
        if (double.IsNaN(alpha))
        {
            return Estimate.None(measure, UndefinedReason.NoVariation, size);
        }
        var estimate = Estimate.Of(measure, alpha, size) with
        {
            Details = Details.Of(
                ("definition", Definition(level)), ("observedDisagreement", scratch.Observed), ("expectedDisagreement", scratch.Expected),
                ("unitsWithoutPair", counts.UnitCount - counts.PairableUnits)),
        };
        return resampling is null
            ? estimate
            : Bootstrap.Describe(estimate, kernel.ClusterCount, kernel.NewScratch, kernel.Evaluate, resampling);
    }

    /// <inheritdoc cref="Compute(ValueCounts, MeasurementLevel, Resampling?)"/>
    public static Estimate Compute(RatingMatrix matrix, MeasurementLevel level, Resampling? resampling = null) => Compute(matrix.Counts, level, resampling);

    private static string? Refusal(ValueCounts counts, MeasurementLevel level)
    {
        if (counts.RatingCount == 0)
        {
            return UndefinedReason.NoRatings;
        }
        if (counts.PairableUnits == 0)
        {
            return counts.Raters == 1 ? UndefinedReason.OneRater : UndefinedReason.NoPairableUnits;
        }
        return level switch
        {
            MeasurementLevel.Ordinal when !counts.Scale.IsOrdered => UndefinedReason.NeedsOrder,
            MeasurementLevel.Interval or MeasurementLevel.Ratio when counts.Scale.Numbers is null => UndefinedReason.NeedsNumbers,
            MeasurementLevel.Ratio when counts.Scale.Numbers[0] < 0 => UndefinedReason.NeedsPositive,
            _ => null,
        };
    }

    private static string Definition(MeasurementLevel level) => level switch
    {
        MeasurementLevel.Nominal => "nominal metric: 0 if equal, else 1",
        MeasurementLevel.Ordinal => "Krippendorff's ordinal metric, from the marginal frequencies",
        MeasurementLevel.Interval => "interval metric: squared difference",
        _ => "ratio metric: squared difference over sum",
    };
}

/// <summary>Evaluates alpha for given multiplicities of the clusters, without allocating.</summary>
internal sealed class AlphaKernel
{
    private readonly ValueCounts _counts;
    private readonly MeasurementLevel _level;
    private readonly int[] _allLevels;
    private readonly double[] _numbers;
    private readonly int[] _pairable;
    private readonly int[] _cluster;

    public AlphaKernel(ValueCounts counts, MeasurementLevel level)
    {
        (_counts, _level) = (counts, level);
        _allLevels = [.. Enumerable.Range(0, counts.Scale.Count)];
        _numbers = counts.Scale.Numbers is { } numbers ? [.. numbers] : new double[counts.Scale.Count];
        _pairable = new int[counts.PairableUnits];
        for (int u = 0, at = 0; u < counts.UnitCount; u++)
        {
            if (counts.TotalOf(u) > 1)
            {
                _pairable[at++] = u;
                PairableRatings += counts.TotalOf(u);
            }
        }
        (_cluster, ClusterCount) = counts.DenseClusters(_pairable);
    }

    public int PairableRatings { get; }

    /// <summary>Clusters that hold a pairable unit; the others have nothing to be drawn for.</summary>
    public int ClusterCount { get; }

    public Scratch NewScratch() => new(_allLevels.Length, _level == MeasurementLevel.Ordinal ? new double[_allLevels.Length] : _numbers);

    /// <summary>Alpha, or NaN when the resample has no variation. Empty multiplicities mean every cluster once.</summary>
    public double Evaluate(ReadOnlySpan<int> times, Scratch scratch)
    {
        var total = Marginals(times, scratch.Marginals);
        if (_level == MeasurementLevel.Ordinal)
        {
            MidRanks(scratch.Marginals, scratch.Positions);
        }
        var observed = 0.0;
        for (var i = 0; i < _pairable.Length; i++)
        {
            var (u, weight) = (_pairable[i], times.IsEmpty ? 1 : times[_cluster[i]]);
            if (weight > 0 && _counts.LevelsOf(u) is { Length: > 1 } levels)
            {
                observed += weight * Pairs(levels, _counts.CountsOf(u), _counts.TotalOf(u), scratch.Positions) / (_counts.TotalOf(u) - 1);
            }
        }
        var expected = Pairs(_allLevels, scratch.Marginals, total, scratch.Positions) / (total - 1);
        scratch.Observed = observed / total;
        scratch.Expected = expected / total;
        return expected > 0 ? 1 - (observed / expected) : double.NaN;
    }

    private double Marginals(ReadOnlySpan<int> times, int[] marginals)
    {
        Array.Clear(marginals);
        var total = 0L;
        for (var p = 0; p < _pairable.Length; p++)
        {
            var (u, weight) = (_pairable[p], times.IsEmpty ? 1 : times[_cluster[p]]);
            if (weight == 0)
            {
                continue;
            }
            var levels = _counts.LevelsOf(u);
            var counts = _counts.CountsOf(u);
            for (var i = 0; i < levels.Length; i++)
            {
                marginals[levels[i]] += weight * counts[i];
            }
            total += (long)weight * _counts.TotalOf(u);
        }
        return total;
    }

    // Krippendorff's ordinal distance is the squared difference of mid-ranks, so one pass over the marginals turns it into the interval metric.
    private static void MidRanks(int[] marginals, double[] positions)
    {
        var below = 0L;
        for (var l = 0; l < marginals.Length; l++)
        {
            positions[l] = below + (marginals[l] / 2.0);
            below += marginals[l];
        }
    }

    /// <summary>Σ δ² over ordered pairs of values.</summary>
    private double Pairs(ReadOnlySpan<int> levels, ReadOnlySpan<int> counts, double total, double[] positions) => _level switch
    {
        MeasurementLevel.Nominal => DifferentPairs(counts, total),
        MeasurementLevel.Ratio => RatioPairs(levels, counts, positions),
        _ => SquaredPairs(levels, counts, total, positions),
    };

    private static double DifferentPairs(ReadOnlySpan<int> counts, double total)
    {
        var equal = 0.0;
        foreach (var c in counts)
        {
            equal += (double)c * c;
        }
        return (total * total) - equal;
    }

    private static double SquaredPairs(ReadOnlySpan<int> levels, ReadOnlySpan<int> counts, double total, double[] positions)
    {
        var sum = 0.0;
        for (var i = 0; i < levels.Length; i++)
        {
            sum += counts[i] * positions[levels[i]];
        }
        var (mean, squares) = (sum / total, 0.0);
        for (var i = 0; i < levels.Length; i++)
        {
            var apart = positions[levels[i]] - mean;
            squares += counts[i] * apart * apart;
        }
        return 2 * total * squares;
    }

    private static double RatioPairs(ReadOnlySpan<int> levels, ReadOnlySpan<int> counts, double[] positions)
    {
        var sum = 0.0;
        for (var i = 0; i < levels.Length; i++)
        {
            for (var j = i + 1; j < levels.Length && counts[i] > 0; j++)
            {
                var share = (positions[levels[j]] - positions[levels[i]]) / (positions[levels[j]] + positions[levels[i]]);
                sum += 2.0 * counts[i] * counts[j] * share * share;
            }
        }
        return sum;
    }

    internal sealed class Scratch(int levels, double[] positions)
    {
        public readonly int[] Marginals = new int[levels];
        public readonly double[] Positions = positions;
        public double Observed;
        public double Expected;
    }
}
