using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>Proportions, differences, charts and spans worked out by hand.</summary>
public sealed class ScoresByHandTests
{
    private const double Z = 1.959963984540054;

    [Fact]
    public void A_proportion_has_its_binomial_error_and_refuses_impossible_counts()
    {
        Assert.All([Proportions.Wilson(3, 10), Proportions.ClopperPearson(3, 10)], p => Assert.Equal(Math.Sqrt(0.3 * 0.7 / 10), p.StandardError!.Value, 1e-12));
        Assert.Equal(0, Proportions.Wilson(0, 10).Interval!.Lower);
        Assert.Equal(1, Proportions.Wilson(10, 10).Interval!.Upper);
        Assert.Equal(0, Proportions.ClopperPearson(0, 10).Interval!.Lower);
        // No success in ten: the upper limit is 1 − (α/2)^(1/10).
        Assert.Equal(1 - Math.Pow(0.025, 0.1), Proportions.ClopperPearson(0, 10).Interval!.Upper, 1e-10);
        Assert.Equal(Math.Pow(0.025, 0.1), Proportions.ClopperPearson(10, 10).Interval!.Lower, 1e-10);
        Assert.Null(Proportions.WilsonInterval(0, 0));
        Assert.Equal(UndefinedReason.NoRatings, Proportions.ClopperPearson(0, 0).Undefined);
        foreach (var (successes, trials) in new[] { (-1, 10), (11, 10) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Proportions.Wilson(successes, trials));
            Assert.Throws<ArgumentOutOfRangeException>(() => Proportions.ClopperPearson(successes, trials));
        }
    }

    // Computed with Python from Hedges 1981 and Cohen 1988.
    [Fact]
    public void Standardised_differences_have_normal_intervals()
    {
        var g = Differences.Standardised([3, 4, 5, 5, 6], [1, 2, 2, 4]).Interval!;
        Assert.Equal((0.20812304157, 3.29602798033), (Math.Round(g.Lower, 11), Math.Round(g.Upper, 11)));
        var h = Differences.OfProportions(6, 10, 3, 8);
        Assert.Equal(0.4540381759324097, h.Value!.Value, 1e-12);
        Assert.Equal(-0.47565437252443243, h.Interval!.Lower, 1e-9);
        Assert.Equal(1.3837307243892518, h.Interval.Upper, 1e-9);
        Assert.Equal(-0.1538551069789158, Differences.OfProportions(6, 10, 3, 8, 0.8).Interval!.Lower, 1e-9);
        Assert.Equal(new SampleSize(18, 18, 0), h.N);
    }

    [Fact]
    public void A_difference_without_spread_is_certain()
    {
        Assert.Equal(1.0, Differences.OfMeans(new([2, 2, 2]), new([2, 2, 2, 2])).Details.Number("pValue"));
        Assert.Equal(0.0, Differences.OfMeans(new([3, 3, 3]), new([2, 2, 2, 2])).Details.Number("pValue"));
        Assert.Equal(7UL, Differences.OfMeans(new([1, 2, 3, 4]), new([2, 3, 2, 5]), new Resampling(Seed: 7, Draws: 20)).Seed);
        // A mean weighs each value once, however the values fall into prompts.
        var uneven = Differences.OfMeans(new([1, 2, 3, 10], ["p", "p", "p", "q"]), new([1, 1, 1], ["p", "q", "r"]));
        Assert.Equal(3, uneven.Value);
        Assert.Equal(4.0, uneven.Details.Number("current"));
        Assert.Equal(3.0, uneven.Details.Number("clusters"));
    }

    [Fact]
    public void A_probability_at_the_level_is_no_flag() =>
        Assert.Equal(false, Differences.Flag([Estimate.Of("x", 1, default).With("pValue", 0.05)])[0].Details["flagged"]);

    [Fact]
    public void A_point_on_the_limit_is_no_signal()
    {
        var chart = ControlCharts.Ewma([3, -3, 3.5], target: 0, sigma: 1, lambda: 1, width: 3);
        Assert.Equal([false, false, true], chart.Points.Select(p => p.Signal));
        var up = ControlCharts.Cusum([12.5, 12.5, 12.5], target: 10, k: 0.5, h: 4);
        Assert.Equal([false, false, true], up.Points.Select(p => p.Signal));
        var down = ControlCharts.Cusum([7.5, 7.5, 7.5], target: 10, k: 0.5, h: 4);
        Assert.Equal([2, 4, 6], down.Points.Select(p => p.Lower));
        Assert.Equal([false, false, true], down.Points.Select(p => p.Signal));
    }

    [Fact]
    public void The_median_of_six_has_its_extremes_as_limits()
    {
        // P(all six on one side) = 2/64: enough for 95 % and up to 96.875 %.
        double[] seconds = [60, 10, 30, 50, 20, 40];
        var pace = RaterQuality.Pace(seconds);
        Assert.Equal((10.0, 60.0, 35.0), (pace.Interval!.Lower, pace.Interval.Upper, pace.Value));
        Assert.Equal(10, RaterQuality.Pace(seconds, null, 0.968).Interval!.Lower);
        Assert.Null(RaterQuality.Pace(seconds, null, 0.97).Interval);
        Assert.Null(RaterQuality.Pace(seconds[..5]).Interval);
        // 2·(1 + 7)/128 = .125: the second from either end holds 87.5 %.
        Assert.Equal((20.0, 60.0), RaterQuality.Pace([.. seconds, 70], null, 0.87).Interval is { } i ? (i.Lower, i.Upper) : default);
    }

    [Fact]
    public void The_rubric_error_has_the_number_of_resamples_as_its_divisor()
    {
        double[] scores = [0, 0.25, 0.5, 1, 1, 0.75];
        var answers = scores.Select(s => new JudgedCriterion[] { new(4 * s, true), new(4 * (1 - s), false) }).ToArray();
        var options = new Resampling(Seed: 2, Draws: 25);
        var draws = Bootstrap.Draws(6, () => 0, (times, _) => Mean(times), options);
        Assert.Equal(Math.Sqrt(draws.Sum(d => Math.Pow(d - draws.Average(), 2)) / 25), RubricScore.DataSet(answers, null, null, options).StandardError!.Value, 1e-12);

        double Mean(ReadOnlySpan<int> times)
        {
            var sum = 0.0;
            for (var i = 0; i < times.Length; i++)
            {
                sum += times[i] * scores[i];
            }
            return sum / 6;
        }
    }

    [Fact]
    public void Lin_tells_shift_of_scale_and_place()
    {
        double[] x = [1, 2, 3, 4, 5, 6.5], y = [1.2, 1.9, 3.3, 3.9, 5.4, 6.0];
        var ccc = LinConcordance.Compute(Pair(x, y));
        Assert.Equal(1.064657396787509, ccc.Details.Number("scaleShift")!.Value, 1e-12);
        Assert.Equal(-0.018741056065370524, ccc.Details.Number("locationShift")!.Value, 1e-12);
        Assert.Equal(new SampleSize(6, 12, 2), ccc.N);
        Assert.Contains("same value everywhere", LinConcordance.Compute(Pair(x, [1, 1, 1, 1, 1, 1])).Undefined, StringComparison.Ordinal);
        Assert.Equal(1, LinConcordance.Overall(Pair([1, 2], [1, 2])).Value!.Value, 1e-12);
        Assert.Equal(UndefinedReason.NeedsCompleteMatrix, LinConcordance.Overall(RatingMatrix.FromNumbers([new("u", "a", 1), new("v", "b", 2)])).Undefined);
    }

    [Fact]
    public void Spans_add_up_over_texts_pairs_and_categories()
    {
        SpanDocument[] texts =
        [
            new("t1", 50, ["b", "a"], [new("b", 0, 10, "x"), new("a", 0, 20, "x"), new("b", 30, 40, "y")]),
            new("t2", 60, ["a", "b"], [new("a", 5, 15, "x"), new("b", 5, 15, "x"), new("a", 20, 24, "y"), new("b", 40, 50, "x"), new("a", 40, 50, "y")]),
        ];
        // Characters: both marked 10 + 10 of x; a marked 20 + 10 + 4 + 10, b marked 10 + 10 + 10 + 10.
        Assert.Equal(2 * 20 / 84.0, SpanAgreement.CharacterF1(texts).Value!.Value, 1e-12);
        // Matches: t1 0–10 with 0–20 shares exactly one half; t2 5–15.
        var matched = SpanAgreement.MatchedF1(texts);
        Assert.Equal(2 * 2 / 8.0, matched.Value!.Value, 1e-12);
        Assert.Equal(("a", 2.0, 2 / 4.0, 2 / 4.0), (matched.Details["reference"], matched.Details.Number("matches"), matched.Details.Number("precision"), matched.Details.Number("recall")));
        Assert.Equal(2 * 1 / 8.0, SpanAgreement.MatchedF1(texts, 0.51).Value!.Value, 1e-12);
        var alpha = SpanAgreement.UnitizedAlpha(texts);
        Assert.Equal(["x", "y"], ((Details[])alpha.Details["categories"]!).Select(c => c["category"]));
        Assert.Equal(new SampleSize(2, 8, 2), alpha.N);
        // One continuum of 110 characters: the same spans told as one text give the same alpha, in sum and by category.
        RatedSpan[] joined = [.. texts[0].Spans, .. texts[1].Spans.Select(s => s with { Start = s.Start + 50, End = s.End + 50 })];
        var one = SpanAgreement.UnitizedAlpha([new("t", 110, ["a", "b"], joined)]);
        Assert.Equal(one.Value!.Value, alpha.Value!.Value, 1e-12);
        var x = SpanAgreement.UnitizedAlpha([new("t", 110, ["a", "b"], [.. joined.Where(s => s.Category == "x")])]);
        var y = SpanAgreement.UnitizedAlpha([new("t", 110, ["a", "b"], [.. joined.Where(s => s.Category == "y")])]);
        Assert.Equal([x.Value!.Value, y.Value!.Value], ((Details[])alpha.Details["categories"]!).Select(c => c.Number("alpha")!.Value), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(x.Details.Number("observedDisagreement")!.Value + y.Details.Number("observedDisagreement")!.Value, alpha.Details.Number("observedDisagreement")!.Value, 1e-12);
        Assert.Equal(x.Details.Number("expectedDisagreement")!.Value + y.Details.Number("expectedDisagreement")!.Value, alpha.Details.Number("expectedDisagreement")!.Value, 1e-12);
    }

    [Fact]
    public void The_best_match_comes_first_and_each_span_matches_once()
    {
        // b's 0–10 is a's second span exactly; a's first, 0–12, is left over and nothing remains for it. Touching spans share nothing.
        SpanDocument text = new("t", 100, ["a", "b"], [new("a", 0, 12), new("a", 0, 10), new("b", 0, 10), new("a", 50, 60), new("b", 60, 70)]);
        Assert.Equal(1.0, SpanAgreement.MatchedF1([text]).Details.Number("matches"));
        Assert.Equal(1.0, SpanAgreement.MatchedF1([text], 0).Details.Number("matches"));
        // Two spans of b both overlap a's 0–10; only one can have it.
        Assert.Equal(1.0, SpanAgreement.MatchedF1([new("t", 20, ["a", "b"], [new("a", 0, 10), new("b", 0, 9), new("b", 1, 10)])]).Details.Number("matches"));
        // Three raters: three pairs, and no single reference.
        var three = SpanAgreement.MatchedF1([new("t", 20, ["a", "b", "c"], [new("a", 0, 10), new("b", 0, 10), new("c", 0, 10)])]);
        Assert.Equal((1.0, 3.0, null), (three.Value, three.Details.Number("matches"), three.Details["reference"]));
    }

    [Fact]
    public void Spans_that_touch_stay_two_units_and_those_that_overlap_become_one()
    {
        var touching = SpanAgreement.UnitizedAlpha([new("t", 40, ["a", "b"], [new("a", 0, 10), new("a", 10, 20), new("b", 0, 20)])]);
        var overlapping = SpanAgreement.UnitizedAlpha([new("t", 40, ["a", "b"], [new("a", 0, 11), new("a", 9, 20), new("b", 0, 20)])]);
        Assert.Equal(1, overlapping.Value!.Value, 1e-12);
        // Each half is 10 away from one end of the whole: 2·(10² + 10²)/(2·1·40²).
        Assert.Equal(2 * 200 / (2 * 1600.0), touching.Details.Number("observedDisagreement")!.Value, 1e-12);
        // A unit inside a gap costs its length squared, also where it begins or ends with it.
        foreach (var start in new[] { 0, 15, 30 })
        {
            Assert.Equal(2 * 100 / (2 * 1600.0), SpanAgreement.UnitizedAlpha([new("t", 40, ["a", "b"], [new("a", start, start + 10)])]).Details.Number("observedDisagreement")!.Value, 1e-12);
        }
    }

    [Fact]
    public void A_result_that_is_not_finite_keeps_its_size() => Assert.Equal(new SampleSize(1, 2, 3), Estimate.Of("x", double.NaN, new SampleSize(1, 2, 3)).N);

    private static RatingMatrix Pair(double[] a, double[] b) => RatingMatrix.FromNumbers(a.Select((v, i) => new Rating($"u{i}", "a", v)).Concat(b.Select((v, i) => new Rating($"u{i}", "b", v))));
}
