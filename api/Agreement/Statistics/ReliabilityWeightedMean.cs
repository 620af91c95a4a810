namespace HealthEval.Agreement.Statistics;

/// <summary>The weighted mean of one unit.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Mean">Weighted mean of its ratings; null when nobody rated.</param>
/// <param name="StandardError">1 ÷ √Σ weights; null when nobody rated or the weights have no scale.</param>
/// <param name="Ratings">Number of ratings.</param>
public sealed record UnitMean(string Unit, double? Mean, double? StandardError, int Ratings);

/// <summary>A rater's error as seen from the others.</summary>
/// <param name="Rater">The rater.</param>
/// <param name="ErrorSd">Standard deviation of this rater's ratings around the mean of the others.</param>
/// <param name="Weight">Weight of a rating, 1 for the average rater.</param>
/// <param name="Ratings">Ratings on units that somebody else rated too.</param>
public sealed record RaterWeight(string Rater, double ErrorSd, double Weight, int Ratings);

/// <summary>Consensus of numeric ratings that trusts consistent raters more.</summary>
public static class ReliabilityWeightedMean
{
    /// <summary>
    /// Weighted mean per unit with weights 1 ÷ error variance per rater, found by iteration: a rater's error is measured against the weighted mean of the others
    /// on the same unit, and shrunk towards the pooled error by one pseudo-observation so that a rater with few ratings cannot get an extreme weight.
    /// The summary's value is the mean of the unit means. Undefined for labels and without ratings; with no unit rated twice all weights are 1.
    /// Source: inverse-variance weighting (Cochran 1937) with leave-one-out residuals.
    /// </summary>
    public static (Estimate Summary, IReadOnlyList<UnitMean> Units, IReadOnlyList<RaterWeight> Raters) Compute(RatingMatrix matrix, int iterations = 50)
    {
        const string measure = "weighted-mean";
        if (matrix.Scale.Numbers is not { } numbers)
        {
            return (Estimate.None(measure, UndefinedReason.NeedsNumbers, matrix.Size), [], []);
        }
        if (matrix.RatingCount == 0)
        {
            return (Estimate.None(measure, UndefinedReason.NoRatings), [], []);
        }
        double[] values = [.. numbers];
        var (weights, variances, counts) = (Enumerable.Repeat(1.0, matrix.Raters.Count).ToArray(), new double[matrix.Raters.Count], new int[matrix.Raters.Count]);
        for (var i = 0; i < iterations && Reweigh(matrix, values, weights, variances, counts) > 1e-12; i++)
        {
        }
        var scale = variances.Zip(counts, (v, n) => v * n).Sum() / Math.Max(1, counts.Sum());
        UnitMean[] units = [.. Enumerable.Range(0, matrix.Units.Count).Select(u => Mean(matrix, values, weights, scale, u))];
        RaterWeight[] raters = [.. matrix.Raters.Select((r, g) => new RaterWeight(r, Math.Sqrt(variances[g]), weights[g], counts[g]))];
        return (Estimate.Of(measure, units.Average(u => u.Mean) ?? double.NaN, matrix.Size), units, raters);
    }

    private static UnitMean Mean(RatingMatrix matrix, double[] values, double[] weights, double scale, int unit)
    {
        var (sum, weight) = Sums(matrix, values, weights, unit);
        return new UnitMean(matrix.Units[unit], weight > 0 ? sum / weight : null, weight > 0 && scale > 0 ? Math.Sqrt(scale / weight) : null, matrix.LevelsOf(unit).Length);
    }

    private static (double Sum, double Weight) Sums(RatingMatrix matrix, double[] values, double[] weights, int unit)
    {
        var raters = matrix.RatersOf(unit);
        var levels = matrix.LevelsOf(unit);
        var (sum, weight) = (0.0, 0.0);
        for (var i = 0; i < raters.Length; i++)
        {
            sum += weights[raters[i]] * values[levels[i]];
            weight += weights[raters[i]];
        }
        return (sum, weight);
    }

    /// <summary>One round; returns the largest relative change of a weight.</summary>
    private static double Reweigh(RatingMatrix matrix, double[] values, double[] weights, double[] variances, int[] counts)
    {
        Array.Clear(variances);
        Array.Clear(counts);
        for (var u = 0; u < matrix.Units.Count; u++)
        {
            var raters = matrix.RatersOf(u);
            var levels = matrix.LevelsOf(u);
            var (sum, weight) = Sums(matrix, values, weights, u);
            for (var i = 0; i < raters.Length && raters.Length > 1; i++)
            {
                var (g, x) = (raters[i], values[levels[i]]);
                var others = (sum - (weights[g] * x)) / (weight - weights[g]);
                variances[g] += (x - others) * (x - others);
                counts[g]++;
            }
        }
        var pooled = variances.Sum() / Math.Max(1, counts.Sum());
        var change = 0.0;
        for (var g = 0; g < weights.Length; g++)
        {
            variances[g] = (variances[g] + pooled) / (counts[g] + 1);
            var weight = pooled > 0 ? pooled / variances[g] : 1;
            change = Math.Max(change, Math.Abs(weight - weights[g]) / weights[g]);
            weights[g] = weight;
        }
        return change;
    }
}
