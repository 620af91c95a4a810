using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>Where plans begin and end to make sense: the last accepted value and the first refused one of every assumption.</summary>
public sealed class PlanLimitsTests
{
    private static readonly AlphaStudy Study = new(20, 2, [1, 1], 0.5);
    private static readonly Resampling Few = new(Draws: 40);

    public static TheoryData<string, Func<Estimate>, bool> Plans => new()
    {
        { "proportion 0", () => Planning.ItemsForProportion(0, 0.1), true },
        { "proportion 1", () => Planning.ItemsForProportion(1, 0.1), true },
        { "proportion below 0", () => Planning.ItemsForProportion(-0.01, 0.1), false },
        { "proportion width 1", () => Planning.ItemsForProportion(0.5, 1), false },
        { "mean icc 0", () => Planning.ItemsForMean(1, 0.2, 2, 0), true },
        { "mean icc 1", () => Planning.ItemsForMean(1, 0.2, 2, 1), true },
        { "mean icc below 0", () => Planning.ItemsForMean(1, 0.2, 2, -0.1), false },
        { "mean one rater", () => Planning.ItemsForMean(1, 0.2, 1), true },
        { "mean width 0", () => Planning.ItemsForMean(1, 0), false },
        { "icc 0", () => Planning.ItemsForIcc(0, 0.2, 2), true },
        { "icc 1", () => Planning.ItemsForIcc(1, 0.2, 2), false },
        { "icc width 0", () => Planning.ItemsForIcc(0.5, 0, 2), false },
        { "icc below 0", () => Planning.ItemsForIcc(-0.1, 0.2, 2), false },
        { "icc one rater", () => Planning.ItemsForIcc(0.5, 0.2, 1), false },
        { "reliability icc 0", () => Planning.RatersForReliability(0, 0.8), false },
        { "reliability icc 1", () => Planning.RatersForReliability(1, 0.8), false },
        { "reliability 0", () => Planning.RatersForReliability(0.5, 0), false },
        { "reliability 1", () => Planning.RatersForReliability(0.5, 1), false },
        { "power of two items", () => Planning.Power(0.1, 0.5, 2), true },
        { "power of one item", () => Planning.Power(0.1, 0.5, 1), false },
        { "power sd 0", () => Planning.Power(0.1, 0, 10), false },
        { "power correlation −1", () => Planning.Power(0.1, 0.5, 10, -1), true },
        { "power correlation below −1", () => Planning.Power(0.1, 0.5, 10, -1.1), false },
        { "power correlation 1", () => Planning.Power(0.1, 0.5, 10, 1), false },
        { "power level 0", () => Planning.Power(0.1, 0.5, 10, 0, 0), false },
        { "power level 1", () => Planning.Power(0.1, 0.5, 10, 0, 1), false },
        { "items sd 0", () => Planning.ItemsForPower(0.1, 0), false },
        { "items difference 0", () => Planning.ItemsForPower(0, 0.5), false },
        { "items power 0", () => Planning.ItemsForPower(0.1, 0.5, 0), false },
        { "items power 1", () => Planning.ItemsForPower(0.1, 0.5, 1), false },
        { "items correlation −1", () => Planning.ItemsForPower(0.1, 0.5, 0.8, -1), true },
        { "items correlation below −1", () => Planning.ItemsForPower(0.1, 0.5, 0.8, -1.1), false },
        { "items correlation 1", () => Planning.ItemsForPower(0.1, 0.5, 0.8, 1), false },
        { "items level 0", () => Planning.ItemsForPower(0.1, 0.5, 0.8, 0, 0), false },
        { "items level 1", () => Planning.ItemsForPower(0.1, 0.5, 0.8, 0, 1), false },
        { "alpha of two items", () => Planning.SimulateAlphaWidth(Study with { Items = 2, Prevalence = [1, 1, 1, 1, 1, 1] }, Few), true },
        { "alpha of one item", () => Planning.SimulateAlphaWidth(Study with { Items = 1 }, Few), false },
        { "alpha of one rater", () => Planning.SimulateAlphaWidth(Study with { Raters = 1 }, Few), false },
        { "alpha of one level", () => Planning.SimulateAlphaWidth(Study with { Prevalence = [1] }, Few), false },
        { "alpha knows 0", () => Planning.SimulateAlphaWidth(Study with { Knows = 0 }, Few), true },
        { "alpha knows 1", () => Planning.SimulateAlphaWidth(Study with { Knows = 1 }, Few), true },
        { "alpha knows above 1", () => Planning.SimulateAlphaWidth(Study with { Knows = 1.1 }, Few), false },
        { "alpha knows below 0", () => Planning.SimulateAlphaWidth(Study with { Knows = -0.1 }, Few), false },
        { "items for alpha width 0", () => Planning.ItemsForAlpha(Study, 0, Few), false },
        { "items for alpha one rater", () => Planning.ItemsForAlpha(Study with { Raters = 1 }, 0.3, Few), false },
    };

    [Theory]
    [MemberData(nameof(Plans), DisableDiscoveryEnumeration = true)]
    public void A_plan_is_made_or_refused(string assumption, Func<Estimate> plan, bool made)
    {
        var estimate = plan();
        Assert.True(estimate.IsDefined == made, $"{assumption}: {estimate.Undefined ?? "made"}");
        Assert.True(made || estimate.Undefined!.StartsWith("it takes", StringComparison.Ordinal) || estimate.Undefined.Contains("must be", StringComparison.Ordinal), estimate.Undefined);
    }

    [Fact]
    public void Formulas_scale_as_they_should()
    {
        // Twice the spread is four times the items; the confidence enters as a squared quantile.
        var z = Math.Pow(1.6448536269514722 / 1.959963984540054, 2);
        Assert.Equal(4 * Exact(Planning.ItemsForMean(1, 0.2, 2, 0.5)), Exact(Planning.ItemsForMean(2, 0.2, 2, 0.5)), 1e-9);
        Assert.Equal(z * Exact(Planning.ItemsForMean(1, 0.2, 2, 0.5)), Exact(Planning.ItemsForMean(1, 0.2, 2, 0.5, 0.9)), 1e-6);
        Assert.Equal(1 + (z * (Exact(Planning.ItemsForIcc(0.5, 0.2, 3)) - 1)), Exact(Planning.ItemsForIcc(0.5, 0.2, 3, 0.9)), 1e-6);
        // Bonett adds 5ρ for two raters from ρ = 0.7 on, 0.7 included.
        var plain = (8 * Math.Pow(1.959963984540054, 2) * 0.09 * 2.89 / (2 * 0.04)) + 1;
        Assert.Equal(plain + 3.5, Exact(Planning.ItemsForIcc(0.7, 0.2, 2)), 1e-8);
        Assert.Equal(new SampleSize(200, 400, 0), Planning.Power(0.1, 0.5, 200).N);
        // Computed with Python's statistics.NormalDist from the formula.
        Assert.Equal(0.29298893644798746, Planning.Power(-0.1, 0.5, 200, -1).Value!.Value, 1e-10);
        Assert.Equal(0.8817128832050515, Planning.Power(0.1, 0.5, 200, 0.5, 0.1).Value!.Value, 1e-10);
    }

    [Fact]
    public void A_simulated_width_is_the_spread_of_alpha_over_studies()
    {
        var study = new AlphaStudy(30, 3, [1, 2, 3], 0.6, MeasurementLevel.Nominal);
        var one = Planning.SimulateAlphaWidth(study, new Resampling(Draws: 60));
        Assert.Equal(2 * 1.959963984540054 * one.Details.Number("sd")!.Value, one.Value!.Value, 1e-9);
        Assert.Equal(new SampleSize(30, 90, 3), one.N);
        Assert.Equal(Resampling.DefaultSeed, one.Seed);
        // Two studies: the standard deviation is their distance over √2, and the first draws of a longer run are the same studies.
        var (two, three) = (Planning.SimulateAlphaWidth(study, new Resampling(Draws: 2)), Planning.SimulateAlphaWidth(study, new Resampling(Draws: 3)));
        var third = (3 * three.Details.Number("meanAlpha")!.Value) - (2 * two.Details.Number("meanAlpha")!.Value);
        var (mean, sd) = (two.Details.Number("meanAlpha")!.Value, two.Details.Number("sd")!.Value);
        double[] alphas = [mean - (sd / Math.Sqrt(2)), mean + (sd / Math.Sqrt(2)), third];
        Assert.Equal(Math.Sqrt(alphas.Sum(a => Math.Pow(a - alphas.Average(), 2)) / 2), three.Details.Number("sd")!.Value, 1e-9);
    }

    private static double Exact(Estimate plan) => plan.Details.Number("exact")!.Value;
}
