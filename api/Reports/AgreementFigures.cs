using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>How far raters agree about one thing.</summary>
/// <param name="Ac">AC2 with quadratic weights for ordered values, AC1 for names.</param>
/// <param name="Icc">Null for what has no numbers.</param>
internal sealed record AgreementFigures(string Name, Estimate Alpha, Estimate Ac, Estimate Exact, Estimate? WithinOne, IccFigures? Icc)
{
    public const string Harm = "Harm extent";

    public static AgreementFigures Ordinal(string name, RatingMatrix matrix, Resampling resampling) => new(
        name,
        KrippendorffAlpha.Compute(matrix, MeasurementLevel.Ordinal, resampling),
        GwetAgreement.Ac(matrix.Counts, AgreementWeights.Of(WeightSet.Quadratic, matrix.Scale, byRank: true), resampling: Coefficient(resampling)),
        PercentAgreement.Compute(matrix, 0, resampling),
        PercentAgreement.Compute(matrix, 1, resampling),
        matrix.Scale.Numbers is null ? null : IccFigures.Of(matrix, resampling));

    public static AgreementFigures Nominal(string name, IEnumerable<LabelRating> ratings, Resampling resampling)
    {
        var matrix = RatingMatrix.FromLabels(ratings);
        return new AgreementFigures(
            name,
            KrippendorffAlpha.Compute(matrix, MeasurementLevel.Nominal, resampling),
            matrix.Scale.Count < 2 ? Estimate.None("gwet-ac", matrix.RatingCount == 0 ? UndefinedReason.NoRatings : UndefinedReason.NoVariation, matrix.Size)
                : GwetAgreement.Ac(matrix.Counts, AgreementWeights.Of(WeightSet.Unweighted, matrix.Scale), resampling: Coefficient(resampling)),
            PercentAgreement.Compute(matrix, 0, resampling), WithinOne: null, Icc: null);
    }

    private static Resampling Coefficient(Resampling resampling) => resampling with { Interval = BootstrapInterval.FisherT };

    /// <summary>What α says in words, after Krippendorff's own thresholds.</summary>
    public string Reading => Alpha switch
    {
        { Value: null } => Sentence.Of(Alpha.Undefined!),
        { N.Units: < Figures.LowN } => "low n: too few with two raters to say",
        { Value: >= 0.8 } => "firm (0.80 or more)",
        { Value: >= 0.667 } => "tentative (0.67 to 0.80)",
        { Value: >= 0.4 } => "usual for open-ended medical answers (0.40 to 0.67); use means, not single ratings",
        _ => Ac.Value >= 0.8 ? "α is low, but so is the variety of answers: AC says that raters agree" : "weak (below 0.40); calibrate the raters before relying on it",
    };
}

/// <summary>Intraclass correlations: model 2 where every rater rated the same responses, else model 1, where raters may differ from response to response.</summary>
internal sealed record IccFigures(string Model, Estimate One, Estimate Mean)
{
    public static IccFigures Of(RatingMatrix matrix, Resampling resampling)
    {
        var one = IntraclassCorrelation.Compute(matrix, IccForm.TwoSingle);
        return one.IsDefined && one.N.Units == matrix.Units.Count
            ? new IccFigures("(2,1) and (2,k)", Of(IccForm.TwoSingle), Of(IccForm.TwoMean))
            : new IccFigures("(1,1) and (1,k)", Of(IccForm.OneSingle), Of(IccForm.OneMean));

        Estimate Of(IccForm form) => ClusteredIcc.Compute(matrix, form, resampling);
    }
}
