namespace HealthEval.Agreement.Statistics;

/// <summary>Lin's concordance correlation.</summary>
public static class LinConcordance
{
    /// <summary>
    /// Concordance correlation of two raters' numbers over the units both rated: 2 s_xy ÷ (s_x² + s_y² + (x̄ − ȳ)²), moments with divisor n.
    /// Range −1 to 1. Undefined for labels, for other than two raters, with fewer than three common units, and when a rater's values do not vary.
    /// Standard error and Fisher-z interval: Lin 1989, Biometrics 45: 255–268, with the correction of 2000. For more raters see <see cref="Overall"/>.
    /// </summary>
    public static Estimate Compute(RatingMatrix matrix, double confidence = 0.95)
    {
        const string measure = "lin-ccc";
        if (matrix.Scale.Numbers is not { } numbers)
        {
            return Estimate.None(measure, UndefinedReason.NeedsNumbers, matrix.Size);
        }
        if (matrix.Raters.Count != 2)
        {
            return Estimate.None(measure, UndefinedReason.NeedsTwoRaters, matrix.Size);
        }
        var both = Enumerable.Range(0, matrix.Units.Count)
            .Select(u => (X: matrix.LevelOf(u, 0), Y: matrix.LevelOf(u, 1))).Where(p => p is { X: >= 0, Y: >= 0 }).Select(p => (X: numbers[p.X], Y: numbers[p.Y])).ToArray();
        var size = new SampleSize(both.Length, 2 * both.Length, 2);
        if (both.Length < 3)
        {
            return Estimate.None(measure, "there are fewer than three units that both rated", size);
        }
        var moments = Moments(both);
        if (moments.Vx <= 0 || moments.Vy <= 0)
        {
            return Estimate.None(measure, "a rater gave the same value everywhere", size);
        }
        return Describe(Estimate.Of(measure, moments.Concordance, size), moments, both.Length, confidence);
    }

    /// <summary>
    /// Overall concordance of two or more raters on the units all rated (Barnhart, Haber and Song 2002): the pairwise coefficients weighted by their denominators. No standard error.
    /// </summary>
    public static Estimate Overall(RatingMatrix matrix)
    {
        const string measure = "lin-ccc overall";
        if (matrix.Scale.Numbers is not { } numbers)
        {
            return Estimate.None(measure, UndefinedReason.NeedsNumbers, matrix.Size);
        }
        var raters = matrix.Raters.Count;
        double[][] rows = [.. Enumerable.Range(0, matrix.Units.Count).Where(u => matrix.LevelsOf(u).Length == raters)
            .Select(u => matrix.LevelsOf(u).ToArray().Select(l => numbers[l]).ToArray())];
        var size = new SampleSize(rows.Length, rows.Length * raters, raters);
        if (raters < 2 || rows.Length < 2)
        {
            return Estimate.None(measure, raters < 2 ? UndefinedReason.OneRater : UndefinedReason.NeedsCompleteMatrix, size);
        }
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < raters; i++)
        {
            for (var j = i + 1; j < raters; j++)
            {
                var m = Moments([.. rows.Select(r => (r[i], r[j]))]);
                above += 2 * m.Covariance;
                below += m.Vx + m.Vy + (m.Shift * m.Shift);
            }
        }
        return below > 0 ? Estimate.Of(measure, above / below, size) : Estimate.None(measure, UndefinedReason.NoVariation, size);
    }

    private static Estimate Describe(Estimate estimate, (double Vx, double Vy, double Covariance, double Shift, double Concordance) m, int n, double confidence)
    {
        var (c, r) = (m.Concordance, m.Covariance / Math.Sqrt(m.Vx * m.Vy));
        var u2 = m.Shift * m.Shift / Math.Sqrt(m.Vx * m.Vy);
        var details = Details.Of(("pearson", r), ("biasCorrection", c / r), ("scaleShift", Math.Sqrt(m.Vx / m.Vy)), ("locationShift", m.Shift / Math.Pow(m.Vx * m.Vy, 0.25)));
        var variance = (((1 - (r * r)) * c * c * (1 - (c * c)) / (r * r)) + (2 * c * c * c * (1 - c) * u2 / r) - (0.5 * Math.Pow(c, 4) * u2 * u2 / (r * r))) / (n - 2);
        if (!(variance > 0) || Math.Abs(c) >= 1)
        {
            return estimate with { Details = details.And("interval", "the standard error is not defined at perfect or at zero correlation") };
        }
        var se = Math.Sqrt(variance);
        var half = Distributions.NormalQuantile((1 + confidence) / 2) * se / (1 - (c * c));
        var z = Math.Atanh(c);
        return estimate with { StandardError = se, Details = details, Interval = Interval.Of(Math.Tanh(z - half), Math.Tanh(z + half), confidence, "Fisher z") };
    }

    private static (double Vx, double Vy, double Covariance, double Shift, double Concordance) Moments((double X, double Y)[] pairs)
    {
        var (mx, my) = (pairs.Average(p => p.X), pairs.Average(p => p.Y));
        var (vx, vy) = (pairs.Average(p => (p.X - mx) * (p.X - mx)), pairs.Average(p => (p.Y - my) * (p.Y - my)));
        var covariance = pairs.Average(p => (p.X - mx) * (p.Y - my));
        return (vx, vy, covariance, mx - my, 2 * covariance / (vx + vy + ((mx - my) * (mx - my))));
    }
}
