using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class ConsensusTests
{
    [Fact]
    public void A_tie_is_shown_and_not_broken()
    {
        var consensus = Majority.Compute(RatingMatrix.FromLabels(
            [new("u", "a", "x"), new("u", "b", "y"), new("v", "a", "x"), new("v", "b", "x"), new("v", "c", "y"), new("w", "a", "y")]));
        Assert.Null(consensus.Units[0].Label);
        Assert.Equal(["x", "y"], consensus.Units[0].Tied);
        Assert.Equal(1, consensus.Units[0].Entropy, 1e-12);
        Assert.Equal("x", consensus.Units[1].Label);
        Assert.Empty(consensus.Units[1].Tied);
        Assert.Equal([2 / 3.0, 1 / 3.0], consensus.Units[1].Posterior);
        Assert.Equal(2 / 3.0, consensus.Summary.Value!.Value, 1e-12);
        Assert.Equal(1.0, consensus.Summary.Details.Number("ties"));
        Assert.Equal(new SampleSize(3, 6, 3), consensus.Summary.N);
    }

    [Fact]
    public void Confusion_matrices_relate_raters_to_the_consensus()
    {
        var consensus = Majority.Compute(RatingMatrix.FromLabels(
            [new("u", "a", "x"), new("u", "b", "x"), new("u", "c", "y"), new("v", "a", "x"), new("v", "b", "x"), new("v", "c", "x")]));
        var c = consensus.Raters.Single(r => r.Rater == "c");
        Assert.Equal(2, c.Ratings);
        // Soft labels: u is 2/3 x, v is x. c said y on u and x on v.
        Assert.Equal(0.6, c.Confusion[0]![0], 1e-12);
        Assert.Equal(1, c.Confusion[1]![1], 1e-12);
        Assert.Equal((1 + (1 / 3.0)) / 2, c.Accuracy!.Value, 1e-12);
    }

    [Fact]
    public void A_unit_that_nobody_rated_has_no_consensus()
    {
        var unit = Consensus.Decide("u", Scale.OfLabels(["x", "y"]), [0.5, 0.5], 0);
        Assert.Null(unit.Label);
        Assert.Empty(unit.Posterior);
        Assert.Equal(UndefinedReason.NoRatings, Majority.Compute(RatingMatrix.FromLabels([])).Summary.Undefined);
        Assert.Equal(UndefinedReason.NoRatings, DawidSkene.Compute(RatingMatrix.FromLabels([])).Summary.Undefined);
        Assert.Equal(UndefinedReason.NoRatings, Mace.Compute(RatingMatrix.FromLabels([])).Summary.Undefined);
    }

    [Fact]
    public void Dawid_and_Skene_converge_on_the_paper_and_keep_exact_zeros()
    {
        var fit = Published.Anaesthetists();
        Assert.Equal(true, fit.Summary.Details["converged"]);
        Assert.Equal(0, fit.Raters[0].Confusion[3]![0]);
        Assert.Equal(135, fit.Raters[0].Ratings);
        Assert.All(fit.Raters.SelectMany(r => r.Confusion), row => Assert.Equal(1, row!.Sum(), 1e-9));
        Assert.InRange(fit.Raters[3].Accuracy!.Value, 0.86, 0.87);
    }

    [Fact]
    public void Smoothing_moves_the_table_away_from_the_paper()
    {
        var fit = Published.Anaesthetists(new DawidSkeneOptions(Smoothing: 0.1));
        Assert.True(fit.Raters[0].Confusion[3]![0] > 0);
        Assert.Equal(0.1, fit.Summary.Details.Number("smoothing"));
        Assert.NotEqual(-192.8909, fit.Summary.Value!.Value, 0.001);
    }

    [Fact]
    public void Dawid_and_Skene_stop_at_the_iteration_limit()
    {
        var fit = Published.Anaesthetists(new DawidSkeneOptions(MaxIterations: 3));
        Assert.Equal(3.0, fit.Summary.Details.Number("iterations"));
        Assert.Equal(false, fit.Summary.Details["converged"]);
        Assert.Equal(-193.15944549, fit.Summary.Value!.Value, 5e-8);
    }

    [Fact]
    public void Mace_finds_the_guesser_and_repeats_itself()
    {
        var random = new CounterRandom(5, 0);
        var ratings = from u in Enumerable.Range(0, 60)
                      from g in Enumerable.Range(0, 5)
                      let guess = (int)(random.Uniform((ulong)((u * 5) + g)) * 3)
                      select new LabelRating($"u{u}", $"r{g}", g == 4 ? $"{guess}" : random.Uniform((ulong)(10_000 + (u * 5) + g)) < 0.85 ? $"{u % 3}" : $"{guess}");
        var matrix = RatingMatrix.FromLabels(ratings);
        var fit = Mace.Compute(matrix, new MaceOptions(Seed: 3));
        var competence = ((Details[])fit.Summary.Details["competence"]!).ToDictionary(d => (string)d["rater"]!, d => d.Number("competence")!.Value);
        Assert.True(competence["r4"] < 0.3, $"{competence["r4"]}");
        Assert.All(new[] { "r0", "r1", "r2", "r3" }, r => Assert.InRange(competence[r], 0.6, 1));
        Assert.True(fit.Units.Count(u => u.Label == $"{int.Parse(u.Unit[1..], System.Globalization.CultureInfo.InvariantCulture) % 3}") >= 57);
        Assert.Equal(fit.Summary.Value, Mace.Compute(matrix, new MaceOptions(Seed: 3)).Summary.Value);
        Assert.Equal(3UL, fit.Summary.Seed);
        Assert.All(fit.Units, u => Assert.Equal(1, u.Posterior.Sum(), 1e-9));
    }

    [Fact]
    public void The_weighted_mean_trusts_the_consistent_rater()
    {
        double[] truth = [1, 4, 2, 5, 3, 4, 1, 2, 5, 3];
        double[] noise = [2, -2, 2, -2, 1, -2, 2, 1, -2, 2];
        var ratings = truth.SelectMany((t, u) => new Rating[] { new($"u{u}", "good", t), new($"u{u}", "also", t + (u % 5 == 0 ? 1 : 0)), new($"u{u}", "wild", t + noise[u]) });
        var (summary, units, raters) = ReliabilityWeightedMean.Compute(RatingMatrix.FromNumbers(ratings));
        Assert.True(raters.Single(r => r.Rater == "good").Weight > 5 * raters.Single(r => r.Rater == "wild").Weight);
        Assert.True(units.Zip(truth, (u, t) => Math.Abs(u.Mean!.Value - t)).Max() < 0.55);
        Assert.Equal(units.Average(u => u.Mean!.Value), summary.Value!.Value, 1e-12);
        Assert.All(units, u => Assert.True(u.StandardError > 0));
        Assert.All(raters, r => Assert.Equal(10, r.Ratings));
    }

    [Fact]
    public void Numbers_too_large_to_square_have_no_weighted_mean() => Assert.Equal(
        UndefinedReason.NotFinite, ReliabilityWeightedMean.Compute(RatingMatrix.FromNumbers([new("u", "a", 1e308), new("u", "b", -1e308), new("v", "a", 1e308), new("v", "b", 3)])).Summary.Undefined);

    [Fact]
    public void The_weighted_mean_of_single_ratings_is_the_rating()
    {
        var (summary, units, raters) = ReliabilityWeightedMean.Compute(RatingMatrix.FromNumbers([new("u", "a", 2), new("v", "b", 5)]));
        Assert.Equal(3.5, summary.Value);
        Assert.Equal([2, 5], units.Select(u => u.Mean!.Value));
        Assert.Null(units[0].StandardError);
        Assert.All(raters, r => Assert.Equal(1, r.Weight));
        Assert.Equal(UndefinedReason.NeedsNumbers, ReliabilityWeightedMean.Compute(RatingMatrix.FromLabels([new("u", "a", "x")])).Summary.Undefined);
        Assert.Equal(UndefinedReason.NoRatings, ReliabilityWeightedMean.Compute(RatingMatrix.FromNumbers([])).Summary.Undefined);
    }
}
