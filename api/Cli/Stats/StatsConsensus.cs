using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Consensus measures of <c>healtheval stats</c>.</summary>
internal static class StatsConsensus
{
    private const string Group = "Consensus";
    private const string Input = "ratings with raters: long or wide; repeats of a rater are kept";

    public static readonly StatsMeasure[] Measures =
    [
        new("majority", ["majority-vote", "vote", "mode", "plurality"], Group, Input,
            new("the most frequent level of each unit", "estimate: the share of rated units with one winner; ties are shown, not broken", "all raters count the same, good or bad", "—"),
            (t, r) => Describe(Majority.Compute(new StatsInput(t!, r).Matrix(Repeats.All), r.Confidence))),
        new("dawid-skene", ["ds", "dawid", "em", "dawidskene"], Group, Input,
            new("EM: each rater has a confusion matrix, each unit a true level; start from the shares of labels", "estimate: the log-likelihood; details: posterior and entropy per unit, prevalence, confusion matrices, trace",
                "needs about twenty units per rater; without smoothing a confusion of 0 stays 0", "Dawid and Skene 1979"),
            (t, r) => Describe(DawidSkene.Compute(
                new StatsInput(t!, r).Matrix(Repeats.All),
                new DawidSkeneOptions(r.Setting("smoothing") ?? 0, r.Setting("tolerance") ?? 1e-12, (int)(r.Setting("iterations") ?? 1000)))),
            "--set smoothing=0 --set iterations=1000 --set tolerance=1e-12"),
        new("mace", ["multi-annotator-competence"], Group, Input,
            new("EM: a rater knows the answer with probability θ or guesses from a personal strategy; best of seeded random starts", "estimate: the log-likelihood; details: competence θ per rater, posterior per unit",
                "a rater who is consistently wrong is taken for one who guesses", "Hovy and others 2013"),
            (t, r) => Describe(Mace.Compute(new StatsInput(t!, r).Matrix(Repeats.All), new MaceOptions(r.Seed, (int)(r.Setting("restarts") ?? 10), (int)(r.Setting("iterations") ?? 50)))),
            "--set restarts=10 --set iterations=50"),
        new("weighted-mean", ["reliability-weighted-mean", "weighted-consensus"], Group, Input + ", numbers",
            new("mean per unit with weight 1/error variance per rater, found by iteration against the others' mean", "estimate: the mean of the unit means; details: mean per unit, error and weight per rater",
                "a rater who errs the same way as the others looks reliable", "inverse-variance weighting, Cochran 1937"),
            (t, r) => WeightedMean(new StatsInput(t!, r).Matrix(Repeats.All))),
    ];

    private static Estimate Describe(Consensus consensus) => consensus.Summary
        .With("levels", consensus.Levels)
        .With("units", consensus.Units.Select(u => Details.Of(
            ("unit", u.Unit), ("label", u.Label), ("tied", u.Tied), ("posterior", u.Posterior), ("entropy", u.Entropy), ("ratings", u.Ratings))).ToArray())
        .With("raters", consensus.Raters.Select(g => Details.Of(("rater", g.Rater), ("ratings", g.Ratings), ("accuracy", g.Accuracy), ("confusion", g.Confusion))).ToArray());

    private static Estimate WeightedMean(RatingMatrix matrix)
    {
        var (summary, units, raters) = ReliabilityWeightedMean.Compute(matrix);
        return summary
            .With("units", units.Select(u => Details.Of(("unit", u.Unit), ("mean", u.Mean), ("se", u.StandardError), ("ratings", u.Ratings))).ToArray())
            .With("raters", raters.Select(g => Details.Of(("rater", g.Rater), ("errorSd", g.ErrorSd), ("weight", g.Weight), ("ratings", g.Ratings))).ToArray());
    }
}
