using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class PreferenceTests
{
    private static readonly PairResult[] WithTies = [new("A", "B", 6, 3, 2), new("B", "C", 5, 4, 3), new("A", "C", 7, 2, 1), new("C", "A", 3, 4, 2)];

    // Maxima found by direct numerical optimization of the two likelihoods (SciPy, BFGS), standard errors from the numerical Hessian.
    [Theory]
    [InlineData(TieModel.Davidson, false, -0.66364473, -0.84103657, -0.69998008, 0, 0.54175292, 0.39717054, -42.25520967)]
    [InlineData(TieModel.Davidson, true, -0.61160354, -0.69553922, -0.69041067, 0.29952369, 0.55557091, 0.39795804, -41.95625965)]
    [InlineData(TieModel.RaoKupper, false, -0.56333998, -0.7114761, 0.41556654, 0, 0.44704085, 0.1359854, -42.22411029)]
    [InlineData(TieModel.RaoKupper, true, -0.52289081, -0.59047858, 0.42101647, 0.25519326, 0.45591008, 0.13781897, -41.90317938)]
    public void Ties_and_position_are_estimated(TieModel ties, bool position, double b, double c, double tie, double first, double seOfB, double seOfTie, double likelihood)
    {
        var fit = BradleyTerry.Compute(WithTies, "A", ties, position);
        Assert.Equal(b, Item(fit, "B").LogAbility, 2e-6);
        Assert.Equal(c, Item(fit, "C").LogAbility, 2e-6);
        Assert.Equal(tie, fit.TieParameter!.Value!.Value, 2e-6);
        Assert.Equal(seOfB, Item(fit, "B").StandardError, 2e-5);
        Assert.Equal(seOfTie, fit.TieParameter.StandardError!.Value, 2e-5);
        Assert.Equal(likelihood, fit.Summary.Value!.Value, 1e-7);
        Assert.Equal(position, fit.PositionEffect is not null);
        Assert.Equal(first, fit.PositionEffect?.Value ?? 0, 2e-6);
    }

    [Fact]
    public void Half_a_win_each_is_the_default_for_ties()
    {
        var fit = BradleyTerry.Compute(WithTies, "A");
        var halves = BradleyTerry.Compute(WithTies.Select(p => new PairResult(p.First, p.Second, p.FirstWins + (p.Ties / 2), p.SecondWins + (p.Ties / 2))), "A");
        Assert.Equal(Item(halves, "C").LogAbility, Item(fit, "C").LogAbility, 1e-10);
        Assert.Null(fit.TieParameter);
        Assert.Null(fit.PositionEffect);
    }

    [Fact]
    public void Another_reference_only_shifts_the_abilities()
    {
        var (a, b) = (BradleyTerry.Compute(WithTies, "A"), BradleyTerry.Compute(WithTies, "B"));
        Assert.Equal(Item(a, "C").LogAbility - Item(a, "B").LogAbility, Item(b, "C").LogAbility, 1e-10);
        Assert.Equal(a.Summary.Value!.Value, b.Summary.Value!.Value, 1e-10);
        Assert.Equal(Item(a, "C").Share, Item(b, "C").Share, 1e-10);
        Assert.Equal(1, a.Items.Sum(i => i.Share), 1e-12);
        Assert.Equal("A", a.Items[0].Item);
        Assert.Equal([1, 2, 3], a.Items.Select(i => i.Rank));
    }

    [Fact]
    public void Rank_limits_widen_where_differences_are_not_significant()
    {
        PairResult[] clear = [new("A", "B", 90, 10), new("B", "C", 55, 45), new("A", "C", 92, 8)];
        var items = BradleyTerry.Compute(clear).Items;
        Assert.Equal((1, 1), (items[0].RankLow, items[0].RankHigh));
        Assert.Equal((2, 3), (items[1].RankLow, items[1].RankHigh));
        Assert.Equal((2, 3), (items[2].RankLow, items[2].RankHigh));
    }

    [Fact]
    public void An_item_that_never_lost_has_no_finite_ability()
    {
        var fit = BradleyTerry.Compute([new("A", "B", 5, 0), new("B", "C", 3, 2)]);
        Assert.Contains("'B'", fit.Summary.Undefined, StringComparison.Ordinal);
        Assert.Empty(fit.Items);
        Assert.Contains("fewer than two", BradleyTerry.Compute([new("A", "A", 5, 0)]).Summary.Undefined, StringComparison.Ordinal);
        Assert.Contains("never compared", BradleyTerry.Compute(WithTies, "Z").Summary.Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Position_effect_has_its_test()
    {
        var home = Published.Baseball(home: true).PositionEffect!;
        Assert.Equal(0.302, home.Value!.Value, 0.0005);
        Assert.Equal(home.Value.Value / home.StandardError!.Value, home.Details.Number("z")!.Value, 1e-12);
        Assert.InRange(home.Details.Number("pValue")!.Value, 0.02, 0.022);
        Assert.Equal(home.Value.Value - (1.959963984540054 * home.StandardError.Value), home.Interval!.Lower, 1e-9);
    }

    [Fact]
    public void A_win_rate_counts_a_tie_as_half_or_as_asked()
    {
        Assert.Equal(0.65, Preference.WinRate(6, 3, 1).Value!.Value, 1e-12);
        Assert.Equal(0.6, Preference.WinRate(6, 3, 1, TieCredit.Loss).Value!.Value, 1e-12);
        Assert.Equal(6 / 9.0, Preference.WinRate(6, 3, 1, TieCredit.LeftOut).Value!.Value, 1e-12);
        Assert.Equal(10, Preference.WinRate(6, 3, 1).N.Units);
        Assert.Equal(Math.Sqrt(((6 + 0.25) / 10.0 - (0.65 * 0.65)) / 10), Preference.WinRate(6, 3, 1).StandardError!.Value, 1e-12);
        Assert.Contains("nothing was compared", Preference.WinRate(0, 0).Undefined, StringComparison.Ordinal);
        var exact = (double?[])Preference.WinRate(7, 3).Details["clopperPearson"]!;
        Assert.Equal(0.3475471499400027, exact[0]!.Value, 1e-9);
        Assert.Equal(0.9332604888222655, exact[1]!.Value, 1e-9);
        Assert.Throws<ArgumentOutOfRangeException>(() => Preference.WinRate(-1, 2));
    }

    [Fact]
    public void Position_bias_is_an_exact_sign_test()
    {
        var bias = Preference.PositionBias(9, 3);
        Assert.Equal(0.75, bias.Value);
        Assert.Equal(0.14599609375, bias.Details.Number("pValue")!.Value, 1e-10);
        Assert.Equal(1, Preference.PositionBias(6, 6).Details.Number("pValue")!.Value, 1e-12);
        Assert.Contains("no comparison was decided", Preference.PositionBias(0, 0).Undefined, StringComparison.Ordinal);
    }

    private static ItemAbility Item(BradleyTerryFit fit, string item) => fit.Items.Single(i => i.Item == item);
}
