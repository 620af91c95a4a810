using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>Small tables worked out by hand, so that every part of a result has a value from elsewhere.</summary>
public sealed class ValuesByHandTests
{
    private static readonly Scale Two = Scale.OfNumbers([1, 2]);

    // Mean squares 173/9, 13/4, 53/36 and 23/12 with fractions.
    [Theory]
    [InlineData(IccForm.OneSingle, 623 / 830.0)]
    [InlineData(IccForm.TwoSingle, 71 / 94.0)]
    [InlineData(IccForm.ThreeSingle, 213 / 266.0)]
    [InlineData(IccForm.TwoMean, 213 / 236.0)]
    public void Intraclass_correlations_are_ratios_of_mean_squares(IccForm form, double expected)
    {
        double[][] rows = [[1, 3, 2], [2, 2, 4], [5, 8, 6], [6, 6, 9]];
        var icc = IntraclassCorrelation.Compute(RatingMatrix.FromNumbers(rows.SelectMany((r, u) => r.Select((v, g) => new Rating($"u{u}", $"r{g}", v)))), form);
        Assert.Equal(expected, icc.Value!.Value, 1e-12);
    }

    // R's psych::ICC on the data of Shrout and Fleiss prints F 1.8 (5, 18; p .165) and 11.0 (5, 15; p .00013), and .071 to .93 for ICC2k.
    [Fact]
    public void The_F_tests_and_the_limits_of_the_mean_of_four_judges_are_those_of_psych()
    {
        var matrix = GroundTruthFiles.Wide("shrout_fleiss_1979.csv");
        var (one, two, mean) = (IntraclassCorrelation.Compute(matrix, IccForm.OneSingle), IntraclassCorrelation.Compute(matrix, IccForm.ThreeSingle), IntraclassCorrelation.Compute(matrix, IccForm.TwoMean));
        Assert.Equal([1.795, 5, 18, 0.165], new[] { "F", "df1", "df2", "pValue" }.Select(n => Math.Round(one.Details.Number(n)!.Value, 3)));
        Assert.Equal([11.027, 5, 15], new[] { "F", "df1", "df2" }.Select(n => Math.Round(two.Details.Number(n)!.Value, 3)));
        Assert.Equal(0.00013, two.Details.Number("pValue")!.Value, 5e-6);
        Assert.Equal((0.071, 0.93), (Math.Round(mean.Interval!.Lower, 3), Math.Round(mean.Interval.Upper, 2)));
    }

    [Fact]
    public void Perfect_raters_have_limits_at_one_and_units_rated_once_have_none()
    {
        var perfect = IntraclassCorrelation.Compute(Pair([1, 2, 4], [1, 2, 4]), IccForm.OneSingle);
        Assert.Equal((1.0, 1.0), (perfect.Interval!.Lower, perfect.Interval.Upper));
        var once = RatingMatrix.FromNumbers([new("u", "a", 1), new("v", "b", 2), new("w", "a", 4)]);
        Assert.Equal(UndefinedReason.NoPairableUnits, IntraclassCorrelation.Compute(once, IccForm.OneSingle).Undefined);
        Assert.Equal(UndefinedReason.NeedsCompleteMatrix, IntraclassCorrelation.Compute(once, IccForm.TwoSingle).Undefined);
        // Judges who rank the other way round leave less variance between units than chance: no share of it, and no 4 out of 1.
        var opposed = Pair([1, 2, 3, 4.5], [4, 3, 2, 1]);
        Assert.Contains("not above 0", IntraclassCorrelation.Compute(opposed, IccForm.TwoMean).Undefined, StringComparison.Ordinal);
        Assert.True(IntraclassCorrelation.Compute(opposed, IccForm.TwoSingle).Value < 0);
        // Here the lower limit of the mean of two has no bound, and the value has.
        var weak = IntraclassCorrelation.Compute(Pair([1, 2, 3, 4.5], [2, 4, 1, 3]), IccForm.TwoMean);
        Assert.True(weak.Value < 1);
        Assert.Null(weak.Interval);
        Assert.Equal("a limit has no bound", weak.Details["interval"]);
    }

    // irr's kappam.fleiss(diagnoses, detail = TRUE) prints these values of z.
    [Fact]
    public void Fleiss_tests_the_whole_and_every_category()
    {
        var kappa = FleissKappa.Compute(GroundTruthFiles.Counts("fleiss_1971_counts.csv"));
        var categories = (Details[])kappa.Details["categories"]!;
        Assert.Equal(17.65183, kappa.Details.Number("z")!.Value, 5e-6);
        Assert.Equal(kappa.Value!.Value / 17.65183, kappa.Details.Number("se0")!.Value, 1e-7);
        Assert.Equal([5.192, 5.192, 11.031, 9.994, 12.009], categories.Select(c => Math.Round(c.Number("z")!.Value, 3)));
        Assert.All(categories, c => Assert.Equal(Math.Sqrt(2 / (30.0 * 6 * 5)), c.Number("se0")!.Value, 1e-12));
        Assert.All(categories, c => Assert.Null(c["undefined"]));
        Assert.Equal([26, 26, 30, 55, 43], categories.Select(c => Math.Round(180 * c.Number("share")!.Value, 9)));
    }

    [Fact]
    public void A_category_nobody_used_has_no_kappa_and_an_empty_unit_changes_no_test()
    {
        int[,] table = { { 2, 0, 0 }, { 0, 2, 0 }, { 1, 1, 0 } };
        var scale = Scale.OfNumbers([1, 2, 3]);
        var kappa = FleissKappa.Compute(ValueCounts.FromTable(table, scale));
        var categories = (Details[])kappa.Details["categories"]!;
        Assert.Equal([false, false, true], categories.Select(c => c["kappa"] is null));
        Assert.Equal(UndefinedReason.NoVariation, categories[2]["undefined"]);
        var empty = FleissKappa.Compute(ValueCounts.FromTable(new[,] { { 2, 0, 0 }, { 0, 2, 0 }, { 0, 0, 0 }, { 1, 1, 0 } }, scale));
        Assert.Equal(kappa.Details["z"], empty.Details["z"]);
        // Everybody chose the first: its share is 1, and no category has a kappa.
        Assert.Equal(UndefinedReason.NoRoomAboveChance, FleissKappa.Compute(ValueCounts.FromTable(new[,] { { 2, 0 }, { 2, 0 } }, Two)).Undefined);
    }

    [Fact]
    public void Two_units_are_enough_for_a_standard_error_and_only_shares_stop_at_zero()
    {
        var table = ValueCounts.FromTable(new[,] { { 2, 0 }, { 1, 1 } }, Two);
        var weights = AgreementWeights.Of(WeightSet.Unweighted, Two);
        var (percent, ac) = (GwetAgreement.Percent(table, weights), GwetAgreement.Ac(table, weights));
        Assert.Equal((0.5, 0.5), (percent.Value, percent.StandardError));
        Assert.Equal((0.0, 1.0), (percent.Interval!.Lower, percent.Interval.Upper));
        Assert.True(ac.Interval!.Lower < 0);
        // Share 3/4 of the first level: chance 2·¾·¼ = .375, so AC1 = (.5 − .375)/(1 − .375).
        Assert.Equal(0.2, ac.Value!.Value, 1e-12);
        Assert.Equal(0.375, ac.Details.Number("expectedAgreement")!.Value, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => GwetAgreement.Ac(table, AgreementWeights.Of(WeightSet.Unweighted, Scale.OfNumbers([1, 2, 3]))));
    }

    [Fact]
    public void Full_agreement_has_no_error_to_test_against_and_a_constant_table_still_names_its_weights()
    {
        var weights = AgreementWeights.Of(WeightSet.Unweighted, Two);
        var perfect = GwetAgreement.Ac(ValueCounts.FromTable(new[,] { { 2, 0 }, { 0, 2 }, { 2, 0 } }, Two), weights);
        Assert.Equal((1.0, 0.0, null), (perfect.Value, perfect.StandardError, perfect.Details["pValue"]));
        Assert.Equal("unweighted", GwetAgreement.Fleiss(ValueCounts.FromTable(new[,] { { 2, 0 }, { 2, 0 } }, Two), weights).Details["weights"]);
    }

    [Fact]
    public void A_second_rating_counts_as_asked_and_a_foreign_value_is_named()
    {
        Rating[] twice = [new("u", "a", 1), new("u", "a", 2), new("u", "b", 2)];
        Assert.Equal(0, PercentAgreement.Compute(RatingMatrix.FromNumbers(twice)).Value);
        Assert.Equal(1, PercentAgreement.Compute(RatingMatrix.FromNumbers(twice, null, Repeats.Last)).Value);
        Assert.Contains("'3' is not on the stated scale", Assert.Throws<ArgumentException>(() => RatingMatrix.FromNumbers([new("u", "a", 3)], Two)).Message, StringComparison.Ordinal);
        Assert.Contains("must be numeric", Assert.Throws<ArgumentException>(() => RatingMatrix.FromNumbers([new("u", "a", 3)], Scale.OfLabels(["x"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_units_widen_the_interval_by_Students_t()
    {
        var table = ContingencyTable.Of(new double[,] { { 2, 1 }, { 0, 1 } }, Two);
        var pi = TwoRaterAgreement.ScottPi(table, AgreementWeights.Of(WeightSet.Unweighted, Two));
        Assert.Equal(pi.Value!.Value - (3.182446305284263 * pi.StandardError!.Value), pi.Interval!.Lower, 1e-9);
        var constant = RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "b", 1), new("v", "a", 1), new("v", "b", 1)], Two);
        Assert.Equal(UndefinedReason.NoRoomAboveChance, CongerKappa.Compute(constant, AgreementWeights.Of(WeightSet.Unweighted, Two)).Undefined);
        var pair = CongerKappa.Compute(Pair([1, 1, 2, 2], [1, 2, 2, 2]), AgreementWeights.Of(WeightSet.Unweighted, Two));
        Assert.Equal(0.5, pair.Value!.Value, 1e-12);
        Assert.Equal(0.5, pair.Details.Number("expectedAgreement")!.Value, 1e-12);
    }

    [Fact]
    public void Weights_of_any_scale_and_of_any_disagreement_are_shares_of_the_largest()
    {
        var custom = AgreementWeights.FromDisagreement(new double[,] { { 0, 4 }, { 2, 0 } });
        Assert.Equal((0.0, 0.5, 1.0), (custom[0, 1], custom[1, 0], custom[0, 0]));
        // Bipolar on 2, 3, 6: (x − y)² over (x + y − 2·2)(2·6 − x − y), largest between the ends: 16/(4·4) = 1.
        var bipolar = AgreementWeights.Of(WeightSet.Bipolar, Scale.OfNumbers([2, 3, 6]));
        Assert.Equal(1 - (1 / 7.0), bipolar[0, 1], 1e-12);
        Assert.Equal(1 - (9 / 15.0), bipolar[1, 2], 1e-12);
        Assert.Equal(0, bipolar[0, 2], 1e-12);
    }

    [Fact]
    public void Equations_are_solved_where_a_row_must_change_places()
    {
        Assert.Equal([3.0, 2.0], LinearAlgebra.Solve(new double[,] { { 0, 1 }, { 1, 0 } }, [2, 3])!);
        Assert.Null(LinearAlgebra.Solve(new double[,] { { 1, 2 }, { 2, 4 } }, [1, 2]));
        var inverse = LinearAlgebra.Invert(new double[,] { { 0, 2, 0 }, { 4, 0, 0 }, { 0, 0, 8 } })!;
        Assert.Equal((0.25, 0.5, 0.125, 0.0), (inverse[0, 1], inverse[1, 0], inverse[2, 2], inverse[0, 0]));
        Assert.Null(LinearAlgebra.Invert(new double[2, 2]));
    }

    [Fact]
    public void A_contingency_table_can_be_told_unit_by_unit()
    {
        var counts = ContingencyTable.Of(new double[,] { { 2, 1 }, { 0, 3 } }, Two).ToCounts()!;
        Assert.Equal([(2, 0), (2, 0), (1, 1), (0, 2), (0, 2), (0, 2)], Enumerable.Range(0, counts.UnitCount).Select(u => (Times(counts, u, 0), Times(counts, u, 1))));
        Assert.Null(ContingencyTable.Of(new double[,] { { 0.5, 0.25 }, { 0, 0.25 } }, Two).ToCounts());
        Assert.Null(ContingencyTable.Of(new double[,] { { 10_000_001, 0 }, { 0, 0 } }, Two).ToCounts());
        Assert.Equal(0, ContingencyTable.Of(new double[2, 2], Two).ToCounts()!.UnitCount);
        var matrix = RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "b", 2), new("v", "a", 1), new("w", "b", 2), new("x", "c", 1)]);
        Assert.Equal(1, ContingencyTable.Of(matrix, "a", "b").Total);
        Assert.Equal(1, ContingencyTable.Of(matrix, "a", "b").Share(0, 1));
        Assert.Contains("no rater 'd'", Assert.Throws<ArgumentException>(() => ContingencyTable.Of(matrix, "a", "d")).Message, StringComparison.Ordinal);

        static int Times(ValueCounts counts, int unit, int level) =>
            counts.LevelsOf(unit).IndexOf(level) is var at and >= 0 ? counts.CountsOf(unit)[at] : 0;
    }

    [Fact]
    public void Neighbouring_levels_agree_within_one()
    {
        var scale = Scale.OfOrderedLabels(["low", "mid", "high"]);
        LabelRating[] ratings = [new("u", "a", "low"), new("u", "b", "mid"), new("v", "a", "low"), new("v", "b", "high"), new("w", "a", "high"), new("w", "b", "mid")];
        Assert.True(scale.IsStated);
        Assert.Equal(2 / 3.0, PercentAgreement.Compute(RatingMatrix.FromLabels(ratings, scale), 1).Value!.Value, 1e-12);
        Assert.Equal(0, PercentAgreement.Compute(RatingMatrix.FromLabels(ratings, scale)).Value);
        Assert.Equal(("percent-agreement", "percent-agreement within 1"), (PercentAgreement.Compute(RatingMatrix.FromLabels(ratings, scale)).Measure, PercentAgreement.Compute(RatingMatrix.FromLabels(ratings, scale), 1).Measure));
        Assert.Equal(UndefinedReason.OneRater, PercentAgreement.Compute(RatingMatrix.FromNumbers([new("u", "a", 1), new("v", "a", 1)])).Undefined);
        Assert.Equal(UndefinedReason.NoPairableUnits, PercentAgreement.Compute(RatingMatrix.FromNumbers([new("u", "a", 1), new("v", "b", 1)])).Undefined);
        // Numbers 1 and 3 are two apart, whatever their rank.
        Assert.Equal(0, PercentAgreement.Compute(RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "b", 3)]), 1).Value);
        Assert.Throws<ArgumentException>(() => Scale.OfNumbers([1, double.NaN]));
        Assert.False(RatingMatrix.FromNumbers([new("u", "a", 1)]).Scale.IsStated);
        Assert.False(RatingMatrix.FromLabels([new("u", "a", "x")]).Scale.IsStated);
    }

    [Fact]
    public void Repeats_agree_within_the_tolerance_where_levels_have_an_order()
    {
        LabelRating[] labels = [new("u", "a", "low"), new("u", "a", "mid"), new("v", "a", "low"), new("v", "a", "high"), new("v", "b", "low")];
        Estimate Consistency(Scale? scale, double tolerance) => RaterQuality.SelfConsistency(RatingMatrix.FromLabels(labels, scale, Repeats.All), tolerance, new Resampling(Seed: 5, Draws: 50));
        var ordered = Scale.OfOrderedLabels(["low", "mid", "high"]);
        Assert.Equal(0, Consistency(ordered, 0).Value);
        Assert.Equal(0.5, Consistency(ordered, 1).Value);
        Assert.Equal(1, Consistency(ordered, 2).Value);
        Assert.Equal(0, Consistency(null, 2).Value);
        Assert.Equal(5UL, Consistency(ordered, 1).Seed);
        Assert.Equal(new SampleSize(2, 2, 1), Consistency(ordered, 1).N);
        var numbers = RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "a", 3), new("u", "a", 4)], null, Repeats.All);
        Assert.Equal(1 / 3.0, RaterQuality.SelfConsistency(numbers, 1).Value!.Value, 1e-12);
    }

    [Fact]
    public void Every_rater_has_a_macro_f1_of_their_own()
    {
        // a: yes yes no yes; b: yes no no no; c on the last only: yes. Pairs a–b: yy, yn, nn, yn; on the last a–c: yy, b–c: ny.
        LabelRating[] ratings =
        [
            new("1", "a", "yes"), new("2", "a", "yes"), new("3", "a", "no"), new("4", "a", "yes"), new("1", "b", "yes"), new("2", "b", "no"), new("3", "b", "no"), new("4", "b", "no"), new("4", "c", "yes"),
        ];
        var f1 = MacroF1.LeaveOneOut(RatingMatrix.FromLabels(ratings), "yes");
        var raters = (Details[])f1.Details["raters"]!;
        Assert.Equal([5.0, 5.0, 2.0], raters.Select(r => r.Number("pairs")));
        // a as judge: yy 2, yn 2, nn 1 → F1(yes) = 4/6, F1(no) = 2/4. b: yy 1, nn 1, ny 3 → 2/5 each. c: yy 1, yn 1 → no "no" of its own.
        Assert.Equal(((4 / 6.0) + 0.5) / 2, raters[0].Number("macroF1")!.Value, 1e-12);
        Assert.Equal(0.4, raters[1].Number("macroF1")!.Value, 1e-12);
        Assert.Null(raters[2]["macroF1"]);
        // All ordered pairs: yy 2 + 1 + 1 = 4, nn 2, yn and ny 3 each.
        Assert.Equal(((8 / 14.0) + (4 / 10.0)) / 2, f1.Value!.Value, 1e-12);
        Assert.Equal("'maybe' is not a level of the scale", MacroF1.LeaveOneOut(RatingMatrix.FromLabels(ratings), "maybe").Undefined);
        // The level that sorts first can be the positive one.
        Assert.Equal(f1.Value, MacroF1.LeaveOneOut(RatingMatrix.FromLabels(ratings), "no").Value);
    }

    private static RatingMatrix Pair(double[] a, double[] b) => RatingMatrix.FromNumbers(a.Select((v, i) => new Rating($"u{i}", "a", v)).Concat(b.Select((v, i) => new Rating($"u{i}", "b", v))));
}
