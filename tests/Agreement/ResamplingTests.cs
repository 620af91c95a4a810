using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class ResamplingTests
{
    // Known answers from the Random123 distribution (kat_vectors, philox4x32 10).
    [Fact]
    public void The_counter_generator_gives_the_published_known_answers()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), CounterRandom.Block(0, 0, 0, 0, 0, 0));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), CounterRandom.Block(~0u, ~0u, ~0u, ~0u, ~0u, ~0u));
        Assert.Equal((0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u), CounterRandom.Block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Fact]
    public void A_draw_takes_as_many_clusters_as_there_are()
    {
        var times = new int[31];
        Bootstrap.Multiplicities(times, new CounterRandom(1, 2));
        Assert.Equal(31, times.Sum());
        Assert.Contains(0, times);
    }

    [Fact]
    public void The_bootstrap_standard_error_of_a_mean_is_near_the_formula()
    {
        var values = Enumerable.Range(0, 200).Select(i => (double)(i % 7)).ToArray();
        var mean = ClusterMean.Compute(values, null, new Resampling(Draws: 4000));
        var variance = values.Sum(v => Math.Pow(v - values.Average(), 2)) / values.Length;
        Assert.Equal(values.Average(), mean.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(variance / values.Length), mean.StandardError!.Value, 0.005);
        Assert.InRange(mean.Value.Value, mean.Interval!.Lower, mean.Interval.Upper);
    }

    [Fact]
    public void Values_of_one_prompt_are_drawn_together()
    {
        double[] values = [1, 1, 1, 1, 0, 0, 0, 0];
        var alone = ClusterMean.Compute(values, null, new Resampling(Draws: 4000));
        var together = ClusterMean.Compute(values, ["p", "p", "q", "q", "r", "r", "s", "s"], new Resampling(Draws: 4000));
        Assert.Equal(Math.Sqrt(2), together.StandardError!.Value / alone.StandardError!.Value, 0.1);
        Assert.Equal(4.0, together.Details.Number("clusters"));
    }

    [Fact]
    public void The_accelerated_interval_leans_towards_the_long_tail()
    {
        var values = Enumerable.Range(0, 60).Select(i => Math.Exp(i / 12.0)).ToArray();
        var percentile = ClusterMean.Compute(values, null, new Resampling(Draws: 4000)).Interval!;
        var accelerated = ClusterMean.Compute(values, null, new Resampling(Draws: 4000, Interval: BootstrapInterval.BiasCorrectedAccelerated)).Interval!;
        Assert.True(accelerated.Lower > percentile.Lower && accelerated.Upper > percentile.Upper, $"{percentile} {accelerated}");
    }

    // Newcombe 1998, Table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_limits_equal_the_published_ones(int successes, int trials, double lower, double upper)
    {
        var interval = Proportions.Wilson(successes, trials).Interval!;
        Assert.Equal(lower, interval.Lower, 5e-5);
        Assert.Equal(upper, interval.Upper, 5e-5);
    }

    // Newcombe 1998, Table I, method 5.
    [Theory]
    [InlineData(81, 263, 0.2527, 0.3676)]
    [InlineData(15, 148, 0.0578, 0.1617)]
    [InlineData(0, 20, 0, 0.1684)]
    [InlineData(1, 29, 0.0009, 0.1776)]
    public void Clopper_Pearson_limits_equal_the_published_ones(int successes, int trials, double lower, double upper)
    {
        var interval = Proportions.ClopperPearson(successes, trials).Interval!;
        Assert.Equal(lower, interval.Lower, 5e-5);
        Assert.Equal(upper, interval.Upper, 5e-5);
    }

    [Fact]
    public void A_proportion_of_nothing_is_undefined() => Assert.Equal(UndefinedReason.NoRatings, Proportions.Wilson(0, 0).Undefined);
}
