using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>Shares whose votes come several to a prompt.</summary>
public sealed class ClusteredRateTests
{
    // Simulated votes with known correlation within a prompt: how many prompts had 0, 1, 2, … of their votes won. Rate and standard error over prompt means (equal sizes: s/√m) were
    // computed apart from this program; so were the quantiles of 20,000 resamples of prompts, which are good to ±0.005.
    [Theory]
    [InlineData(2, new[] { 71, 30, 99 }, 0.57, 0.03229885571350802, 0.505, 0.6325)]
    [InlineData(5, new[] { 17, 15, 13, 8, 6, 1 }, 0.31333333333333335, 0.03569065669776742, 0.2467, 0.3833)]
    [InlineData(4, new[] { 6, 1, 2, 2, 19 }, 0.725, 0.07519132684149088, 0.575, 0.8667)]
    public void The_standard_error_is_that_of_prompt_means(int votes, int[] prompts, double rate, double se, double low, double high)
    {
        var parts = Parts(votes, prompts);
        var estimate = ClusteredRate.Compute("win rate", parts);
        Assert.Equal(rate, estimate.Value!.Value, 1e-12);
        Assert.Equal(se, estimate.StandardError!.Value, 1e-9);
        Assert.Equal("logit, cluster-robust, t", estimate.Interval!.Method);
        var half = Distributions.StudentQuantile(0.975, prompts.Sum() - 1) * se / (rate * (1 - rate)); // by hand: logit ± t·se/(p(1 − p))
        var logit = Math.Log(rate / (1 - rate));
        Assert.Equal(1 / (1 + Math.Exp(half - logit)), estimate.Interval.Lower, 1e-9);
        Assert.Equal(1 / (1 + Math.Exp(-half - logit)), estimate.Interval.Upper, 1e-9);

        var (values, clusters) = (parts.SelectMany(p => Values(p)).ToArray(), parts.SelectMany(p => Values(p).Select(_ => p.Cluster)).ToArray());
        var percentile = ClusterMean.Compute(values, clusters, new Resampling(Draws: 4000)).Interval!;
        Assert.Equal(low, percentile.Lower, 0.01);
        Assert.Equal(high, percentile.Upper, 0.01);
        var independent = Proportions.Wilson((int)values.Sum(), values.Length).Interval!;
        Assert.True(estimate.Interval.Upper - estimate.Interval.Lower > 1.15 * (independent.Upper - independent.Lower), "votes of a prompt are not independent");
    }

    [Fact]
    public void One_vote_per_prompt_is_Wilsons_interval()
    {
        var estimate = ClusteredRate.Compute("rate", Parts(1, [174, 226]));
        Assert.Equal(Proportions.Wilson(226, 400).Interval, estimate.Interval);
        Assert.Equal(1, estimate.Details.Number("designEffect")!.Value, 0.01);
    }

    // 1 − 0.025^(1/30) and its mirror; the 120 votes count as 30 prompts.
    [Theory]
    [InlineData(0, 0, 0.11570331)]
    [InlineData(4, 0.88429669, 1)]
    public void Nothing_or_everything_is_exact_on_prompts(int won, double low, double high)
    {
        var estimate = ClusteredRate.Compute("rate", [.. Enumerable.Range(0, 30).Select(i => new ClusterTotals($"p{i}", [won], [4]))]);
        Assert.Equal(low, estimate.Interval!.Lower, 1e-7);
        Assert.Equal(high, estimate.Interval.Upper, 1e-7);
        Assert.Equal("Clopper–Pearson exact on clusters", estimate.Interval.Method);
    }

    [Fact]
    public void The_same_share_in_every_prompt_is_no_certainty()
    {
        var estimate = ClusteredRate.Compute("rate", [.. Enumerable.Range(0, 20).Select(i => new ClusterTotals($"p{i}", [1], [2]))]);
        Assert.Equal(Proportions.WilsonInterval(10, 20)!.Lower, estimate.Interval!.Lower, 1e-12);
    }

    [Fact]
    public void One_prompt_has_no_interval_and_no_prompt_no_rate()
    {
        var estimate = ClusteredRate.Compute("rate", [new ClusterTotals("p", [1], [3])]);
        Assert.Null(estimate.Interval);
        Assert.Equal(UndefinedReason.OneCluster, estimate.Details["interval"]);
        Assert.Equal(UndefinedReason.NoRatings, ClusteredRate.Compute("rate", []).Undefined);
    }

    // Cochran 1977, §11.8: three prompts with 1 of 1, 1 of 3 and 0 of 2; p = 1/3, residuals 2/3, 0, −2/3, se = √(3/2 · 8/9)/6.
    [Fact]
    public void Prompts_of_different_size_count_by_their_votes()
    {
        var estimate = ClusteredRate.Compute("rate", [new("a", [1], [1]), new("b", [1], [3]), new("c", [0], [2])]);
        Assert.Equal(1.0 / 3, estimate.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(3.0 / 2 * 8 / 9) / 6, estimate.StandardError!.Value, 1e-12);
    }

    [Fact]
    public void The_clustered_intraclass_correlation_has_the_same_value_and_limits_by_prompt()
    {
        Rating[] ratings =
        [
            .. Enumerable.Range(0, 40).SelectMany(u => new[] { new Rating($"u{u}", "r1", 1 + (u / 2 % 5), $"p{u / 2}"), new Rating($"u{u}", "r2", 1 + ((u / 2) + (u % 3 == 0 ? 1 : 0)) % 5, $"p{u / 2}") }),
        ];
        var matrix = RatingMatrix.FromNumbers(ratings, Scale.OfNumbers([1, 2, 3, 4, 5]));
        foreach (var form in new[] { IccForm.OneSingle, IccForm.OneMean, IccForm.TwoSingle, IccForm.TwoMean })
        {
            var (exact, clustered) = (IntraclassCorrelation.Compute(matrix, form), ClusteredIcc.Compute(matrix, form, new Resampling(Draws: 300)));
            Assert.Equal(exact.Value!.Value, clustered.Value!.Value, 1e-12);
            Assert.Equal(20.0, clustered.Details.Number("clusters"));
            Assert.InRange(exact.Value.Value, clustered.Interval!.Lower, clustered.Interval.Upper);
        }
    }

    private static ClusterTotals[] Parts(int votes, int[] prompts) =>
        [.. prompts.SelectMany((count, won) => Enumerable.Range(0, count).Select(i => new ClusterTotals($"{won}-{i}", [won], [votes])))];

    private static IEnumerable<double> Values(ClusterTotals prompt) => Enumerable.Range(0, (int)prompt.Counts[0]).Select(i => i < prompt.Sums[0] ? 1.0 : 0.0);
}
