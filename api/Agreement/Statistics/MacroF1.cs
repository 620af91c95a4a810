namespace HealthEval.Agreement.Statistics;

/// <summary>Agreement of yes/no verdicts with other raters' as macro-F1, the meta-evaluation of HealthBench.</summary>
public static class MacroF1
{
    /// <summary>
    /// Macro-F1 of one rater's verdicts against every other verdict on the same unit: per class, precision is the mean over pairs in which this rater gave the class of
    /// "the other agrees", recall the mean over pairs in which the other gave it; F1 per class; their mean. Range 0–1.
    /// Undefined when a class is missing on either side. Source: Arora and others 2025, HealthBench, §5; openai/simple-evals, healthbench_meta_eval.
    /// </summary>
    /// <param name="self">This rater's verdict per unit.</param>
    /// <param name="others">The others' verdicts per unit.</param>
    public static Estimate Compute(IReadOnlyList<bool> self, IReadOnlyList<IReadOnlyList<bool>> others)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(others.Count, self.Count);
        var table = new double[2, 2];
        for (var i = 0; i < self.Count; i++)
        {
            foreach (var other in others[i])
            {
                table[self[i] ? 1 : 0, other ? 1 : 0]++;
            }
        }
        return FromTable(table, new SampleSize(self.Count, others.Sum(o => o.Count), 0));
    }

    /// <summary>
    /// Each rater in turn against each other rater on the units both judged (leave-one-out), pooled over raters; the per-rater figures are in the details.
    /// </summary>
    /// <param name="matrix">Ratings on any scale.</param>
    /// <param name="positive">The level that counts as "yes"; every other level is "no".</param>
    public static Estimate LeaveOneOut(RatingMatrix matrix, string positive)
    {
        var yes = matrix.Scale.Labels.ToList().IndexOf(positive);
        if (yes < 0)
        {
            return Estimate.None("macro-f1", $"'{positive}' is not a level of the scale", matrix.Size);
        }
        var (all, own) = (new double[2, 2], matrix.Raters.Select(_ => new double[2, 2]).ToArray());
        for (var u = 0; u < matrix.Units.Count; u++)
        {
            var raters = matrix.RatersOf(u);
            var levels = matrix.LevelsOf(u);
            for (var a = 0; a < raters.Length; a++)
            {
                for (var b = 0; b < raters.Length; b++)
                {
                    if (raters[a] != raters[b])
                    {
                        own[raters[a]][levels[a] == yes ? 1 : 0, levels[b] == yes ? 1 : 0]++;
                        all[levels[a] == yes ? 1 : 0, levels[b] == yes ? 1 : 0]++;
                    }
                }
            }
        }
        var perRater = own.Select((table, g) => FromTable(table, default) is var e
            ? Details.Of(("rater", matrix.Raters[g]), ("macroF1", e.Value), ("pairs", table.Cast<double>().Sum()), ("undefined", e.Undefined))
            : Details.None).ToArray();
        return FromTable(all, new SampleSize(matrix.Counts.PairableUnits, matrix.RatingCount, matrix.Raters.Count)).With("raters", perRater);
    }

    private static Estimate FromTable(double[,] t, SampleSize n)
    {
        const string measure = "macro-f1";
        var (positive, negative) = (Class(t[1, 1], t[1, 0], t[0, 1]), Class(t[0, 0], t[0, 1], t[1, 0]));
        var details = Details.Of(
            ("positivePrecision", positive.Precision), ("positiveRecall", positive.Recall), ("positiveF1", positive.F1),
            ("negativePrecision", negative.Precision), ("negativeRecall", negative.Recall), ("negativeF1", negative.F1));
        var macro = (positive.F1 + negative.F1) / 2;
        var result = t.Cast<double>().Sum() <= 0
            ? Estimate.None(measure, UndefinedReason.NoPairableUnits, n)
            : double.IsFinite(macro) ? Estimate.Of(measure, macro, n) : Estimate.None(measure, "one of the two classes never occurs, so its F1 is 0 ÷ 0", n);
        return result with { Details = details };
    }

    private static (double Precision, double Recall, double F1) Class(double both, double onlySelf, double onlyOther)
    {
        var (precision, recall) = (both / (both + onlySelf), both / (both + onlyOther));
        return (precision, recall, 2 * both / ((2 * both) + onlySelf + onlyOther) is var f && double.IsFinite(precision) && double.IsFinite(recall) ? f : double.NaN);
    }
}
