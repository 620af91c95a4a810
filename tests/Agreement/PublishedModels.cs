using System.Globalization;
using System.Text.Json;
using HealthEval.Agreement.Statistics;
using static HealthEval.Tests.Agreement.GroundTruthFiles;

namespace HealthEval.Tests.Agreement;

internal static partial class Published
{
    private static readonly int[] TrueClasses =
        [1, 4, 2, 2, 2, 2, 1, 3, 2, 2, 4, 3, 1, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 2, 1, 1, 1, 1, 3, 1, 2, 2, 4, 2, 3, 3, 1, 1, 1, 2, 1, 2];

    public static Consensus Anaesthetists(DawidSkeneOptions? options = null)
    {
        var ratings = Read("dawid_skene_1979_ratings.csv").Rows.Select(r => new Rating(r[0], r[1], Number(r[3])));
        return DawidSkene.Compute(RatingMatrix.FromNumbers(ratings, null, Repeats.All), options);
    }

    public static BradleyTerryFit Baseball(bool home) => BradleyTerry.Compute(
        Read("bradley_terry_baseball.csv").Rows.Select(r => new PairResult(r[0], r[1], Number(r[2]), Number(r[3]))), "Baltimore", positionEffect: home);

    private static void AddConsensus()
    {
        var fit = new Lazy<Consensus>(() => Anaesthetists());
        for (var k = 0; k < 4; k++)
        {
            var at = k;
            Add($"dawidskene.prevalence.{k + 1}", () => ((double?[])fit.Value.Summary.Details["prevalence"]!)[at]!.Value);
        }
        for (var g = 1; g <= 5; g++)
        {
            for (var a = 0; a < 4; a++)
            {
                for (var b = 0; b < 4; b++)
                {
                    var (rater, truth, said) = (g.ToString(CultureInfo.InvariantCulture), a, b);
                    Add($"dawidskene.error_rate.obs{g}.true{a + 1}.said{b + 1}", () => fit.Value.Raters.Single(r => r.Rater == rater).Confusion[truth]![said]);
                }
            }
        }
        foreach (var i in new[] { 1, 2, 3, 5, 10, 15 })
        {
            Add($"dawidskene.loglik.iter{i}", () => ((double?[])fit.Value.Summary.Details["trace"]!)[i - 1]!.Value);
        }
        Add("dawidskene.map_class_matches_published", () => fit.Value.Units.Count(u => u.Label == TrueClasses[int.Parse(u.Unit, CultureInfo.InvariantCulture) - 1].ToString(CultureInfo.InvariantCulture)));
        foreach (var (patient, k) in new[] { (7, 1), (7, 2), (30, 1), (35, 2), (38, 3), (42, 1) })
        {
            Add($"dawidskene.posterior.patient{patient}.class{k}", () => fit.Value.Units.Single(u => u.Unit == patient.ToString(CultureInfo.InvariantCulture)).Posterior[k - 1]);
        }
        var steps = new Lazy<Consensus>(() => DawidSkene.Compute(
            RatingMatrix.FromLabels(Read("crowdkit_ds_step_by_step.csv").Rows.Select(r => new LabelRating(r[0], r[1], r[2]))), new DawidSkeneOptions(MaxIterations: 1)));
        foreach (var task in new[] { "t1", "t2", "t3", "t4", "t5" })
        {
            Add("crowdkit.iter1.P_no." + task, () => steps.Value.Units.Single(u => u.Unit == task).Posterior[0]);
        }
    }

    private static void AddPreference()
    {
        var (plain, home) = (new Lazy<BradleyTerryFit>(() => Baseball(home: false)), new Lazy<BradleyTerryFit>(() => Baseball(home: true)));
        foreach (var team in new[] { "Boston", "Cleveland", "Detroit", "Milwaukee", "New York", "Toronto", "Baltimore" })
        {
            Add("bt.baseball.log_ability." + team, () => plain.Value.Items.Single(i => i.Item == team).LogAbility);
            Add("bt.baseball.se." + team, () => plain.Value.Items.Single(i => i.Item == team).StandardError);
            Add("bt.baseball.home_model.share." + team, () => home.Value.Items.Single(i => i.Item == team).Share);
        }
        Add("bt.baseball.home_advantage", () => home.Value.PositionEffect!);
        var citations = new Lazy<BradleyTerryFit>(() => BradleyTerry.Compute(Read("bradley_terry_citations.csv").Rows.Select(r => new PairResult(r[0], r[1], Number(r[2]), 0)), "Biometrika"));
        foreach (var journal in new[] { "Comm Statist", "JASA", "JRSS-B" })
        {
            Add("bt.citations." + journal, () => citations.Value.Items.Single(i => i.Item == journal).LogAbility);
            Add("bt.citations.se." + journal, () => citations.Value.Items.Single(i => i.Item == journal).StandardError);
        }
    }

    private static void AddScores()
    {
        var json = JsonDocument.Parse(File.ReadAllText(PathOf("healthbench_unit_cases.json"))).RootElement;
        var scoring = json.GetProperty("scoring");
        var criteria = scoring.GetProperty("points").EnumerateArray().Zip(scoring.GetProperty("criteria_met").EnumerateArray(), (p, m) => new JudgedCriterion(p.GetDouble(), m.GetBoolean())).ToArray();
        Add("healthbench.score", () => RubricScore.Answer(criteria)!.Value);
        var meta = json.GetProperty("meta_eval");
        Estimate MacroF1Of() => MacroF1.Compute(
            [.. meta.GetProperty("self_pred_list").EnumerateArray().Select(x => x.GetBoolean())],
            [.. meta.GetProperty("other_preds_list").EnumerateArray().Select(x => x.EnumerateArray().Select(y => y.GetBoolean()).ToArray())]);
        Add("healthbench.meta.macro_f1", MacroF1Of);
        foreach (var (key, detail) in new[]
        {
            ("pos.precision", "positivePrecision"), ("neg.precision", "negativePrecision"), ("pos.recall", "positiveRecall"),
            ("neg.recall", "negativeRecall"), ("pos.f1", "positiveF1"), ("neg.f1", "negativeF1"),
        })
        {
            Add("healthbench.meta." + key, () => MacroF1Of().Details.Number(detail)!.Value);
        }
        Add("healthbench_professional.length_adjust(raw .5, 3000 chars)", () => RubricScore.LengthAdjusted(0.5, 3000));
        Add("safe.F1@64(supported 40, not 10)", () => Factuality.F1AtK(40, 10, 64));
        Add("mqm.google(2 minor,1 major,1 minor punctuation)", () => SeverityPenalty.Compute(
            new Dictionary<string, int> { ["minor"] = 2, ["major"] = 1, ["punctuation"] = 1 }, weights: new Dictionary<string, double> { ["minor"] = 1, ["major"] = 5, ["punctuation"] = 0.1 }));
        foreach (var (x, n) in new[] { (81, 263), (15, 148), (0, 20), (1, 29) })
        {
            Add($"wilson.{x}/{n}.lo", () => Proportions.Wilson(x, n).Interval!.Lower);
            Add($"wilson.{x}/{n}.hi", () => Proportions.Wilson(x, n).Interval!.Upper);
        }
    }

    private static void AddRaterQuality()
    {
        static ControlChart Ewma() => ControlCharts.Ewma([.. Read("nist_ewma.csv").Rows.Select(r => Number(r[1]))], target: 50, sigma: 2.0539, lambda: 0.3);
        for (var i = 1; i <= 20; i++)
        {
            var at = i - 1;
            Add($"nist.ewma.{i}", () => Ewma().Points[at].Value);
        }
        Add("nist.ewma.UCL", () => Ewma().Points[0].Upper);
        Add("nist.ewma.LCL", () => Ewma().Points[0].Lower);
        Add("nist.cusum.first_signal_t", () => ControlCharts.Cusum([.. Read("nist_cusum.csv").Rows.Select(r => Number(r[1]))], 325, 0.3175, 4.1959).Summary.Details.Number("firstSignal")!.Value);
    }
}
