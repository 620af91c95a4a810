using System.Runtime.InteropServices;

namespace HealthEval.Agreement.Statistics;

/// <summary>One rating: who said what about which unit.</summary>
/// <param name="Unit">Unit (item) that was rated.</param>
/// <param name="Rater">Who rated it.</param>
/// <param name="Value">The value: a finite number.</param>
/// <param name="Cluster">What the unit belongs to for resampling (its prompt); null makes each unit its own cluster. The first non-null one counts.</param>
public readonly record struct Rating(string Unit, string Rater, double Value, string? Cluster = null);

/// <summary>One rating given as a label.</summary>
/// <param name="Unit">Unit (item) that was rated.</param>
/// <param name="Rater">Who rated it.</param>
/// <param name="Label">The label; it must be one of the scale's.</param>
/// <param name="Cluster">What the unit belongs to for resampling (its prompt); null makes each unit its own cluster.</param>
public readonly record struct LabelRating(string Unit, string Rater, string Label, string? Cluster = null);

/// <summary>What to do when a rater rated the same unit more than once.</summary>
public enum Repeats
{
    /// <summary>Keep the first; a repeat is counted in <see cref="RatingMatrix.RepeatedRatings"/> but has no effect.</summary>
    First,

    /// <summary>Keep the last.</summary>
    Last,

    /// <summary>Keep all, as Dawid and Skene (1979) do.</summary>
    All,
}

/// <summary>
/// Units × raters with missing values, stored as one compressed row per unit. A unit may have no rating at all, and any number of raters.
/// Rows are in order of first appearance, entries of a row in order of rater.
/// </summary>
public sealed class RatingMatrix
{
    private readonly int[] _start;
    private readonly int[] _rater;
    private readonly int[] _level;
    private ValueCounts? _counts;

    internal RatingMatrix(Scale scale, string[] units, string[] raters, int[] start, int[] rater, int[] level, int[] cluster, int repeated)
    {
        (Scale, Units, Raters, RepeatedRatings) = (scale, units, raters, repeated);
        (_start, _rater, _level, Clusters) = (start, rater, level, cluster);
    }

    /// <summary>The levels that a rating may take.</summary>
    public Scale Scale { get; }

    /// <summary>Unit names, in order of first appearance.</summary>
    public IReadOnlyList<string> Units { get; }

    /// <summary>Rater names, in order of first appearance.</summary>
    public IReadOnlyList<string> Raters { get; }

    /// <summary>Ratings kept.</summary>
    public int RatingCount => _level.Length;

    /// <summary>Ratings that repeated a unit and rater already seen (whether they were kept or not).</summary>
    public int RepeatedRatings { get; }

    /// <summary>Units, ratings and raters of the whole matrix.</summary>
    public SampleSize Size => new(Units.Count, RatingCount, Raters.Count);

    /// <summary>The value counts per unit, which is all that most coefficients need.</summary>
    public ValueCounts Counts => _counts ??= ValueCounts.From(this);

    /// <summary>Cluster number of each unit, 0-based and dense.</summary>
    internal int[] Clusters { get; }

    /// <summary>Numeric ratings as a matrix.</summary>
    /// <param name="ratings">Long form, any order.</param>
    /// <param name="scale">The stated scale, for example <c>Scale.OfNumbers([1, 2, 3, 4, 5])</c>; null takes the values seen. A value outside a stated scale throws.</param>
    /// <param name="repeats">What to do when a rater rated a unit more than once.</param>
    public static RatingMatrix FromNumbers(IEnumerable<Rating> ratings, Scale? scale = null, Repeats repeats = Repeats.First)
    {
        IReadOnlyList<Rating> list = ratings as IReadOnlyList<Rating> ?? [.. ratings];
        scale ??= Scale.OfNumbers(list.Select(r => r.Value), stated: false);
        var levels = scale.Numbers ?? throw new ArgumentException("The scale of numeric ratings must be numeric.", nameof(scale));
        var index = new Dictionary<double, int>(levels.Count);
        for (var i = 0; i < levels.Count; i++)
        {
            index[levels[i]] = i;
        }
        var builder = new RatingMatrixBuilder(list.Count);
        foreach (var r in list)
        {
            builder.Add(r.Unit, r.Rater, index.TryGetValue(r.Value, out var level) ? level : throw OffScale(r.Value), r.Cluster);
        }
        return builder.Build(scale, repeats);
    }

    /// <summary>Labelled ratings as a matrix.</summary>
    /// <param name="ratings">Long form, any order.</param>
    /// <param name="scale">The stated labels; null takes the labels seen, without an order. A label outside a stated scale throws.</param>
    /// <param name="repeats">What to do when a rater rated a unit more than once.</param>
    public static RatingMatrix FromLabels(IEnumerable<LabelRating> ratings, Scale? scale = null, Repeats repeats = Repeats.First)
    {
        IReadOnlyList<LabelRating> list = ratings as IReadOnlyList<LabelRating> ?? [.. ratings];
        scale ??= Scale.OfLabels(list.Select(r => r.Label), stated: false);
        var index = new Dictionary<string, int>(scale.Count, StringComparer.Ordinal);
        for (var i = 0; i < scale.Count; i++)
        {
            index[scale.Labels[i]] = i;
        }
        var builder = new RatingMatrixBuilder(list.Count);
        foreach (var r in list)
        {
            builder.Add(r.Unit, r.Rater, index.TryGetValue(r.Label, out var level) ? level : throw OffScale(r.Label), r.Cluster);
        }
        return builder.Build(scale, repeats);
    }

    /// <summary>Rater numbers of a unit's ratings.</summary>
    internal ReadOnlySpan<int> RatersOf(int unit) => _rater.AsSpan(_start[unit].._start[unit + 1]);

    /// <summary>Level numbers of a unit's ratings, beside <see cref="RatersOf"/>.</summary>
    internal ReadOnlySpan<int> LevelsOf(int unit) => _level.AsSpan(_start[unit].._start[unit + 1]);

    /// <summary>The level a rater gave a unit, or −1.</summary>
    internal int LevelOf(int unit, int rater)
    {
        var at = RatersOf(unit).IndexOf(rater);
        return at < 0 ? -1 : LevelsOf(unit)[at];
    }

    private static ArgumentException OffScale(object value) => new($"The value '{value}' is not on the stated scale.");
}

/// <summary>Collects ratings and lays them out as compressed rows, in linear time.</summary>
internal sealed class RatingMatrixBuilder(int capacity)
{
    private readonly Dictionary<string, int> _units = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _raters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _clusters = new(StringComparer.Ordinal);
    private readonly List<int> _clusterOf = [];
    private readonly List<(int Unit, int Rater, int Level)> _cells = new(capacity);

    public void Add(string unit, string rater, int level, string? cluster)
    {
        var u = Unit(unit, cluster);
        _cells.Add((u, Number(_raters, rater), level));
    }

    /// <summary>Makes the unit known even if it has no rating.</summary>
    public int Unit(string unit, string? cluster)
    {
        var u = Number(_units, unit);
        if (u == _clusterOf.Count)
        {
            _clusterOf.Add(-1);
        }
        if (cluster is not null && _clusterOf[u] < 0)
        {
            _clusterOf[u] = Number(_clusters, cluster);
        }
        return u;
    }

    /// <summary>Makes the rater known even without a rating.</summary>
    public void Rater(string rater) => Number(_raters, rater);

    public RatingMatrix Build(Scale scale, Repeats repeats)
    {
        var cells = CollectionsMarshal.AsSpan(_cells);
        var byRater = Order(cells, null, c => c.Rater, _raters.Count);
        var order = Order(cells, byRater, c => c.Unit, _units.Count);
        var (start, rater, level) = (new int[_units.Count + 1], new List<int>(cells.Length), new List<int>(cells.Length));
        var repeated = 0;
        var previous = (Unit: -1, Rater: -1);
        foreach (var at in order)
        {
            var cell = cells[at];
            if (previous == (cell.Unit, cell.Rater))
            {
                repeated++;
                if (repeats != Repeats.All)
                {
                    level[^1] = repeats == Repeats.Last ? cell.Level : level[^1];
                    continue;
                }
            }
            previous = (cell.Unit, cell.Rater);
            rater.Add(cell.Rater);
            level.Add(cell.Level);
            start[cell.Unit + 1]++;
        }
        for (var u = 0; u < _units.Count; u++)
        {
            start[u + 1] += start[u];
        }
        return new RatingMatrix(scale, [.. _units.Keys], [.. _raters.Keys], start, [.. rater], [.. level], DenseClusters(), repeated);
    }

    /// <summary>A stable counting sort of the cells by a small key.</summary>
    private static int[] Order(ReadOnlySpan<(int Unit, int Rater, int Level)> cells, int[]? within, Func<(int Unit, int Rater, int Level), int> key, int keys)
    {
        var next = new int[keys + 1];
        foreach (var cell in cells)
        {
            next[key(cell) + 1]++;
        }
        for (var k = 0; k < keys; k++)
        {
            next[k + 1] += next[k];
        }
        var order = new int[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            var at = within is null ? i : within[i];
            order[next[key(cells[at])]++] = at;
        }
        return order;
    }

    private int[] DenseClusters()
    {
        var own = _clusters.Count;
        return [.. _clusterOf.Select(c => c < 0 ? own++ : c)];
    }

    private static int Number(Dictionary<string, int> known, string name)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, name, out var exists);
        return exists ? number : number = known.Count - 1;
    }
}
