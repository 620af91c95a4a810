using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class RaterQualityTests
{
    [Fact]
    public void Gold_accuracy_and_sensitivity_are_proportions_with_limits()
    {
        var gold = RaterQuality.GoldAccuracy([("a", "a"), ("b", "a"), ("c", "c"), ("d", "d")]);
        Assert.Equal((0.75, "gold-accuracy", 4), (gold.Value!.Value, gold.Measure, gold.N.Units));
        Assert.Equal(Proportions.Wilson(3, 4).Interval, gold.Interval);
        Assert.Contains("no gold item", RaterQuality.GoldAccuracy([]).Undefined, StringComparison.Ordinal);
        Assert.Equal(0.9, RaterQuality.Sensitivity(9, 10).Value);
        Assert.Contains("planted", RaterQuality.Sensitivity(0, 0).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Signed_bias_is_positive_for_a_lenient_rater()
    {
        var bias = RaterQuality.SignedBias([(4, 3), (5, 3), (2, 3), (4, 4)]);
        Assert.Equal(0.5, bias.Value);
        Assert.Equal(1.0, bias.Details.Number("meanAbsoluteError"));
        Assert.Equal(2.0, RaterQuality.SignedBias([(4, 3), (5, 3)], ["p", "q"]).Details.Number("clusters"));
        Assert.Equal(UndefinedReason.NoRatings, RaterQuality.SignedBias([]).Undefined);
    }

    [Fact]
    public void Self_consistency_looks_only_at_repeats()
    {
        Rating[] ratings = [new("u", "a", 3), new("u", "a", 3), new("u", "a", 4), new("v", "a", 1), new("u", "b", 2), new("u", "b", 2), new("w", "b", 5), new("w", "b", 1)];
        var matrix = RatingMatrix.FromNumbers(ratings, null, Repeats.All);
        var exact = RaterQuality.SelfConsistency(matrix);
        Assert.Equal(((1 / 3.0) + 1 + 0) / 3, exact.Value!.Value, 1e-12);
        Assert.Equal((1.0 + 1 + 0) / 3, RaterQuality.SelfConsistency(matrix, 1).Value!.Value, 1e-12);
        Assert.Equal(new SampleSize(3, 3, 2), exact.N);
        Assert.Equal([1 / 3.0, 0.5], ((Details[])exact.Details["raters"]!).Select(d => d.Number("consistency")!.Value));
        Assert.Contains("twice", RaterQuality.SelfConsistency(RatingMatrix.FromNumbers(ratings)).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Straight_lines_are_counted_and_runs_measured()
    {
        var lines = RaterQuality.StraightLining([[3, 3, 3], [3, 3, 3], [4, 5, 4], [4, 5, 4], [4, 5, 4], [2]]);
        Assert.Equal(0.4, lines.Value);
        Assert.Equal(3.0, lines.Details.Number("longestRun"));
        Assert.Contains("two ratings", RaterQuality.StraightLining([[1]]).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Pace_is_a_median_with_the_interval_of_its_order_statistics()
    {
        double[] seconds = [.. Enumerable.Range(1, 10).Select(i => 10.0 * i)];
        var pace = RaterQuality.Pace(seconds, peerMedian: 90);
        Assert.Equal(55, pace.Value);
        // For n = 10 the 2nd and 9th order statistics cover the median with 97.9 %.
        Assert.Equal((20, 90), (pace.Interval!.Lower, pace.Interval.Upper));
        Assert.Equal(19, pace.Details.Number("p10")!.Value, 1e-12);
        Assert.Equal(91, pace.Details.Number("p90")!.Value, 1e-12);
        Assert.Equal(0.2, pace.Details.Number("shareRushed"));
        Assert.Null(RaterQuality.Pace([5, 6]).Interval);
        Assert.Null(RaterQuality.Pace([5, 6]).Details["shareRushed"]);
        Assert.Equal(UndefinedReason.NoRatings, RaterQuality.Pace([]).Undefined);
    }

    [Fact]
    public void Ewma_signals_when_it_leaves_its_limits()
    {
        var chart = ControlCharts.Ewma([0, 0, 5, 5, 5], target: 0, sigma: 1, lambda: 0.5, width: 3);
        Assert.Equal([0, 0, 2.5, 3.75, 4.375], chart.Points.Select(p => p.Value));
        Assert.Equal(Math.Sqrt(3), chart.Points[0].Upper, 1e-12);
        Assert.Equal(-Math.Sqrt(3), chart.Points[0].Lower, 1e-12);
        Assert.Equal(3.0, chart.Summary.Details.Number("firstSignal"));
        Assert.Equal(3.0, chart.Summary.Details.Number("signals"));
        Assert.Equal(4.375, chart.Summary.Value);
        Assert.Equal(1.0, ControlCharts.Ewma([-9], 0, 1).Summary.Details.Number("firstSignal"));
        var exact = ControlCharts.Ewma([0, 0], 0, 1, 0.3, 3, exactLimits: true);
        Assert.Equal(0.9, exact.Points[0].Upper, 1e-12);
        Assert.True(exact.Points[1].Upper > exact.Points[0].Upper);
        Assert.Null(ControlCharts.Ewma([0], 0, 1).Summary.Details["firstSignal"]);
    }

    [Fact]
    public void Charts_refuse_what_they_cannot_draw()
    {
        Assert.Contains("empty", ControlCharts.Ewma([], 0, 1).Summary.Undefined, StringComparison.Ordinal);
        Assert.Contains("σ", ControlCharts.Ewma([1], 0, 0).Summary.Undefined, StringComparison.Ordinal);
        Assert.Contains("λ", ControlCharts.Ewma([1], 0, 1, lambda: 0).Summary.Undefined, StringComparison.Ordinal);
        Assert.Contains("λ", ControlCharts.Ewma([1], 0, 1, lambda: 1.01).Summary.Undefined, StringComparison.Ordinal);
        Assert.True(ControlCharts.Ewma([1], 0, 1, lambda: 1).Summary.IsDefined);
        Assert.Contains("h must", ControlCharts.Cusum([1], 0, 1, 0).Summary.Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Cusum_adds_up_both_sides()
    {
        var chart = ControlCharts.Cusum([1, 1, -3, -3], target: 0, k: 0.5, h: 4);
        Assert.Equal([0.5, 1, 0, 0], chart.Points.Select(p => p.Upper));
        Assert.Equal([0, 0, 2.5, 5], chart.Points.Select(p => p.Lower));
        Assert.Equal([0.5, 1, 2.5, 5], chart.Points.Select(p => p.Value));
        Assert.Equal([false, false, false, true], chart.Points.Select(p => p.Signal));
        Assert.Equal([1, 2, 3, 4], chart.Points.Select(p => p.Index));
    }

    [Fact]
    public void Population_stability_compares_two_distributions()
    {
        Assert.Equal(0.1771556761910535, ControlCharts.PopulationStability([10, 20, 70], [2, 3, 5]).Value!.Value, 1e-12);
        Assert.Equal(0, ControlCharts.PopulationStability([1, 2, 0], [2, 4, 0]).Value!.Value, 1e-12);
        Assert.Contains("infinite", ControlCharts.PopulationStability([1, 0], [1, 1]).Undefined, StringComparison.Ordinal);
        Assert.True(ControlCharts.PopulationStability([1, 0], [1, 1], smoothing: 0.5).IsDefined);
        Assert.Contains("expected", ControlCharts.PopulationStability([0], [1]).Undefined, StringComparison.Ordinal);
        Assert.Contains("actual", ControlCharts.PopulationStability([1], [0]).Undefined, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ControlCharts.PopulationStability([1], [1, 2]));
    }
}
