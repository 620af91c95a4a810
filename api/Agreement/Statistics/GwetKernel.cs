using System.Runtime.InteropServices;

namespace HealthEval.Agreement.Statistics;

/// <summary>One coefficient of Gwet's framework on one table, evaluated for any multiplicities of the clusters.</summary>
internal sealed class GwetKernel
{
    private readonly Coefficient _coefficient;
    private readonly ValueCounts _counts;
    private readonly AgreementWeights _weights;
    private readonly int[] _units;
    private readonly double[] _agreement;
    private readonly int[] _cluster;
    private readonly int _q;

    public GwetKernel(Coefficient coefficient, ValueCounts counts, AgreementWeights weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Count, counts.Scale.Count);
        (_coefficient, _counts, _weights, _q) = (coefficient, counts, weights, weights.Count);
        var least = coefficient == Coefficient.Krippendorff ? 2 : 1;
        _units = [.. Enumerable.Range(0, counts.UnitCount).Where(u => counts.TotalOf(u) >= least)];
        _agreement = [.. _units.Select(u => Agreement(counts, weights, u))];
        (_cluster, ClusterCount) = counts.DenseClusters(_units);
        Size = new SampleSize(_units.Length, _units.Sum(counts.TotalOf), counts.Raters);
    }

    public SampleSize Size { get; }

    public int ClusterCount { get; }

    public string? Refusal()
    {
        if (Size.Units == 0)
        {
            return _counts.RatingCount == 0 ? UndefinedReason.NoRatings : UndefinedReason.NoPairableUnits;
        }
        if (_counts.PairableUnits == 0)
        {
            return _counts.Raters == 1 ? UndefinedReason.OneRater : UndefinedReason.NoPairableUnits;
        }
        return _q < 2 && _coefficient != Coefficient.Percent ? UndefinedReason.NoVariation : null;
    }

    public double[] NewScratch() => new double[_q];

    /// <summary>Value, observed and expected agreement; NaN value when undefined in this resample.</summary>
    public Result Evaluate(ReadOnlySpan<int> times, double[] shares)
    {
        var (agreement, units, pairable, ratings) = (0.0, 0.0, 0.0, 0.0);
        Array.Clear(shares);
        for (var i = 0; i < _units.Length; i++)
        {
            var weight = times.IsEmpty ? 1 : times[_cluster[i]];
            var total = _counts.TotalOf(_units[i]);
            var scale = _coefficient == Coefficient.Krippendorff ? 1.0 : 1.0 / total;
            units += weight;
            ratings += weight * (double)total;
            pairable += total > 1 ? weight : 0;
            agreement += weight * _agreement[i] * (_coefficient == Coefficient.Krippendorff ? total : 1);
            AddShares(shares, _units[i], weight * scale);
        }
        var whole = _coefficient == Coefficient.Krippendorff ? ratings : units;
        for (var k = 0; k < _q; k++)
        {
            shares[k] /= whole;
        }
        var observed = agreement / (_coefficient == Coefficient.Krippendorff ? ratings : pairable);
        var expected = Expected(shares);
        // Alpha corrects the observed agreement for the finite number of ratings.
        var corrected = _coefficient == Coefficient.Krippendorff ? ((1 - (1 / ratings)) * observed) + (1 / ratings) : observed;
        var value = pairable == 0 || 1 - expected <= 1e-14 ? double.NaN : (corrected - expected) / (1 - expected);
        return new Result(value, corrected, expected, observed, shares);
    }

    /// <summary>Per-unit influence values, whose mean is the (uncorrected) coefficient.</summary>
    public double[] Influence(Result result)
    {
        var (n, pairable, pe) = ((double)_units.Length, (double)_counts.PairableUnits, result.Expected);
        var mean = Size.Ratings / n;
        var plain = (result.Uncorrected - pe) / (1 - pe);
        var chance = ChanceScores(result.Shares);
        var influence = new double[_units.Length];
        for (var i = 0; i < influence.Length; i++)
        {
            var total = (double)_counts.TotalOf(_units[i]);
            var unitChance = Chance(_units[i], chance);
            double own;
            if (_coefficient == Coefficient.Krippendorff)
            {
                var excess = (total - mean) / mean;
                // The corrected agreement, as irrCAC's printed standard errors need it.
                own = (_agreement[i] * total / mean) - (result.Observed * excess);
                unitChance = (unitChance * total / mean) - (pe * excess);
                own = (own - pe) / (1 - pe);
            }
            else
            {
                own = total > 1 ? n / pairable * (_agreement[i] - pe) / (1 - pe) : 0;
            }
            influence[i] = own - (_coefficient is Coefficient.BrennanPrediger or Coefficient.Percent ? 0 : 2 * (1 - plain) * (unitChance - pe) / (1 - pe));
            influence[i] += result.Value - plain;
        }
        return influence;
    }

    private void AddShares(double[] shares, int unit, double weight)
    {
        var levels = _counts.LevelsOf(unit);
        var counts = _counts.CountsOf(unit);
        for (var i = 0; i < levels.Length; i++)
        {
            shares[levels[i]] += weight * counts[i];
        }
    }

    /// <summary>Weighted share of agreeing pairs of a unit's ratings; 0 for a single rating.</summary>
    public static double Agreement(ValueCounts table, AgreementWeights weights, int unit)
    {
        var levels = table.LevelsOf(unit);
        var counts = table.CountsOf(unit);
        var (sum, total) = (0.0, (double)table.TotalOf(unit));
        for (var a = 0; a < levels.Length; a++)
        {
            for (var b = 0; b < levels.Length; b++)
            {
                sum += weights[levels[a], levels[b]] * counts[a] * (counts[b] - (a == b ? 1.0 : 0.0));
            }
        }
        return total > 1 ? sum / (total * (total - 1)) : 0;
    }

    private double Expected(double[] shares)
    {
        switch (_coefficient)
        {
            case Coefficient.Percent:
                return 0;
            case Coefficient.BrennanPrediger:
                return _weights.Sum / ((double)_q * _q);
            case Coefficient.Ac:
                return _weights.Sum * shares.Sum(p => p * (1 - p)) / ((double)_q * (_q - 1));
            default:
                var sum = 0.0;
                for (var a = 0; a < _q; a++)
                {
                    for (var b = 0; b < _q; b++)
                    {
                        sum += _weights[a, b] * shares[a] * shares[b];
                    }
                }
                return sum;
        }
    }

    private double[] ChanceScores(double[] shares)
    {
        var scores = new double[_q];
        for (var a = 0; a < _q; a++)
        {
            for (var b = 0; b < _q && _coefficient != Coefficient.Ac; b++)
            {
                scores[a] += (_weights[a, b] + _weights[b, a]) / 2 * shares[b];
            }
            scores[a] = _coefficient == Coefficient.Ac ? _weights.Sum / ((double)_q * (_q - 1)) * (1 - shares[a]) : scores[a];
        }
        return scores;
    }

    private double Chance(int unit, double[] scores)
    {
        var levels = _counts.LevelsOf(unit);
        var counts = _counts.CountsOf(unit);
        var sum = 0.0;
        for (var i = 0; i < levels.Length; i++)
        {
            sum += counts[i] * scores[levels[i]];
        }
        return sum / _counts.TotalOf(unit);
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Result(double Value, double Observed, double Expected, double Uncorrected, double[] Shares);
}
