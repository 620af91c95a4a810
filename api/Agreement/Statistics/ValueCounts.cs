namespace HealthEval.Agreement.Statistics;

/// <summary>
/// How often each level was given to each unit: one sparse row per unit. This is a count table; it forgets who rated, and is all that
/// percent agreement, Fleiss' kappa, Krippendorff's alpha, Gwet's AC and Brennan–Prediger need.
/// </summary>
public sealed class ValueCounts
{
    private readonly int[] _start;
    private readonly int[] _level;
    private readonly int[] _count;
    private readonly int[] _total;

    private ValueCounts(Scale scale, int raters, int[] start, int[] level, int[] count, int[] cluster)
    {
        (Scale, Raters, Clusters) = (scale, raters, cluster);
        (_start, _level, _count) = (start, level, count);
        _total = new int[start.Length - 1];
        for (var u = 0; u < _total.Length; u++)
        {
            foreach (var c in CountsOf(u))
            {
                _total[u] += c;
            }
            RatingCount += _total[u];
            PairableUnits += _total[u] > 1 ? 1 : 0;
        }
        ClusterCount = cluster.Length == 0 ? 0 : cluster.Max() + 1;
    }

    /// <summary>The levels that a rating may take.</summary>
    public Scale Scale { get; }

    /// <summary>Number of raters; for a count table the largest number of ratings on one unit.</summary>
    public int Raters { get; }

    /// <summary>Units, with or without ratings.</summary>
    public int UnitCount => _total.Length;

    /// <summary>Units with two ratings or more.</summary>
    public int PairableUnits { get; }

    /// <summary>Ratings in all.</summary>
    public int RatingCount { get; }

    /// <summary>Number of clusters for resampling.</summary>
    public int ClusterCount { get; }

    internal int[] Clusters { get; }

    /// <summary>Levels given to a unit, ascending.</summary>
    internal ReadOnlySpan<int> LevelsOf(int unit) => _level.AsSpan(_start[unit].._start[unit + 1]);

    /// <summary>How often each was given, beside <see cref="LevelsOf"/>.</summary>
    internal ReadOnlySpan<int> CountsOf(int unit) => _count.AsSpan(_start[unit].._start[unit + 1]);

    /// <summary>Ratings of a unit.</summary>
    internal int TotalOf(int unit) => _total[unit];

    /// <summary>Cluster numbers of some units, numbered from 0 without gaps.</summary>
    internal (int[] Cluster, int Count) DenseClusters(int[] units)
    {
        var (number, next, cluster) = (new int[ClusterCount], 0, new int[units.Length]);
        for (var i = 0; i < units.Length; i++)
        {
            ref var known = ref number[Clusters[units[i]]];
            known = known == 0 ? ++next : known;
            cluster[i] = known - 1;
        }
        return (cluster, next);
    }

    /// <summary>A count table: a row per unit, a column per level of the scale.</summary>
    /// <param name="table">Counts of 0 or more; units may have different totals.</param>
    /// <param name="scale">The levels, as many as the table has columns.</param>
    /// <param name="clusters">Cluster number of each unit, 0-based and dense; null makes each unit its own.</param>
    public static ValueCounts FromTable(int[,] table, Scale scale, int[]? clusters = null)
    {
        var (units, levels) = (table.GetLength(0), table.GetLength(1));
        ArgumentOutOfRangeException.ThrowIfNotEqual(levels, scale.Count);
        var (start, level, count, most) = (new int[units + 1], new List<int>(), new List<int>(), 0);
        for (var u = 0; u < units; u++)
        {
            var total = 0;
            for (var l = 0; l < levels; l++)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(table[u, l]);
                if (table[u, l] > 0)
                {
                    level.Add(l);
                    count.Add(table[u, l]);
                    total += table[u, l];
                }
            }
            start[u + 1] = level.Count;
            most = Math.Max(most, total);
        }
        return new ValueCounts(scale, most, start, [.. level], [.. count], clusters ?? [.. Enumerable.Range(0, units)]);
    }

    internal static ValueCounts From(RatingMatrix matrix)
    {
        var units = matrix.Units.Count;
        var (start, level, count) = (new int[units + 1], new int[matrix.RatingCount], new int[matrix.RatingCount]);
        var (seen, touched, at) = (new int[matrix.Scale.Count], new int[matrix.Scale.Count], 0);
        for (var u = 0; u < units; u++)
        {
            var distinct = 0;
            foreach (var l in matrix.LevelsOf(u))
            {
                if (seen[l]++ == 0)
                {
                    touched[distinct++] = l;
                }
            }
            touched.AsSpan(0, distinct).Sort();
            foreach (var l in touched.AsSpan(0, distinct))
            {
                (level[at], count[at++]) = (l, seen[l]);
                seen[l] = 0;
            }
            start[u + 1] = at;
        }
        return new ValueCounts(matrix.Scale, matrix.Raters.Count, start, level[..at], count[..at], matrix.Clusters);
    }
}
