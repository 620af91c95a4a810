using System.Runtime.CompilerServices;
using System.Text;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>
/// The one approved page of what results say in words: names of measures and details, interval methods, definitions, reasons.
/// Readers of <c>--json</c> and of the workbook rely on them.
/// </summary>
public sealed class ResultNamesTests
{
    private static readonly Scale Two = Scale.OfNumbers([1, 2]);
    private static readonly Scale Five = Scale.OfNumbers([1, 2, 3, 4, 5]);
    private static readonly RatingMatrix Canonical = GroundTruthFiles.Wide("krippendorff_canonical.csv");
    private static readonly RatingMatrix Judges = GroundTruthFiles.Wide("shrout_fleiss_1979.csv");
    private static readonly RatingMatrix Nothing = RatingMatrix.FromNumbers([]);
    private static readonly RatingMatrix Labels = RatingMatrix.FromLabels([new("u", "a", "x"), new("u", "b", "y"), new("v", "a", "x"), new("v", "b", "x")]);
    private static readonly RatingMatrix Lonely = RatingMatrix.FromNumbers([new("u", "a", 1), new("v", "a", 2)]);
    private static readonly ContingencyTable Table = ContingencyTable.Of(new double[,] { { 20, 5 }, { 5, 20 } }, Two);
    private static readonly SpanDocument Text = new("t", 100, ["a", "b"], [new("a", 0, 10, "F1"), new("b", 5, 15, "F1")]);
    private static readonly Resampling Few = new(Draws: 50);

    [Fact]
    public void Results_say_what_the_approved_page_says()
    {
        var page = new StringBuilder();
        foreach (var (title, results) in (ReadOnlySpan<(string, Estimate[])>)
            [("Agreement", Agreement()), ("Two raters", TwoRaters()), ("Correlation", Correlation()), ("Spans", Spans()), ("Consensus", Consensus()), ("Preference", Preferences()),
                ("Scores", Scores()), ("Rater quality", Quality()), ("Planning", Plans())])
        {
            page.Append("# ").Append(title).Append('\n');
            foreach (var result in results)
            {
                Write(page, result);
            }
        }
        var approved = Path.Combine(AppContext.BaseDirectory, "Agreement", "ResultNames.verified.txt");
        if (!File.Exists(approved) || page.ToString() != File.ReadAllText(approved))
        {
            File.WriteAllText(Path.Combine(Folder(), "ResultNames.received.txt"), page.ToString());
            Assert.Fail($"Names or texts of results have changed. Compare ResultNames.received.txt with the approved page, and rename it over the page if the change is meant.\n{page}");
        }
    }

    private static Estimate[] Agreement()
    {
        var (weights, ordinal, none) = (Weights(Canonical, WeightSet.Unweighted), Weights(Canonical, WeightSet.Ordinal), Weights(Nothing, WeightSet.Unweighted));
        var fleiss = GroundTruthFiles.Counts("fleiss_1971_counts.csv");
        return
        [
            PercentAgreement.Compute(Canonical), PercentAgreement.Compute(Canonical, 1, Few), PercentAgreement.Compute(Nothing), PercentAgreement.Compute(Labels, 1),
            GwetAgreement.Ac(Canonical.Counts, weights), GwetAgreement.Ac(Canonical.Counts, ordinal, 0.9, Few), GwetAgreement.Fleiss(Canonical.Counts, weights), GwetAgreement.BrennanPrediger(Canonical.Counts, weights),
            GwetAgreement.Percent(Canonical.Counts, weights), GwetAgreement.Krippendorff(Canonical.Counts, ordinal), GwetAgreement.Ac(Nothing.Counts, none),
            GwetAgreement.Krippendorff(Nothing.Counts, none), GwetAgreement.Ac(Lonely.Counts, Weights(Lonely, WeightSet.Unweighted)),
            CongerKappa.Compute(Canonical, weights), CongerKappa.Compute(Nothing, none), CongerKappa.Compute(Lonely, Weights(Lonely, WeightSet.Unweighted)),
            FleissKappa.Compute(fleiss), FleissKappa.Compute(Canonical.Counts), FleissKappa.Compute(Nothing.Counts), FleissKappa.Compute(ValueCounts.FromTable(new[,] { { 2, 0, 0 }, { 0, 2, 0 }, { 1, 1, 0 } }, Scale.OfNumbers([1, 2, 3]))),
            .. Enum.GetValues<MeasurementLevel>().Select(level => KrippendorffAlpha.Compute(Canonical, level, Few)), KrippendorffAlpha.Compute(Labels, MeasurementLevel.Ordinal),
            KrippendorffAlpha.Compute(RatingMatrix.FromNumbers([new("u", "a", -1), new("u", "b", 1)]), MeasurementLevel.Ratio), KrippendorffAlpha.Compute(Nothing, MeasurementLevel.Nominal),
            .. Enum.GetValues<WeightSet>().Select(set => GwetAgreement.Ac(Canonical.Counts, Weights(Canonical, set))), GwetAgreement.Ac(Canonical.Counts, AgreementWeights.Of(WeightSet.Linear, Canonical.Scale, byRank: true)),
            GwetAgreement.Ac(Labels.Counts, AgreementWeights.Custom(new double[,] { { 1, 0 }, { 0, 1 } })), GwetAgreement.Ac(Labels.Counts, AgreementWeights.FromDisagreement(new double[,] { { 0, 2 }, { 1, 0 } })),
        ];
    }

    private static Estimate[] TwoRaters()
    {
        var weights = AgreementWeights.Of(WeightSet.Unweighted, Two);
        var (empty, same) = (ContingencyTable.Of(new double[2, 2], Two), ContingencyTable.Of(new double[,] { { 4, 0 }, { 0, 0 } }, Two));
        return
        [
            .. new[] { Table, empty, same, ContingencyTable.Of(new double[,] { { 0, 1 }, { 0, 0 } }, Two) }.SelectMany(t => new[]
            {
                TwoRaterAgreement.CohenKappa(t, weights), TwoRaterAgreement.ScottPi(t, weights), TwoRaterAgreement.GwetAc(t, weights), TwoRaterAgreement.BrennanPrediger(t, weights),
                TwoRaterAgreement.Percent(t, weights), TwoRaterAgreement.Krippendorff(t, weights),
            }),
        ];
    }

    private static Estimate[] Correlation() =>
    [
        .. Enum.GetValues<IccForm>().Select(form => IntraclassCorrelation.Compute(Judges, form)),
        .. Enum.GetValues<IccForm>().SelectMany(form => new[] { Nothing, Labels, Lonely, Pair([3, 3], [3, 3]), Pair([1, 2], [1, 2]), Pair([1], [2]) }.Select(m => IntraclassCorrelation.Compute(m, form))),
        LinConcordance.Compute(Pair([1, 2, 3, 4, 5, 6.5], [1.2, 1.9, 3.3, 3.9, 5.4, 6])), LinConcordance.Overall(Judges),
        .. new[] { Nothing, Labels, Judges, Pair([1, 2], [1, 2]), Pair([1, 1, 1], [1, 2, 3]), Pair([1, 2, 3], [1, 2, 3]), Pair([1, 1, 1], [1, 1, 1]) }.Select(m => LinConcordance.Compute(m)),
        .. new[] { Nothing, Labels, Lonely, Pair([1, 1, 1], [1, 1, 1]) }.Select(LinConcordance.Overall),
        MacroF1.LeaveOneOut(Labels, "x"), MacroF1.LeaveOneOut(Labels, "z"), MacroF1.LeaveOneOut(Nothing, "x"), MacroF1.Compute([true, false], [[true], [true]]), MacroF1.Compute([true], [[true]]), MacroF1.Compute([], []),
    ];

    private static Estimate[] Spans() =>
    [
        SpanAgreement.CharacterF1([Text], Few), SpanAgreement.MatchedF1([Text], 0.5, Few), SpanAgreement.UnitizedAlpha([Text]),
        .. new SpanDocument[] { Text with { Spans = [] }, Text with { Raters = ["a"], Spans = [] } }.SelectMany(d => new[] { SpanAgreement.CharacterF1([d]), SpanAgreement.MatchedF1([d]), SpanAgreement.UnitizedAlpha([d]) }),
        SpanAgreement.CharacterF1([]), SpanAgreement.MatchedF1([]), SpanAgreement.UnitizedAlpha([]),
    ];

    private static Estimate[] Consensus() =>
    [
        Majority.Compute(Labels).Summary, Majority.Compute(Nothing).Summary, DawidSkene.Compute(Labels).Summary, DawidSkene.Compute(Nothing).Summary, Mace.Compute(Labels).Summary, Mace.Compute(Nothing).Summary,
        ReliabilityWeightedMean.Compute(Judges).Summary, ReliabilityWeightedMean.Compute(Nothing).Summary, ReliabilityWeightedMean.Compute(Labels).Summary,
    ];

    private static Estimate[] Preferences()
    {
        PairResult[] results = [new("x", "y", 4, 2, 1), new("y", "z", 3, 2, 2), new("z", "x", 1, 3, 1)];
        BradleyTerryFit[] fits =
        [
            .. Enum.GetValues<TieModel>().Select(ties => BradleyTerry.Compute(results, null, ties, positionEffect: true)), BradleyTerry.Compute(results, "z"), BradleyTerry.Compute([]),
            BradleyTerry.Compute([new("x", "y", 4, 0)]), BradleyTerry.Compute([new("x", "y", 1, 1), new("z", "w", 1, 1)]),
        ];
        return
        [
            .. fits.SelectMany(f => new[] { f.Summary, f.PositionEffect, f.TieParameter }.OfType<Estimate>()),
            .. Enum.GetValues<TieCredit>().Select(credit => Preference.WinRate(6, 3, 2, credit)), Preference.WinRate(0, 0), Preference.WinRate(0, 0, 3, TieCredit.LeftOut), Preference.PositionBias(8, 2), Preference.PositionBias(0, 0),
            Proportions.Wilson(3, 10), Proportions.ClopperPearson(3, 10), Proportions.Wilson(0, 0), Proportions.ClopperPearson(0, 0),
        ];
    }

    private static Estimate[] Scores()
    {
        JudgedCriterion[] answer = [new(5, true, ["t"]), new(-4, false)];
        return
        [
            ClusterMean.Compute([1, 2, 4], ["p", "p", "q"], Few), ClusterMean.Compute([1, 2, 4], null, Few with { Interval = BootstrapInterval.BiasCorrectedAccelerated }), ClusterMean.Compute([]), ClusterMean.Compute([1], ["p"]),
            RubricScore.DataSet([answer, answer], null, null, Few), RubricScore.DataSet([answer], "other"), RubricScore.DataSet([]),
            SeverityPenalty.Compute(new Dictionary<string, int> { ["minor"] = 2, ["critical"] = 1 }, 300), SeverityPenalty.Compute(new Dictionary<string, int> { ["odd"] = 2 }),
            Factuality.StrictPrecision(6, 2, 2), Factuality.StrictPrecision(0, 0, 0), Factuality.LenientPrecision(6, 2, 2), Factuality.LenientPrecision(0, 0, 0), Factuality.F1AtK(4, 1, 10), Factuality.F1AtK(0, 0, 10), Factuality.F1AtK(1, 1, 0),
            HarmMatrix.Rate(new[,] { { 3, 1 }, { 1, 1 } }, 1), Differences.OfMeans(new([1, 2, 4]), new([1, 2, 3]), Few), Differences.OfMeans(new([]), new([1])), Differences.OfMeans(new([1]), new([])),
            Differences.Standardised([3, 4, 5], [1, 2, 2]), Differences.Standardised([1], [1, 2]), Differences.Standardised([1, 1], [2, 2]), Differences.OfProportions(6, 10, 4, 10), Differences.OfProportions(0, 0, 1, 2),
            .. Differences.Flag([Estimate.Of("x", 1, default).With("pValue", 0.001), Estimate.None("x", "empty")]),
        ];
    }

    private static Estimate[] Quality() =>
    [
        RaterQuality.GoldAccuracy([("x", "x"), ("x", "y"), ("y", "y")]), RaterQuality.GoldAccuracy([]), RaterQuality.Sensitivity(3, 4), RaterQuality.Sensitivity(0, 0),
        RaterQuality.SignedBias([(4, 3), (5, 3), (2, 3)], null, Few), RaterQuality.SignedBias([]),
        RaterQuality.SelfConsistency(RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "a", 2), new("v", "a", 3), new("v", "a", 3)], Five, Repeats.All), 0, Few), RaterQuality.SelfConsistency(Lonely),
        RaterQuality.StraightLining([[3, 3, 3], [1, 2, 3]]), RaterQuality.StraightLining([]), RaterQuality.Pace([10, 20, 30, 40, 50, 60, 70], 35), RaterQuality.Pace([10, 20]), RaterQuality.Pace([]),
        ControlCharts.Ewma([1, 2, 3], 1, 1).Summary, ControlCharts.Ewma([], 1, 1).Summary, ControlCharts.Ewma([1], 1, 0).Summary, ControlCharts.Cusum([1, 2, 9], 1, 0.5, 4).Summary, ControlCharts.Cusum([], 1, 0.5, 4).Summary,
        ControlCharts.PopulationStability([5, 5], [6, 4]), ControlCharts.PopulationStability([0, 5], [6, 4]), ControlCharts.PopulationStability([0, 0], [6, 4]),
    ];

    private static Estimate[] Plans() =>
    [
        Planning.ItemsForProportion(0.8, 0.1), Planning.ItemsForProportion(0.8, 0), Planning.ItemsForProportion(1.2, 0.1), Planning.ItemsForMean(1, 0.2, 2, 0.5), Planning.ItemsForMean(0, 0.2), Planning.ItemsForMean(1, 0.2, 0), Planning.ItemsForMean(1, 0.2, 2, 1.1),
        Planning.ItemsForIcc(0.7, 0.2, 3), Planning.ItemsForIcc(0.7, 0.2, 1), Planning.ItemsForIcc(1, 0.2, 2), Planning.RatersForReliability(0.4, 0.8), Planning.RatersForReliability(0, 0.8), Planning.RatersForReliability(0.5, 1),
        Planning.Power(0.1, 0.5, 200, 0.5), Planning.Power(0.1, 0.5, 1), Planning.Power(0.1, 0.5, 10, 1), Planning.ItemsForPower(0.1, 0.5), Planning.ItemsForPower(0, 0.5),
        Planning.SimulateAlphaWidth(new AlphaStudy(20, 2, [1, 1], 0.5), Few), Planning.SimulateAlphaWidth(new AlphaStudy(1, 2, [1, 1], 0.5)), Planning.SimulateAlphaWidth(new AlphaStudy(10, 2, [1, 0], 1)),
        Planning.ItemsForAlpha(new AlphaStudy(20, 2, [1, 1], 0.5), 0.5, Few), Planning.ItemsForAlpha(new AlphaStudy(10, 2, [1, 1], 0.5), 0),
    ];

    private static AgreementWeights Weights(RatingMatrix matrix, WeightSet set) => AgreementWeights.Of(set, matrix.Scale);

    private static RatingMatrix Pair(double[] a, double[] b) => RatingMatrix.FromNumbers(a.Select((v, i) => new Rating($"u{i}", "a", v)).Concat(b.Select((v, i) => new Rating($"u{i}", "b", v))));

    private static void Write(StringBuilder page, Estimate result)
    {
        page.Append(result.Measure).Append(result.Undefined is { } reason ? $": undefined, {reason}" : result.Interval is { } i ? $": {i.Method}" : "").Append('\n');
        foreach (var (name, value) in result.Details.Pairs)
        {
            page.Append("  ").Append(name).Append(value switch
            {
                string text => $" = {text}",
                IEnumerable<string> list => $" = [{string.Join(", ", list)}]",
                Details[] rows => $" of {string.Join(", ", rows.SelectMany(r => r.Pairs.Select(p => p.Value is string s ? $"{p.Key} = {s}" : p.Key)).Distinct())}",
                Details inner => $" of {string.Join(", ", inner.Pairs.Select(p => p.Key))}",
                _ => "",
            }).Append('\n');
        }
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
