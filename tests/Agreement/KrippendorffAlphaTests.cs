using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class KrippendorffAlphaTests
{
    private static readonly Rating[] Two = [new("u1", "a", 1), new("u1", "b", 1), new("u2", "a", 2), new("u2", "b", 3)];

    [Theory]
    [InlineData(MeasurementLevel.Nominal, 0.743)]
    [InlineData(MeasurementLevel.Ordinal, 0.815)]
    [InlineData(MeasurementLevel.Interval, 0.849)]
    [InlineData(MeasurementLevel.Ratio, 0.797)]
    public void It_gives_the_four_published_values_of_the_canonical_table(MeasurementLevel level, double published) =>
        Assert.Equal(published, KrippendorffAlpha.Compute(GroundTruthFiles.Wide("krippendorff_canonical.csv"), level).Value!.Value, 0.0005);

    [Fact]
    public void It_counts_only_units_that_can_be_compared()
    {
        var alpha = KrippendorffAlpha.Compute(GroundTruthFiles.Wide("krippendorff_canonical.csv"), MeasurementLevel.Nominal);
        Assert.Equal(new SampleSize(11, 40, 4), alpha.N);
        Assert.Equal(1.0, alpha.Details.Number("unitsWithoutPair"));
    }

    [Fact]
    public void Equal_ratings_everywhere_are_undefined_rather_than_perfect()
    {
        var alpha = KrippendorffAlpha.Compute(RatingMatrix.FromNumbers([new("u", "a", 1), new("u", "b", 1)]), MeasurementLevel.Interval);
        Assert.Null(alpha.Value);
        Assert.Equal(UndefinedReason.NoVariation, alpha.Undefined);
    }

    [Fact]
    public void One_rater_and_no_pairs_and_no_ratings_each_have_their_reason()
    {
        Assert.Equal(UndefinedReason.OneRater, Alpha([new("u", "a", 1), new("v", "a", 2)]).Undefined);
        Assert.Equal(UndefinedReason.NoPairableUnits, Alpha([new("u", "a", 1), new("v", "b", 2)]).Undefined);
        Assert.Equal(UndefinedReason.NoRatings, Alpha([]).Undefined);
        Assert.Equal(UndefinedReason.NeedsPositive, KrippendorffAlpha.Compute(RatingMatrix.FromNumbers([new("u", "a", -1), new("u", "b", 1)]), MeasurementLevel.Ratio).Undefined);
    }

    [Fact]
    public void Labels_have_no_order_unless_it_is_stated()
    {
        LabelRating[] ratings = [new("u", "a", "low"), new("u", "b", "mid"), new("v", "a", "high"), new("v", "b", "high")];
        Assert.Equal(UndefinedReason.NeedsOrder, KrippendorffAlpha.Compute(RatingMatrix.FromLabels(ratings), MeasurementLevel.Ordinal).Undefined);
        Assert.Equal(UndefinedReason.NeedsNumbers, KrippendorffAlpha.Compute(RatingMatrix.FromLabels(ratings), MeasurementLevel.Interval).Undefined);
        Assert.True(KrippendorffAlpha.Compute(RatingMatrix.FromLabels(ratings, Scale.OfOrderedLabels(["low", "mid", "high"])), MeasurementLevel.Ordinal).IsDefined);
    }

    [Theory]
    [InlineData(MeasurementLevel.Nominal)]
    [InlineData(MeasurementLevel.Ordinal)]
    public void The_bootstrap_gives_the_same_bits_on_any_number_of_threads(MeasurementLevel level)
    {
        var matrix = GroundTruthFiles.Wide("krippendorff_canonical.csv");
        var one = KrippendorffAlpha.Compute(matrix, level, new Resampling(Seed: 7, Threads: 1));
        var many = KrippendorffAlpha.Compute(matrix, level, new Resampling(Seed: 7, Threads: 8));
        Assert.Equal(one.Interval, many.Interval);
        Assert.Equal(BitConverter.DoubleToInt64Bits(one.StandardError!.Value), BitConverter.DoubleToInt64Bits(many.StandardError!.Value));
        Assert.NotEqual(one.Interval, KrippendorffAlpha.Compute(matrix, level, new Resampling(Seed: 8)).Interval);
        Assert.Equal(7UL, one.Seed);
    }

    [Theory]
    [InlineData(MeasurementLevel.Nominal)]
    [InlineData(MeasurementLevel.Ordinal)]
    [InlineData(MeasurementLevel.Interval)]
    [InlineData(MeasurementLevel.Ratio)]
    public void A_resample_counts_each_unit_as_often_as_it_was_drawn(MeasurementLevel level)
    {
        var matrix = GroundTruthFiles.Wide("krippendorff_canonical.csv");
        var kernel = new AlphaKernel(matrix.Counts, level);
        var scratch = kernel.NewScratch();
        int[] times = [2, 0, 1, 3, 0, 1, 1, 3, 0, 1, 0];
        var repeated = from u in Enumerable.Range(0, times.Length)
                       from t in Enumerable.Range(0, times[u])
                       from g in Enumerable.Range(0, 4)
                       where matrix.LevelOf(u, g) >= 0
                       select new Rating($"{u}/{t}", $"{g}", matrix.Scale.Numbers![matrix.LevelOf(u, g)]);
        var expected = KrippendorffAlpha.Compute(RatingMatrix.FromNumbers(repeated), level).Value!.Value;
        Assert.Equal(expected, kernel.Evaluate(times, scratch), 1e-12);
        Assert.Equal(expected, kernel.Evaluate(times, scratch), 1e-12);
        Assert.Equal(11, kernel.ClusterCount);
        // The fourth unit alone is unanimous: nothing varies.
        Assert.True(double.IsNaN(kernel.Evaluate([0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0], scratch)));
    }

    [Fact]
    public void Both_disagreements_are_given_with_the_definition()
    {
        // Krippendorff 2011, example C: 32 of 40 pairable values match; n_c = 9, 13, 10, 5, 3.
        var alpha = KrippendorffAlpha.Compute(GroundTruthFiles.Wide("krippendorff_canonical.csv"), MeasurementLevel.Nominal);
        Assert.Equal(0.2, alpha.Details.Number("observedDisagreement")!.Value, 1e-12);
        Assert.Equal((1560 - 344) / 1560.0, alpha.Details.Number("expectedDisagreement")!.Value, 1e-12);
        Assert.Equal("krippendorff-alpha nominal", alpha.Measure);
        var definitions = Enum.GetValues<MeasurementLevel>().Select(l => (string)KrippendorffAlpha.Compute(GroundTruthFiles.Wide("krippendorff_canonical.csv"), l).Details["definition"]!);
        Assert.All(definitions.Zip(["nominal metric", "ordinal metric, from the marginal frequencies", "interval metric", "ratio metric"]), d => Assert.Contains(d.Second, d.First, StringComparison.Ordinal));
    }

    [Fact]
    public void Zero_is_a_value_of_a_ratio_scale() => Assert.True(
        KrippendorffAlpha.Compute(RatingMatrix.FromNumbers([new("u", "a", 0), new("u", "b", 0), new("v", "a", 3), new("v", "b", 4)]), MeasurementLevel.Ratio).IsDefined);

    [Fact]
    public void A_single_prompt_has_a_value_and_no_interval()
    {
        var alpha = KrippendorffAlpha.Compute(RatingMatrix.FromNumbers(Two.Select(r => r with { Cluster = "p" })), MeasurementLevel.Nominal, new Resampling());
        Assert.NotNull(alpha.Value);
        Assert.Null(alpha.Interval);
        Assert.Equal(UndefinedReason.OneCluster, alpha.Details["interval"]);
    }

    private static Estimate Alpha(Rating[] ratings) => KrippendorffAlpha.Compute(RatingMatrix.FromNumbers(ratings), MeasurementLevel.Nominal);
}
