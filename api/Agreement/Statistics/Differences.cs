namespace HealthEval.Agreement.Statistics;

/// <summary>One period's values with their clusters.</summary>
/// <param name="Values">Finite numbers.</param>
/// <param name="Clusters">The cluster (prompt) of each value; null makes each value its own.</param>
public sealed record Sample(IReadOnlyList<double> Values, IReadOnlyList<string>? Clusters = null);

/// <summary>One cluster's values, a place per component: their sum and how many they are.</summary>
/// <param name="Cluster">The prompt.</param>
/// <param name="Sums">Of the values of each component.</param>
/// <param name="Counts">How many values each component has.</param>
public sealed record ClusterTotals(string Cluster, IReadOnlyList<double> Sums, IReadOnlyList<double> Counts);

/// <summary>Differences between two periods or models.</summary>
public static class Differences
{
    /// <summary>
    /// Difference of means, current − previous, with a cluster-bootstrap interval. A prompt in both samples is drawn for both at once, so pairing is kept.
    /// Details: both means and the two-sided p of difference ÷ standard error (normal). Undefined when a sample is empty.
    /// </summary>
    public static Estimate OfMeans(Sample current, Sample previous, Resampling? resampling = null)
    {
        const string measure = "difference-of-means";
        var size = new SampleSize(current.Values.Count + previous.Values.Count, current.Values.Count + previous.Values.Count, 0);
        if (current.Values.Count == 0 || previous.Values.Count == 0)
        {
            return Estimate.None(measure, current.Values.Count == 0 ? "the current sample is empty" : "the previous sample is empty", size);
        }
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return Compare(measure, size, Totals(Parts(current, "current"), numbers), Totals(Parts(previous, "previous"), numbers), numbers.Count, resampling);
    }

    /// <summary>
    /// Difference of two independent estimates by their standard errors, √(se² + se²), with a normal interval; "pValue" is two-sided. In the unit of the estimates;
    /// without a standard error on both sides there is a value and no interval.
    /// </summary>
    public static Estimate OfEstimates(double current, double? currentError, double previous, double? previousError, SampleSize size, double confidence = 0.95)
    {
        var estimate = Estimate.Of("difference", current - previous, size);
        if (currentError is not { } a || previousError is not { } b || !(a + b > 0))
        {
            return estimate.With("interval", "a standard error is missing");
        }
        var se = Math.Sqrt((a * a) + (b * b));
        var half = Distributions.NormalQuantile((1 + confidence) / 2) * se;
        return (estimate with { StandardError = se, Interval = Interval.Of(current - previous - half, current - previous + half, confidence, "normal, independent") })
            .With("pValue", Distributions.NormalTwoSided((current - previous) / se));
    }

    /// <summary>
    /// Standardised difference of two independent samples: Hedges' g (Cohen's d with the small-sample factor 1 − 3/(4·df − 1)), in standard deviations.
    /// Large-sample standard error and normal interval; d is in the details. Undefined with fewer than two values in a sample or when nothing varies. Source: Hedges 1981.
    /// </summary>
    public static Estimate Standardised(IReadOnlyList<double> current, IReadOnlyList<double> previous, double confidence = 0.95)
    {
        const string measure = "hedges-g";
        var (n, m) = ((double)current.Count, (double)previous.Count);
        var size = new SampleSize(current.Count + previous.Count, current.Count + previous.Count, 0);
        if (n < 2 || m < 2)
        {
            return Estimate.None(measure, "a sample has fewer than two values", size);
        }
        var pooled = Math.Sqrt((Squares(current) + Squares(previous)) / (n + m - 2));
        if (!(pooled > 0))
        {
            return Estimate.None(measure, "the values do not vary within the samples", size);
        }
        var d = (current.Average() - previous.Average()) / pooled;
        var g = d * (1 - (3 / ((4 * (n + m - 2)) - 1)));
        var se = Math.Sqrt(((n + m) / (n * m)) + (g * g / (2 * (n + m))));
        var half = Distributions.NormalQuantile((1 + confidence) / 2) * se;
        return Estimate.Of(measure, g, size) with
        {
            StandardError = se,
            Interval = Interval.Of(g - half, g + half, confidence, "normal, large sample"),
            Details = Details.Of(("cohenD", d), ("pooledSd", pooled)),
        };
    }

    /// <summary>Cohen's h of two proportions: 2·asin√p − 2·asin√q, in radians, with 1/n + 1/m as its variance. Undefined without trials. Source: Cohen 1988, §6.2.</summary>
    public static Estimate OfProportions(int successes, int trials, int previousSuccesses, int previousTrials, double confidence = 0.95)
    {
        const string measure = "cohen-h";
        var size = new SampleSize(trials + previousTrials, trials + previousTrials, 0);
        if (trials == 0 || previousTrials == 0)
        {
            return Estimate.None(measure, UndefinedReason.NoRatings, size);
        }
        var h = (2 * Math.Asin(Math.Sqrt((double)successes / trials))) - (2 * Math.Asin(Math.Sqrt((double)previousSuccesses / previousTrials)));
        var se = Math.Sqrt((1.0 / trials) + (1.0 / previousTrials));
        var half = Distributions.NormalQuantile((1 + confidence) / 2) * se;
        return Estimate.Of(measure, h, size) with { StandardError = se, Interval = Interval.Of(h - half, h + half, confidence, "normal on the arcsine scale") };
    }

    /// <summary>Holm's step-down adjustment: adjusted p values in the order given, each at most 1. Source: Holm 1979.</summary>
    public static double[] Holm(IReadOnlyList<double> pValues)
    {
        var order = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToArray();
        var (adjusted, most) = (new double[pValues.Count], 0.0);
        for (var i = 0; i < order.Length; i++)
        {
            most = Math.Max(most, Math.Min(1, (order.Length - i) * pValues[order[i]]));
            adjusted[order[i]] = most;
        }
        return adjusted;
    }

    /// <summary>Adds "pHolm" and "flagged" to a family of differences; an undefined one is no part of the family.</summary>
    public static IReadOnlyList<Estimate> Flag(IReadOnlyList<Estimate> family, double level = 0.05)
    {
        int[] tested = [.. Enumerable.Range(0, family.Count).Where(i => family[i].Details.Number("pValue") is not null)];
        var adjusted = Holm([.. tested.Select(i => family[i].Details.Number("pValue")!.Value)]);
        var result = family.ToArray();
        for (var i = 0; i < tested.Length; i++)
        {
            result[tested[i]] = family[tested[i]].With("pHolm", adjusted[i]).With("flagged", adjusted[i] < level);
        }
        return result;
    }

    private static double Squares(IReadOnlyList<double> values) => values.Average() is var mean ? values.Sum(v => (v - mean) * (v - mean)) : 0;

    private static Estimate Compare(string measure, SampleSize size, (int Cluster, double[] Sums, double[] Counts)[] a, (int Cluster, double[] Sums, double[] Counts)[] b, int clusters, Resampling? resampling)
    {
        var (now, before) = (Mean([], a), Mean([], b));
        var estimate = Estimate.Of(measure, now - before, size) with { Details = Details.Of(("current", now), ("previous", before)) };
        var result = Bootstrap.Describe(estimate, clusters, () => 0, (times, _) => Mean(times, a) - Mean(times, b), resampling ?? new Resampling());
        return result is { Value: { } d, StandardError: { } se }
            ? result.With("pValue", se > 0 ? Distributions.NormalTwoSided(d / se) : d == 0 ? 1.0 : 0.0)
            : result;
    }

    private static IEnumerable<ClusterTotals> Parts(Sample sample, string name) =>
        sample.Values.Select((value, i) => new ClusterTotals(sample.Clusters is { } clusters ? "shared " + clusters[i] : $"{name} {i}", [value], [1]));

    private static (int Cluster, double[] Sums, double[] Counts)[] Totals(IEnumerable<ClusterTotals> parts, Dictionary<string, int> numbers)
    {
        var totals = new Dictionary<int, (double[] Sums, double[] Counts)>();
        foreach (var part in parts)
        {
            var number = numbers.TryGetValue(part.Cluster, out var known) ? known : numbers[part.Cluster] = numbers.Count;
            var (sums, counts) = totals.TryGetValue(number, out var total) ? total : totals[number] = (new double[part.Sums.Count], new double[part.Sums.Count]);
            for (var c = 0; c < sums.Length; c++)
            {
                sums[c] += part.Sums[c];
                counts[c] += part.Counts[c];
            }
        }
        return [.. totals.Select(t => (t.Key, t.Value.Sums, t.Value.Counts))];
    }

    private static double Mean(ReadOnlySpan<int> times, (int Cluster, double[] Sums, double[] Counts)[] totals)
    {
        var components = totals[0].Sums.Length;
        Span<double> sums = stackalloc double[components];
        Span<double> counts = stackalloc double[components];
        foreach (var (cluster, part, size) in totals)
        {
            var weight = times.IsEmpty ? 1 : times[cluster];
            for (var c = 0; c < components; c++)
            {
                sums[c] += weight * part[c];
                counts[c] += weight * size[c];
            }
        }
        var (mean, defined) = (0.0, 0);
        for (var c = 0; c < components; c++)
        {
            mean += counts[c] > 0 ? sums[c] / counts[c] : 0;
            defined += counts[c] > 0 ? 1 : 0;
        }
        return defined == 0 ? double.NaN : mean / defined;
    }
}
