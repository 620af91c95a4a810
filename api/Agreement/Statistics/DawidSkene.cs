namespace HealthEval.Agreement.Statistics;

/// <summary>Settings of the Dawid–Skene estimation.</summary>
/// <param name="Smoothing">Pseudo-count added to every cell of every confusion matrix; 0 as in the paper.</param>
/// <param name="Tolerance">EM stops when the log-likelihood gains less than this share of its size.</param>
/// <param name="MaxIterations">Most EM steps.</param>
/// <param name="Threads">Most threads; null leaves it to the machine. The result has the same bits for any number.</param>
public sealed record DawidSkeneOptions(double Smoothing = 0, double Tolerance = 1e-12, int MaxIterations = 1000, int? Threads = null);

/// <summary>The consensus model of Dawid and Skene.</summary>
public static class DawidSkene
{
    /// <summary>
    /// Maximum likelihood by EM of the true level of each unit, the prevalence of each level and each rater's confusion matrix. Start: each unit's shares of labels;
    /// each iteration: M step, E step, log-likelihood with the M-step parameters. A rater may rate a unit several times (build the matrix with <see cref="Repeats.All"/>).
    /// The summary's value is the log-likelihood at the end; details: iterations, converged, prevalence, trace. Undefined without ratings.
    /// Source: Dawid and Skene 1979, Applied Statistics 28: 20–28.
    /// </summary>
    public static Consensus Compute(RatingMatrix matrix, DawidSkeneOptions? options = null)
    {
        const string measure = "dawid-skene";
        options ??= new DawidSkeneOptions();
        if (matrix.RatingCount == 0)
        {
            return new Consensus(Estimate.None(measure, UndefinedReason.NoRatings), matrix.Scale.Labels, [], []);
        }
        var em = new DawidSkeneEm(matrix, options);
        var trace = new List<double>();
        var converged = false;
        while (!converged && trace.Count < options.MaxIterations)
        {
            em.Maximize();
            trace.Add(em.Expect());
            converged = trace.Count > 1 && Math.Abs(trace[^1] - trace[^2]) <= options.Tolerance * (1 + Math.Abs(trace[^1]));
        }
        var units = new UnitConsensus[matrix.Units.Count];
        for (var u = 0; u < units.Length; u++)
        {
            units[u] = Consensus.Decide(matrix.Units[u], matrix.Scale, em.Posterior(u), matrix.LevelsOf(u).Length);
        }
        var summary = Estimate.Of(measure, trace[^1], matrix.Size) with
        {
            Details = Details.Of(
                ("value", "log-likelihood"), ("iterations", trace.Count), ("converged", converged), ("smoothing", options.Smoothing),
                ("levels", matrix.Scale.Labels), ("prevalence", em.Prevalence.ToArray()), ("trace", trace.ToArray())),
        };
        return new Consensus(summary, matrix.Scale.Labels, units, em.Confusions());
    }
}

/// <summary>The EM state, laid out so that a step allocates nothing and every sum has one fixed order.</summary>
internal sealed class DawidSkeneEm
{
    private const int Block = 2048;

    private readonly RatingMatrix _matrix;
    private readonly DawidSkeneOptions _options;
    private readonly int _q;
    private readonly int[] _rated;
    private readonly int[] _byRater;
    private readonly int[] _levelByRater;
    private readonly int[] _raterStart;
    private readonly double[] _posterior;
    private readonly double[] _rates;
    private readonly double[] _logRates;
    private readonly double[] _logPrevalence;
    private readonly double[] _blockLikelihood;
    private readonly Action<int> _expectBlock;
    private readonly Action<int> _maximizeRater;
    private readonly ParallelOptions _parallel;

    public DawidSkeneEm(RatingMatrix matrix, DawidSkeneOptions options)
    {
        (_matrix, _options, _q) = (matrix, options, matrix.Scale.Count);
        _rated = [.. Enumerable.Range(0, matrix.Units.Count).Where(u => matrix.LevelsOf(u).Length > 0)];
        _posterior = new double[matrix.Units.Count * _q];
        _rates = new double[matrix.Raters.Count * _q * _q];
        _logRates = new double[_rates.Length];
        (Prevalence, _logPrevalence) = (new double[_q], new double[_q]);
        _blockLikelihood = new double[(_rated.Length + Block - 1) / Block];
        (_expectBlock, _maximizeRater) = (ExpectBlock, MaximizeRater);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1 };
        (_raterStart, _byRater, _levelByRater) = ByRater(matrix);
        foreach (var u in _rated)
        {
            var levels = matrix.LevelsOf(u);
            foreach (var l in levels)
            {
                _posterior[(u * _q) + l] += 1.0 / levels.Length;
            }
        }
    }

    public double[] Prevalence { get; }

    public ReadOnlySpan<double> Posterior(int unit) => _posterior.AsSpan(unit * _q, _q);

    /// <summary>Prevalence and confusion matrices from the current posteriors.</summary>
    public void Maximize()
    {
        Array.Clear(Prevalence);
        foreach (var u in _rated)
        {
            for (var k = 0; k < _q; k++)
            {
                Prevalence[k] += _posterior[(u * _q) + k];
            }
        }
        for (var k = 0; k < _q; k++)
        {
            Prevalence[k] /= _rated.Length;
            _logPrevalence[k] = Math.Log(Prevalence[k]);
        }
        Parallel.For(0, _matrix.Raters.Count, _parallel, _maximizeRater);
    }

    /// <summary>Posteriors from the current parameters; returns the log-likelihood.</summary>
    public double Expect()
    {
        Parallel.For(0, _blockLikelihood.Length, _parallel, _expectBlock);
        var sum = 0.0;
        foreach (var part in _blockLikelihood)
        {
            sum += part;
        }
        return sum;
    }

    public RaterConfusion[] Confusions() => [.. _matrix.Raters.Select((rater, g) =>
    {
        var (rows, ratings, accuracy, known) = (new double[]?[_q], _raterStart[g + 1] - _raterStart[g], 0.0, 0.0);
        for (var k = 0; k < _q; k++)
        {
            var row = new double[_q];
            for (var l = 0; l < _q; l++)
            {
                row[l] = _rates[At(g, l) + k];
            }
            rows[k] = row.Sum() > 0 ? row : null;
            (accuracy, known) = row.Sum() > 0 ? (accuracy + (Prevalence[k] * row[k]), known + Prevalence[k]) : (accuracy, known);
        }
        return new RaterConfusion(rater, ratings, known > 0 ? accuracy / known : null, rows);
    })];

    // Rates of one rater lie by said level, then true level, so that a rating adds one run of q numbers.
    private int At(int rater, int said) => ((rater * _q) + said) * _q;

    private void MaximizeRater(int rater)
    {
        var rates = _rates.AsSpan(At(rater, 0), _q * _q);
        rates.Fill(_options.Smoothing);
        for (var i = _raterStart[rater]; i < _raterStart[rater + 1]; i++)
        {
            var row = rates.Slice(_levelByRater[i] * _q, _q);
            var posterior = _posterior.AsSpan(_byRater[i] * _q, _q);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] += posterior[k];
            }
        }
        for (var k = 0; k < _q; k++)
        {
            var sum = 0.0;
            for (var l = 0; l < _q; l++)
            {
                sum += rates[(l * _q) + k];
            }
            for (var l = 0; l < _q; l++)
            {
                ref var rate = ref rates[(l * _q) + k];
                rate = sum > 0 ? rate / sum : 0;
                _logRates[At(rater, l) + k] = Math.Log(rate);
            }
        }
    }

    private void ExpectBlock(int block)
    {
        var likelihood = 0.0;
        for (var i = block * Block; i < Math.Min(_rated.Length, (block + 1) * Block); i++)
        {
            var unit = _rated[i];
            var posterior = _posterior.AsSpan(unit * _q, _q);
            _logPrevalence.CopyTo(posterior);
            var raters = _matrix.RatersOf(unit);
            var levels = _matrix.LevelsOf(unit);
            for (var j = 0; j < raters.Length; j++)
            {
                var logs = _logRates.AsSpan(At(raters[j], levels[j]), _q);
                for (var k = 0; k < posterior.Length; k++)
                {
                    posterior[k] += logs[k];
                }
            }
            likelihood += Normalize(posterior);
        }
        _blockLikelihood[block] = likelihood;
    }

    /// <summary>Turns log weights into probabilities and returns the log of their sum.</summary>
    private static double Normalize(Span<double> logs)
    {
        var most = double.NegativeInfinity;
        foreach (var l in logs)
        {
            most = Math.Max(most, l);
        }
        var sum = 0.0;
        for (var k = 0; k < logs.Length; k++)
        {
            logs[k] = Math.Exp(logs[k] - most);
            sum += logs[k];
        }
        for (var k = 0; k < logs.Length; k++)
        {
            logs[k] /= sum;
        }
        return most + Math.Log(sum);
    }

    private static (int[] Start, int[] Units, int[] Levels) ByRater(RatingMatrix matrix)
    {
        var start = new int[matrix.Raters.Count + 1];
        for (var u = 0; u < matrix.Units.Count; u++)
        {
            foreach (var g in matrix.RatersOf(u))
            {
                start[g + 1]++;
            }
        }
        for (var g = 0; g < matrix.Raters.Count; g++)
        {
            start[g + 1] += start[g];
        }
        var (next, units, levels) = (start.ToArray(), new int[matrix.RatingCount], new int[matrix.RatingCount]);
        for (var u = 0; u < matrix.Units.Count; u++)
        {
            var raters = matrix.RatersOf(u);
            for (var i = 0; i < raters.Length; i++)
            {
                var at = next[raters[i]]++;
                (units[at], levels[at]) = (u, matrix.LevelsOf(u)[i]);
            }
        }
        return (start, units, levels);
    }
}
