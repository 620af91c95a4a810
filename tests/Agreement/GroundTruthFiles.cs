using System.Globalization;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>The published tables beside this file. Their sources are in GroundTruth/README.md.</summary>
internal static class GroundTruthFiles
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Agreement", "GroundTruth", name);

    public static (string[] Header, string[][] Rows) Read(string name)
    {
        var lines = File.ReadAllLines(PathOf(name)).Where(l => l.Length > 0).Select(l => l.Split(',')).ToArray();
        return (lines[0], lines[1..]);
    }

    /// <summary>A row per unit, a column per rater, blanks missing; the first column names the unit.</summary>
    public static RatingMatrix Wide(string name, Scale? scale = null, params string[] raters)
    {
        var (header, rows) = Read(name);
        var cells = from row in rows
                    from c in Enumerable.Range(1, header.Length - 1)
                    where row[c].Length > 0 && (raters.Length == 0 || raters.Contains(header[c]))
                    select (Unit: row[0], Rater: header[c], Value: row[c]);
        return cells.All(c => double.TryParse(c.Value, CultureInfo.InvariantCulture, out _))
            ? RatingMatrix.FromNumbers(cells.Select(c => new Rating(c.Unit, c.Rater, double.Parse(c.Value, CultureInfo.InvariantCulture))), scale)
            : RatingMatrix.FromLabels(cells.Select(c => new LabelRating(c.Unit, c.Rater, c.Value)), scale);
    }

    /// <summary>A row per unit, a column per level; the first column names the unit.</summary>
    public static ValueCounts Counts(string name)
    {
        var (header, rows) = Read(name);
        return ValueCounts.FromTable(Table(rows), Scale.OfNumbers(Enumerable.Range(1, header.Length - 1).Select(i => (double)i)));
    }

    public static int[,] Table(string[][] rows)
    {
        var table = new int[rows.Length, rows[0].Length - 1];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 1; j < rows[0].Length; j++)
            {
                table[i, j - 1] = int.Parse(rows[i][j], CultureInfo.InvariantCulture);
            }
        }
        return table;
    }
}
