namespace HealthEval.Agreement.Statistics;

/// <summary>Intraclass correlations where units come in clusters (responses to one prompt), so that the limits from F would take dependent units for independent.</summary>
public static class ClusteredIcc
{
    /// <summary>
    /// The estimate of <see cref="IntraclassCorrelation.Compute"/> with standard error and limits from a bootstrap of whole clusters instead of F. Forms (1,·) and (2,·).
    /// Undefined where that estimate is; without an interval when there is one cluster. Source: Shrout and Fleiss 1979 for the estimate; Davison and Hinkley 1997, §3.8.
    /// </summary>
    public static Estimate Compute(RatingMatrix matrix, IccForm form, Resampling resampling)
    {
        var exact = IntraclassCorrelation.Compute(matrix, form, resampling.Confidence);
        if (!exact.IsDefined || form is IccForm.ThreeSingle or IccForm.ThreeMean)
        {
            return exact;
        }
        var isTwoWay = form is IccForm.TwoSingle or IccForm.TwoMean;
        Sums[] clusters = [.. Sums.Of(matrix, isTwoWay).Where(c => c.Units > 0)];
        return Bootstrap.Describe(
            exact with { Interval = null }, clusters.Length, () => new Sums(isTwoWay ? clusters[0].Raters.Length : 0),
            (times, all) => all.Add(clusters, times).Value(form), resampling);
    }

    /// <summary>What mean squares are made of; adds up over units.</summary>
    private sealed class Sums(int raters)
    {
        public double Units { get; private set; }

        public double[] Raters { get; } = new double[raters];

        private double Ratings { get; set; }

        private double Total { get; set; }

        private double Squares { get; set; }

        private double UnitSquares { get; set; }

        private double SquaredSizes { get; set; }

        public static Sums[] Of(RatingMatrix matrix, bool isTwoWay)
        {
            var numbers = matrix.Scale.Numbers!;
            var raters = isTwoWay ? Enumerable.Range(0, matrix.Units.Count).Max(u => matrix.RatersOf(u).Length) : 0;
            Sums[] clusters = [.. Enumerable.Range(0, matrix.Clusters.DefaultIfEmpty(-1).Max() + 1).Select(_ => new Sums(raters))];
            for (var u = 0; u < matrix.Units.Count; u++)
            {
                double[] values = [.. matrix.LevelsOf(u).ToArray().Select(l => numbers[l])];
                if (values.Length > 0 && (!isTwoWay || values.Length == raters))
                {
                    clusters[matrix.Clusters[u]].AddUnit(values);
                }
            }
            return clusters;
        }

        public Sums Add(Sums[] clusters, ReadOnlySpan<int> times)
        {
            (Units, Ratings, Total, Squares, UnitSquares, SquaredSizes) = (0, 0, 0, 0, 0, 0);
            Array.Clear(Raters);
            for (var c = 0; c < clusters.Length; c++)
            {
                var (cluster, n) = (clusters[c], times[c]);
                (Units, Ratings, Total) = (Units + (n * cluster.Units), Ratings + (n * cluster.Ratings), Total + (n * cluster.Total));
                (Squares, UnitSquares) = (Squares + (n * cluster.Squares), UnitSquares + (n * cluster.UnitSquares));
                SquaredSizes += n * cluster.SquaredSizes;
                for (var r = 0; r < Raters.Length; r++)
                {
                    Raters[r] += n * cluster.Raters[r];
                }
            }
            return this;
        }

        public double Value(IccForm form)
        {
            var (between, within) = (UnitSquares - (Total * Total / Ratings), Squares - UnitSquares);
            var (bms, wms) = (between / (Units - 1), within / (Ratings - Units));
            if (!(bms > 0))
            {
                return double.NaN;
            }
            if (form is IccForm.OneSingle or IccForm.OneMean)
            {
                var perUnit = (Ratings - (SquaredSizes / Ratings)) / (Units - 1);
                return form == IccForm.OneSingle ? (bms - wms) / (bms + ((perUnit - 1) * wms)) : (bms - wms) / bms;
            }
            var k = Raters.Length;
            var byRater = (Raters.Sum(r => r * r) / Units) - (Total * Total / Ratings);
            var (jms, ems) = (byRater / (k - 1), (within - byRater) / ((Units - 1) * (k - 1)));
            var noise = (jms - ems) / Units;
            return form == IccForm.TwoSingle ? (bms - ems) / (bms + ((k - 1) * ems) + (k * noise)) : (bms - ems) / (bms + noise);
        }

        private void AddUnit(double[] values)
        {
            var sum = values.Sum();
            (Units, Ratings, Total) = (Units + 1, Ratings + values.Length, Total + sum);
            (Squares, UnitSquares) = (Squares + values.Sum(v => v * v), UnitSquares + (sum * sum / values.Length));
            SquaredSizes += (double)values.Length * values.Length;
            for (var r = 0; r < Raters.Length; r++)
            {
                Raters[r] += values[r];
            }
        }
    }
}
