using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Turns the cells of a table into ratings.</summary>
internal sealed class StatsInput(StatsTable table, StatsRequest request)
{
    private readonly StatsTable _table = table;
    private readonly StatsRequest _request = request;
    private readonly StatsLayout _layout = new(table, request);

    public StatsShape Shape
    {
        get
        {
            _request.ShapeRead = _layout.Words;
            return _layout.Shape;
        }
    }

    /// <summary>The ratings with their rater; refuses shapes that do not say who rated.</summary>
    public RatingMatrix Matrix(Repeats? standard = null)
    {
        if (Shape is StatsShape.Counts or StatsShape.Square)
        {
            throw new StatsInputException(
                $"'{_request.Measure.Name}' needs to know who gave which rating, and {_table.Name} reads as a {(Shape == StatsShape.Counts ? "table of counts" : "contingency table")}. "
                + "If it is not, say --format long or --format wide.");
        }
        var cells = Cells();
        RefuseConflicts(cells, standard);
        var repeats = _request.Repeats ?? standard ?? Repeats.First;
        var scale = Scale([.. cells.Select(c => c.Value)]);
        return scale.Numbers is null
            ? RatingMatrix.FromLabels(cells.Select(c => new LabelRating(c.Unit, c.Rater, OnScale(scale, c).Value, c.Cluster)), scale, repeats)
            : RatingMatrix.FromNumbers(cells.Select(c => new Rating(c.Unit, c.Rater, StatsValues.Number(OnScale(scale, c).Value)!.Value, c.Cluster)), scale, repeats);
    }

    /// <summary>How often each level was given to each unit.</summary>
    public ValueCounts Counts()
    {
        if (Shape != StatsShape.Counts)
        {
            return Matrix().Counts;
        }
        NoteLeftOut();
        var names = _layout.Columns.Select(c => _table.Header[c]).ToArray();
        var counts = new int[_table.Rows.Count, names.Length];
        for (var i = 0; i < _table.Rows.Count; i++)
        {
            for (var j = 0; j < names.Length; j++)
            {
                counts[i, j] = Count(_table.Rows[i], _layout.Columns[j]);
            }
        }
        return ValueCounts.FromTable(counts, LevelsOf(names), Clusters());
    }

    /// <summary>Two raters' contingency table.</summary>
    public ContingencyTable Contingency()
    {
        if (Shape == StatsShape.Square)
        {
            return SquareTable();
        }
        var matrix = Matrix();
        string[] pair = _request.Raters.Count == 2 ? [.. _request.Raters] : [.. matrix.Raters];
        if (pair.Length != 2)
        {
            throw new StatsInputException(
                $"'{_request.Measure.Name}' compares two raters, and {_table.Name} has {matrix.Raters.Count}: {string.Join(", ", matrix.Raters.Take(12))}. "
                + "Choose with --raters A,B, or use fleiss-kappa, conger-kappa or krippendorff-alpha.");
        }
        return ContingencyTable.Of(matrix, pair[0], pair[1]);
    }

    /// <summary>Every number of the value column (long) or of all rater columns (wide), with its cluster.</summary>
    public (double[] Values, string[] Clusters) Numbers()
    {
        if (_request.ValueColumn is { } named && Shape != StatsShape.Long)
        {
            return ValuesOf(_table.Require(named));
        }
        var cells = Cells();
        return ([.. cells.Select(c => StatsValues.Number(c.Value) ?? throw new StatsInputException($"{_table.Name}, line {c.Line}: '{c.Value}' is not a number."))],
            [.. cells.Select(c => c.Cluster ?? c.Unit)]);
    }

    /// <summary>The one column that was asked for, whatever else the table holds.</summary>
    private (double[] Values, string[] Clusters) ValuesOf(int column)
    {
        var cluster = _layout.Cluster >= 0 ? _layout.Cluster : _layout.Unit;
        _request.NoPart.Remove("--value");
        _request.NoPart.TryAdd("--raters", $"the one column {_table.Header[column]} of {_table.Name} was read");
        var rows = _table.Rows.Select((row, i) => (row, i)).Where(x => !IsMissing(x.row.Cells[column].Trim())).ToArray();
        _request.ShapeRead = $"a row per value: column {_table.Header[column]}" + (cluster >= 0 ? $", clusters {_table.Header[cluster]}" : "");
        return ([.. rows.Select(x => StatsColumns.Number(_table, x.row, column))], [.. rows.Select(x => cluster >= 0 ? x.row.Cells[cluster].Trim() : $"row {x.i}")]);
    }

    public bool IsMissing(string cell) => StatsValues.IsMissing(cell, _request.Missing);

    internal List<StatsCell> Cells()
    {
        var cells = new List<StatsCell>(_table.Rows.Count);
        for (var i = 0; i < _table.Rows.Count; i++)
        {
            var row = _table.Rows[i];
            var unit = _layout.Unit >= 0 ? row.Cells[_layout.Unit].Trim() : $"row {i + 1}";
            var cluster = _layout.Cluster >= 0 ? row.Cells[_layout.Cluster].Trim() : null;
            if (Shape == StatsShape.Long)
            {
                Add(row.Cells[_layout.Rater].Trim(), row.Cells[_layout.Value].Trim());
                continue;
            }
            foreach (var c in _layout.Columns)
            {
                if (Shape == StatsShape.Transposed)
                {
                    unit = _table.Header[c];
                }
                Add(Shape == StatsShape.Transposed ? row.Cells[_layout.Rater].Trim() : _table.Header[c], row.Cells[c].Trim());
            }

            void Add(string rater, string value)
            {
                var wanted = Shape == StatsShape.Wide || _request.Raters.Count == 0 || _request.Raters.Contains(rater, StringComparer.Ordinal);
                if (!IsMissing(value) && wanted)
                {
                    cells.Add(new StatsCell(row.Line, unit, rater, value, cluster));
                }
            }
        }
        RefuseUnknownRaters();
        NoteLeftOut();
        return Spelled(_request.Missing is null ? StatsValues.WithoutMarks(cells) : cells);
    }

    /// <summary>True and TRUE are one value, since programs write it either way; other words stay as they are, and what differs in capitals only is said.</summary>
    private List<StatsCell> Spelled(List<StatsCell> cells)
    {
        if (cells.TrueForAll(c => c.Value.ToLowerInvariant() is "true" or "false"))
        {
            return [.. cells.Select(c => c with { Value = c.Value.ToLowerInvariant() })];
        }
        _request.Alike.UnionWith(cells.Select(c => c.Value).Distinct(StringComparer.Ordinal).GroupBy(v => v.ToUpperInvariant(), StringComparer.Ordinal)
            .Where(g => g.Count() > 1).Select(g => string.Join(" and ", g.Order(StringComparer.Ordinal))));
        return cells;
    }

    private void NoteLeftOut()
    {
        if (Shape != StatsShape.Long)
        {
            _request.LeftOut.UnionWith(_layout.LeftOut.Select(c => _table.Header[c]));
        }
    }

    private void RefuseUnknownRaters()
    {
        if (Shape is not (StatsShape.Long or StatsShape.Transposed) || _request.Raters.Count == 0)
        {
            return;
        }
        var known = _table.Rows.Select(r => r.Cells[_layout.Rater].Trim()).ToHashSet(StringComparer.Ordinal);
        if (_request.Raters.FirstOrDefault(r => !known.Contains(r)) is { } unknown)
        {
            throw new StatsInputException($"{_table.Name} has no rater '{unknown}'. Its raters are: {string.Join(", ", known.Take(20))}.");
        }
    }

    private void RefuseConflicts(List<StatsCell> cells, Repeats? standard)
    {
        if (_request.Repeats is not null || standard == Repeats.All)
        {
            return;
        }
        var seen = new Dictionary<(string, string), StatsCell>();
        foreach (var cell in cells)
        {
            if (seen.TryGetValue((cell.Unit, cell.Rater), out var before) && before.Value != cell.Value)
            {
                throw new StatsInputException(
                    $"{_table.Name}: '{cell.Rater}' rated '{cell.Unit}' as '{before.Value}' on line {before.Line} and as '{cell.Value}' on line {cell.Line}. "
                    + (_layout.HasReplicates ? "These look like replicates. " : "") + "Say which counts with --repeats first, last or all.");
            }
            seen[(cell.Unit, cell.Rater)] = cell;
        }
    }

    private Scale Scale(List<string> values)
    {
        if (_request.Levels.Count > 0)
        {
            return LevelsOf(_request.Levels);
        }
        var numbers = values.Select(StatsValues.Number).ToArray();
        return values.Count > 0 && Array.TrueForAll(numbers, n => n is not null)
            ? Agreement.Statistics.Scale.OfNumbers(numbers.Select(n => n!.Value), stated: false)
            : Agreement.Statistics.Scale.OfLabels(values, stated: false);
    }

    private static Scale LevelsOf(IReadOnlyList<string> levels)
    {
        var numbers = levels.Select(StatsValues.Number).ToArray();
        return Array.TrueForAll(numbers, n => n is not null) && numbers.Distinct().Count() == levels.Count && numbers.Order().SequenceEqual(numbers)
            ? Agreement.Statistics.Scale.OfNumbers(numbers.Select(n => n!.Value))
            : Agreement.Statistics.Scale.OfOrderedLabels(levels);
    }

    private StatsCell OnScale(Scale scale, StatsCell cell)
    {
        var fits = _request.Levels.Count == 0
            || (scale.Numbers is { } numbers ? StatsValues.Number(cell.Value) is { } n && numbers.Contains(n) : scale.Labels.Contains(cell.Value, StringComparer.Ordinal));
        return fits ? cell : throw new StatsInputException($"{_table.Name}, line {cell.Line}: '{cell.Value}' is none of the levels {string.Join(", ", scale.Labels)} given with --levels.");
    }

    private int Count(StatsRow row, int column) => IsMissing(row.Cells[column].Trim()) || row.Cells[column].Trim() == "-" ? 0
        : StatsValues.Number(row.Cells[column]) is { } n and >= 0 and <= int.MaxValue && n == Math.Floor(n) ? (int)n
        : throw new StatsInputException($"{_table.Name}, line {row.Line}: '{row.Cells[column]}' is not a count (a whole number of 0 or more).");

    private int[]? Clusters()
    {
        if (_layout.Cluster < 0)
        {
            return null;
        }
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. _table.Rows.Select(r => numbers.TryGetValue(r.Cells[_layout.Cluster], out var n) ? n : numbers[r.Cells[_layout.Cluster]] = numbers.Count)];
    }

    private ContingencyTable SquareTable()
    {
        var first = _layout.Unit >= 0 ? 1 : 0;
        var names = _table.Header[first..];
        if (_table.Rows.Count != names.Length)
        {
            throw new StatsInputException($"A contingency table has as many rows as columns; {_table.Name} has {_table.Rows.Count} rows and {names.Length} columns.");
        }
        var counts = new double[names.Length, names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var to = first == 1 && _layout.IsSquare() ? Array.IndexOf(names, _table.Rows[i].Cells[0].Trim()) : i;
            for (var j = 0; j < names.Length; j++)
            {
                counts[to, j] = StatsValues.Number(_table.Rows[i].Cells[first + j]) is { } n and >= 0
                    ? n
                    : throw new StatsInputException($"{_table.Name}, line {_table.Rows[i].Line}: '{_table.Rows[i].Cells[first + j]}' is not a count.");
            }
        }
        return ContingencyTable.Of(counts, LevelsOf(names));
    }
}

/// <summary>One rating as text, with where it came from.</summary>
internal sealed record StatsCell(int Line, string Unit, string Rater, string Value, string? Cluster);
