using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class AgreementTests
{
    private static readonly double[] X = [1, 2, 3, 4, 5, 6.5];
    private static readonly double[] Y = [1.2, 1.9, 3.3, 3.9, 5.4, 6.0];

    // Computed with NumPy from the formulas of Lin 1989 with the correction of 2000.
    [Fact]
    public void Lin_concordance_with_its_interval()
    {
        var ccc = LinConcordance.Compute(Numbers(X, Y));
        Assert.Equal(0.9852799439235959, ccc.Value!.Value, 1e-12);
        Assert.Equal(0.013595500046423426, ccc.StandardError!.Value, 1e-12);
        Assert.Equal(0.9121751270220758, ccc.Interval!.Lower, 1e-9);
        Assert.Equal(0.997608909470932, ccc.Interval.Upper, 1e-9);
        Assert.Equal(0.9873874166495289, ccc.Details.Number("pearson")!.Value, 1e-12);
        Assert.Equal(0.997865607065275, ccc.Details.Number("biasCorrection")!.Value, 1e-12);
    }

    [Fact]
    public void Lin_concordance_says_why_it_is_undefined()
    {
        Assert.Contains("fewer than three", LinConcordance.Compute(Numbers([1, 2], [1, 2])).Undefined, StringComparison.Ordinal);
        Assert.Contains("same value everywhere", LinConcordance.Compute(Numbers([1, 1, 1], [1, 2, 3])).Undefined, StringComparison.Ordinal);
        Assert.Equal(UndefinedReason.NeedsTwoRaters, LinConcordance.Compute(Numbers(X, Y, X)).Undefined);
        Assert.Equal(UndefinedReason.NeedsNumbers, LinConcordance.Compute(RatingMatrix.FromLabels([new("u", "a", "x"), new("u", "b", "y")])).Undefined);
        var perfect = LinConcordance.Compute(Numbers(X, X));
        Assert.Equal(1, perfect.Value!.Value, 1e-12);
        Assert.Null(perfect.Interval);
    }

    [Fact]
    public void Overall_concordance_of_three()
    {
        var overall = LinConcordance.Overall(Numbers([1, 2, 3, 4, 5], [2, 2, 3, 5, 5], [1, 3, 3, 4, 6]));
        Assert.Equal(0.8795180722891566, overall.Value!.Value, 1e-12);
        Assert.Equal(LinConcordance.Compute(Numbers(X, Y)).Value!.Value, LinConcordance.Overall(Numbers(X, Y)).Value!.Value, 1e-12);
        Assert.Equal(UndefinedReason.OneRater, LinConcordance.Overall(Numbers(X)).Undefined);
    }

    [Fact]
    public void One_way_correlation_takes_unequal_numbers_of_ratings()
    {
        double[][] rows = [[1, 2], [4, 5, 5], [3], [6, 6, 7, 8], [2, 1]];
        var ratings = rows.SelectMany((r, u) => r.Select((v, i) => new Rating($"u{u}", $"r{u}{i}", v)));
        var icc = IntraclassCorrelation.Compute(RatingMatrix.FromNumbers(ratings), IccForm.OneSingle);
        Assert.Equal(0.90441682788471, icc.Value!.Value, 1e-12);
        Assert.Equal(2.2916666666666665, icc.Details.Number("k")!.Value, 1e-12);
        Assert.Equal(UndefinedReason.NeedsCompleteMatrix, IntraclassCorrelation.Compute(RatingMatrix.FromNumbers(ratings), IccForm.TwoSingle).Undefined);
    }

    [Fact]
    public void Two_way_correlation_drops_incomplete_units_and_says_so()
    {
        var full = Numbers([1, 3, 5, 2], [2, 3, 4, 2]);
        var gap = RatingMatrix.FromNumbers([.. Pairs([1, 3, 5, 2], [2, 3, 4, 2]), new Rating("u9", "r0", 5)]);
        var icc = IntraclassCorrelation.Compute(gap, IccForm.TwoSingle);
        Assert.Equal(IntraclassCorrelation.Compute(full, IccForm.TwoSingle).Value!.Value, icc.Value!.Value, 1e-12);
        Assert.Equal(1.0, icc.Details.Number("unitsDropped"));
        Assert.Equal(4, icc.N.Units);
    }

    [Fact]
    public void Correlations_of_nothing_have_reasons()
    {
        Assert.Equal(UndefinedReason.NoRatings, IntraclassCorrelation.Compute(RatingMatrix.FromNumbers([]), IccForm.TwoSingle).Undefined);
        Assert.Equal(UndefinedReason.OneRater, IntraclassCorrelation.Compute(Numbers(X), IccForm.TwoSingle).Undefined);
        Assert.Equal(UndefinedReason.OneUnit, IntraclassCorrelation.Compute(Numbers([1], [2]), IccForm.OneSingle).Undefined);
        Assert.Contains("do not differ", IntraclassCorrelation.Compute(Numbers([3, 3], [3, 3]), IccForm.ThreeMean).Undefined, StringComparison.Ordinal);
        Assert.Null(IntraclassCorrelation.Parse("4,1"));
        var perfect = IntraclassCorrelation.Compute(Numbers([1, 2, 3], [1, 2, 3]), IccForm.ThreeSingle);
        Assert.Equal(1, perfect.Value);
    }

    [Fact]
    public void Kappa_of_equal_constant_raters_is_undefined_and_its_maximum_follows_from_the_margins()
    {
        var same = ContingencyTable.Of(new double[,] { { 4, 0 }, { 0, 0 } }, Scale.OfNumbers([1, 2]));
        Assert.Equal(UndefinedReason.NoRoomAboveChance, Kappa(same).Undefined);
        Assert.Equal(UndefinedReason.NoPairableUnits, Kappa(ContingencyTable.Of(new double[2, 2], Scale.OfNumbers([1, 2]))).Undefined);
        // Margins (.5, .5) and (.7, .3) with chance .5: at best .8 agree, so κ is at most .6.
        var table = ContingencyTable.Of(new double[,] { { 5, 0 }, { 2, 3 } }, Scale.OfNumbers([1, 2]));
        Assert.Equal(0.6, Kappa(table).Details.Number("maximum")!.Value, 1e-12);
        Assert.Equal(0.6, Kappa(table).Value!.Value, 1e-12);
        Assert.Throws<ArgumentException>(() => ContingencyTable.Of(new double[,] { { -1, 0 }, { 0, 0 } }, Scale.OfNumbers([1, 2])));
        Assert.Throws<ArgumentException>(() => ContingencyTable.Of(new double[1, 2], Scale.OfNumbers([1, 2])));
    }

    [Fact]
    public void Kappa_has_a_normal_interval_and_its_test()
    {
        // Two raters, 20 of 25 agreeing on each of two levels: p_o = .8, p_e = .5, κ = .6; with even margins ASE = √(p_o(1 − p_o)/n)/(1 − p_e), ASE0 = 1/√n.
        var kappa = Kappa(ContingencyTable.Of(new double[,] { { 20, 5 }, { 5, 20 } }, Scale.OfNumbers([1, 2])));
        var (se, z) = (Math.Sqrt(0.8 * 0.2 / 50) / 0.5, 0.6 * Math.Sqrt(50));
        Assert.Equal(0.6, kappa.Value!.Value, 1e-12);
        Assert.Equal(se, kappa.StandardError!.Value, 1e-12);
        Assert.Equal(0.6 - (1.959963984540054 * se), kappa.Interval!.Lower, 1e-9);
        Assert.Equal(0.6 + (1.959963984540054 * se), kappa.Interval.Upper, 1e-9);
        Assert.Equal("normal", kappa.Interval.Method);
        Assert.Equal(z, kappa.Details.Number("z")!.Value, 1e-12);
        Assert.Equal(Distributions.NormalTwoSided(z), kappa.Details.Number("pValue")!.Value, 1e-15);
        Assert.Equal(["weights", "levels", "observedAgreement", "expectedAgreement", "se0", "z", "pValue", "maximum"], kappa.Details.Pairs.Select(p => p.Key));
        Assert.Equal("unweighted", kappa.Details["weights"]);
    }

    [Fact]
    public void Coefficients_of_two_raters_carry_their_names()
    {
        var table = ContingencyTable.Of(new double[,] { { 20, 5 }, { 5, 20 } }, Scale.OfNumbers([1, 2]));
        var weights = AgreementWeights.Of(WeightSet.Unweighted, table.Scale);
        Estimate[] all =
        [
            TwoRaterAgreement.CohenKappa(table, weights), TwoRaterAgreement.ScottPi(table, weights), TwoRaterAgreement.GwetAc(table, weights),
            TwoRaterAgreement.BrennanPrediger(table, weights), TwoRaterAgreement.Percent(table, weights), TwoRaterAgreement.Krippendorff(table, weights),
        ];
        Assert.Equal(["cohen-kappa", "scott-pi", "gwet-ac", "brennan-prediger", "percent-agreement", "krippendorff-alpha (fixed weights)"], all.Select(e => e.Measure));
        Assert.All(all[1..], e => Assert.Contains("t with", e.Interval!.Method, StringComparison.Ordinal));
        Assert.All(all, e => Assert.Equal(new SampleSize(50, 100, 2), e.N));
        var one = ContingencyTable.Of(new double[,] { { 7 } }, Scale.OfNumbers([1]));
        Assert.Equal(UndefinedReason.NoVariation, Kappa(one).Undefined);
        var none = TwoRaterAgreement.Krippendorff(ContingencyTable.Of(new double[2, 2], Scale.OfNumbers([1, 2])), weights);
        Assert.Equal((UndefinedReason.NoPairableUnits, "krippendorff-alpha (fixed weights)"), (none.Undefined, none.Measure));
    }

    [Fact]
    public void Published_intervals_of_the_three_by_three_table()
    {
        // irrCAC prints (0.764, 0.935) for AC1, (0.679, 0.913) for Scott's pi, (0.742, 0.928) for Brennan–Prediger, (0.828, 0.952) for the percent agreement.
        var (header, rows) = GroundTruthFiles.Read("gwet_cont3x3abstractors.csv");
        var counts = new double[3, 3];
        Array.Copy(GroundTruthFiles.Table(rows), counts, 9);
        var table = ContingencyTable.Of(counts, Scale.OfOrderedLabels(header[1..]));
        var weights = AgreementWeights.Of(WeightSet.Unweighted, table.Scale);
        Limits(TwoRaterAgreement.GwetAc(table, weights), 0.764, 0.935);
        Limits(TwoRaterAgreement.ScottPi(table, weights), 0.679, 0.913);
        Limits(TwoRaterAgreement.BrennanPrediger(table, weights), 0.742, 0.928);
        Limits(TwoRaterAgreement.Percent(table, weights), 0.828, 0.952);
        Limits(TwoRaterAgreement.Krippendorff(table, weights), 0.68, 0.914);
    }

    [Fact]
    public void Published_intervals_of_six_raters()
    {
        var six = GroundTruthFiles.Counts("gwet_distrib_6raters.csv");
        var weights = AgreementWeights.Of(WeightSet.Unweighted, six.Scale);
        Limits(GwetAgreement.Ac(six, weights), 0.264, 0.625);
        Limits(GwetAgreement.Fleiss(six, weights), 0.24, 0.588);
        Limits(GwetAgreement.BrennanPrediger(six, weights), 0.261, 0.617);
        Assert.Equal(0.0001155927, GwetAgreement.Ac(six, weights).Details.Number("pValue")!.Value, 1e-9);
    }

    [Fact]
    public void Weights_take_numbers_as_they_are_and_ranks_on_demand()
    {
        var scale = Scale.OfNumbers([1, 2, 3, 4, 6]);
        Assert.Equal(1 - (2.0 / 5), AgreementWeights.Of(WeightSet.Linear, scale)[3, 4], 1e-12);
        Assert.Equal(1 - (1.0 / 4), AgreementWeights.Of(WeightSet.Linear, scale, byRank: true)[3, 4], 1e-12);
        Assert.Equal(1 - (4.0 / 25), AgreementWeights.Of(WeightSet.Quadratic, scale)[4, 3], 1e-12);
        Assert.Equal(1 - Math.Sqrt(0.4), AgreementWeights.Of(WeightSet.Radical, scale)[3, 4], 1e-12);
        Assert.Equal(1 - (3.0 / 10), AgreementWeights.Of(WeightSet.Ordinal, scale)[0, 2], 1e-12);
        Assert.Equal(1 - (Math.Pow(1.0 / 3, 2) / Math.Pow(5.0 / 7, 2)), AgreementWeights.Of(WeightSet.Ratio, scale)[0, 1], 1e-12);
        Assert.Equal(0.93333333, AgreementWeights.Of(WeightSet.Bipolar, Scale.OfNumbers([1, 2, 3, 4, 5]))[1, 2], 1e-8);
        Assert.Equal(0.85714286, AgreementWeights.Of(WeightSet.Bipolar, Scale.OfNumbers([1, 2, 3, 4, 5]))[0, 1], 1e-8);
        var circular = AgreementWeights.Of(WeightSet.Circular, Scale.OfNumbers([1, 2, 3, 4]));
        Assert.Equal(circular[0, 1], circular[0, 3], 1e-12);
        Assert.Equal(0, circular[0, 2], 1e-12);
        Assert.All(Enum.GetValues<WeightSet>(), set => Assert.Equal(1, AgreementWeights.Of(set, scale)[2, 2]));
    }

    [Fact]
    public void Weights_refuse_scales_they_do_not_fit()
    {
        Assert.Equal(UndefinedReason.NeedsOrder, AgreementWeights.Refusal(WeightSet.Linear, Scale.OfLabels(["a", "b"])));
        Assert.Null(AgreementWeights.Refusal(WeightSet.Unweighted, Scale.OfLabels(["a", "b"])));
        Assert.Equal(UndefinedReason.NeedsPositive, AgreementWeights.Refusal(WeightSet.Ratio, Scale.OfNumbers([-1, 1])));
        Assert.Null(AgreementWeights.Refusal(WeightSet.Ratio, Scale.OfNumbers([0, 1])));
        Assert.Throws<ArgumentException>(() => AgreementWeights.Of(WeightSet.Linear, Scale.OfLabels(["a", "b"])));
        Assert.Throws<ArgumentException>(() => AgreementWeights.Custom(new double[1, 2]));
    }

    [Fact]
    public void Coefficients_say_why_they_are_undefined()
    {
        var one = RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "b", 1), new("v", "a", 1)]);
        var weights = AgreementWeights.Of(WeightSet.Unweighted, one.Scale);
        Assert.Equal(UndefinedReason.NoVariation, GwetAgreement.Ac(one.Counts, weights).Undefined);
        Assert.Equal(1, GwetAgreement.Percent(one.Counts, weights).Value);
        var stated = RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "b", 1)], Scale.OfNumbers([1, 2]));
        Assert.Equal(1, GwetAgreement.Ac(stated.Counts, AgreementWeights.Of(WeightSet.Unweighted, stated.Scale)).Value);
        Assert.Equal(UndefinedReason.NoRoomAboveChance, GwetAgreement.Fleiss(stated.Counts, AgreementWeights.Of(WeightSet.Unweighted, stated.Scale)).Undefined);
        Assert.Equal(UndefinedReason.OneUnit, GwetAgreement.Ac(stated.Counts, AgreementWeights.Of(WeightSet.Unweighted, stated.Scale)).Details["interval"]);
        var nothing = ValueCounts.FromTable(new int[0, 2], Scale.OfNumbers([1, 2]));
        Assert.Equal(UndefinedReason.NoRatings, GwetAgreement.Ac(nothing, AgreementWeights.Of(WeightSet.Unweighted, nothing.Scale)).Undefined);
        var apart = RatingMatrix.FromNumbers([new("u", "a", 1), new("v", "b", 2)]);
        Assert.Equal(UndefinedReason.NoPairableUnits, GwetAgreement.Ac(apart.Counts, AgreementWeights.Of(WeightSet.Unweighted, apart.Scale)).Undefined);
        Assert.Equal(UndefinedReason.NoPairableUnits, GwetAgreement.Krippendorff(apart.Counts, AgreementWeights.Of(WeightSet.Unweighted, apart.Scale)).Undefined);
        var lonely = RatingMatrix.FromNumbers([new("u", "a", 1), new("v", "a", 2)]);
        Assert.Equal(UndefinedReason.OneRater, GwetAgreement.Ac(lonely.Counts, AgreementWeights.Of(WeightSet.Unweighted, lonely.Scale)).Undefined);
        Assert.Equal(UndefinedReason.OneRater, CongerKappa.Compute(lonely, AgreementWeights.Of(WeightSet.Unweighted, lonely.Scale)).Undefined);
    }

    [Fact]
    public void Fleiss_says_when_its_own_test_does_not_apply()
    {
        var uneven = FleissKappa.Compute(GroundTruthFiles.Wide("gwet_raw4raters.csv").Counts);
        Assert.Equal(0.76117, uneven.Value!.Value, 5e-6);
        Assert.Null(uneven.Details["z"]);
        Assert.Contains("different numbers of ratings", (string)uneven.Details["test"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cluster_bootstrap_of_a_coefficient_is_near_its_formula()
    {
        var six = GroundTruthFiles.Counts("fleiss_1971_counts.csv");
        var weights = AgreementWeights.Of(WeightSet.Unweighted, six.Scale);
        var formula = GwetAgreement.Ac(six, weights);
        var resampled = GwetAgreement.Ac(six, weights, 0.95, new Resampling(Draws: 4000));
        Assert.Equal(formula.StandardError!.Value, resampled.StandardError!.Value, 0.006);
        Assert.Equal(formula.Value, resampled.Value);
        Assert.Contains("bootstrap", resampled.Interval!.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Macro_f1_pairs_every_rater_with_every_other()
    {
        LabelRating[] ratings = [new("u", "a", "yes"), new("u", "b", "yes"), new("u", "c", "no"), new("v", "a", "no"), new("v", "b", "no")];
        var f1 = MacroF1.LeaveOneOut(RatingMatrix.FromLabels(ratings), "yes");
        // Ordered pairs: yes-yes 2, yes-no 2, no-yes 2, no-no 2: precision, recall and F1 are one half everywhere.
        Assert.Equal(0.5, f1.Value!.Value, 1e-12);
        Assert.Equal(3, ((Details[])f1.Details["raters"]!).Length);
        Assert.Equal(2, f1.N.Units);
        Assert.Contains("never occurs", MacroF1.Compute([true], [[true]]).Undefined, StringComparison.Ordinal);
        Assert.Equal(UndefinedReason.NoPairableUnits, MacroF1.Compute([true], [[]]).Undefined);
        Assert.Contains("not a level", MacroF1.LeaveOneOut(RatingMatrix.FromLabels(ratings), "maybe").Undefined, StringComparison.Ordinal);
    }

    private static void Limits(Estimate estimate, double lower, double upper)
    {
        Assert.Equal(lower, estimate.Interval!.Lower, 0.0005001);
        Assert.Equal(upper, estimate.Interval.Upper, 0.0005001);
    }

    private static Estimate Kappa(ContingencyTable table) => TwoRaterAgreement.CohenKappa(table, AgreementWeights.Of(WeightSet.Unweighted, table.Scale));

    private static IEnumerable<Rating> Pairs(params double[][] columns) => columns.SelectMany((c, g) => c.Select((v, u) => new Rating($"u{u}", $"r{g}", v)));

    private static RatingMatrix Numbers(params double[][] columns) => RatingMatrix.FromNumbers(Pairs(columns));
}
