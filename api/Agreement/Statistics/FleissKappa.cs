namespace HealthEval.Agreement.Statistics;

/// <summary>Fleiss' kappa with its own test and per category.</summary>
public static class FleissKappa
{
    /// <summary>
    /// Fleiss' kappa for any number of raters. Value, standard error and t interval as <see cref="GwetAgreement.Fleiss"/>, so missing ratings are allowed.
    /// Where every unit has the same number of ratings, the details hold the standard error under no agreement "se0" with "z" and "pValue",
    /// and per category kappa, se0 and z (Fleiss 1971; Fleiss, Nee and Landis 1979, as R's irr). Undefined when no unit has two ratings or all ratings are equal.
    /// </summary>
    public static Estimate Compute(ValueCounts counts, double confidence = 0.95, Resampling? resampling = null)
    {
        var estimate = GwetAgreement.Fleiss(counts, AgreementWeights.Of(WeightSet.Unweighted, counts.Scale), confidence, resampling);
        if (estimate.Value is not { } kappa)
        {
            return estimate;
        }
        var units = Enumerable.Range(0, counts.UnitCount).Where(u => counts.TotalOf(u) > 0).ToArray();
        var perUnit = counts.TotalOf(units[0]);
        if (Array.Exists(units, u => counts.TotalOf(u) != perUnit))
        {
            return estimate.With("test", "units have different numbers of ratings, so Fleiss' standard error under no agreement does not apply");
        }
        var shares = Shares(counts, units, perUnit);
        var pairs = (double)units.Length * perUnit * (perUnit - 1);
        var spread = shares.Sum(p => p * (1 - p));
        var skew = shares.Sum(p => p * (1 - p) * (1 - (2 * p)));
        var se0 = Math.Sqrt(2 * Math.Max(0, (spread * spread) - skew) / pairs) / spread;
        return estimate.With("se0", se0).With("z", kappa / se0).With("pValue0", Distributions.NormalTwoSided(kappa / se0))
            .With("categories", Categories(counts, units, shares, pairs));
    }

    private static Details[] Categories(ValueCounts counts, int[] units, double[] shares, double pairs)
    {
        var split = new double[shares.Length];
        foreach (var u in units)
        {
            var levels = counts.LevelsOf(u);
            var times = counts.CountsOf(u);
            for (var i = 0; i < levels.Length; i++)
            {
                split[levels[i]] += times[i] * (double)(counts.TotalOf(u) - times[i]);
            }
        }
        var se0 = Math.Sqrt(2 / pairs);
        return [.. shares.Select((p, j) =>
        {
            var kappa = p is > 0 and < 1 ? 1 - (split[j] / (pairs * p * (1 - p))) : (double?)null;
            return Details.Of(
                ("category", counts.Scale.Labels[j]), ("share", p), ("kappa", kappa), ("se0", se0), ("z", kappa / se0),
                ("undefined", kappa is null ? UndefinedReason.NoVariation : null));
        })];
    }

    private static double[] Shares(ValueCounts counts, int[] units, int perUnit)
    {
        var shares = new double[counts.Scale.Count];
        foreach (var u in units)
        {
            var levels = counts.LevelsOf(u);
            var times = counts.CountsOf(u);
            for (var i = 0; i < levels.Length; i++)
            {
                shares[levels[i]] += times[i];
            }
        }
        return [.. shares.Select(s => s / ((double)units.Length * perUnit))];
    }
}
