namespace HealthEval.Agreement.Statistics;

/// <summary>Figures about one rater.</summary>
public static class RaterQuality
{
    /// <summary>
    /// Accuracy against gold: share of gold items answered as the gold says, with Wilson's interval. Range 0–1; undefined without gold items.
    /// For the agreement beyond chance use weighted kappa between rater and gold.
    /// </summary>
    public static Estimate GoldAccuracy(IEnumerable<(string Said, string Gold)> answers, double confidence = 0.95)
    {
        var list = answers.ToArray();
        return Renamed(Proportions.Wilson(list.Count(a => a.Said == a.Gold), list.Length, confidence), "gold-accuracy", "no gold item was answered");
    }

    /// <summary>Sensitivity: planted critical errors found ÷ planted, with Wilson's interval. Range 0–1; undefined without planted errors.</summary>
    public static Estimate Sensitivity(int found, int planted, double confidence = 0.95) =>
        Renamed(Proportions.Wilson(found, planted, confidence), "sensitivity", "no critical error was planted");

    /// <summary>
    /// Signed bias: mean of rating − reference, in points of the scale; above 0 is lenient. Interval by cluster bootstrap. Details: mean absolute error. Undefined without pairs.
    /// </summary>
    /// <param name="pairs">Rating and reference (gold, or the consensus of the others).</param>
    /// <param name="clusters">The prompt of each pair; null makes each pair its own.</param>
    /// <param name="resampling">Seed and draws; null takes the defaults.</param>
    public static Estimate SignedBias(IReadOnlyList<(double Rating, double Reference)> pairs, IReadOnlyList<string>? clusters = null, Resampling? resampling = null)
    {
        var estimate = ClusterMean.Compute([.. pairs.Select(p => p.Rating - p.Reference)], clusters, resampling, "signed-bias");
        return pairs.Count == 0 ? estimate : estimate.With("meanAbsoluteError", pairs.Average(p => Math.Abs(p.Rating - p.Reference)));
    }

    /// <summary>
    /// Self-consistency: over units a rater rated more than once, the share of agreeing pairs of his own ratings, averaged over rater–unit cells; interval by bootstrap over units' clusters.
    /// Build the matrix with <see cref="Repeats.All"/>. Range 0–1; undefined when nobody repeated a unit. Tolerance as in <see cref="PercentAgreement"/>. Details: per rater.
    /// </summary>
    public static Estimate SelfConsistency(RatingMatrix matrix, double tolerance = 0, Resampling? resampling = null)
    {
        const string measure = "self-consistency";
        var cells = new List<(int Rater, int Cluster, double Share)>();
        for (var u = 0; u < matrix.Units.Count; u++)
        {
            var raters = matrix.RatersOf(u);
            for (int from = 0, to; from < raters.Length; from = to)
            {
                for (to = from; to < raters.Length && raters[to] == raters[from]; to++)
                {
                }
                if (to - from > 1)
                {
                    cells.Add((raters[from], matrix.Clusters[u], Share(matrix, matrix.LevelsOf(u)[from..to], tolerance)));
                }
            }
        }
        if (cells.Count == 0)
        {
            return Estimate.None(measure, "no rater rated a unit twice", matrix.Size);
        }
        var dense = cells.Select(c => c.Cluster).Distinct().Select((c, i) => (c, i)).ToDictionary(x => x.c, x => x.i);
        var estimate = ClusterMean.Compute([.. cells.Select(c => c.Share)], [.. cells.Select(c => dense[c.Cluster])], dense.Count, resampling ?? new Resampling(), measure);
        var perRater = cells.GroupBy(c => c.Rater).OrderBy(g => g.Key).Select(g => Details.Of(("rater", matrix.Raters[g.Key]), ("consistency", g.Average(c => c.Share)), ("units", g.Count())));
        return (estimate with { N = new SampleSize(cells.Count, cells.Count, cells.Select(c => c.Rater).Distinct().Count()) }).With("raters", perRater.ToArray());
    }

    /// <summary>
    /// Straight-lining: share of judgements whose ratings are the same on every dimension, with Wilson's interval. Judgements with fewer than two ratings are left out.
    /// Details: the longest run of identical judgements in a row. Undefined without judgements.
    /// </summary>
    /// <param name="judgements">One rater's judgements in time order, each with its ratings by dimension.</param>
    /// <param name="confidence">Coverage of the interval.</param>
    public static Estimate StraightLining(IReadOnlyList<IReadOnlyList<int>> judgements, double confidence = 0.95)
    {
        var usable = judgements.Where(j => j.Count > 1).ToArray();
        var estimate = Renamed(Proportions.Wilson(usable.Count(j => j.Distinct().Count() == 1), usable.Length, confidence), "straight-lining", "no judgement has two ratings");
        var (run, longest) = (0, 0);
        for (var i = 0; i < usable.Length; i++)
        {
            run = i > 0 && usable[i].SequenceEqual(usable[i - 1]) ? run + 1 : 1;
            longest = Math.Max(longest, run);
        }
        return estimate.With("longestRun", longest);
    }

    /// <summary>
    /// Pace: median active seconds per judgement, in seconds; details: the 10th and 90th percentile, and the share faster than a third of the peers' median when that is given.
    /// Interval: order statistics of the median (binomial, at least the stated coverage; Conover 1999). Undefined without judgements.
    /// </summary>
    public static Estimate Pace(IReadOnlyList<double> activeSeconds, double? peerMedian = null, double confidence = 0.95)
    {
        const string measure = "pace";
        var size = new SampleSize(activeSeconds.Count, activeSeconds.Count, 1);
        if (activeSeconds.Count == 0)
        {
            return Estimate.None(measure, UndefinedReason.NoRatings, size);
        }
        double[] sorted = [.. activeSeconds.Order()];
        var below = 0;
        while (below < sorted.Length && 2 * BinomialBelow(below + 1, sorted.Length) <= 1 - confidence)
        {
            below++;
        }
        return Estimate.Of(measure, Bootstrap.Quantile(sorted, 0.5), size) with
        {
            Interval = below == 0 ? null : Interval.Of(sorted[below - 1], sorted[^below], confidence, "order statistics"),
            Details = Details.Of(
                ("p10", Bootstrap.Quantile(sorted, 0.1)), ("p90", Bootstrap.Quantile(sorted, 0.9)),
                ("shareRushed", peerMedian is { } peers ? sorted.Count(s => s < peers / 3) / (double)sorted.Length : null)),
        };
    }

    // P(X < k) for X ~ Bin(n, ½).
    private static double BinomialBelow(int k, int n) => k > n ? 1 : Distributions.Beta(n - k + 1, k, 0.5);

    private static double Share(RatingMatrix matrix, ReadOnlySpan<int> levels, double tolerance)
    {
        var (agreeing, pairs) = (0, 0);
        for (var i = 0; i < levels.Length; i++)
        {
            for (var j = i + 1; j < levels.Length; j++)
            {
                pairs++;
                var apart = matrix.Scale.Numbers is { } n ? Math.Abs(n[levels[i]] - n[levels[j]]) : Math.Abs(levels[i] - levels[j]);
                agreeing += levels[i] == levels[j] || (tolerance > 0 && matrix.Scale.IsOrdered && apart <= tolerance) ? 1 : 0;
            }
        }
        return agreeing / (double)pairs;
    }

    private static Estimate Renamed(Estimate estimate, string measure, string reason) => estimate.IsDefined ? estimate with { Measure = measure } : Estimate.None(measure, reason);
}
