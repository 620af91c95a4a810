namespace HealthEval.Agreement.Statistics;

/// <summary>How much data is needed. Every result is a number of items unless it says otherwise, rounded up.</summary>
public static class Planning
{
    /// <summary>
    /// Items so that Wilson's interval of a proportion has at most a full width, found by search. Undefined for a width not in (0, 1) or a proportion outside 0–1.
    /// </summary>
    public static Estimate ItemsForProportion(double proportion, double width, double confidence = 0.95)
    {
        const string measure = "items-for-proportion";
        if (width is not (> 0 and < 1) || proportion is not (>= 0 and <= 1))
        {
            return Estimate.None(measure, "the width must be between 0 and 1, the proportion from 0 to 1");
        }
        var (low, high) = (0, 1);
        while (Width(high) > width)
        {
            (low, high) = (high, high * 2);
        }
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Width(middle) > width ? (middle, high) : (low, middle);
        }
        return Planned(measure, high, ("proportion", proportion), ("width", width));

        double Width(int n) => Proportions.WilsonInterval(proportion * n, n, confidence) is { } i ? i.Upper - i.Lower : 1;
    }

    /// <summary>
    /// Items so that the interval of a mean has at most a full width, when each item gets k ratings with intraclass correlation ρ between them:
    /// n = 4z²σ²·(1 + (k − 1)ρ)/k ÷ width². Undefined for a width or σ not above 0, ρ outside 0–1 or k below 1.
    /// </summary>
    /// <param name="sd">Standard deviation of a single rating over all items and raters.</param>
    /// <param name="width">Full width of the interval.</param>
    /// <param name="raters">Ratings per item.</param>
    /// <param name="icc">Correlation of two ratings of one item.</param>
    /// <param name="confidence">Coverage.</param>
    public static Estimate ItemsForMean(double sd, double width, int raters = 1, double icc = 0, double confidence = 0.95)
    {
        const string measure = "items-for-mean";
        if (!(sd > 0) || !(width > 0) || raters < 1 || icc is not (>= 0 and <= 1))
        {
            return Estimate.None(measure, "the standard deviation and the width must be above 0, the correlation from 0 to 1, the raters at least 1");
        }
        var z = Distributions.NormalQuantile((1 + confidence) / 2);
        var variance = sd * sd * (1 + ((raters - 1) * icc)) / raters;
        return Planned(measure, 4 * z * z * variance / (width * width), ("sd", sd), ("width", width), ("raters", raters), ("icc", icc));
    }

    /// <summary>
    /// Items so that the interval of an intraclass correlation has about a full width: n = 8z²(1 − ρ)²(1 + (k − 1)ρ)² ÷ (k(k − 1)w²) + 1, plus 5ρ for two raters and ρ ≥ 0.7.
    /// Undefined for fewer than two raters. Source: Bonett 2002, Statistics in Medicine 21: 1331–1335.
    /// </summary>
    public static Estimate ItemsForIcc(double icc, double width, int raters, double confidence = 0.95)
    {
        const string measure = "items-for-icc";
        if (raters < 2 || !(width > 0) || icc is not (>= 0 and < 1))
        {
            return Estimate.None(measure, "it takes two raters or more, a width above 0 and a correlation from 0 to below 1");
        }
        var z = Distributions.NormalQuantile((1 + confidence) / 2);
        var n = (8 * z * z * Math.Pow(1 - icc, 2) * Math.Pow(1 + ((raters - 1) * icc), 2) / (raters * (raters - 1.0) * width * width)) + 1;
        return Planned(measure, n + (raters == 2 && icc >= 0.7 ? 5 * icc : 0), ("icc", icc), ("width", width), ("raters", raters));
    }

    /// <summary>
    /// Raters per item so that the mean of their ratings has a reliability: k = R(1 − ρ) ÷ (ρ(1 − R)) (Spearman–Brown). Value: raters. Undefined for ρ or R outside (0, 1).
    /// </summary>
    public static Estimate RatersForReliability(double icc, double reliability)
    {
        const string measure = "raters-for-reliability";
        return icc is > 0 and < 1 && reliability is > 0 and < 1
            ? Planned(measure, reliability * (1 - icc) / (icc * (1 - reliability)), ("icc", icc), ("reliability", reliability))
            : Estimate.None(measure, "both correlations must be between 0 and 1");
    }

    /// <summary>
    /// Power to see a difference of means between two models (two-sided normal test). Value: probability, 0–1. Paired when both answer the same prompts, with correlation ρ between their scores:
    /// variance of the difference 2σ²(1 − ρ)/n; unpaired ρ = 0 and n per model. Undefined for n below 2, σ not above 0 or ρ outside [−1, 1).
    /// </summary>
    public static Estimate Power(double difference, double sd, int items, double correlation = 0, double level = 0.05)
    {
        const string measure = "power";
        if (items < 2 || !(sd > 0) || correlation is not (>= -1 and < 1) || level is not (> 0 and < 1))
        {
            return Estimate.None(measure, "it takes two items or more, a standard deviation above 0 and a correlation below 1");
        }
        var shift = Math.Abs(difference) / Math.Sqrt(2 * sd * sd * (1 - correlation) / items);
        var z = Distributions.NormalQuantile(1 - (level / 2));
        return Estimate.Of(measure, Distributions.NormalCdf(shift - z) + Distributions.NormalCdf(-shift - z), new SampleSize(items, 2 * items, 0)) with
        {
            Details = Details.Of(("difference", difference), ("sd", sd), ("correlation", correlation), ("level", level)),
        };
    }

    /// <summary>Items per model for a power: n = 2σ²(1 − ρ)(z_{1−α/2} + z_power)² ÷ δ². Undefined for δ = 0 and as <see cref="Power"/>.</summary>
    public static Estimate ItemsForPower(double difference, double sd, double power = 0.8, double correlation = 0, double level = 0.05)
    {
        const string measure = "items-for-power";
        if (difference == 0 || !(sd > 0) || power is not (> 0 and < 1) || correlation is not (>= -1 and < 1) || level is not (> 0 and < 1))
        {
            return Estimate.None(measure, "it takes a difference, a standard deviation above 0, a power between 0 and 1 and a correlation below 1");
        }
        var z = Distributions.NormalQuantile(1 - (level / 2)) + Distributions.NormalQuantile(power);
        return Planned(
            measure, 2 * sd * sd * (1 - correlation) * z * z / (difference * difference), ("difference", difference), ("sd", sd), ("power", power), ("correlation", correlation));
    }

    /// <summary>
    /// Expected full width of alpha's interval, by simulation: every rating is the item's true level with the given probability and otherwise a draw from the prevalence.
    /// Value: 2z × the standard deviation of alpha over the simulated studies. Details: mean alpha; studies in which alpha was undefined are counted. Undefined when most were.
    /// </summary>
    public static Estimate SimulateAlphaWidth(AlphaStudy study, Resampling? settings = null)
    {
        const string measure = "alpha-width";
        settings ??= new Resampling();
        if (study.Items < 2 || study.Raters < 2 || study.Prevalence.Count < 2 || study.Knows is not (>= 0 and <= 1))
        {
            return Estimate.None(measure, "it takes two items, two raters and two levels or more");
        }
        var values = new double[settings.Draws];
        Parallel.For(0, values.Length, new ParallelOptions { MaxDegreeOfParallelism = settings.Threads ?? -1 }, i =>
        {
            var kernel = new AlphaKernel(Simulate(study, new CounterRandom(settings.Seed, (ulong)i)), study.Level);
            values[i] = kernel.Evaluate([], kernel.NewScratch());
        });
        double[] defined = [.. values.Where(double.IsFinite)];
        if (defined.Length < values.Length / 2 || defined.Length < 2)
        {
            return Estimate.None(measure, "alpha was undefined in most simulated studies") with { Seed = settings.Seed };
        }
        var mean = defined.Average();
        var sd = Math.Sqrt(defined.Sum(v => (v - mean) * (v - mean)) / (defined.Length - 1));
        return Estimate.Of(measure, 2 * Distributions.NormalQuantile((1 + settings.Confidence) / 2) * sd, new SampleSize(study.Items, study.Items * study.Raters, study.Raters)) with
        {
            Seed = settings.Seed,
            Details = Details.Of(("meanAlpha", mean), ("sd", sd), ("studies", settings.Draws), ("undefinedStudies", values.Length - defined.Length)),
        };
    }

    /// <summary>Items so that alpha's interval has at most a full width, by simulation and bisection on the item count; at most a million.</summary>
    public static Estimate ItemsForAlpha(AlphaStudy study, double width, Resampling? settings = null)
    {
        const string measure = "items-for-alpha";
        settings ??= new Resampling(Draws: 400);
        var first = SimulateAlphaWidth(study, settings);
        if (first.Value is not { } start || !(width > 0))
        {
            return Estimate.None(measure, first.Undefined ?? "the width must be above 0");
        }
        // The width falls with the root of the item count, so a step or two of that rule lands close enough for the last check.
        var items = study.Items;
        var now = start;
        for (var step = 0; step < 4 && Math.Abs(now - width) > 0.02 * width; step++)
        {
            items = (int)Math.Clamp(Math.Ceiling(items * (now / width) * (now / width)), 2, 1_000_000);
            now = SimulateAlphaWidth(study with { Items = items }, settings).Value ?? now;
        }
        return Planned(measure, items, ("width", now), ("raters", study.Raters)) with { Seed = settings.Seed };
    }

    private static ValueCounts Simulate(AlphaStudy study, CounterRandom random)
    {
        var table = new int[study.Items, study.Prevalence.Count];
        for (var u = 0; u < study.Items; u++)
        {
            var at = (ulong)u * (ulong)(study.Raters + 1);
            var truth = Draw(study.Prevalence, random.Uniform(at));
            for (var r = 1; r <= study.Raters; r++)
            {
                var (a, b) = random.Words(at + (ulong)r);
                var knows = (a >> 11) * (1.0 / (1UL << 53)) < study.Knows;
                table[u, knows ? truth : Draw(study.Prevalence, (b >> 11) * (1.0 / (1UL << 53)))]++;
            }
        }
        return ValueCounts.FromTable(table, Scale.OfNumbers(Enumerable.Range(1, study.Prevalence.Count).Select(i => (double)i)));
    }

    private static int Draw(IReadOnlyList<double> prevalence, double uniform)
    {
        var rest = uniform * prevalence.Sum();
        for (var k = 0; k < prevalence.Count - 1; k++)
        {
            rest -= prevalence[k];
            if (rest < 0)
            {
                return k;
            }
        }
        return prevalence.Count - 1;
    }

    private static Estimate Planned(string measure, double items, params ReadOnlySpan<(string, object?)> assumptions) =>
        Estimate.Of(measure, Math.Max(1, Math.Ceiling(items - 1e-9)), default) with { Details = Details.Of([.. assumptions, ("exact", items)]) };
}

/// <summary>Assumptions of a simulated agreement study.</summary>
/// <param name="Items">Items.</param>
/// <param name="Raters">Ratings per item.</param>
/// <param name="Prevalence">How common each level is (any positive scale).</param>
/// <param name="Knows">Probability that a rating is the item's true level rather than a draw from the prevalence; two raters then agree beyond chance with probability Knows².</param>
/// <param name="Level">Level of measurement for alpha.</param>
public sealed record AlphaStudy(int Items, int Raters, IReadOnlyList<double> Prevalence, double Knows, MeasurementLevel Level = MeasurementLevel.Ordinal);
