namespace HealthEval.Agreement.Statistics;

/// <summary>Results of one ordered pair: the first item was shown first (or played at home).</summary>
/// <param name="First">Item in first position.</param>
/// <param name="Second">Item in second position.</param>
/// <param name="FirstWins">Times the first won.</param>
/// <param name="SecondWins">Times the second won.</param>
/// <param name="Ties">Times neither won.</param>
public sealed record PairResult(string First, string Second, double FirstWins, double SecondWins, double Ties = 0);

/// <summary>What a tie means to the model.</summary>
public enum TieModel
{
    /// <summary>Ties count as half a win for each.</summary>
    HalfWin,

    /// <summary>Davidson (1970): a tie has weight ν·√(π_i π_j).</summary>
    Davidson,

    /// <summary>Rao and Kupper (1967): a win needs a margin θ.</summary>
    RaoKupper,
}

/// <summary>One item's place.</summary>
/// <param name="Item">The item.</param>
/// <param name="LogAbility">Log ability relative to the reference (0 for it).</param>
/// <param name="StandardError">Its standard error; 0 for the reference.</param>
/// <param name="Share">Ability as a share of all, summing to 1.</param>
/// <param name="Rank">1 is best.</param>
/// <param name="RankLow">Best rank compatible with the data, simultaneously for all items.</param>
/// <param name="RankHigh">Worst rank compatible with the data, simultaneously for all items.</param>
/// <param name="Limits">Of the log ability; null for the reference.</param>
public sealed record ItemAbility(
    string Item, double LogAbility, double StandardError, double Share, int Rank, int RankLow, int RankHigh, Interval? Limits = null);

/// <summary>A fitted Bradley–Terry model.</summary>
/// <param name="Summary">Value: the maximized log-likelihood; details: reference, ties, iterations.</param>
/// <param name="Items">The items, best first; empty when undefined.</param>
/// <param name="PositionEffect">Log odds that the first position adds, when asked for.</param>
/// <param name="TieParameter">log ν (Davidson) or log θ (Rao–Kupper), when asked for.</param>
public sealed record BradleyTerryFit(Estimate Summary, IReadOnlyList<ItemAbility> Items, Estimate? PositionEffect, Estimate? TieParameter);

/// <summary>The Bradley–Terry model of paired comparisons.</summary>
public static class BradleyTerry
{
    private const int MostSteps = 200;

    /// <summary>
    /// Maximum likelihood by Newton's method, with ties and a position (home) effect if asked for. Abilities are log odds relative to the reference item.
    /// Undefined with fewer than two items, and when some group of items never lost to the rest (Ford 1957), because an ability is then infinite; the reason names one such item.
    /// Rank limits: a rank moves past every item whose difference is not significant with Bonferroni over all pairs.
    /// Source: Bradley and Terry 1952; Davidson 1970; Rao and Kupper 1967; Agresti 2002, §10.6.
    /// </summary>
    /// <param name="results">Results per ordered pair; several entries per pair add up. Pairs of an item with itself are ignored.</param>
    /// <param name="reference">Item with log ability 0; null takes the first in alphabetical order.</param>
    /// <param name="ties">What ties mean.</param>
    /// <param name="positionEffect">True to estimate what the first position adds.</param>
    /// <param name="confidence">Coverage of the rank limits and intervals.</param>
    /// <param name="clusters">The cluster (prompt) of each result; null takes results for independent. With them, standard errors are those of the cluster-robust
    /// ("sandwich") covariance m ÷ (m − 1) · H⁻¹ Σ g gᵀ H⁻¹ (Liang and Zeger 1986) and limits come from Student's t with m − 1 degrees of freedom.</param>
    public static BradleyTerryFit Compute(
        IEnumerable<PairResult> results, string? reference = null, TieModel ties = TieModel.HalfWin, bool positionEffect = false, double confidence = 0.95,
        IReadOnlyList<string>? clusters = null)
    {
        const string measure = "bradley-terry";
        results = [.. results];
        PairResult[] pairs = [.. results.Where(r => r.First != r.Second && r.FirstWins + r.SecondWins + r.Ties > 0)
            .GroupBy(r => (r.First, r.Second))
            .Select(g => new PairResult(g.Key.First, g.Key.Second, g.Sum(r => r.FirstWins), g.Sum(r => r.SecondWins), g.Sum(r => r.Ties)))
            .OrderBy(r => r.First, StringComparer.Ordinal).ThenBy(r => r.Second, StringComparer.Ordinal)];
        string[] items = [.. pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var size = new SampleSize(items.Length, (int)Math.Round(pairs.Sum(p => p.FirstWins + p.SecondWins + p.Ties)), 0);
        if (Refusal(pairs, items, reference) is { } reason)
        {
            return new BradleyTerryFit(Estimate.None(measure, reason, size), [], null, null);
        }
        var model = new PairModel(pairs, items, Array.IndexOf(items, reference ?? items[0]), ties, positionEffect);
        var steps = Newton(model);
        if (steps < 0 || model.Parameters.Any(b => !double.IsFinite(b) || Math.Abs(b) > 30))
        {
            return new BradleyTerryFit(Estimate.None(measure, "the likelihood has no maximum: some effect is infinite", size), [], null, null);
        }
        var covariance = LinearAlgebra.Invert(model.Information())!;
        var groups = clusters is null ? [] : results.Zip(clusters).GroupBy(r => r.Second, r => r.First, StringComparer.Ordinal).Select(g => (PairResult[])[.. g]).ToArray();
        var quantile = Distributions.NormalQuantile;
        if (clusters is not null)
        {
            if (groups.Length < 2)
            {
                return new BradleyTerryFit(Estimate.None(measure, UndefinedReason.OneCluster, size), [], null, null);
            }
            covariance = Sandwich(model, covariance, groups);
            quantile = p => Distributions.StudentQuantile(p, groups.Length - 1);
        }
        var summary = Estimate.Of(measure, model.LogLikelihood(model.Parameters), size) with
        {
            Details = Details.Of(("value", "log-likelihood"), ("reference", items[model.Reference]), ("ties", ties.ToString()), ("positionEffect", positionEffect), ("iterations", steps)),
        };
        summary = clusters is null ? summary : summary.With("clusters", groups.Length);
        return new BradleyTerryFit(
            summary, Rank(items, model, covariance, confidence, quantile),
            model.PositionIndex is { } p ? Effect("position-effect", model.Parameters[p], covariance[p, p], size, confidence, quantile) : null,
            model.TieIndex is { } t
                ? Effect(ties == TieModel.Davidson ? "tie-log-nu" : "tie-log-theta", model.Parameters[t], covariance[t, t], size, confidence, quantile)
                : null);
    }

    private static double[,] Sandwich(PairModel model, double[,] bread, PairResult[][] clusters)
    {
        var n = model.Parameters.Length;
        var (meat, result, share) = (new double[n, n], new double[n, n], clusters.Length / (clusters.Length - 1.0));
        foreach (var gradient in clusters.Select(model.GradientOf))
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    meat[i, j] += share * gradient[i] * gradient[j];
                }
            }
        }
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                for (var k = 0; k < n * n; k++)
                {
                    result[i, j] += bread[i, k / n] * meat[k / n, k % n] * bread[k % n, j];
                }
            }
        }
        return result;
    }

    private static string? Refusal(PairResult[] pairs, string[] items, string? reference)
    {
        if (items.Length < 2)
        {
            return "fewer than two items were compared";
        }
        if (reference is not null && !items.Contains(reference, StringComparer.Ordinal))
        {
            return $"the reference '{reference}' was never compared";
        }
        // Ford (1957): the maximum exists when every item can be reached from every other along wins (ties count both ways).
        var beats = items.ToDictionary(i => i, _ => new List<string>(), StringComparer.Ordinal);
        var loses = items.ToDictionary(i => i, _ => new List<string>(), StringComparer.Ordinal);
        foreach (var p in pairs)
        {
            foreach (var (winner, loser, times) in new[] { (p.First, p.Second, p.FirstWins + p.Ties), (p.Second, p.First, p.SecondWins + p.Ties) })
            {
                if (times > 0)
                {
                    beats[winner].Add(loser);
                    loses[loser].Add(winner);
                }
            }
        }
        var (below, above) = (Reach(items[0], beats), Reach(items[0], loses));
        var apart = items.FirstOrDefault(i => !below.Contains(i) || !above.Contains(i));
        return apart is null ? null : $"wins do not connect '{apart}' and '{items[0]}' both ways, so some ability would be infinite";
    }

    private static HashSet<string> Reach(string from, Dictionary<string, List<string>> edges)
    {
        var (seen, open) = (new HashSet<string>(StringComparer.Ordinal) { from }, new Stack<string>([from]));
        while (open.TryPop(out var item))
        {
            foreach (var next in edges[item].Where(seen.Add))
            {
                open.Push(next);
            }
        }
        return seen;
    }

    /// <summary>Newton steps with halving; returns their number, or −1 when they do not settle.</summary>
    private static int Newton(PairModel model)
    {
        var current = model.LogLikelihood(model.Parameters);
        for (var step = 1; step <= MostSteps; step++)
        {
            if (LinearAlgebra.Solve(model.Information(), model.Gradient()) is not { } move)
            {
                return -1;
            }
            var scale = 1.0;
            double[] next;
            double value;
            do
            {
                next = [.. model.Parameters.Zip(move, (b, m) => b + (scale * m))];
                value = model.LogLikelihood(next);
                scale /= 2;
            }
            while (!(value >= current - (1e-12 * Math.Abs(current))) && scale > 1e-10);
            next.CopyTo(model.Parameters, 0);
            current = value;
            if (move.Max(Math.Abs) < 1e-11)
            {
                return step;
            }
        }
        return -1;
    }

    private static Estimate Effect(string measure, double value, double variance, SampleSize size, double confidence, Func<double, double> quantile)
    {
        var (se, z) = (Math.Sqrt(variance), quantile((1 + confidence) / 2));
        return Estimate.Of(measure, value, size) with
        {
            StandardError = se,
            Interval = Interval.Of(value - (z * se), value + (z * se), confidence, "Wald"),
            Details = Details.Of(("z", value / se), ("pValue", Distributions.NormalTwoSided(value / se))),
        };
    }

    private static ItemAbility[] Rank(string[] items, PairModel model, double[,] covariance, double confidence, Func<double, double> quantile)
    {
        var abilities = Enumerable.Range(0, items.Length).Select(model.Ability).ToArray();
        var pairs = items.Length * (items.Length - 1) / 2.0;
        var critical = quantile(1 - ((1 - confidence) / 2 / pairs));
        var most = abilities.Max();
        var total = abilities.Sum(a => Math.Exp(a - most));
        var places = items.Select((item, i) =>
        {
            var better = Enumerable.Range(0, items.Length).Count(j => abilities[j] - abilities[i] > critical * Difference(i, j));
            var worse = Enumerable.Range(0, items.Length).Count(j => abilities[i] - abilities[j] > critical * Difference(i, j));
            var rank = 1 + abilities.Count(a => a > abilities[i]);
            var (se, half) = (Math.Sqrt(Covariance(i, i)), Math.Sqrt(Covariance(i, i)) * quantile((1 + confidence) / 2));
            var limits = model.Index(i) is null ? null : Interval.Of(abilities[i] - half, abilities[i] + half, confidence, "Wald");
            return new ItemAbility(item, abilities[i], se, Math.Exp(abilities[i] - most) / total, rank, 1 + better, items.Length - worse, limits);
        });
        return [.. places.OrderBy(p => p.Rank).ThenBy(p => p.Item, StringComparer.Ordinal)];

        double Difference(int i, int j) => i == j ? double.PositiveInfinity : Math.Sqrt(Math.Max(0, Covariance(i, i) + Covariance(j, j) - (2 * Covariance(i, j))));

        double Covariance(int i, int j) => model.Index(i) is { } a && model.Index(j) is { } b ? covariance[a, b] : 0;
    }
}
