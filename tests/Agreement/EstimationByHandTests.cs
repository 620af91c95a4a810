using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>The bootstrap and the EM consensus against their definitions, written out once more in the plainest way.</summary>
public sealed class EstimationByHandTests
{
    private static readonly double[] Skewed = [1, 1, 2, 2, 3, 4, 9, 30];

    [Fact]
    public void A_draw_takes_as_many_clusters_as_there_are()
    {
        foreach (var n in new[] { 1, 2, 6, 7 })
        {
            var times = new int[n];
            for (var b = 0UL; b < 20; b++)
            {
                Bootstrap.Multiplicities(times, new CounterRandom(3, b));
                Assert.Equal(n, times.Sum());
            }
        }
    }

    // The third known answer of Random123's kat_vectors for philox4x32-10, whose words fill both halves of position, stream and seed.
    [Fact]
    public void Every_bit_of_position_stream_and_seed_counts() => Assert.Equal(
        (0x94fdcceb_d16cfe09UL, 0x24126ea1_5001e420UL), new CounterRandom(0x299f31d0_a4093822UL, 0x03707344_13198a2eUL).Words(0x85a308d3_243f6a88UL));

    [Fact]
    public void A_quantile_lies_on_the_line_between_its_neighbours()
    {
        Assert.Equal(3, Bootstrap.Quantile([1, 2, 4, 8], 0.5));
        Assert.Equal(1.75, Bootstrap.Quantile([1, 2, 4, 8], 0.25));
        Assert.Equal(8, Bootstrap.Quantile([1, 2, 4, 8], 1));
        Assert.Equal(1, Bootstrap.Quantile([1, 2, 4, 8], -1));
        Assert.Equal(5, Bootstrap.Quantile([5], 0.9));
    }

    [Theory]
    [InlineData(BootstrapInterval.Percentile, 0.95)]
    [InlineData(BootstrapInterval.BiasCorrectedAccelerated, 0.95)]
    [InlineData(BootstrapInterval.BiasCorrectedAccelerated, 0.8)]
    public void Bootstrap_limits_follow_from_the_draws(BootstrapInterval kind, double confidence)
    {
        var options = new Resampling(Seed: 11, Draws: 400, Confidence: confidence, Interval: kind);
        var mean = ClusterMean.Compute(Skewed, null, options);
        var draws = Bootstrap.Draws(Skewed.Length, () => 0, (times, _) => Weighted(times), options);
        double[] sorted = [.. draws.Order()];
        Assert.Equal(Math.Sqrt(draws.Sum(d => Math.Pow(d - draws.Average(), 2)) / (draws.Length - 1)), mean.StandardError!.Value, 1e-12);
        // Efron 1987: bias from the share of draws below the estimate, acceleration from the jackknife.
        var (bias, acceleration) = (0.0, 0.0);
        if (kind == BootstrapInterval.BiasCorrectedAccelerated)
        {
            var below = draws.Count(d => d < Skewed.Average()) + (draws.Count(d => d == Skewed.Average()) / 2.0);
            bias = Distributions.NormalQuantile(below / draws.Length);
            double[] left = [.. Skewed.Select((_, i) => Skewed.Where((_, j) => j != i).Average())];
            acceleration = left.Sum(x => Math.Pow(left.Average() - x, 3)) / (6 * Math.Pow(left.Sum(x => Math.Pow(left.Average() - x, 2)), 1.5));
        }
        Assert.Equal(Limit((1 - confidence) / 2), mean.Interval!.Lower, 1e-9);
        Assert.Equal(Limit((1 + confidence) / 2), mean.Interval.Upper, 1e-9);
        Assert.Equal((11UL, 400.0, 8.0, 0.0), (mean.Seed, mean.Details.Number("draws"), mean.Details.Number("clusters"), mean.Details.Number("undefinedDraws")));

        double Limit(double p) => Distributions.NormalQuantile(p) is var z
            ? Bootstrap.Quantile(sorted, Distributions.NormalCdf(bias + ((bias + z) / (1 - (acceleration * (bias + z)))))) : 0;

        static double Weighted(ReadOnlySpan<int> times)
        {
            var sum = 0.0;
            for (var i = 0; i < times.Length; i++)
            {
                sum += times[i] * Skewed[i];
            }
            return sum / Skewed.Length;
        }
    }

    [Fact]
    public void Draws_without_a_value_are_counted_and_too_many_leave_no_interval()
    {
        var options = new Resampling(Draws: 500);
        var rare = Bootstrap.Describe(Estimate.Of("x", 1, default), 10, () => 0, (times, _) => times[0] > 3 ? double.NaN : times[0], options);
        var often = Bootstrap.Describe(Estimate.Of("x", 1, default), 4, () => 0, (times, _) => times[0] == 0 ? double.NaN : times[0], options);
        var expected = Bootstrap.Draws(4, () => 0, (times, _) => times[0] == 0 ? 1 : 0, options).Sum();
        Assert.InRange(rare.Details.Number("undefinedDraws")!.Value, 1, 25);
        Assert.NotNull(rare.Interval);
        Assert.Equal(expected, often.Details.Number("undefinedDraws"));
        Assert.Null(often.Interval);
        Assert.Contains("undefined in too many", (string)often.Details["interval"]!, StringComparison.Ordinal);
    }

    // Three units agree on 1, one on 2: a draw without the fourth unit, or of it alone, has no room above chance.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_coefficient_knows_which_draws_have_no_value(bool krippendorff)
    {
        var table = RatingMatrix.FromNumbers(new[] { 1, 1, 1, 2 }.SelectMany((v, u) => new Rating[] { new($"u{u}", "a", v), new($"u{u}", "b", v) })).Counts;
        var options = new Resampling(Draws: 300);
        var weights = AgreementWeights.Of(WeightSet.Unweighted, table.Scale);
        var result = krippendorff ? KrippendorffAlpha.Compute(table, MeasurementLevel.Nominal, options) : GwetAgreement.Fleiss(table, weights, 0.95, options);
        Assert.Equal(1, result.Value);
        Assert.Equal(Bootstrap.Draws(4, () => 0, (times, _) => times[3] is 0 or 4 ? 1 : 0, options).Sum(), result.Details.Number("undefinedDraws"));
    }

    [Fact]
    public void Coefficients_give_the_same_bits_on_any_number_of_threads()
    {
        var table = GroundTruthFiles.Counts("fleiss_1971_counts.csv");
        var weights = AgreementWeights.Of(WeightSet.Unweighted, table.Scale);
        Func<Resampling, Estimate>[] measures =
        [
            r => GwetAgreement.Ac(table, weights, 0.95, r), r => GwetAgreement.Fleiss(table, weights, 0.95, r), r => GwetAgreement.Krippendorff(table, weights, 0.95, r),
            r => PercentAgreement.Compute(table, 0, r),
        ];
        Assert.All(measures, m => Assert.Equal(m(new Resampling(Draws: 100, Threads: 1)).Interval, m(new Resampling(Draws: 100, Threads: 3)).Interval));
        Assert.All(measures, m => Assert.Equal(7UL, m(new Resampling(Seed: 7, Draws: 20)).Seed));
    }

    [Fact]
    public void Many_copies_of_the_data_leave_Dawid_and_Skene_where_they_are()
    {
        // More units than one block of the E step holds.
        var (_, rows) = GroundTruthFiles.Read("dawid_skene_1979_ratings.csv");
        var ratings = from copy in Enumerable.Range(0, 60) from r in rows select new Rating($"{copy}-{r[0]}", r[1], r[3][0] - '0');
        var few = new DawidSkeneOptions(MaxIterations: 4);
        var many = DawidSkene.Compute(RatingMatrix.FromNumbers(ratings, null, Repeats.All), few);
        var one = Published.Anaesthetists(few);
        Assert.Equal(60 * one.Summary.Value!.Value, many.Summary.Value!.Value, 1e-6);
        Assert.Equal(one.Units[0].Posterior, many.Units[0].Posterior.Select(p => Math.Round(p, 9)), (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Fact]
    public void A_level_nobody_used_has_no_row_of_confusion()
    {
        LabelRating[] ratings = [.. from u in Enumerable.Range(0, 6) from g in new[] { "a", "b" } select new LabelRating($"u{u}", g, u < 3 ? "x" : "y"), new("u0", "c", "x"), new("u1", "c", "x")];
        var scale = Scale.OfOrderedLabels(["x", "y", "z"]);
        var (majority, skene) = (Majority.Compute(RatingMatrix.FromLabels(ratings, scale)), DawidSkene.Compute(RatingMatrix.FromLabels(ratings, scale)));
        foreach (var raters in new[] { majority.Raters, skene.Raters })
        {
            Assert.All(raters, r => Assert.Null(r.Confusion[2]));
            Assert.All(raters, r => Assert.Equal(1, r.Accuracy!.Value, 1e-9));
            Assert.Null(raters[2].Confusion[1]);
            Assert.Equal([6, 6, 2], raters.Select(r => r.Ratings));
        }
    }

    [Fact]
    public void Mace_climbs_the_likelihood_of_its_definition()
    {
        LabelRating[] ratings = [.. from u in Enumerable.Range(0, 12) from g in Enumerable.Range(0, 4) where (u + g) % 5 != 0
            select new LabelRating($"u{u:00}", $"r{g}", (g == 3 ? u * 7 % 3 : u % 4 == g ? (u + 1) % 3 : u % 3).ToString(System.Globalization.CultureInfo.InvariantCulture))];
        var matrix = RatingMatrix.FromLabels(ratings);
        var (best, knows) = (double.NegativeInfinity, Array.Empty<double>());
        for (var start = 0; start < 4; start++)
        {
            var (likelihood, competence) = PlainMace(matrix, new CounterRandom(9, (ulong)start), 25, 0.01 / 3);
            (best, knows) = likelihood > best ? (likelihood, competence) : (best, knows);
        }
        var fit = Mace.Compute(matrix, new MaceOptions(Seed: 9, Restarts: 4, Iterations: 25));
        Assert.Equal(best, fit.Summary.Value!.Value, 1e-9);
        Assert.Equal(knows, ((Details[])fit.Summary.Details["competence"]!).Select(d => d.Number("competence")!.Value), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    /// <summary>EM over dictionaries: the rater knew (θ) or guessed (strategy ξ); Hovy and others 2013, equations 1–3, with add-δ smoothing.</summary>
    private static (double LogLikelihood, double[] Knows) PlainMace(RatingMatrix matrix, CounterRandom random, int iterations, double smoothing)
    {
        var (raters, q) = (matrix.Raters.Count, matrix.Scale.Count);
        double[] theta = [.. Enumerable.Range(0, raters).Select(g => 0.1 + (0.8 * random.Uniform((ulong)g)))];
        double[][] xi = [.. Enumerable.Range(0, raters).Select(g => Enumerable.Range(0, q).Select(l => 0.1 + random.Uniform((ulong)(raters + (g * q) + l))).ToArray())];
        xi = [.. xi.Select(row => row.Select(x => x / row.Sum()).ToArray())];
        var likelihood = 0.0;
        for (var i = 0; i < iterations; i++)
        {
            likelihood = 0;
            var (knew, guessed) = (new double[raters], xi.Select(_ => new double[q]).ToArray());
            for (var u = 0; u < matrix.Units.Count; u++)
            {
                var (who, what) = (matrix.RatersOf(u).ToArray(), matrix.LevelsOf(u).ToArray());
                double[] joint = [.. Enumerable.Range(0, q).Select(t => who.Zip(what, (g, l) => (l == t ? theta[g] : 0) + ((1 - theta[g]) * xi[g][l])).Aggregate(1.0 / q, (a, b) => a * b))];
                likelihood += Math.Log(joint.Sum());
                foreach (var (g, l) in who.Zip(what))
                {
                    var known = joint[l] / joint.Sum() * theta[g] / (theta[g] + ((1 - theta[g]) * xi[g][l]));
                    knew[g] += known;
                    guessed[g][l] += 1 - known;
                }
            }
            theta = [.. knew.Select((k, g) => (k + smoothing) / (k + guessed[g].Sum() + (2 * smoothing)))];
            xi = [.. guessed.Select(row => row.Select(x => (x + smoothing) / (row.Sum() + (q * smoothing))).ToArray())];
        }
        return (likelihood, theta);
    }
}
