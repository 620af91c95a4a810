namespace HealthEval.Agreement.Statistics;

/// <summary>Likelihood of paired comparisons in the difference η of log abilities (with the position effect) and a tie parameter τ.</summary>
internal sealed class PairModel
{
    private readonly PairResult[] _pairs;
    private readonly (int First, int Second)[] _items;
    private readonly TieModel _ties;
    private readonly int _count;
    private readonly string[] _names;

    public PairModel(PairResult[] pairs, string[] items, int reference, TieModel ties, bool positionEffect)
    {
        var number = items.Select((item, i) => (item, i)).ToDictionary(x => x.item, x => x.i, StringComparer.Ordinal);
        (_pairs, _count, _names, Reference, _ties) = (pairs, items.Length, items, reference, pairs.Sum(p => p.Ties) > 0 ? ties : TieModel.HalfWin);
        _items = [.. pairs.Select(p => (number[p.First], number[p.Second]))];
        var next = items.Length - 1;
        PositionIndex = positionEffect ? next++ : null;
        TieIndex = _ties == TieModel.HalfWin ? null : next++;
        Parameters = new double[next];
        if (TieIndex is { } t)
        {
            Parameters[t] = _ties == TieModel.RaoKupper ? 0.5 : 0;
        }
    }

    /// <summary>Some of the results under the fitted parameters of a model of all.</summary>
    private PairModel(PairModel whole, PairResult[] some)
    {
        (_pairs, _count, _names, Reference, _ties) = (some, whole._count, whole._names, whole.Reference, whole._ties);
        (PositionIndex, TieIndex, Parameters) = (whole.PositionIndex, whole.TieIndex, whole.Parameters);
        _items = [.. some.Select(p => (Array.IndexOf(_names, p.First), Array.IndexOf(_names, p.Second)))];
    }

    public int Reference { get; }

    public int? PositionIndex { get; }

    public int? TieIndex { get; }

    public double[] Parameters { get; }

    /// <summary>Parameter of an item; null for the reference.</summary>
    public int? Index(int item) => item == Reference ? null : item < Reference ? item : item - 1;

    public double Ability(int item) => Index(item) is { } i ? Parameters[i] : 0;

    public double LogLikelihood(double[] at)
    {
        var sum = 0.0;
        for (var p = 0; p < _pairs.Length; p++)
        {
            sum += Terms(p, at).Value;
        }
        return double.IsNaN(sum) ? double.NegativeInfinity : sum;
    }

    /// <summary>What one cluster's results add to the gradient. Pairs of an item with itself add nothing.</summary>
    public double[] GradientOf(IEnumerable<PairResult> some) => new PairModel(this, [.. some.Where(p => p.First != p.Second)]).Gradient();

    public double[] Gradient()
    {
        var gradient = new double[Parameters.Length];
        for (var p = 0; p < _pairs.Length; p++)
        {
            var terms = Terms(p, Parameters);
            foreach (var (index, sign) in Design(p))
            {
                gradient[index] += sign * terms.Eta;
            }
            if (TieIndex is { } t)
            {
                gradient[t] += terms.Tau;
            }
        }
        return gradient;
    }

    /// <summary>Observed information: minus the matrix of second derivatives.</summary>
    public double[,] Information()
    {
        var information = new double[Parameters.Length, Parameters.Length];
        for (var p = 0; p < _pairs.Length; p++)
        {
            var terms = Terms(p, Parameters);
            var design = Design(p);
            foreach (var (a, x) in design)
            {
                foreach (var (b, y) in design)
                {
                    information[a, b] -= x * y * terms.EtaEta;
                }
                if (TieIndex is { } t)
                {
                    information[a, t] -= x * terms.EtaTau;
                    information[t, a] -= x * terms.EtaTau;
                }
            }
            if (TieIndex is { } tt)
            {
                information[tt, tt] -= terms.TauTau;
            }
        }
        return information;
    }

    private List<(int Index, double Sign)> Design(int pair)
    {
        var list = new List<(int, double)>(3);
        if (Index(_items[pair].First) is { } i)
        {
            list.Add((i, 1));
        }
        if (Index(_items[pair].Second) is { } j)
        {
            list.Add((j, -1));
        }
        if (PositionIndex is { } h)
        {
            list.Add((h, 1));
        }
        return list;
    }

    private (double Value, double Eta, double Tau, double EtaEta, double EtaTau, double TauTau) Terms(int pair, double[] at)
    {
        var eta = Design(pair).Sum(d => d.Sign * at[d.Index]);
        var (w, tau) = (_pairs[pair], TieIndex is { } t ? at[t] : 0);
        return _ties switch
        {
            TieModel.Davidson => Davidson(w, eta, tau),
            TieModel.RaoKupper => RaoKupper(w, eta, tau),
            _ => Plain(w.FirstWins + (w.Ties / 2), w.SecondWins + (w.Ties / 2), eta),
        };
    }

    private static (double, double, double, double, double, double) Plain(double wins, double losses, double eta)
    {
        var (p, q) = (Logistic(eta), Logistic(-eta));
        return (Times(wins, Math.Log(p)) + Times(losses, Math.Log(q)), (wins * q) - (losses * p), 0, -(wins + losses) * p * q, 0, 0);
    }

    private static (double, double, double, double, double, double) Davidson(PairResult w, double eta, double tau)
    {
        var (first, second, tie) = (Math.Exp(eta / 2), Math.Exp(-eta / 2), Math.Exp(tau));
        var (n, s) = (w.FirstWins + w.SecondWins + w.Ties, first + second + tie);
        var (p, q, o) = (first / s, second / s, tie / s);
        var lead = (p - q) / 2;
        return (
            ((w.FirstWins - w.SecondWins) / 2 * eta) + (w.Ties * tau) - (n * Math.Log(s)),
            ((w.FirstWins - w.SecondWins) / 2) - (n * lead),
            w.Ties - (n * o),
            -n * (((p + q) / 4) - (lead * lead)),
            n * lead * o,
            -n * o * (1 - o));
    }

    private static (double, double, double, double, double, double) RaoKupper(PairResult w, double eta, double tau)
    {
        var (p, q) = (Logistic(eta - tau), Logistic(-eta - tau));
        var (a, b) = (w.FirstWins + w.Ties, w.SecondWins + w.Ties);
        var margin = Math.Exp(2 * tau) - 1;
        return (
            Times(a, Math.Log(p)) + Times(b, Math.Log(q)) + Times(w.Ties, margin > 0 ? Math.Log(margin) : double.NaN),
            (a * (1 - p)) - (b * (1 - q)),
            (-a * (1 - p)) - (b * (1 - q)) + (w.Ties * 2 * (margin + 1) / margin),
            (-a * p * (1 - p)) - (b * q * (1 - q)),
            (a * p * (1 - p)) - (b * q * (1 - q)),
            (-a * p * (1 - p)) - (b * q * (1 - q)) - (w.Ties * 4 * (margin + 1) / (margin * margin)));
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Times(double count, double log) => count == 0 && !double.IsNaN(log) ? 0 : count * log;
}
