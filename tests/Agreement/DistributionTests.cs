using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>Against SciPy 1.10.</summary>
public sealed class DistributionTests
{
    [Theory]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(0.6, 0.2533471031357997)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(0.5, 0)]
    public void Normal_quantiles(double p, double z)
    {
        Assert.Equal(z, Distributions.NormalQuantile(p), 1e-10);
        Assert.Equal(p, Distributions.NormalCdf(z), 1e-12);
    }

    [Fact]
    public void Normal_tails()
    {
        Assert.Equal(0.19360096917122072, Distributions.NormalTwoSided(1.3), 1e-13);
        Assert.Equal(0.19360096917122072, Distributions.NormalTwoSided(-1.3), 1e-13);
        Assert.Equal(0.0013498980316300933, Distributions.NormalCdf(-3), 1e-14);
        Assert.Equal(double.PositiveInfinity, Distributions.NormalQuantile(1));
        Assert.Equal(double.NegativeInfinity, Distributions.NormalQuantile(0));
        Assert.True(double.IsNaN(Distributions.NormalQuantile(1.1)));
    }

    [Theory]
    [InlineData(1, 12.706204736432095)]
    [InlineData(4, 2.7764451051977987)]
    [InlineData(29, 2.045229642132703)]
    public void Student_quantiles(double df, double t)
    {
        Assert.Equal(t, Distributions.StudentQuantile(0.975, df), 1e-8);
        Assert.Equal(-t, Distributions.StudentQuantile(0.025, df), 1e-8);
        Assert.Equal(0, Distributions.StudentQuantile(0.5, df));
        Assert.Equal(0.05, Distributions.StudentTwoSided(t, df), 1e-10);
    }

    [Fact]
    public void Student_tails() => Assert.Equal(0.040992218585752874, Distributions.StudentTwoSided(2.5, 7), 1e-12);

    [Fact]
    public void Fisher()
    {
        Assert.Equal(3.576415351, Distributions.FisherQuantile(0.975, 5, 15), 1e-8);
        Assert.Equal(0.15557596, Distributions.FisherQuantile(0.025, 5, 15), 1e-8);
        Assert.Equal(0.9651683762712174, Distributions.FisherCdf(3.2, 4, 20), 1e-12);
        Assert.Equal(0, Distributions.FisherCdf(0, 4, 20));
    }

    [Fact]
    public void Beta_and_gamma()
    {
        Assert.Equal(0.07485463, Distributions.BetaQuantile(0.025, 3, 7), 1e-8);
        Assert.Equal(0.00229122, Distributions.BetaQuantile(1e-6, 3, 7), 1e-8);
        Assert.Equal(0.3521975859067672, Distributions.Beta(2.5, 4, 0.3), 1e-12);
        Assert.Equal(0.9999469518008897, Distributions.Beta(2.5, 4, 0.95), 1e-12);
        Assert.Equal(0, Distributions.Beta(2, 3, 0));
        Assert.Equal(1, Distributions.Beta(2, 3, 1));
        Assert.Equal(0.691420082978744, Distributions.GammaUpper(3.3, 2.2), 1e-12);
        Assert.Equal(0.02925269, Distributions.ChiSquareUpper(20, 10), 1e-8);
        Assert.Equal(0.9987909, Distributions.ChiSquareUpper(0.1, 4), 1e-7);
        Assert.Equal(1, Distributions.ChiSquareUpper(0, 4));
        Assert.Equal(1.09579799, Distributions.LogGamma(0.3), 1e-8);
        Assert.Equal(7.53436424, Distributions.LogGamma(7.5), 1e-8);
        Assert.Equal(359.13420537, Distributions.LogGamma(100), 1e-8);
    }
}
