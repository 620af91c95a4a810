namespace HealthEval.Agreement.Statistics;

/// <summary>The standard sets of agreement weights (Gwet 2014, chapter 3; the R package irrCAC has the same names).</summary>
public enum WeightSet
{
    /// <summary>1 on the diagonal, 0 elsewhere.</summary>
    Unweighted,

    /// <summary>1 − |x−y| ÷ range.</summary>
    Linear,

    /// <summary>1 − (x−y)² ÷ range².</summary>
    Quadratic,

    /// <summary>1 − d(d+1) ÷ (q(q−1)) with d the difference of ranks. Not Krippendorff's ordinal metric, which uses the marginal frequencies.</summary>
    Ordinal,

    /// <summary>1 − √|x−y| ÷ √range.</summary>
    Radical,

    /// <summary>1 − ((x−y)/(x+y))², scaled so that the ends have 0. For numbers of 0 or more.</summary>
    Ratio,

    /// <summary>1 − sin²(π(x−y)/(range+1)), scaled: the ends of the scale are neighbours.</summary>
    Circular,

    /// <summary>1 − (x−y)² ÷ ((x+y−2min)(2max−x−y)), scaled: differences near the ends count more.</summary>
    Bipolar,
}

/// <summary>A q × q table of agreement weights: 1 for full agreement on the diagonal of the standard sets, down to 0 for none.</summary>
public sealed class AgreementWeights
{
    private readonly double[,] _weights;

    private AgreementWeights(string name, double[,] weights)
    {
        (Name, _weights) = (name, weights);
        foreach (var w in weights)
        {
            Sum += w;
        }
    }

    /// <summary>Name of the set, for reports.</summary>
    public string Name { get; }

    /// <summary>Number of levels.</summary>
    public int Count => _weights.GetLength(0);

    /// <summary>Sum of all weights.</summary>
    public double Sum { get; }

    /// <summary>Weight of the pair of levels a and b.</summary>
    public double this[int a, int b] => _weights[a, b];

    /// <summary>
    /// A standard set on a scale. Numbers enter as they are; ordered labels, or <paramref name="byRank"/>, as 1, 2, 3, …
    /// (R's irr measures distance by rank among the levels used). Ask <see cref="Refusal"/> first.
    /// </summary>
    public static AgreementWeights Of(WeightSet set, Scale scale, bool byRank = false)
    {
        if (Refusal(set, scale) is { } reason)
        {
            throw new ArgumentException(reason, nameof(scale));
        }
        var q = scale.Count;
        double[] x = scale.Numbers is { } numbers && !byRank ? [.. numbers] : [.. Enumerable.Range(1, q).Select(i => (double)i)];
        var (weights, largest) = (new double[q, q], 0.0);
        for (var a = 0; a < q; a++)
        {
            for (var b = 0; b < q; b++)
            {
                weights[a, b] = a == b ? 0 : Distance(set, x, Math.Min(a, b), Math.Max(a, b));
                largest = Math.Max(largest, weights[a, b]);
            }
        }
        for (var a = 0; a < q; a++)
        {
            for (var b = 0; b < q; b++)
            {
                weights[a, b] = 1 - (largest > 0 ? weights[a, b] / largest : 0);
            }
        }
        return new AgreementWeights(Describe(set), weights);
    }

    /// <summary>Why a set does not fit a scale, or null.</summary>
    public static string? Refusal(WeightSet set, Scale scale) => set switch
    {
        WeightSet.Unweighted => null,
        _ when !scale.IsOrdered => UndefinedReason.NeedsOrder,
        WeightSet.Ratio when scale.Numbers is { Count: > 0 } n && n[0] < 0 => UndefinedReason.NeedsPositive,
        _ => null,
    };

    /// <summary>One's own agreement weights; they need not be symmetric.</summary>
    public static AgreementWeights Custom(double[,] agreement) => agreement.GetLength(0) == agreement.GetLength(1)
        ? new AgreementWeights("custom", (double[,])agreement.Clone())
        : throw new ArgumentException("Weights must be a square table.", nameof(agreement));

    /// <summary>Disagreement weights as Cohen (1968) states them: w = 1 − v ÷ max v.</summary>
    public static AgreementWeights FromDisagreement(double[,] disagreement)
    {
        var largest = disagreement.Cast<double>().Max();
        var weights = (double[,])disagreement.Clone();
        for (var a = 0; a < weights.GetLength(0); a++)
        {
            for (var b = 0; b < weights.GetLength(1); b++)
            {
                weights[a, b] = 1 - (weights[a, b] / largest);
            }
        }
        return Custom(weights);
    }

    private static double Distance(WeightSet set, double[] x, int low, int high)
    {
        var (d, ranks, first, last) = (x[high] - x[low], high - low, x[0], x[^1]);
        return set switch
        {
            WeightSet.Unweighted => 1,
            WeightSet.Linear => d,
            WeightSet.Quadratic => d * d,
            WeightSet.Ordinal => ranks * (ranks + 1) / 2.0,
            WeightSet.Radical => Math.Sqrt(d),
            WeightSet.Ratio => Math.Pow(d / (x[high] + x[low]), 2),
            WeightSet.Circular => Math.Pow(Math.Sin(Math.PI * d / (last - first + 1)), 2),
            _ => d * d / ((x[low] + x[high] - (2 * first)) * ((2 * last) - x[low] - x[high])),
        };
    }

    private static string Describe(WeightSet set) => set switch
    {
        WeightSet.Ordinal => "ordinal (irrCAC: differences of ranks)",
        _ => set.ToString().ToLowerInvariant(),
    };
}
