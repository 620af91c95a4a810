using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class ScoreTests
{
    private static readonly JudgedCriterion[] Good = [new(5, true, ["axis:accuracy"]), new(5, true, ["axis:completeness"]), new(-4, false, ["axis:accuracy"])];
    private static readonly JudgedCriterion[] Bad = [new(5, false, ["axis:accuracy"]), new(5, false), new(-4, true, ["axis:accuracy"])];

    [Fact]
    public void A_rubric_score_may_fall_below_zero_and_the_data_set_is_clipped()
    {
        Assert.Equal(1, RubricScore.Answer(Good));
        Assert.Equal(-0.4, RubricScore.Answer(Bad)!.Value, 1e-12);
        Assert.Null(RubricScore.Answer([new(-4, true)]));
        Assert.Equal(0, RubricScore.DataSet([Bad, Bad]).Value);
        Assert.Equal(0.3, RubricScore.DataSet([Good, Bad]).Value!.Value, 1e-12);
        Assert.Equal(-0.4, RubricScore.DataSet([Bad]).Details.Number("mean")!.Value, 1e-12);
    }

    [Fact]
    public void A_tag_uses_only_its_criteria_and_is_absent_without_positive_points()
    {
        Assert.Equal(1, RubricScore.Answer(Good, "axis:accuracy"));
        Assert.Equal(-0.8, RubricScore.Answer(Bad, "axis:accuracy")!.Value, 1e-12);
        Assert.Null(RubricScore.Answer(Bad, "axis:completeness"));
        var tagged = RubricScore.DataSet([Good, Bad], "axis:completeness");
        Assert.Equal(1, tagged.Value);
        Assert.Equal(1.0, tagged.Details.Number("answersWithoutScore"));
        Assert.Contains("positive points", RubricScore.DataSet([Bad], "axis:other").Undefined, StringComparison.Ordinal);
        Assert.Equal(UndefinedReason.NoRatings, RubricScore.DataSet([]).Undefined);
    }

    [Fact]
    public void The_rubric_error_is_the_spread_of_resampled_clipped_means()
    {
        var answers = Enumerable.Range(0, 100).Select(i => new JudgedCriterion[] { new(10, i % 3 == 0), new(10, i % 2 == 0) }).ToArray();
        var scores = answers.Select(a => RubricScore.Answer(a)!.Value).ToArray();
        var sd = Math.Sqrt(scores.Sum(s => Math.Pow(s - scores.Average(), 2)) / scores.Length);
        var set = RubricScore.DataSet(answers, null, null, new Resampling(Draws: 4000));
        Assert.Equal(sd / 10, set.StandardError!.Value, 0.002);
        var clustered = RubricScore.DataSet(answers, null, [.. Enumerable.Range(0, 100).Select(i => $"p{i % 6}")], new Resampling(Draws: 4000));
        Assert.Equal(6.0, clustered.Details.Number("clusters"));
        Assert.True(clustered.StandardError > set.StandardError * 1.5);
    }

    [Fact]
    public void Factual_precision_strict_and_lenient()
    {
        Assert.Equal(0.6, Factuality.StrictPrecision(6, 2, 2).Value);
        Assert.Equal(0.7, Factuality.LenientPrecision(6, 2, 2).Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt((6.5 / 10 - 0.49) / 10), Factuality.LenientPrecision(6, 2, 2).StandardError!.Value, 1e-12);
        Assert.NotNull(Factuality.LenientPrecision(6, 2, 2).Interval);
        Assert.Equal(UndefinedReason.NoRatings, Factuality.StrictPrecision(0, 0, 0).Undefined);
        Assert.Contains("no claim", Factuality.LenientPrecision(0, 0, 0).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void F1_at_k_is_zero_without_support_and_caps_recall()
    {
        Assert.Equal(0, Factuality.F1AtK(0, 5, 10).Value);
        Assert.Equal(1, Factuality.F1AtK(20, 0, 10).Value);
        Assert.Equal(2 * 0.5 * 0.2 / 0.7, Factuality.F1AtK(2, 2, 10).Value!.Value, 1e-12);
        Assert.Contains("no claim", Factuality.F1AtK(0, 0, 10).Undefined, StringComparison.Ordinal);
        Assert.Contains("at least 1", Factuality.F1AtK(1, 1, 0).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Severity_weighs_one_five_twenty_five()
    {
        var penalty = SeverityPenalty.Compute(new Dictionary<string, int> { ["minor"] = 3, ["major"] = 2, ["critical"] = 1 }, words: 200);
        Assert.Equal(38, penalty.Value);
        Assert.Equal(19, penalty.Details.Number("per100Words"));
        Assert.Null(SeverityPenalty.Compute(new Dictionary<string, int>()).Details["per100Words"]);
        Assert.Equal(0, SeverityPenalty.Compute(new Dictionary<string, int>()).Value);
        Assert.Contains("'awful'", SeverityPenalty.Compute(new Dictionary<string, int> { ["awful"] = 1 }).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Harm_counts_extent_by_likelihood()
    {
        var table = HarmMatrix.Count([("none", "low"), ("severe", "high"), ("severe", "low"), ("mild", "high")], ["none", "mild", "severe"], ["low", "high"]);
        Assert.Equal(new[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } }, table);
        Assert.Equal(0.5, HarmMatrix.Rate(table, 2).Value);
        Assert.Equal(0.25, HarmMatrix.Rate(table, 2, 1).Value);
        Assert.Equal(0.5, HarmMatrix.Rate(table, 1, 1).Value);
        Assert.Throws<ArgumentException>(() => HarmMatrix.Count([("odd", "low")], ["none"], ["low"]));
    }

    [Fact]
    public void A_difference_of_weeks_keeps_shared_prompts_together()
    {
        double[] now = [.. Enumerable.Range(0, 40).Select(i => (i % 5) + 1.2)];
        double[] before = [.. Enumerable.Range(0, 40).Select(i => (i % 5) + 1.0)];
        string[] prompts = [.. Enumerable.Range(0, 40).Select(i => $"p{i}")];
        var paired = Differences.OfMeans(new(now, prompts), new(before, prompts));
        var apart = Differences.OfMeans(new(now), new(before));
        Assert.Equal(0.2, paired.Value!.Value, 1e-12);
        Assert.Equal(0, paired.StandardError!.Value, 1e-9);
        Assert.Equal(0, paired.Details.Number("pValue")!.Value, 1e-9);
        Assert.InRange(apart.StandardError!.Value, 0.25, 0.38);
        Assert.InRange(apart.Details.Number("pValue")!.Value, 0.45, 0.62);
        Assert.Equal(80.0, apart.Details.Number("clusters"));
        Assert.Contains("previous sample is empty", Differences.OfMeans(new([1]), new([])).Undefined, StringComparison.Ordinal);
        Assert.Contains("current sample is empty", Differences.OfMeans(new([]), new([1])).Undefined, StringComparison.Ordinal);
    }

    // Computed with NumPy from Hedges 1981.
    [Fact]
    public void Standardised_differences()
    {
        var g = Differences.Standardised([3, 4, 5, 5, 6], [1, 2, 2, 4]);
        Assert.Equal(1.7520755109488726, g.Value!.Value, 1e-12);
        Assert.Equal(1.9710849498174818, g.Details.Number("cohenD")!.Value, 1e-12);
        Assert.Equal(0.7877453267277986, g.StandardError!.Value, 1e-12);
        Assert.Equal(1.192236793354647, g.Details.Number("pooledSd")!.Value, 1e-12);
        Assert.Contains("fewer than two", Differences.Standardised([1], [1, 2]).Undefined, StringComparison.Ordinal);
        Assert.Contains("do not vary", Differences.Standardised([1, 1], [2, 2]).Undefined, StringComparison.Ordinal);
        var h = Differences.OfProportions(6, 10, 4, 10);
        Assert.Equal(0.4027158415806613, h.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.2), h.StandardError!.Value, 1e-12);
        Assert.Equal(UndefinedReason.NoRatings, Differences.OfProportions(0, 0, 1, 2).Undefined);
    }

    [Fact]
    public void Holm_adjusts_step_by_step_and_flags_only_what_survives()
    {
        Assert.Equal([0.03, 0.06, 0.06], Differences.Holm([0.01, 0.04, 0.03]).Select(p => Math.Round(p, 12)));
        var family = Differences.Flag([Tested(0.001), Tested(0.04), Estimate.None("x", "empty"), Tested(0.03)]);
        Assert.Equal([true, false, null, false], family.Select(e => (bool?)e.Details["flagged"]));
        Assert.Equal(0.003, family[0].Details.Number("pHolm")!.Value, 1e-12);
        Assert.Null(family[2].Details["pHolm"]);

        static Estimate Tested(double p) => Estimate.Of("x", 1, default).With("pValue", p);
    }

    [Fact]
    public void A_result_lets_no_infinite_number_through()
    {
        Assert.Equal(UndefinedReason.NotFinite, Estimate.Of("x", double.NaN, default).Undefined);
        Assert.Null((Estimate.Of("x", 1, default) with { StandardError = double.NaN }).StandardError);
        Assert.Null(Interval.Of(0, double.PositiveInfinity, 0.95, "x"));
        var details = Details.Of(("a", double.NaN), ("b", new[] { 1, double.NaN }), ("c", new[,] { { double.NaN, 2 } }), ("d", 3));
        Assert.Null(details["a"]);
        Assert.Equal([1, null], (double?[])details["b"]!);
        Assert.Equal([null, 2], ((double?[][])details["c"]!)[0]);
        Assert.Equal(3, details.Number("d"));
        Assert.Null(details.Number("e"));
        Assert.Equal(["a", "b", "c", "d"], details.And("d", 4L).Pairs.Select(p => p.Key));
        Assert.Equal(4, details.And("d", 4L).Number("d"));
    }
}
