namespace HealthEval.Agreement.Statistics;

/// <summary>
/// The chance-corrected coefficients of Gwet's framework for any number of raters with missing ratings, with any weights.
/// Input: value counts per unit; units without a rating have no effect. Range: at most 1; 0 is what chance gives; may be negative.
/// Standard error from linearization, with n − 1; interval from Student's t with n − 1 degrees of freedom, its upper limit at most 1 (as irrCAC).
/// With a resampling the cluster bootstrap replaces both. Undefined when no unit has two ratings or the chance agreement is already 1.
/// Source: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, chapters 4–5.
/// </summary>
public static class GwetAgreement
{
    /// <summary>
    /// Gwet's AC1 (unweighted) and AC2 (weighted). A level nobody used counts: it enters q, so state the full scale. Undefined with fewer than two levels.
    /// Source: Gwet 2008, BJMSP 61: 29–48.
    /// </summary>
    public static Estimate Ac(ValueCounts counts, AgreementWeights weights, double confidence = 0.95, Resampling? resampling = null) =>
        Describe("gwet-ac", Coefficient.Ac, counts, weights, confidence, resampling);

    /// <summary>Fleiss' generalized kappa with weights and missing ratings. Source: Fleiss 1971; Gwet 2014, §4.3. Tests and categories are in <see cref="FleissKappa"/>.</summary>
    public static Estimate Fleiss(ValueCounts counts, AgreementWeights weights, double confidence = 0.95, Resampling? resampling = null) =>
        Describe("fleiss-kappa", Coefficient.Fleiss, counts, weights, confidence, resampling);

    /// <summary>Brennan and Prediger's coefficient: chance is 1/q (unweighted), so the stated levels count. Source: Brennan and Prediger 1981.</summary>
    public static Estimate BrennanPrediger(ValueCounts counts, AgreementWeights weights, double confidence = 0.95, Resampling? resampling = null) =>
        Describe("brennan-prediger", Coefficient.BrennanPrediger, counts, weights, confidence, resampling);

    /// <summary>Weighted percent agreement, not corrected for chance. Range 0–1.</summary>
    public static Estimate Percent(ValueCounts counts, AgreementWeights weights, double confidence = 0.95, Resampling? resampling = null) =>
        Describe("percent-agreement", Coefficient.Percent, counts, weights, confidence, resampling);

    /// <summary>
    /// Krippendorff's alpha with fixed agreement weights, as irrCAC's krippen.alpha: with unweighted, quadratic (on numbers) it equals nominal, interval alpha;
    /// with ordinal weights it is not Krippendorff's ordinal alpha. Units with one rating are dropped. Source: Gwet 2014, §4.5; standard error as irrCAC.
    /// </summary>
    public static Estimate Krippendorff(ValueCounts counts, AgreementWeights weights, double confidence = 0.95, Resampling? resampling = null) =>
        Describe("krippendorff-alpha (fixed weights)", Coefficient.Krippendorff, counts, weights, confidence, resampling);

    private static Estimate Describe(string name, Coefficient coefficient, ValueCounts counts, AgreementWeights weights, double confidence, Resampling? resampling)
    {
        var kernel = new GwetKernel(coefficient, counts, weights);
        if (kernel.Refusal() is { } reason)
        {
            return Estimate.None(name, reason, kernel.Size).With("weights", weights.Name);
        }
        var result = kernel.Evaluate([], kernel.NewScratch());
        if (1 - result.Expected <= 1e-14)
        {
            return Estimate.None(name, UndefinedReason.NoRoomAboveChance, kernel.Size).With("weights", weights.Name);
        }
        var estimate = Estimate.Of(name, result.Value, kernel.Size) with
        {
            Details = Details.Of(("weights", weights.Name), ("levels", counts.Scale.Labels), ("observedAgreement", result.Observed), ("expectedAgreement", result.Expected)),
        };
        return resampling is null
            ? Bounded(coefficient, Linearized(estimate, kernel.Influence(result), confidence))
            : Bootstrap.Describe(estimate, kernel.ClusterCount, kernel.NewScratch, (times, scratch) => kernel.Evaluate(times, scratch).Value, resampling);
    }

    // A share cannot be below 0; the other coefficients can.
    private static Estimate Bounded(Coefficient coefficient, Estimate estimate) => coefficient == Coefficient.Percent && estimate.Interval is { Lower: < 0 } interval
        ? estimate with { Interval = interval with { Lower = 0 } }
        : estimate;

    /// <summary>Standard error, t interval and p value from per-unit influence values whose mean is the estimate.</summary>
    internal static Estimate Linearized(Estimate estimate, double[] influence, double confidence)
    {
        var (n, value) = (influence.Length, estimate.Value ?? 0);
        if (n < 2)
        {
            return estimate.With("interval", UndefinedReason.OneUnit);
        }
        var se = Math.Sqrt(influence.Sum(x => (x - value) * (x - value)) / ((double)n * (n - 1)));
        if (se < 1e-12)
        {
            return (estimate with { StandardError = se }).With("interval", UndefinedReason.NoSpread);
        }
        var half = Distributions.StudentQuantile((1 + confidence) / 2, n - 1) * se;
        return (estimate with
        {
            StandardError = se,
            Interval = Interval.Of(value - half, Math.Min(1, value + half), confidence, "t with n − 1 degrees of freedom, at most 1 (Gwet 2014)"),
        }).With("pValue", Distributions.StudentTwoSided(value / se, n - 1));
    }
}

internal enum Coefficient
{
    Ac,
    Fleiss,
    BrennanPrediger,
    Percent,
    Krippendorff,
}
