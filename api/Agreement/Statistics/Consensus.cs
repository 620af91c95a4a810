namespace HealthEval.Agreement.Statistics;

/// <summary>What the raters together say about one unit.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Label">The most probable level, or null when several are tied or nobody rated.</param>
/// <param name="Tied">The tied levels, when there are several.</param>
/// <param name="Posterior">Probability (or share of the votes) per level, summing to 1; empty when nobody rated.</param>
/// <param name="Entropy">Entropy of it in bits, from 0 to log₂ of the number of levels.</param>
/// <param name="Ratings">Number of ratings.</param>
public sealed record UnitConsensus(string Unit, string? Label, IReadOnlyList<string> Tied, IReadOnlyList<double> Posterior, double Entropy, int Ratings);

/// <summary>How a rater's answers relate to the consensus.</summary>
/// <param name="Rater">The rater.</param>
/// <param name="Ratings">Number of ratings.</param>
/// <param name="Accuracy">Probability of the right answer, weighted by how common each level is; null when it cannot be estimated.</param>
/// <param name="Confusion">Row = true level, column = level said, rows summing to 1; a row is null when the level never occurred for this rater.</param>
public sealed record RaterConfusion(string Rater, int Ratings, double? Accuracy, IReadOnlyList<double[]?> Confusion);

/// <summary>A consensus over a rating matrix.</summary>
/// <param name="Summary">One figure of the method and its details.</param>
/// <param name="Levels">The levels, in the order of every posterior and confusion matrix.</param>
/// <param name="Units">One entry per unit, in the order of the matrix.</param>
/// <param name="Raters">One entry per rater, in the order of the matrix.</param>
public sealed record Consensus(Estimate Summary, IReadOnlyList<string> Levels, IReadOnlyList<UnitConsensus> Units, IReadOnlyList<RaterConfusion> Raters)
{
    private const double SameProbability = 1e-12;

    internal static UnitConsensus Decide(string unit, Scale scale, ReadOnlySpan<double> posterior, int ratings)
    {
        if (ratings == 0)
        {
            return new UnitConsensus(unit, null, [], [], 0, 0);
        }
        var (best, entropy) = (0.0, 0.0);
        foreach (var p in posterior)
        {
            best = Math.Max(best, p);
            entropy -= p > 0 ? p * Math.Log2(p) : 0;
        }
        var winners = new List<string>();
        for (var k = 0; k < posterior.Length; k++)
        {
            if (best - posterior[k] <= SameProbability)
            {
                winners.Add(scale.Labels[k]);
            }
        }
        return new UnitConsensus(unit, winners.Count == 1 ? winners[0] : null, winners.Count > 1 ? winners : [], posterior.ToArray(), Math.Max(0, entropy), ratings);
    }

    /// <summary>Confusion matrices of all raters against soft labels (units × levels, row by row).</summary>
    internal static RaterConfusion[] Confusions(RatingMatrix matrix, double[] posterior)
    {
        var q = matrix.Scale.Count;
        var counts = new double[matrix.Raters.Count][,];
        var ratings = new int[matrix.Raters.Count];
        for (var g = 0; g < counts.Length; g++)
        {
            counts[g] = new double[q, q];
        }
        for (var u = 0; u < matrix.Units.Count; u++)
        {
            var raters = matrix.RatersOf(u);
            var levels = matrix.LevelsOf(u);
            for (var i = 0; i < raters.Length; i++)
            {
                ratings[raters[i]]++;
                for (var k = 0; k < q; k++)
                {
                    counts[raters[i]][k, levels[i]] += posterior[(u * q) + k];
                }
            }
        }
        return [.. counts.Select((c, g) => Confusion(matrix.Raters[g], ratings[g], c))];
    }

    internal static RaterConfusion Confusion(string rater, int ratings, double[,] counts)
    {
        var q = counts.GetLength(0);
        var (rows, right, all) = (new double[]?[q], 0.0, 0.0);
        for (var k = 0; k < q; k++)
        {
            var row = new double[q];
            for (var l = 0; l < q; l++)
            {
                row[l] = counts[k, l];
            }
            var sum = row.Sum();
            (right, all) = (right + row[k], all + sum);
            rows[k] = sum > 0 ? [.. row.Select(x => x / sum)] : null;
        }
        return new RaterConfusion(rater, ratings, all > 0 ? right / all : null, rows);
    }
}

/// <summary>Majority vote.</summary>
public static class Majority
{
    /// <summary>
    /// The most frequent level per unit; a tie is shown as a tie, never broken. The summary is the share of rated units with a single winner, with Wilson's interval.
    /// Undefined without ratings.
    /// </summary>
    public static Consensus Compute(RatingMatrix matrix, double confidence = 0.95)
    {
        var q = matrix.Scale.Count;
        var shares = new double[matrix.Units.Count * q];
        var units = new UnitConsensus[matrix.Units.Count];
        for (var u = 0; u < units.Length; u++)
        {
            var levels = matrix.LevelsOf(u);
            foreach (var l in levels)
            {
                shares[(u * q) + l] += 1.0 / levels.Length;
            }
            units[u] = Consensus.Decide(matrix.Units[u], matrix.Scale, shares.AsSpan(u * q, q), levels.Length);
        }
        var (decided, rated) = (units.Count(u => u.Label is not null), units.Count(u => u.Ratings > 0));
        var summary = Proportions.Wilson(decided, rated, confidence) with { Measure = "majority", N = new SampleSize(rated, matrix.RatingCount, matrix.Raters.Count) };
        return new Consensus(summary.With("ties", rated - decided), matrix.Scale.Labels, units, Consensus.Confusions(matrix, shares));
    }
}
