using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>Paired comparisons whose maximum likelihood is known in closed form.</summary>
public sealed class PreferenceByHandTests
{
    private const double Z = 1.959963984540054;

    [Fact]
    public void Two_items_have_the_log_of_their_odds()
    {
        // 30 wins against 10, told in six rows of both orders; a row of nobody and a row against oneself say nothing.
        var fit = BradleyTerry.Compute([new("y", "x", 3, 8), new("x", "y", 10, 4), new("x", "y", 12, 3), new("x", "z", 0, 0), new("x", "x", 5, 5)], "y");
        var x = Item(fit, "x");
        Assert.Equal(2, fit.Items.Count);
        Assert.Equal(new SampleSize(2, 40, 0), fit.Summary.N);
        Assert.Equal(Math.Log(3), x.LogAbility, 1e-10);
        Assert.Equal(Math.Sqrt((1 / 30.0) + (1 / 10.0)), x.StandardError, 1e-10);
        Assert.Equal(0.75, x.Share, 1e-10);
        Assert.Equal((30 * Math.Log(0.75)) + (10 * Math.Log(0.25)), fit.Summary.Value!.Value, 1e-9);
        Assert.Equal(("y", false), (fit.Summary.Details["reference"], (bool)fit.Summary.Details["positionEffect"]!));
    }

    [Fact]
    public void A_tie_is_half_a_win_each_when_it_is_not_modelled()
    {
        var fit = BradleyTerry.Compute([new("x", "y", 2, 1, 2), new("x", "y", 3, 1, 1)], "y");
        Assert.Equal(Math.Log(6.5 / 3.5), Item(fit, "x").LogAbility, 1e-10);
        Assert.Equal(10, fit.Summary.N.Ratings);
        Assert.Null(fit.TieParameter);
        Assert.Null(BradleyTerry.Compute([new("x", "y", 3, 1)], ties: TieModel.Davidson).TieParameter);
        // Ties alone connect: nobody is better.
        Assert.Equal(0, Item(BradleyTerry.Compute([new("x", "y", 0, 0, 4)], "y"), "x").LogAbility, 1e-10);
    }

    [Fact]
    public void Davidson_and_Rao_Kupper_fit_two_items_exactly()
    {
        // Eight wins, two losses, two ties.
        PairResult[] results = [new("x", "y", 5, 2, 1), new("x", "y", 3, 0, 1)];
        var likelihood = (8 * Math.Log(8 / 12.0)) + (4 * Math.Log(2 / 12.0));
        var davidson = BradleyTerry.Compute(results, "y", TieModel.Davidson);
        Assert.Equal(Math.Log(4), Item(davidson, "x").LogAbility, 1e-9);
        Assert.Equal(Math.Sqrt((1 / 8.0) + (1 / 2.0)), Item(davidson, "x").StandardError, 1e-9);
        Assert.Equal(likelihood, davidson.Summary.Value!.Value, 1e-9);
        var nu = davidson.TieParameter!;
        var se = Math.Sqrt((1 / 2.0) + (((1 / 8.0) + (1 / 2.0)) / 4));
        Assert.Equal(("tie-log-nu", "Wald"), (nu.Measure, nu.Interval!.Method));
        Assert.Equal(Math.Log(2 / Math.Sqrt(16)), nu.Value!.Value, 1e-9);
        Assert.Equal(se, nu.StandardError!.Value, 1e-9);
        Assert.Equal(nu.Value.Value - (Z * se), nu.Interval.Lower, 1e-8);
        Assert.Equal(nu.Value.Value + (Z * se), nu.Interval.Upper, 1e-8);
        Assert.Equal(nu.Value.Value / se, nu.Details.Number("z")!.Value, 1e-8);
        Assert.Equal(Distributions.NormalTwoSided(nu.Value.Value / se), nu.Details.Number("pValue")!.Value, 1e-8);
        // p₁ = r/(r + θ) and p₂ = 1/(1 + θr), so r² = p₁(1 − p₂)/((1 − p₁)p₂) and θ = r(1 − p₁)/p₁.
        var rao = BradleyTerry.Compute(results, "y", TieModel.RaoKupper);
        var r = Math.Sqrt(2.0 * 5);
        Assert.Equal(Math.Log(r), Item(rao, "x").LogAbility, 1e-9);
        Assert.Equal(likelihood, rao.Summary.Value!.Value, 1e-9);
        Assert.Equal("tie-log-theta", rao.TieParameter!.Measure);
        Assert.Equal(Math.Log(r / 2), rao.TieParameter.Value!.Value, 1e-9);
    }

    [Fact]
    public void The_first_position_adds_half_the_sum_of_both_log_odds()
    {
        // x first: 6 of 9 to x; y first: 5 of 9 to y.
        var fit = BradleyTerry.Compute([new("x", "y", 6, 3), new("y", "x", 5, 4)], "y", positionEffect: true);
        var (a, b) = (Math.Log(2), Math.Log(1.25));
        var se = Math.Sqrt(((1 / 6.0) + (1 / 3.0) + (1 / 5.0) + (1 / 4.0)) / 4);
        Assert.Equal((a - b) / 2, Item(fit, "x").LogAbility, 1e-9);
        Assert.Equal((a + b) / 2, fit.PositionEffect!.Value!.Value, 1e-9);
        Assert.Equal(se, fit.PositionEffect.StandardError!.Value, 1e-9);
        Assert.Equal(((a + b) / 2) - (Z * se), fit.PositionEffect.Interval!.Lower, 1e-8);
        Assert.Equal("position-effect", fit.PositionEffect.Measure);
        Assert.Equal(true, fit.Summary.Details["positionEffect"]);
        Assert.Null(BradleyTerry.Compute([new("x", "y", 6, 3)]).PositionEffect);
    }

    [Theory]
    [InlineData("y", 1 - 5.2e-4, 1, 2)]
    [InlineData("z", 1 - 5.2e-4, 1, 2)]
    [InlineData("y", 1 - 4.5e-4, 3, 1)]
    [InlineData("z", 1 - 4.5e-4, 3, 1)]
    [InlineData("x", 1 - 4.5e-4, 3, 1)]
    public void Ranks_have_limits_that_hold_for_all_pairs_at_once(string reference, double confidence, int highOfX, int lowOfY)
    {
        // y and z are alike, x beats each 30 to 10: λ = ln 3 apart. The information is a triangle of conductances 7.5, 7.5 and 10,
        // so var(λx − λy) = 1/(7.5 + 75/17.5) and the difference is 3.77 standard errors: just significant at 1 − α/6 for α = 5.2e-4, no more at 4.5e-4.
        var fit = BradleyTerry.Compute([new("x", "y", 30, 10), new("x", "z", 30, 10), new("y", "z", 20, 20)], reference, confidence: confidence);
        Assert.Equal(["x", "y", "z"], fit.Items.Select(i => i.Item));
        Assert.Equal([1, 2, 2], fit.Items.Select(i => i.Rank));
        Assert.Equal([1, lowOfY, lowOfY], fit.Items.Select(i => i.RankLow));
        Assert.Equal([highOfX, 3, 3], fit.Items.Select(i => i.RankHigh));
        Assert.Equal([0.6, 0.2, 0.2], fit.Items.Select(i => Math.Round(i.Share, 9)));
        Assert.Equal(Math.Log(3), Item(fit, "x").LogAbility - Item(fit, "y").LogAbility, 1e-9);
        Assert.Equal(reference == "x" ? 0 : 1 / Math.Sqrt(7.5 + (75 / 17.5)), Item(fit, "x").StandardError, 1e-9);
    }

    [Fact]
    public void An_effect_without_a_finite_value_is_said()
    {
        Assert.Contains("no maximum", BradleyTerry.Compute([new("x", "y", 5, 0), new("y", "x", 5, 0)], positionEffect: true).Summary.Undefined, StringComparison.Ordinal);
        Assert.Contains("no maximum", BradleyTerry.Compute([new("x", "y", 0, 0, 5)], ties: TieModel.Davidson).Summary.Undefined, StringComparison.Ordinal);
        var apart = BradleyTerry.Compute([new("x", "y", 2, 1), new("y", "z", 3, 0), new("z", "w", 1, 1)]).Summary;
        Assert.Contains("both ways", apart.Undefined, StringComparison.Ordinal);
        // One circle of wins is enough: every item reaches every other.
        Assert.True(BradleyTerry.Compute([new("a", "b", 1, 0), new("b", "c", 1, 0), new("c", "d", 1, 0), new("d", "a", 1, 0)]).Summary.IsDefined);
    }

    [Fact]
    public void A_win_rate_has_the_limits_of_a_proportion()
    {
        var rate = Preference.WinRate(6, 3);
        Assert.Equal(6 / 9.0, rate.Value!.Value, 1e-12);
        Assert.Equal(Proportions.WilsonInterval(6, 9), rate.Interval);
        Assert.Equal(0.5, Preference.WinRate(3, 3, 2).Value);
        Assert.Equal(3 / 8.0, Preference.WinRate(3, 3, 2, TieCredit.Loss).Value);
        Assert.Equal(0.5, Preference.WinRate(3, 3, 2, TieCredit.LeftOut).Value);
        Assert.Equal(8, Preference.WinRate(3, 3, 2).N.Units);
    }

    private static ItemAbility Item(BradleyTerryFit fit, string item) => fit.Items.Single(i => i.Item == item);
}
