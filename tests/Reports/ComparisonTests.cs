using System.Globalization;
using System.Xml.Linq;
using HealthEval.Agreement.Statistics;
using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

/// <summary>Is one model at least as good as another: by hand where the answer is known.</summary>
public sealed class ComparisonTests
{
    // Differences of five prompts: 1, 2, 0, 3, −1. Mean 1, s = √2.5, se = √0.5, t = √2 with 4 degrees of freedom; t(0.975; 4) = 2.7764451052, two-sided p of √2 = 0.2301996411.
    [Fact]
    public void With_one_value_each_per_prompt_it_is_the_paired_t_test()
    {
        double[] a = [3, 5, 2, 6, 1];
        double[] b = [2, 3, 2, 3, 2];
        var difference = RatioContrast.Compute("difference", [new(1, Parts(a)), new(-1, Parts(b))]);
        Assert.Equal(1, difference.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.5), difference.StandardError!.Value, 1e-12);
        Assert.Equal(1 - (2.7764451052 * Math.Sqrt(0.5)), difference.Interval!.Lower, 1e-8);
        Assert.Equal(0.2301996411, difference.Details.Number("pValue")!.Value, 1e-8);
    }

    // Two periods without a common prompt: 1, 3 against 2, 2, 5, 3. Means 2 and 3; Σe² = 2·(1/2)² + (1² + 1² + 2² + 0²)/4² = 0.875; six clusters: se² = 6/5 · 0.875.
    [Fact]
    public void Without_common_prompts_the_variances_add_up()
    {
        var difference = RatioContrast.Compute("difference", [new(1, Parts([1, 3], "a")), new(-1, Parts([2, 2, 5, 3], "b"))]);
        Assert.Equal(-1, difference.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(1.05), difference.StandardError!.Value, 1e-12);
    }

    // One of 30 differences is 10, the others are 0: squared deviations 93.444 once and 0.111; κ = 291.074 / 3.2222² = 28.0345, so 2·30 ÷ 27.0345 = 2.219388 degrees of freedom; se = s/√30 = 1/3.
    [Fact]
    public void Where_one_prompt_carries_the_spread_the_limits_are_wider()
    {
        var difference = RatioContrast.Compute("difference", [new(1, Parts([10, .. new double[29]])), new(-1, Parts(new double[30]))]);
        Assert.Equal(1.0 / 3, difference.StandardError!.Value, 1e-12);
        Assert.Equal((1 + Distributions.StudentQuantile(0.975, 2.219388)) / 3, difference.Interval!.Upper, 1e-5);
    }

    // 40 prompts and nothing found by anybody: 1 − 0.025^(1/40) either way.
    [Fact]
    public void Rates_of_which_nothing_was_seen_are_not_certainly_the_same()
    {
        var difference = RatioContrast.Compute("difference", [new(1, Parts(new double[40])), new(-1, Parts(new double[40]))], isRate: true);
        Assert.Equal(0.0880973, difference.Interval!.Upper, 1e-6);
        Assert.Equal(-0.0880973, difference.Interval.Lower, 1e-6);
    }

    // Six prompts: some intervals are wider than 12 margins. The plot ends there and says so; the table keeps the whole interval.
    [Fact]
    public async Task The_plot_of_few_prompts_ends_at_twelve_margins_and_says_so()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6));
        using var workbook = week.Open();
        var charts = workbook.Part("Comparison").DrawingsPart!.ChartParts.Select(c => XDocument.Load(c.GetStream())).ToList();
        var cut = charts.Where(c => c.Root!.Value.Contains("cut at ±12", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(cut);
        foreach (var axis in cut.Select(c => c.Descendants().Single(e => e.Name.LocalName == "valAx")))
        {
            Assert.Equal("12", Bound(axis, "max"));
            Assert.Equal("-12", Bound(axis, "min"));
        }

        var beyond = workbook.Table("Comparison1").Where(r => double.TryParse(r["95% high"], CultureInfo.InvariantCulture, out var high) && high > 12 * double.Parse(r["Margin"], CultureInfo.InvariantCulture));
        Assert.NotEmpty(beyond);

        static string? Bound(XElement axis, string name) => axis.Descendants().Single(e => e.Name.LocalName == name).Attribute("val")?.Value;
    }

    [Theory]
    [InlineData(0.8, 5.2, true, "better")]
    [InlineData(-1.5, 3.0, false, "not worse")]
    [InlineData(-6.0, -2.5, true, "worse")]
    [InlineData(-1.6, -0.4, true, "not worse")] // lower, but by less than the margin
    [InlineData(-4.0, 1.0, false, "undecided")]
    public void A_verdict_is_by_the_whole_interval_and_the_margin(double low, double high, bool flagged, string verdict)
    {
        var difference = Estimate.Of("difference", (low + high) / 2, default) with { Interval = new Interval(low, high, 0.95, "test"), StandardError = (high - low) / 4 };
        var index = new ComparedFigure("index", "Index", "index", HigherIsBetter: true, 70, 70, difference.With("flagged", flagged), Margin: 2, Prompts: 50);
        Assert.Equal(verdict, index.Verdict);
        var mirrored = Estimate.Of("difference", -(low + high) / 2, default) with { Interval = new Interval(-high, -low, 0.95, "test"), StandardError = (high - low) / 4 };
        Assert.Equal(verdict, (index with { HigherIsBetter = false, Difference = mirrored.With("flagged", flagged) }).Verdict);
    }

    // d = −0.5, margin 2: to show that it is no worse than −2 the distance is 1.5. Spread of a prompt's difference: se·√n = 1.2·√50. n = (1.959964 + 0.841621)² · 72 / 1.5² = 251.2, so 202 more.
    [Fact]
    public void Undecided_says_how_many_more_prompts_would_decide()
    {
        var difference = Estimate.Of("difference", -0.5, default) with { Interval = new Interval(-2.9, 1.9, 0.95, "test"), StandardError = 1.2 };
        var index = new ComparedFigure("index", "Index", "index", HigherIsBetter: true, 70, 70, difference, Margin: 2, Prompts: 50);
        Assert.Equal(202, index.MorePrompts);
        Assert.Equal("undecided: about 202 more prompts would decide", index.Words);
    }

    // d = −13, the interval excludes 0 but the family of 20 is not convinced: n = (3.02334 + 0.84162)² · 4² · 33 / 13² = 46.7, so 14 more; at 5 % for one figure it would be decided.
    [Fact]
    public void What_the_adjustment_leaves_undecided_is_planned_at_the_level_of_the_family()
    {
        var difference = Estimate.Of("difference", -13, default) with { Interval = new Interval(-22.2, -3.8, 0.95, "test"), StandardError = 4 };
        var index = new ComparedFigure("index", "Index", "index", HigherIsBetter: true, 53, 66, difference.With("flagged", false), Margin: 2, Prompts: 33, Level: 0.05 / 20);
        Assert.Equal(("undecided", 14), (index.Verdict, index.MorePrompts));
    }

    [Fact]
    public async Task Only_common_prompts_are_compared_and_the_family_is_adjusted()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample());
        var figures = new Figures(WeekData.Read(week.Folder));
        var comparisons = figures.Comparisons;
        Assert.Equal(["aster-2 birch-large", "aster-2 cedar", "birch-large cedar"], comparisons.Pairs.Select(p => $"{p.Candidate} {p.Baseline}"));
        foreach (var pair in comparisons.Pairs)
        {
            var prompts = figures.Week.Rows.GroupBy(r => r.Rated.Prompt).Where(g => g.Any(r => r.Response.Model == pair.Candidate) && g.Any(r => r.Response.Model == pair.Baseline)).ToList();
            Assert.Equal(prompts.Count, pair.Prompts);
            var (a, b) = (Mean(pair.Candidate), Mean(pair.Baseline));
            Assert.Equal(a - b, pair.Find("mean_accuracy")!.Difference.Value!.Value, 1e-12);

            double Mean(string model) => prompts.SelectMany(p => p).Where(r => r.Response.Model == model && r.Rated.Scores[0] > 0).Average(r => r.Rated.Scores[0]);
        }

        var p = comparisons.Pairs.SelectMany(x => x.Figures).Select(f => (Raw: f.Difference.Details.Number("pValue"), Holm: f.Difference.Details.Number("pHolm"))).Where(x => x.Raw is not null).ToList();
        Assert.Equal(Differences.Holm([.. p.Select(x => x.Raw!.Value)]), p.Select(x => x.Holm!.Value));
        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        Assert.Equal(3, workbook.Table("Verdicts").Count);
        Assert.All(workbook.Table("Verdicts"), r => Assert.Equal("low n", r["Remark"]));
    }

    [Fact]
    public async Task Peoples_answers_stand_beside_the_models_and_are_in_no_headline()
    {
        var models = new[] { "aster-2", "human-physician" };
        using var week = await CompiledWeek.OfAsync(new WeekSample { Item = item => item with { Responses = [.. item.Responses.Select((r, i) => r with { Model = models[i] })] } });
        var data = WeekData.Read(week.Folder);
        var figures = new Figures(data);
        Assert.Equal(data.Rows.Where(r => r.Response.Model == "aster-2").Average(r => (double)r.Rated.Scores[0]), figures.Dimensions[0].Mean.Value!.Value, 1e-12);
        Assert.Equal(["aster-2", "human-physician"], figures.Models.Select(m => m.Name));
        Assert.Equal(("aster-2", "human-physician"), (figures.Comparisons.Pairs.Single().Candidate, figures.Comparisons.Pairs.Single().Baseline));
    }

    private static ClusterTotals[] Parts(double[] values, string prefix = "p") => [.. values.Select((v, i) => new ClusterTotals($"{prefix}{i}", [v], [1]))];
}
