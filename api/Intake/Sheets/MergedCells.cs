using System.Xml;

namespace HealthEval.Intake.Sheets;

/// <summary>
/// Cells that are merged over several rows: a workbook has the value in the first of them only, a reader sees it beside each. To the right it is not repeated:
/// one text over two columns is not the content of both.
/// </summary>
internal sealed class MergedCells
{
    private const int Most = 100_000;
    private readonly Dictionary<long, List<(int Column, long Last)>> _begin = [];
    private readonly Dictionary<int, (string Value, long Last)> _open = [];

    public static MergedCells None => new();

    /// <summary>They are listed behind the rows.</summary>
    public static MergedCells Read(XmlReader sheet)
    {
        var merged = new MergedCells();
        for (var count = 0; Xml.Next(sheet, "mergeCell"); count++)
        {
            if (count == Most)
            {
                throw new UnreadableFileException($"The sheet has more than {Most:N0} merged cells. Unmerge them, or send the table as CSV.");
            }

            if (sheet.GetAttribute("ref")?.Split(':') is [var from, var to] && SheetRows.Column(from) is { } column && Row(from) is { } first && Row(to) is { } last && last > first)
            {
                merged._begin.TryAdd(first, []);
                merged._begin[first].Add((column, last));
            }
        }

        return merged;
    }

    /// <summary>Whether a cell from above is seen in this row.</summary>
    public bool Reaches(long row) => _open.Values.Any(cell => cell.Last >= row);

    public void Fill(long row, List<string> cells, int columns)
    {
        foreach (var (column, (value, last)) in _open)
        {
            if (last < row)
            {
                _open.Remove(column);
            }
            else if (column < columns)
            {
                while (cells.Count <= column)
                {
                    cells.Add("");
                }

                cells[column] = cells[column].Length > 0 ? cells[column] : value;
            }
        }

        foreach (var (column, last) in _begin.GetValueOrDefault(row) ?? [])
        {
            _open[column] = (column < cells.Count ? cells[column] : "", last);
        }
    }

    public static long? Row(string reference) => long.TryParse(reference.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"), out var row) ? row : null;
}
