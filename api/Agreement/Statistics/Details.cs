namespace HealthEval.Agreement.Statistics;

/// <summary>Named extras of a result, in the order they were added. Values are numbers, strings, booleans, lists of these, or further details.</summary>
public sealed class Details
{
    /// <summary>No details.</summary>
    public static readonly Details None = new([]);

    private Details(KeyValuePair<string, object?>[] pairs) => Pairs = pairs;

    /// <summary>Names and values, in order. Every number is finite.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Pairs { get; }

    /// <summary>The value of a detail; null when it is missing.</summary>
    public object? this[string name] => Pairs.FirstOrDefault(p => p.Key == name).Value;

    /// <summary>Details from name and value pairs; a number that is not finite becomes null.</summary>
    public static Details Of(params ReadOnlySpan<(string Name, object? Value)> pairs)
    {
        var list = new KeyValuePair<string, object?>[pairs.Length];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = new(pairs[i].Name, Finite(pairs[i].Value));
        }
        return new Details(list);
    }

    /// <summary>These details and one more (replacing one of the same name).</summary>
    public Details And(string name, object? value) => new([.. Pairs.Where(p => p.Key != name), new(name, Finite(value))]);

    /// <summary>The detail as a number, or null when it is missing or not a number.</summary>
    public double? Number(string name) => this[name] switch { double d => d, int i => i, long l => l, _ => null };

    private static object? Finite(object? value) => value switch
    {
        double d => double.IsFinite(d) ? d : null,
        IEnumerable<double> list => list.Select(d => double.IsFinite(d) ? d : (double?)null).ToArray(),
        double[,] table => Rows(table),
        _ => value,
    };

    private static double?[][] Rows(double[,] table)
    {
        var rows = new double?[table.GetLength(0)][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double?[table.GetLength(1)];
            for (var j = 0; j < rows[i].Length; j++)
            {
                rows[i][j] = double.IsFinite(table[i, j]) ? table[i, j] : null;
            }
        }
        return rows;
    }
}
