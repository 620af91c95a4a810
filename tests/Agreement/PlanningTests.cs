using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class PlanningTests
{
    [Fact]
    public void Items_for_a_proportion_is_the_smallest_number_that_is_narrow_enough()
    {
        var n = (int)Planning.ItemsForProportion(0.8, 0.1).Value!.Value;
        Assert.True(Width(n) <= 0.1);
        Assert.True(Width(n - 1) > 0.1);
        Assert.False(Planning.ItemsForProportion(0.8, 0).IsDefined);
        Assert.False(Planning.ItemsForProportion(1.2, 0.1).IsDefined);

        static double Width(int n) => Proportions.WilsonInterval(0.8 * n, n) is { } i ? i.Upper - i.Lower : 1;
    }

    // Computed with SciPy from the formulas.
    [Fact]
    public void Items_by_formula()
    {
        Assert.Equal(289, Planning.ItemsForMean(sd: 1, width: 0.2, raters: 2, icc: 0.5).Value);
        Assert.Equal(288.1094115520594, Planning.ItemsForMean(1, 0.2, 2, 0.5).Details.Number("exact")!.Value, 1e-8);
        Assert.Equal(68, Planning.ItemsForIcc(0.7, 0.2, 3).Value);
        Assert.Equal(204.14122526478334, Planning.ItemsForIcc(0.8, 0.1, 2).Details.Number("exact")!.Value, 1e-8);
        Assert.Equal(6, Planning.RatersForReliability(0.4, 0.8).Value);
        Assert.Equal(197, Planning.ItemsForPower(0.1, 0.5, correlation: 0.5).Value);
        Assert.Equal(0.8074304194325572, Planning.Power(0.1, 0.5, 200, 0.5).Value!.Value, 1e-10);
        Assert.Equal(0.05, Planning.Power(0, 0.5, 200).Value!.Value, 1e-10);
    }

    [Fact]
    public void Impossible_plans_are_refused()
    {
        Assert.False(Planning.ItemsForMean(0, 0.2).IsDefined);
        Assert.False(Planning.ItemsForMean(1, 0.2, 0).IsDefined);
        Assert.False(Planning.ItemsForMean(1, 0.2, 2, 1.1).IsDefined);
        Assert.False(Planning.ItemsForIcc(0.7, 0.2, 1).IsDefined);
        Assert.False(Planning.ItemsForIcc(1, 0.2, 2).IsDefined);
        Assert.False(Planning.RatersForReliability(0, 0.8).IsDefined);
        Assert.False(Planning.RatersForReliability(0.5, 1).IsDefined);
        Assert.False(Planning.Power(0.1, 0.5, 1).IsDefined);
        Assert.False(Planning.Power(0.1, 0.5, 10, 1).IsDefined);
        Assert.False(Planning.ItemsForPower(0, 0.5).IsDefined);
        Assert.False(Planning.SimulateAlphaWidth(new AlphaStudy(1, 2, [1, 1], 0.5)).IsDefined);
        Assert.False(Planning.SimulateAlphaWidth(new AlphaStudy(10, 2, [1, 0], 1)).IsDefined);
        Assert.False(Planning.ItemsForAlpha(new AlphaStudy(10, 2, [1, 1], 0.5), 0).IsDefined);
    }

    [Fact]
    public void A_simulated_study_has_the_alpha_its_assumptions_imply_and_the_same_bits_on_any_threads()
    {
        var study = new AlphaStudy(150, 3, [1, 1, 1, 1, 1], 0.8, MeasurementLevel.Nominal);
        var one = Planning.SimulateAlphaWidth(study, new Resampling(Draws: 200, Threads: 1));
        var many = Planning.SimulateAlphaWidth(study, new Resampling(Draws: 200, Threads: 4));
        // Two raters agree beyond chance with probability .8².
        Assert.Equal(0.64, one.Details.Number("meanAlpha")!.Value, 0.01);
        Assert.Equal(one.Value, many.Value);
        Assert.Equal(0.0, one.Details.Number("undefinedStudies"));
        Assert.InRange(one.Value!.Value, 0.1, 0.25);
    }

    [Fact]
    public void Items_for_alpha_reach_the_width_asked_for()
    {
        var study = new AlphaStudy(60, 2, [1, 2, 3, 2], 0.7);
        var settings = new Resampling(Draws: 300);
        var planned = Planning.ItemsForAlpha(study, 0.2, settings);
        Assert.Equal(0.2, Planning.SimulateAlphaWidth(study with { Items = (int)planned.Value!.Value }, settings).Value!.Value, 0.02);
    }
}
