namespace HealthEval.Cli.Stats;

/// <summary>The shapes in which ratings arrive.</summary>
internal enum StatsShape
{
    /// <summary>A row per rating.</summary>
    Long,

    /// <summary>A row per unit, a column per rater.</summary>
    Wide,

    /// <summary>A row per rater, a column per unit, as Krippendorff prints reliability data.</summary>
    Transposed,

    /// <summary>A row per unit, a column per level, counts in the cells.</summary>
    Counts,

    /// <summary>Two raters' contingency table: rows and columns are the levels.</summary>
    Square,
}

/// <summary>Finds out which columns of a table hold what.</summary>
internal sealed class StatsLayout
{
    private static readonly string[] UnitNames =
        ["unit", "unit_id", "item", "item_id", "subject", "subject_id", "task", "task_id", "patient", "target", "case", "document", "doc", "question", "example", "id", "object", "sample", "response_id", "prompt", "prompt_id", "units", "subjects", "text", "image"];

    private static readonly string[] RaterNames =
        ["rater", "rater_id", "coder", "annotator", "annotator_id", "observer", "worker", "worker_id", "judge", "reviewer", "evaluator", "performer", "labeler", "labeller", "user", "grader", "assessor", "physician", "expert"];

    private static readonly string[] ValueNames = ["value", "rating", "label", "score", "category", "code", "answer", "judgement", "judgment", "class", "verdict", "grade", "annotation"];

    private static readonly string[] ClusterNames = ["cluster", "prompt", "prompt_id"];

    private static readonly string[] ReplicateNames = ["replicate", "repeat", "repetition", "occasion", "round", "trial"];

    // Columns that are neither a rater's nor a value, whatever the shape.
    private static readonly string[] OtherNames = [.. ReplicateNames, "time", "timestamp", "date", "seconds", "comment", "rationale", "confidence", "group", "model"];

    private readonly StatsTable _table;
    private readonly StatsRequest _request;

    public StatsLayout(StatsTable table, StatsRequest request)
    {
        (_table, _request) = (table, request);
        Rater = Column(request.RaterColumn, RaterNames);
        Value = Column(request.ValueColumn, ValueNames);
        Unit = FindUnit();
        Cluster = request.ClusterColumn is { } named ? table.Require(named) : table.Find(ClusterNames) is var at && at != Unit ? at : -1;
        GuessLong();
        int[] apart = [Unit, Cluster, request.GroupColumn is { } by ? table.Require(by) : -1, RowNumbers()];
        Columns = [.. Enumerable.Range(0, table.Header.Length).Where(c => !apart.Contains(c))];
        LeftOut = request.Raters.Count > 0 ? [] : StatsRaterColumns.Others(table, request, Columns, RaterLike, IsAside);
        Columns = [.. Columns.Except(LeftOut)];
        Shape = Detect();
        Columns = Shape switch
        {
            StatsShape.Wide when request.Raters.Count > 0 => [.. request.Raters.Select(table.Require)],
            StatsShape.Transposed => [.. Columns.Where(c => c != Rater)],
            _ => Columns,
        };
        foreach (var option in NoPart())
        {
            request.NoPart[option] = $"{table.Name} was read as {Words}";
        }
    }

    /// <summary>Options that say nothing about a table of this shape.</summary>
    private string[] NoPart() => Shape switch
    {
        StatsShape.Long => [],
        StatsShape.Transposed => ["--unit", "--value"],
        StatsShape.Wide => ["--rater", "--value"],
        _ => ["--rater", "--value", "--raters", "--levels", "--repeats"],
    };

    public StatsShape Shape { get; }

    public int Unit { get; private set; }

    public int Rater { get; private set; }

    public int Value { get; private set; }

    public int Cluster { get; }

    /// <summary>Rater columns (wide) or level columns (counts).</summary>
    public int[] Columns { get; }

    /// <summary>Columns of a wide or count table that hold something else than ratings: identifiers, texts, times.</summary>
    public int[] LeftOut { get; }

    public bool HasReplicates => _table.Find(ReplicateNames) >= 0;

    private int Column(string? named, string[] standard) => named is not null ? _table.Require(named) : _table.Find([.. standard, .. standard.SelectMany(n => new[] { $"{n}_id", $"{n}_name" })]);

    private bool IsAside(int column) => StatsTable.Plain(_table.Header[column]) is var plain && plain != "model"
        && (OtherNames.Contains(plain) || UnitNames.Any(n => StatsTable.Plain(n) == plain));

    /// <summary>The nameless column in which R and pandas number the rows, beside a named one for the unit; or −1.</summary>
    private int RowNumbers() => Unit > 0 && StatsTable.Plain(_table.Header[0]) is "" or "unnamed0" && Column(null, UnitNames) > 0 ? 0 : -1;

    private int FindUnit()
    {
        if (_request.UnitColumn is { } named)
        {
            return _table.Require(named);
        }
        if (_request.Format == "square")
        {
            return _table.Rows.Count == _table.Header.Length ? -1 : 0;
        }
        var taken = _request.ClusterColumn is { } cluster ? _table.Require(cluster) : -1;
        var known = UnitNames.Concat(UnitNames.Select(n => $"{n}_id")).Select(n => _table.Find(n)).FirstOrDefault(at => at >= 0 && at != taken, -1);
        if (known >= 0 || _table.Header[0].Length == 0)
        {
            return Math.Max(known, 0);
        }
        // An unnamed identifier: the first column, all different, where another column repeats itself.
        var first = _table.Rows.Select(r => r.Cells[0].Trim()).ToArray();
        var distinct = first.Distinct(StringComparer.Ordinal).Count() == first.Length && first.Length > 1;
        var identifier = distinct && _table.Header.Length > 2
            && (first.All(c => StatsValues.Number(c) is null) || first.Select(c => StatsValues.Number(c)).SequenceEqual(Enumerable.Range(1, first.Length).Select(i => (double?)i)));
        return identifier && !RaterLike(_table.Header[0]) ? 0 : -1;
    }

    private StatsShape Detect()
    {
        switch (_request.Format)
        {
            case "long":
                return Unit >= 0 && Rater >= 0 && Value >= 0 ? StatsShape.Long : throw new StatsInputException(
                    $"A long table needs a column each for unit, rater and value; {_table.Name} has {string.Join(", ", _table.Header)}. Name them with --unit, --rater and --value.");
            case "wide":
                return StatsShape.Wide;
            case "counts":
                return StatsShape.Counts;
            case "square":
                return StatsShape.Square;
        }
        if (Unit >= 0 && Rater >= 0 && Value >= 0 && Rater != Value)
        {
            return StatsShape.Long;
        }
        if (IsSquare())
        {
            StatsAmbiguity.AskAboutSquare(_table.Name, _table.Header[1..], _table.Rows.SelectMany(r => r.Cells.Skip(1).Select(StatsValues.Number)));
            return StatsShape.Square;
        }
        return IsCounts() ? StatsShape.Counts : IsTransposed() ? StatsShape.Transposed : StatsShape.Wide;
    }

    /// <summary>How the table was read, in words.</summary>
    public string Words
    {
        get
        {
            var columns = string.Join(", ", Columns.Take(12).Select(c => _table.Header[c])) + (Columns.Length > 12 ? ", …" : "");
            return Shape switch
            {
                StatsShape.Long => $"long: a row per rating (unit {_table.Header[Unit]}, rater {_table.Header[Rater]}, value {_table.Header[Value]})",
                StatsShape.Transposed => $"units × raters, transposed: a row per rater, units {columns}",
                StatsShape.Counts => $"counts: a row per unit, levels {columns}",
                StatsShape.Square => "square table: two raters' contingency table",
                _ => $"units × raters: a row per unit, raters {columns}",
            };
        }
    }

    /// <summary>The first column names raters, each once, and nothing names units.</summary>
    private bool IsTransposed() => Rater == 0 && Unit < 0 && Columns.Length > 2 && !Repeats(0);

    /// <summary>The labels down the first column are the labels across the header.</summary>
    public bool IsSquare()
    {
        var across = _table.Header.Skip(1).Order(StringComparer.Ordinal);
        var down = _table.Rows.Select(r => r.Cells[0].Trim()).Order(StringComparer.Ordinal);
        return _table.Header.Length > 2 && across.SequenceEqual(down, StringComparer.Ordinal) && _table.Rows.All(r => r.Cells.Skip(1).All(c => StatsValues.Number(c) is >= 0));
    }

    /// <summary>Whole numbers under headings that do not name raters, where <see cref="StatsAmbiguity"/> finds that they are counts.</summary>
    private bool IsCounts()
    {
        if (Columns.Length < 2 || _table.Rows.Count < 2 || Columns.Any(c => RaterLike(_table.Header[c])))
        {
            return false;
        }
        // A printed table may leave a count of none blank; two rows would be too few to tell it from missing ratings.
        var hasBlank = _table.Rows.Any(r => Columns.Any(c => r.Cells[c].Trim() is "" or "-"));
        var rows = _table.Rows.Select(r => Columns.Select(c => _table.Rows.Count > 2 && r.Cells[c].Trim() is "" or "-" ? 0 : StatsValues.Number(r.Cells[c])).ToArray()).ToArray();
        if (rows.Any(r => r.Any(n => n is null or < 0 || n != Math.Floor(n.Value))))
        {
            return false;
        }
        return StatsAmbiguity.IsCounts(_table.Name, [.. Columns.Select(c => _table.Header[c])], [.. rows.Select(r => r.Select(n => (int)Math.Min(n!.Value, int.MaxValue / 64)).ToArray())], hasBlank);
    }

    private static bool RaterLike(string header)
    {
        var plain = StatsTable.Plain(header).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return (plain is "r" or "j" or "obs" or "o" && plain.Length < StatsTable.Plain(header).Length) || RaterNames.Any(n => plain.StartsWith(StatsTable.Plain(n), StringComparison.Ordinal));
    }

    /// <summary>Two of unit, rater and value are named and one column is left; or a value column beside two columns that both repeat themselves.</summary>
    private void GuessLong()
    {
        int[] left = [.. Enumerable.Range(0, _table.Header.Length).Where(c => c != Unit && c != Rater && c != Value && c != Cluster
            && !(c == 0 && _table.Header[0].Length == 0) && !OtherNames.Contains(StatsTable.Plain(_table.Header[c])) && (_request.GroupColumn is null || _table.Require(_request.GroupColumn) != c))];
        if (left.Length == 1 && Rater >= 0 && (Unit >= 0) != (Value >= 0))
        {
            (Unit, Value) = Unit >= 0 ? (Unit, left[0]) : (left[0], Value);
        }
        else if (left.Length == 1 && Unit >= 0 && Value >= 0 && Rater < 0 && Repeats(Unit) && Repeats(left[0]))
        {
            Rater = left[0];
        }
        else if (left.Length == 2 && Unit < 0 && Rater >= 0 && Value < 0 && left.Where(c => Repeats(c) && Pairs(c, Rater)).ToArray() is [var unit])
        {
            (Unit, Value) = (unit, left[0] + left[1] - unit);
        }
        else if (left.Length == 2 && Unit < 0 && Rater < 0 && Value >= 0 && Repeats(left[0]) && Repeats(left[1]) && Pairs(left[0], left[1]))
        {
            (Unit, Rater) = (left[0], left[1]);
        }
    }

    private bool Repeats(int column) => _table.Rows.Select(r => r.Cells[column]).Distinct(StringComparer.Ordinal).Count() < _table.Rows.Count;

    private bool Pairs(int a, int b) => _table.Rows.Select(r => (r.Cells[a], r.Cells[b])).Distinct().Count() == _table.Rows.Count;
}
