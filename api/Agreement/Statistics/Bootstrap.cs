namespace HealthEval.Agreement.Statistics;

/// <summary>How limits are read from bootstrap draws.</summary>
public enum BootstrapInterval
{
    /// <summary>Quantiles of the draws (Efron 1979).</summary>
    Percentile,

    /// <summary>Bias-corrected and accelerated, with the acceleration from a jackknife over clusters (Efron 1987).</summary>
    BiasCorrectedAccelerated,

    /// <summary>
    /// Quantiles at levels widened from the normal to Student's t: Φ(−√(m/(m − 1))·t) with m − 1 degrees of freedom for m clusters. Plain quantiles are too
    /// narrow for few clusters; these have the length of a t interval and stay inside the range of the statistic (Hesterberg 2015, §4.2).
    /// </summary>
    Expanded,

    /// <summary>
    /// Student's t with m − 1 degrees of freedom around the value on Fisher's z scale, from the standard deviation of the draws: for coefficients near 1, whose
    /// draws are so skewed that their quantiles hold the truth too rarely.
    /// </summary>
    FisherT,
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
        if (defined[^1] - defined[0] < 1e-12)
        {
            return (withSeed with { StandardError = 0 }).With("interval", UndefinedReason.NoSpread);
        }
        var interval = options.Interval switch
        {
            BootstrapInterval.BiasCorrectedAccelerated => Accelerated(value, defined, Jackknife(clusters, scratch, statistic, options), options.Confidence),
            BootstrapInterval.FisherT when Math.Abs(value) < 1 => Fisher(value, StandardDeviation(defined), clusters, options.Confidence),
            _ => Limits(defined, clusters, options),
        };
        return withSeed with { StandardError = StandardDeviation(defined), Interval = interval };
    }

    private static Interval? Fisher(double value, double error, int clusters, double confidence)
    {
        var half = Distributions.StudentQuantile((1 + confidence) / 2, clusters - 1) * Math.Sqrt(clusters / (clusters - 1.0)) * error / (1 - (value * value));
        return Interval.Of(Math.Tanh(Math.Atanh(value) - half), Math.Tanh(Math.Atanh(value) + half), confidence, "cluster bootstrap, t on Fisher's z");
    }

    /// <summary>The limits in sorted draws of a statistic of so many clusters: quantiles, at the plain or the expanded levels.</summary>
    public static Interval? Limits(ReadOnlySpan<double> sorted, int clusters, Resampling options)
    {
        var tail = (1 - options.Confidence) / 2;
        if (options.Interval != BootstrapInterval.Expanded)
        {
            return Interval.Of(Quantile(sorted, tail), Quantile(sorted, 1 - tail), options.Confidence, "cluster bootstrap, percentile");
        }
        var t = Distributions.StudentQuantile(1 - tail, clusters - 1);
        var level = Distributions.NormalCdf(-Math.Sqrt(clusters / (clusters - 1.0)) * t);
        return Interval.Of(Quantile(sorted, level), Quantile(sorted, 1 - level), options.Confidence, "cluster bootstrap, percentile with t levels");
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

    private static Interval? Accelerated(double value, double[] sorted, double[] jackknife, double confidence)
    {
        double[] defined = [.. jackknife.Where(double.IsFinite)];
        var below = sorted.Count(d => d < value) + (0.5 * sorted.Count(d => d == value));
        var bias = Distributions.NormalQuantile(Math.Clamp(below / sorted.Length, 0.5 / sorted.Length, 1 - (0.5 / sorted.Length)));
        var mean = defined.Length == 0 ? 0 : defined.Average();
        var (squares, cubes) = (defined.Sum(j => Math.Pow(mean - j, 2)), defined.Sum(j => Math.Pow(mean - j, 3)));
        var acceleration = squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
        return Interval.Of(At((1 - confidence) / 2), At((1 + confidence) / 2), confidence, "cluster bootstrap, BCa");

        double At(double p)
        {
            var z = bias + Distributions.NormalQuantile(p);
            return Quantile(sorted, Distributions.NormalCdf(bias + (z / (1 - (acceleration * z)))));
        }
    }

    internal static double StandardDeviation(double[] values)
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
