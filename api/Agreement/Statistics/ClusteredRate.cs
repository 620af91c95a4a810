namespace HealthEval.Agreement.Statistics;

/// <summary>Shares, rates and win rates whose trials come in clusters: the one rule for their limits.</summary>
public static class ClusteredRate
{
    /// <summary>
    /// Σ successes ÷ Σ trials over all clusters (prompts), 0–1; undefined without trials. Standard error: linearised with the clusters as units,
    /// √(m ÷ (m − 1) · Σ (sᵢ − p·nᵢ)²) ÷ n (Cochran 1977, §11.8). Limits:
    /// <list type="bullet">
    /// <item>nothing or everything observed: exact on the m clusters (Clopper and Pearson 1934), since more trials in a cluster are no more evidence;</item>
    /// <item>one trial in every cluster: Wilson's score interval (Wilson 1927);</item>
    /// <item>else on the logit scale, p ± t·se with Student's t at m − 1 degrees of freedom (Korn and Graubard 1999, §3.4), which stays inside 0–1 and keeps its coverage for few clusters,
    /// where quantiles of a bootstrap are too narrow;</item>
    /// <item>the same share in every cluster, so that the clusters say nothing about sampling error: Wilson's interval with the clusters as trials;</item>
    /// <item>one cluster: none.</item>
    /// </list>
    /// n: trials as units; details: successes, trials, clusters, designEffect.
    /// </summary>
    /// <param name="measure">Name of the result.</param>
    /// <param name="parts">Successes (a tie may be one half) and trials, one component; several parts of a cluster add up.</param>
    /// <param name="confidence">Coverage.</param>
    public static Estimate Compute(string measure, IReadOnlyList<ClusterTotals> parts, double confidence = 0.95)
    {
        (double Successes, double Trials)[] clusters = [.. parts.GroupBy(p => p.Cluster, StringComparer.Ordinal)
            .Select(g => (g.Sum(p => p.Sums[0]), g.Sum(p => p.Counts[0]))).Where(c => c.Item2 > 0)];
        var (successes, trials, m) = (clusters.Sum(c => c.Successes), clusters.Sum(c => c.Trials), clusters.Length);
        var size = new SampleSize((int)trials, (int)trials, 0);
        if (trials == 0)
        {
            return Estimate.None(measure, UndefinedReason.NoRatings, size);
        }

        var rate = successes / trials;
        var error = m < 2 ? double.NaN : Math.Sqrt(m / (m - 1.0) * clusters.Sum(c => Math.Pow(c.Successes - (rate * c.Trials), 2))) / trials;
        var binomial = Math.Sqrt(rate * (1 - rate) / trials);
        var estimate = Estimate.Of(measure, rate, size) with
        {
            StandardError = error,
            Details = Details.Of(("successes", successes), ("trials", trials), ("clusters", m), ("designEffect", binomial > 0 ? Math.Pow(error / binomial, 2) : null)),
        };
        return m < 2 && trials > 1
            ? estimate.With("interval", UndefinedReason.OneCluster)
            : estimate with { Interval = Limits(clusters, rate, error, confidence) };
    }

    private static Interval? Limits((double Successes, double Trials)[] clusters, double rate, double error, double confidence)
    {
        var m = clusters.Length;
        if (rate is 0 or 1)
        {
            return Exact((int)rate, m, confidence);
        }
        if (clusters.All(c => c.Trials == 1))
        {
            return Proportions.WilsonInterval(rate * m, m, confidence);
        }
        if (!(error > 1e-12))
        {
            return Proportions.WilsonInterval(rate * m, m, confidence) is { } wilson ? wilson with { Method = "Wilson score, clusters as trials" } : null;
        }
        var half = Distributions.StudentQuantile((1 + confidence) / 2, m - 1) * error / (rate * (1 - rate));
        var middle = Math.Log(rate / (1 - rate));
        return Interval.Of(Logistic(middle - half), Logistic(middle + half), confidence, "logit, cluster-robust, t");
    }

    /// <summary>Limits of a share of 0 or 1 that every one of some clusters shows.</summary>
    internal static Interval Exact(int share, int clusters, double confidence) =>
        Proportions.ClopperPearson(share * clusters, clusters, confidence).Interval! with { Method = "Clopper–Pearson exact on clusters" };

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
