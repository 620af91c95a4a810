namespace HealthEval.Agreement.Statistics;

/// <summary>Two raters' joint counts: rows are the first rater's levels, columns the second's. Counts may be fractions of a total (published proportions).</summary>
public sealed class ContingencyTable
{
    private readonly double[,] _cells;

    private ContingencyTable(double[,] cells, Scale scale)
    {
        (_cells, Scale) = (cells, scale);
        (RowShares, ColumnShares) = (new double[scale.Count], new double[scale.Count]);
        foreach (var cell in cells)
        {
            Total += cell;
        }
        for (var i = 0; i < scale.Count; i++)
        {
            for (var j = 0; j < scale.Count; j++)
            {
                RowShares[i] += cells[i, j] / Total;
                ColumnShares[j] += cells[i, j] / Total;
            }
        }
    }

    /// <summary>The levels, in the order of rows and columns.</summary>
    public Scale Scale { get; }

    /// <summary>Units rated by both.</summary>
    public double Total { get; }

    internal double[] RowShares { get; }

    internal double[] ColumnShares { get; }

    internal SampleSize Size => new((int)Math.Round(Total), 2 * (int)Math.Round(Total), 2);

    /// <summary>Share of units in a cell.</summary>
    internal double Share(int row, int column) => _cells[row, column] / Total;

    /// <summary>A table of counts, 0 or more, as many rows and columns as the scale has levels.</summary>
    public static ContingencyTable Of(double[,] counts, Scale scale)
    {
        if (counts.GetLength(0) != scale.Count || counts.GetLength(1) != scale.Count)
        {
            throw new ArgumentException("A contingency table has a row and a column per level.", nameof(counts));
        }
        return counts.Cast<double>().All(c => c >= 0 && double.IsFinite(c))
            ? new ContingencyTable((double[,])counts.Clone(), scale)
            : throw new ArgumentException("A count is negative or not a number.", nameof(counts));
    }

    /// <summary>The joint counts of two raters of a matrix, over the units both rated. Every level of the scale is kept, used or not.</summary>
    public static ContingencyTable Of(RatingMatrix matrix, string first, string second)
    {
        var (a, b) = (IndexOf(matrix, first), IndexOf(matrix, second));
        var counts = new double[matrix.Scale.Count, matrix.Scale.Count];
        for (var u = 0; u < matrix.Units.Count; u++)
        {
            var (x, y) = (matrix.LevelOf(u, a), matrix.LevelOf(u, b));
            if (x >= 0 && y >= 0)
            {
                counts[x, y]++;
            }
        }
        return new ContingencyTable(counts, matrix.Scale);
    }

    /// <summary>The same ratings unit by unit, in the order of the cells; null when the table holds proportions instead of counts.</summary>
    public ValueCounts? ToCounts()
    {
        if (_cells.Cast<double>().Any(c => c != Math.Floor(c)) || Total > 10_000_000)
        {
            return null;
        }
        var (table, unit) = (new int[(int)Total, Scale.Count], 0);
        for (var i = 0; i < Scale.Count; i++)
        {
            for (var j = 0; j < Scale.Count; j++)
            {
                for (var n = 0; n < _cells[i, j]; n++, unit++)
                {
                    table[unit, i]++;
                    table[unit, j]++;
                }
            }
        }
        return ValueCounts.FromTable(table, Scale);
    }

    private static int IndexOf(RatingMatrix matrix, string rater)
    {
        for (var i = 0; i < matrix.Raters.Count; i++)
        {
            if (matrix.Raters[i] == rater)
            {
                return i;
            }
        }
        throw new ArgumentException($"There is no rater '{rater}'.", nameof(rater));
    }
}
