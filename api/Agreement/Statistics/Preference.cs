namespace HealthEval.Agreement.Statistics;

/// <summary>What a tie is worth in a win rate.</summary>
public enum TieCredit
{
    /// <summary>Half a win.</summary>
    Half,

    /// <summary>Left out.</summary>
    LeftOut,

    /// <summary>Not a win.</summary>
    Loss,
}

/// <summary>Win rates and the effect of position.</summary>
public static class Preference
{
    /// <summary>
    /// Share of comparisons won, with Wilson's interval; the exact Clopper–Pearson limits are in the details (they need whole numbers, so half wins are rounded outward:
    /// down for the lower limit, up for the upper). Range 0–1; undefined without comparisons. Standard error: sample standard deviation of the scores ÷ √n.
    /// Source: Wilson 1927; Clopper and Pearson 1934.
    /// </summary>
    public static Estimate WinRate(int wins, int losses, int ties = 0, TieCredit credit = TieCredit.Half, double confidence = 0.95)
    {
        const string measure = "win-rate";
        ArgumentOutOfRangeException.ThrowIfNegative(wins);
        ArgumentOutOfRangeException.ThrowIfNegative(losses);
        ArgumentOutOfRangeException.ThrowIfNegative(ties);
        var trials = wins + losses + (credit == TieCredit.LeftOut ? 0 : ties);
        if (trials == 0)
        {
            return Estimate.None(measure, "nothing was compared");
        }
        var score = wins + (credit == TieCredit.Half ? ties / 2.0 : 0);
        var rate = score / trials;
        var squares = wins + (credit == TieCredit.Half ? ties / 4.0 : 0);
        var low = Proportions.ClopperPearson((int)Math.Floor(score), trials, confidence).Interval!;
        var high = Proportions.ClopperPearson((int)Math.Ceiling(score), trials, confidence).Interval!;
        return Estimate.Of(measure, rate, new SampleSize(trials, trials, 0)) with
        {
            StandardError = Math.Sqrt(Math.Max(0, (squares / trials) - (rate * rate)) / trials),
            Interval = Proportions.WilsonInterval(score, trials, confidence),
            Details = Details.Of(
                ("wins", wins), ("losses", losses), ("ties", ties), ("tieCredit", credit.ToString()),
                ("clopperPearson", new[] { low.Lower, high.Upper }), ("pValue", wins + losses == 0 ? null : SignTest(wins, losses))),
        };
    }

    /// <summary>
    /// Does the first position win more often than chance? Share of decided comparisons won by the first position, Wilson's interval, and the exact two-sided
    /// sign test p in the details. Range 0–1, 0.5 is no bias; undefined when every comparison was a tie.
    /// </summary>
    public static Estimate PositionBias(int firstWins, int secondWins, double confidence = 0.95)
    {
        var estimate = WinRate(firstWins, secondWins, 0, TieCredit.LeftOut, confidence) with { Measure = "position-bias" };
        return estimate.IsDefined ? estimate.With("firstWins", firstWins).With("secondWins", secondWins) : Estimate.None("position-bias", "no comparison was decided");
    }

    /// <summary>Exact two-sided p of the sign test (binomial, ½).</summary>
    internal static double SignTest(int a, int b)
    {
        var (most, n) = (Math.Max(a, b), a + b);
        // P(X ≥ m) for X ~ Bin(n, ½) is the incomplete beta function I_½(m, n − m + 1).
        var tail = most == 0 ? 1 : Distributions.Beta(most, n - most + 1, 0.5);
        return Math.Min(1, 2 * tail);
    }
}
