namespace HealthEval.Agreement.Statistics;

/// <summary>How limits are read from bootstrap draws.</summary>
public enum BootstrapInterval
{
    /// <summary>Quantiles of the draws (Efron 1979).</summary>
    Percentile,

    /// <summary>Bias-corrected and accelerated, with the acceleration from a jackknife over clusters (Efron 1987).</summary>
    BiasCorrectedAccelerated,
}

/// <summary>Settings of a cluster bootstrap.</summary>
/// <param name="Seed">Seed of the random numbers; the same seed gives the same bits on any number of threads.</param>
/// <param name="Draws">Number of resamples.</param>
/// <param name="Confidence">Coverage aimed at, 0–1.</param>
/// <param name="Interval">How the limits are read from the draws.</param>
/// <param name="Threads">Most threads to use; null leaves it to the machine.</param>
public sealed record Resampling(
    ulong Seed = Resampling.DefaultSeed, int Draws = 1000, double Confidence = 0.95, BootstrapInterval Interval = BootstrapInterval.Percentile, int? Threads = null)
{
    /// <summary>The seed used when none is stated.</summary>
    public const ulong DefaultSeed = 20_260_101;
}

/// <summary>A statistic under resampling: its value when cluster c is taken <paramref name="multiplicity"/>[c] times. NaN stands for "undefined in this resample".</summary>
internal delegate double ResampledStatistic<in TScratch>(ReadOnlySpan<int> multiplicity, TScratch scratch);

/// <summary>
/// Cluster bootstrap (Davison and Hinkley 1997, §3.8): whole clusters, here prompts, are drawn with replacement, as many as there are.
/// Draw b takes its numbers from stream b of the counter-based generator and writes its own place, so threads cannot change the result.
/// </summary>
internal static class Bootstrap
{
    private const double MostUndefined = 0.05;

    /// <summary>Adds standard error, interval, seed and details to an estimate.</summary>
    public static Estimate Describe<TScratch>(Estimate estimate, int clusters, Func<TScratch> scratch, ResampledStatistic<TScratch> statistic, Resampling options)
    {
        if (estimate.Value is not { } value)
        {
            return estimate;
        }
        if (clusters < 2)
        {
            return estimate.With("interval", UndefinedReason.OneCluster);
        }
        var draws = Draws(clusters, scratch, statistic, options);
        double[] defined = [.. draws.Where(double.IsFinite)];
        Array.Sort(defined);
        var withSeed = (estimate with { Seed = options.Seed })
            .With("clusters", clusters).With("draws", options.Draws).With("undefinedDraws", draws.Length - defined.Length);
        if (defined.Length < 2 || draws.Length - defined.Length > MostUndefined * draws.Length)
        {
            return withSeed.With("interval", "the statistic is undefined in too many resamples");
        }
        var (lower, upper, method) = options.Interval == BootstrapInterval.BiasCorrectedAccelerated
            ? Accelerated(value, defined, Jackknife(clusters, scratch, statistic, options), options.Confidence)
            : (Quantile(defined, (1 - options.Confidence) / 2), Quantile(defined, (1 + options.Confidence) / 2), "cluster bootstrap, percentile");
        return withSeed with
        {
            StandardError = StandardDeviation(defined),
            Interval = Statistics.Interval.Of(lower, upper, options.Confidence, method),
        };
    }

    /// <summary>The draws, in order; NaN where the statistic is undefined.</summary>
    public static double[] Draws<TScratch>(int clusters, Func<TScratch> scratch, ResampledStatistic<TScratch> statistic, Resampling options)
    {
        var draws = new double[options.Draws];
        For(options.Draws, options.Threads, () => (Times: new int[clusters], Scratch: scratch()), (b, local) =>
        {
            Multiplicities(local.Times, new CounterRandom(options.Seed, (ulong)b));
            draws[b] = statistic(local.Times, local.Scratch);
        });
        return draws;
    }

    /// <summary>Quantile of sorted numbers by linear interpolation (type 7 of Hyndman and Fan 1996).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double p)
    {
        var at = Math.Clamp(p, 0, 1) * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    /// <summary>How often each cluster is taken in one draw.</summary>
    internal static void Multiplicities(Span<int> times, CounterRandom random)
    {
        times.Clear();
        for (var i = 0; i < times.Length; i += 2)
        {
            var (first, second) = random.Words((ulong)i);
            times[CounterRandom.Below(times.Length, first)]++;
            if (i + 1 < times.Length)
            {
                times[CounterRandom.Below(times.Length, second)]++;
            }
        }
    }

    private static double[] Jackknife<TScratch>(int clusters, Func<TScratch> scratch, ResampledStatistic<TScratch> statistic, Resampling options)
    {
        var values = new double[clusters];
        For(clusters, options.Threads, () => (Times: Enumerable.Repeat(1, clusters).ToArray(), Scratch: scratch()), (c, local) =>
        {
            local.Times[c] = 0;
            values[c] = statistic(local.Times, local.Scratch);
            local.Times[c] = 1;
        });
        return values;
    }

    private static (double Lower, double Upper, string Method) Accelerated(double value, double[] sorted, double[] jackknife, double confidence)
    {
        double[] defined = [.. jackknife.Where(double.IsFinite)];
        var below = sorted.Count(d => d < value) + (0.5 * sorted.Count(d => d == value));
        var bias = Distributions.NormalQuantile(Math.Clamp(below / sorted.Length, 0.5 / sorted.Length, 1 - (0.5 / sorted.Length)));
        var mean = defined.Length == 0 ? 0 : defined.Average();
        var (squares, cubes) = (defined.Sum(j => Math.Pow(mean - j, 2)), defined.Sum(j => Math.Pow(mean - j, 3)));
        var acceleration = squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
        return (At((1 - confidence) / 2), At((1 + confidence) / 2), "cluster bootstrap, BCa");

        double At(double p)
        {
            var z = bias + Distributions.NormalQuantile(p);
            return Quantile(sorted, Distributions.NormalCdf(bias + (z / (1 - (acceleration * z)))));
        }
    }

    private static double StandardDeviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    private static void For<TLocal>(int count, int? threads, Func<TLocal> local, Action<int, TLocal> body)
    {
        if (threads == 1)
        {
            var own = local();
            for (var i = 0; i < count; i++)
            {
                body(i, own);
            }
            return;
        }
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, local, (i, _, own) => { body(i, own); return own; }, _ => { });
    }
}
