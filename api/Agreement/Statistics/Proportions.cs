namespace HealthEval.Agreement.Statistics;

/// <summary>Proportions and their limits.</summary>
public static class Proportions
{
    /// <summary>
    /// A proportion with Wilson's score interval (Wilson 1927; Newcombe 1998, method 3). Range 0–1; undefined without trials.
    /// The standard error is the binomial one, √(p(1−p)/n).
    /// </summary>
    public static Estimate Wilson(int successes, int trials, double confidence = 0.95)
    {
        const string measure = "proportion";
        Check(successes, trials);
        if (trials == 0)
        {
            return Estimate.None(measure, UndefinedReason.NoRatings);
        }
        return Describe(measure, successes, trials) with { Interval = WilsonInterval(successes, trials, confidence) };
    }

    /// <summary>
    /// A proportion with the exact interval of Clopper and Pearson (1934), from quantiles of the beta distribution. Range 0–1; undefined without trials.
    /// </summary>
    public static Estimate ClopperPearson(int successes, int trials, double confidence = 0.95)
    {
        const string measure = "proportion";
        Check(successes, trials);
        if (trials == 0)
        {
            return Estimate.None(measure, UndefinedReason.NoRatings);
        }
        var tail = (1 - confidence) / 2;
        var lower = successes == 0 ? 0 : Distributions.BetaQuantile(tail, successes, trials - successes + 1);
        var upper = successes == trials ? 1 : Distributions.BetaQuantile(1 - tail, successes + 1, trials - successes);
        return Describe(measure, successes, trials) with { Interval = Interval.Of(lower, upper, confidence, "Clopper–Pearson exact") };
    }

    /// <summary>Wilson's score interval; <paramref name="successes"/> may be fractional (a tie counted as one half).</summary>
    public static Interval? WilsonInterval(double successes, double trials, double confidence = 0.95)
    {
        if (trials <= 0)
        {
            return null;
        }
        var z = Distributions.NormalQuantile((1 + confidence) / 2);
        var (p, square) = (successes / trials, z * z / trials);
        var centre = (p + (square / 2)) / (1 + square);
        var half = z * Math.Sqrt((p * (1 - p) / trials) + (square / (4 * trials))) / (1 + square);
        // The limits at 0 and at n are exactly 0 and 1; rounding must not say otherwise.
        return Interval.Of(successes <= 0 ? 0 : centre - half, successes >= trials ? 1 : centre + half, confidence, "Wilson score");
    }

    private static void Check(int successes, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
    }

    private static Estimate Describe(string measure, int successes, int trials)
    {
        var p = (double)successes / trials;
        return Estimate.Of(measure, p, new SampleSize(trials, trials, 0)) with
        {
            StandardError = Math.Sqrt(p * (1 - p) / trials),
            Details = Details.Of(("successes", successes), ("trials", trials)),
        };
    }
}
