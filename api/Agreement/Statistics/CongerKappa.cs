namespace HealthEval.Agreement.Statistics;

/// <summary>Conger's kappa: chance agreement from each rater's own margins.</summary>
public static class CongerKappa
{
    /// <summary>
    /// Conger's generalization of Cohen's kappa to any number of raters, with weights and missing ratings. For two raters and complete data it is Cohen's kappa.
    /// Range: at most 1. Undefined with one rater, when no unit has two ratings, or when the chance agreement is 1.
    /// Standard error and interval as in <see cref="GwetAgreement"/>. Source: Conger 1980, Psychological Bulletin 88: 322–328; Gwet 2014, §5.
    /// </summary>
    public static Estimate Compute(RatingMatrix matrix, AgreementWeights weights, double confidence = 0.95)
    {
        const string measure = "conger-kappa";
        var observed = GwetAgreement.Percent(matrix.Counts, weights, confidence);
        if (observed.Value is not { } pa)
        {
            return Estimate.None(measure, observed.Undefined!, observed.N);
        }
        var margins = new RaterMargins(matrix);
        var pe = margins.Expected(weights);
        if (1 - pe <= 1e-14)
        {
            return Estimate.None(measure, UndefinedReason.NoRoomAboveChance, observed.N);
        }
        var kappa = (pa - pe) / (1 - pe);
        var estimate = Estimate.Of(measure, kappa, observed.N) with
        {
            Details = Details.Of(("weights", weights.Name), ("levels", matrix.Scale.Labels), ("observedAgreement", pa), ("expectedAgreement", pe)),
        };
        return GwetAgreement.Linearized(estimate, Influence(matrix, weights, margins, pa, pe), confidence);
    }

    private static double[] Influence(RatingMatrix matrix, AgreementWeights weights, RaterMargins margins, double pa, double pe)
    {
        var (kappa, n, pairable) = ((pa - pe) / (1 - pe), (double)margins.Units.Length, (double)matrix.Counts.PairableUnits);
        var scores = margins.Scores(weights);
        var influence = new double[margins.Units.Length];
        for (var i = 0; i < influence.Length; i++)
        {
            var unit = margins.Units[i];
            var own = matrix.Counts.TotalOf(unit) > 1 ? n / pairable * (GwetKernel.Agreement(matrix.Counts, weights, unit) - pe) / (1 - pe) : 0;
            influence[i] = own - (2 * (1 - kappa) * (margins.Chance(matrix, scores, unit) - pe) / (1 - pe));
        }
        return influence;
    }

    /// <summary>Each rater's shares of the levels.</summary>
    private sealed class RaterMargins
    {
        private readonly double[,] _share;
        private readonly double[] _ratings;
        private readonly int[] _active;
        private readonly double[] _mean;
        private readonly int _q;

        public RaterMargins(RatingMatrix matrix)
        {
            (_q, Units) = (matrix.Scale.Count, [.. Enumerable.Range(0, matrix.Units.Count).Where(u => matrix.LevelsOf(u).Length > 0)]);
            (_share, _ratings, _mean) = (new double[matrix.Raters.Count, _q], new double[matrix.Raters.Count], new double[_q]);
            foreach (var u in Units)
            {
                var (raters, levels) = (matrix.RatersOf(u).ToArray(), matrix.LevelsOf(u).ToArray());
                for (var i = 0; i < raters.Length; i++)
                {
                    _share[raters[i], levels[i]]++;
                    _ratings[raters[i]]++;
                }
            }
            _active = [.. Enumerable.Range(0, _ratings.Length).Where(g => _ratings[g] > 0)];
            foreach (var g in _active)
            {
                for (var k = 0; k < _q; k++)
                {
                    _share[g, k] /= _ratings[g];
                    _mean[k] += _share[g, k] / _active.Length;
                }
            }
        }

        public int[] Units { get; }

        private double Raters => _active.Length;

        // The mean over pairs of different raters, from sums over raters: (Σ_g p_g)(Σ_g p_g) − Σ_g p_g p_g.
        public double Expected(AgreementWeights weights)
        {
            var sum = 0.0;
            for (var k = 0; k < _q; k++)
            {
                for (var l = 0; l < _q; l++)
                {
                    var same = _active.Sum(g => _share[g, k] * _share[g, l]);
                    sum += weights[k, l] * ((Raters * Raters * _mean[k] * _mean[l]) - same);
                }
            }
            return sum / (Raters * (Raters - 1));
        }

        /// <summary>What a rating of level l by rater g adds to the chance agreement.</summary>
        public double[,] Scores(AgreementWeights weights)
        {
            var scores = new double[_ratings.Length, _q];
            foreach (var g in _active)
            {
                for (var l = 0; l < _q; l++)
                {
                    for (var k = 0; k < _q; k++)
                    {
                        scores[g, l] += weights[k, l] * ((Raters * _mean[k]) - _share[g, k]);
                    }
                }
            }
            return scores;
        }

        public double Chance(RatingMatrix matrix, double[,] scores, int unit)
        {
            var (n, sum) = ((double)Units.Length, 0.0);
            foreach (var g in _active)
            {
                var (level, rated) = (matrix.LevelOf(unit, g), 0.0);
                if (level >= 0)
                {
                    sum += n / _ratings[g] * scores[g, level];
                    rated = 1;
                }
                for (var l = 0; l < _q; l++)
                {
                    sum -= n / _ratings[g] * (rated - (_ratings[g] / n)) * _share[g, l] * scores[g, l];
                }
            }
            return sum / (Raters * (Raters - 1));
        }
    }
}
