namespace HealthEval.Agreement.Statistics;

/// <summary>Settings of MACE.</summary>
/// <param name="Seed">Seed of the random restarts.</param>
/// <param name="Restarts">Random starts; the one with the best log-likelihood is kept.</param>
/// <param name="Iterations">EM steps per start.</param>
/// <param name="Smoothing">Pseudo-count of the M step, divided by the number of levels.</param>
public sealed record MaceOptions(ulong Seed = Resampling.DefaultSeed, int Restarts = 10, int Iterations = 50, double Smoothing = 0.01);

/// <summary>Multi-annotator competence estimation.</summary>
public static class Mace
{
    /// <summary>
    /// Consensus of raters who either know the answer or guess from a personal strategy: P(said = l | true = t) = θ·[l = t] + (1 − θ)·ξ(l), true levels equally likely beforehand.
    /// The summary's value is the log-likelihood; details: the competence θ per rater (0–1). Undefined without ratings.
    /// Source: Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013, NAACL: 1120–1130; EM with smoothing and seeded restarts.
    /// </summary>
    public static Consensus Compute(RatingMatrix matrix, MaceOptions? options = null)
    {
        const string measure = "mace";
        options ??= new MaceOptions();
        if (matrix.RatingCount == 0)
        {
            return new Consensus(Estimate.None(measure, UndefinedReason.NoRatings), matrix.Scale.Labels, [], []);
        }
        MaceEm? best = null;
        for (var start = 0; start < options.Restarts; start++)
        {
            var em = new MaceEm(matrix, options.Smoothing / matrix.Scale.Count, new CounterRandom(options.Seed, (ulong)start));
            for (var i = 0; i < options.Iterations; i++)
            {
                em.Step();
            }
            best = best is null || em.LogLikelihood > best.LogLikelihood ? em : best;
        }
        var q = matrix.Scale.Count;
        UnitConsensus[] units = [.. matrix.Units.Select((name, u) => Consensus.Decide(name, matrix.Scale, best!.Posterior.AsSpan(u * q, q), matrix.LevelsOf(u).Length))];
        var summary = Estimate.Of(measure, best!.LogLikelihood, matrix.Size) with
        {
            Seed = options.Seed,
            Details = Details.Of(
                ("value", "log-likelihood"), ("restarts", options.Restarts), ("iterations", options.Iterations), ("levels", matrix.Scale.Labels),
                ("competence", matrix.Raters.Select((r, g) => Details.Of(("rater", r), ("competence", best.Knows[g]))).ToArray())),
        };
        return new Consensus(summary, matrix.Scale.Labels, units, Consensus.Confusions(matrix, best.Posterior));
    }
}

internal sealed class MaceEm
{
    private readonly RatingMatrix _matrix;
    private readonly double _smoothing;
    private readonly int _q;
    private readonly double[] _guess;

    public MaceEm(RatingMatrix matrix, double smoothing, CounterRandom random)
    {
        (_matrix, _smoothing, _q) = (matrix, smoothing, matrix.Scale.Count);
        Posterior = new double[matrix.Units.Count * _q];
        Knows = [.. matrix.Raters.Select((_, g) => 0.1 + (0.8 * random.Uniform((ulong)g)))];
        _guess = new double[matrix.Raters.Count * _q];
        for (var g = 0; g < matrix.Raters.Count; g++)
        {
            var draws = Enumerable.Range(0, _q).Select(l => 0.1 + random.Uniform((ulong)(matrix.Raters.Count + (g * _q) + l))).ToArray();
            for (var l = 0; l < _q; l++)
            {
                _guess[(g * _q) + l] = draws[l] / draws.Sum();
            }
        }
    }

    public double[] Posterior { get; }

    public double[] Knows { get; }

    public double LogLikelihood { get; private set; }

    public void Step()
    {
        var (knew, guessed) = (new double[_matrix.Raters.Count], new double[_guess.Length]);
        LogLikelihood = 0;
        for (var u = 0; u < _matrix.Units.Count; u++)
        {
            var raters = _matrix.RatersOf(u);
            var levels = _matrix.LevelsOf(u);
            if (raters.Length == 0)
            {
                continue;
            }
            var posterior = Posterior.AsSpan(u * _q, _q);
            LogLikelihood += Expect(raters, levels, posterior);
            for (var i = 0; i < raters.Length; i++)
            {
                var (g, l) = (raters[i], levels[i]);
                var share = Knows[g] / (Knows[g] + ((1 - Knows[g]) * _guess[(g * _q) + l]));
                knew[g] += posterior[l] * share;
                guessed[(g * _q) + l] += 1 - (posterior[l] * share);
            }
        }
        for (var g = 0; g < knew.Length; g++)
        {
            var spam = guessed.AsSpan(g * _q, _q);
            var total = 0.0;
            foreach (var x in spam)
            {
                total += x;
            }
            Knows[g] = (knew[g] + _smoothing) / (knew[g] + total + (2 * _smoothing));
            for (var l = 0; l < _q; l++)
            {
                _guess[(g * _q) + l] = (spam[l] + _smoothing) / (total + (_q * _smoothing));
            }
        }
    }

    private double Expect(ReadOnlySpan<int> raters, ReadOnlySpan<int> levels, Span<double> posterior)
    {
        posterior.Fill(-Math.Log(_q));
        for (var i = 0; i < raters.Length; i++)
        {
            var guess = (1 - Knows[raters[i]]) * _guess[(raters[i] * _q) + levels[i]];
            for (var k = 0; k < _q; k++)
            {
                posterior[k] += Math.Log(guess + (k == levels[i] ? Knows[raters[i]] : 0));
            }
        }
        var most = double.NegativeInfinity;
        foreach (var p in posterior)
        {
            most = Math.Max(most, p);
        }
        var sum = 0.0;
        for (var k = 0; k < _q; k++)
        {
            posterior[k] = Math.Exp(posterior[k] - most);
            sum += posterior[k];
        }
        for (var k = 0; k < _q; k++)
        {
            posterior[k] /= sum;
        }
        return most + Math.Log(sum);
    }
}
