using System.Text;

namespace HealthEval.Cli.Stats;

/// <summary>What is wrong with a call or a file, in a sentence for the person who made it.</summary>
internal sealed class StatsInputException(string message) : Exception(message);

/// <summary>One row of a CSV file with the line it starts on.</summary>
internal sealed record StatsRow(int Line, string[] Cells);

/// <summary>A CSV file as text: header and rows of equal width, nothing interpreted yet.</summary>
internal sealed record StatsTable(string Name, string[] Header, IReadOnlyList<StatsRow> Rows)
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    public static StatsTable Read(FileInfo file)
    {
        if (!file.Exists)
        {
            throw new StatsInputException($"There is no file '{file}'.");
        }
        try
        {
            return Parse(file.Name, File.ReadAllText(file.FullName, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (DecoderFallbackException)
        {
            throw new StatsInputException($"{file.Name} is not UTF-8 text. Save it as \"CSV UTF-8\" and try again.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StatsInputException($"{file.Name} cannot be read: {failure.Message}");
        }
    }

    public static StatsTable Parse(string name, string text)
    {
        text = text.TrimStart('\uFEFF');
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new StatsInputException($"{name} is not a text file (it has zero bytes).");
        }
        var separator = Separator(text);
        var rows = WithoutBlankColumns(Split(name, text, separator));
        if (rows.Count == 0)
        {
            throw new StatsInputException($"{name} is empty.");
        }
        var hasHeader = HasHeader(name, rows);
        var header = hasHeader ? rows[0].Cells : [.. Enumerable.Range(1, rows[0].Cells.Length).Select(i => $"column{i}")];
        var body = hasHeader ? rows[1..] : rows;
        if (body.Count == 0)
        {
            throw new StatsInputException($"{name} has a header and no rows.");
        }
        Require(name, header, body);
        body = separator == ';' ? [.. body.Select(r => r with { Cells = [.. r.Cells.Select(WithPoint)] })] : body;
        return new StatsTable(name, [.. header.Select(h => h.Trim())], body);
    }

    /// <summary>Number of the first column with one of these names (case, spaces and punctuation ignored), or −1.</summary>
    public int Find(params ReadOnlySpan<string> names)
    {
        foreach (var wanted in names)
        {
            var at = Array.FindIndex(Header, h => Plain(h) == Plain(wanted));
            if (at >= 0)
            {
                return at;
            }
        }
        return -1;
    }

    /// <summary>Number of a column that the caller named.</summary>
    public int Require(string column) => Find(column) is var at and >= 0
        ? at
        : throw new StatsInputException($"{Name} has no column '{column}'. Its columns are: {string.Join(", ", Header)}.");

    internal static string Plain(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static void Require(string name, string[] header, List<StatsRow> body)
    {
        foreach (var row in body)
        {
            if (row.Cells.Length != header.Length)
            {
                throw new StatsInputException($"{name}, line {row.Line}: {row.Cells.Length} cells where the header has {header.Length}. Quote a cell that holds the separator.");
            }
        }
        if (header.Where(h => h.Trim().Length > 0).GroupBy(h => h.Trim(), StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new StatsInputException($"{name} has two columns called '{twice.Key}'.");
        }
    }

    /// <summary>A first row of numbers only is data, unless it reads as the ascending levels above a table of counts.</summary>
    private static bool HasHeader(string name, List<StatsRow> rows)
    {
        // Headings differ from each other, so a row of numbers and blanks that repeats a number is data.
        string[] filled = [.. rows[0].Cells.Select(c => c.Trim()).Where(c => !StatsValues.IsMissing(c, null))];
        if (rows.Count > 1 && Array.TrueForAll(filled, c => StatsValues.Number(c) is not null) && filled.Distinct(StringComparer.Ordinal).Count() < filled.Length)
        {
            return false;
        }
        var first = rows[0].Cells.Select(c => StatsValues.Number(c)).ToArray();
        if (first.Any(n => n is null) || rows.Count == 1)
        {
            return true;
        }
        var ascending = first.Zip(first.Skip(1), (a, b) => a < b).All(x => x);
        var sums = rows.Skip(1).Select(r => r.Cells.Sum(c => StatsValues.Number(c) ?? double.NaN)).Distinct().ToArray();
        if (ascending && sums.Length == 1 && rows.Count > 2 && sums[0] != first.Sum())
        {
            return true;
        }
        // Numbering from 0 or 1 is what programs head nameless columns with, and what a row of ratings may be too.
        return first.Length > 1 && first[0] is 0 or 1 && first.Select((n, i) => n - i).Distinct().Count() == 1
            ? throw new StatsInputException($"The first row of {name}, {string.Join(",", rows[0].Cells)}, can be read as the names of the columns or as a row of values. "
                + "Write a first row with names, for example " + string.Join(",", first.Select((_, i) => $"rater{i + 1}")) + ".")
            : false;
    }

    /// <summary>Spreadsheets add separators at the end of every row.</summary>
    private static List<StatsRow> WithoutBlankColumns(List<StatsRow> rows)
    {
        var used = rows.Count == 0 ? 0 : rows.Max(r => Array.FindLastIndex(r.Cells, c => !string.IsNullOrWhiteSpace(c)) + 1);
        return rows.Exists(r => r.Cells.Length > used) ? [.. rows.Select(r => r with { Cells = r.Cells[..Math.Min(used, r.Cells.Length)] })] : rows;
    }

    /// <summary>Where the semicolon separates, the comma is a decimal point.</summary>
    private static string WithPoint(string cell) =>
        cell.Count(c => c == ',') == 1 && StatsValues.Number(cell.Replace(',', '.')) is not null ? cell.Replace(',', '.') : cell;

    private static char Separator(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var line = end < 0 ? text : text[..end];
        return Separators.MaxBy(s => line.Count(c => c == s));
    }

    /// <summary>RFC 4180, with the line number of every row; blank lines are skipped.</summary>
    private static List<StatsRow> Split(string name, string text, char separator)
    {
        var (rows, cells, cell) = (new List<StatsRow>(), new List<string>(), new StringBuilder());
        var (line, start, at) = (1, 1, 0);
        while (at < text.Length)
        {
            var c = text[at];
            if (c == '"' && cell.Length == 0)
            {
                at = Quoted(name, text, at, cell, ref line);
                continue;
            }
            at++;
            if (c == separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (c == '\n')
            {
                EndRow();
                line++;
                start = line;
            }
            else if (c != '\r' || (at < text.Length && text[at] != '\n'))
            {
                cell.Append(c);
            }
        }
        EndRow();
        return rows;

        void EndRow()
        {
            cells.Add(cell.ToString());
            cell.Clear();
            if (cells.Exists(x => !string.IsNullOrWhiteSpace(x)))
            {
                rows.Add(new StatsRow(start, [.. cells]));
            }
            cells.Clear();
        }
    }

    private static int Quoted(string name, string text, int at, StringBuilder cell, ref int line)
    {
        var start = line;
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 >= text.Length || text[at + 1] != '"')
                {
                    return at + 1;
                }
                at++;
            }
            line += text[at] == '\n' ? 1 : 0;
            cell.Append(text[at]);
        }
        throw new StatsInputException($"{name}, line {start}: a quotation mark is opened and never closed.");
    }
}

/// <summary>Cells as values.</summary>
internal static class StatsValues
{
    public static readonly string[] DefaultMissing = ["NA", "N/A", "#N/A", "<NA>", "NaN", "null", ".", "*", "?"];

    private static readonly string[] Dashes = ["-", "--", "–", "—"];

    private static readonly string[] Words = ["none", "missing", "n.a.", "nd"];

    public static bool IsMissing(string cell, IReadOnlyList<string>? stated) =>
        cell.Length == 0 || (stated ?? DefaultMissing).Any(m => string.Equals(m, cell, StringComparison.OrdinalIgnoreCase));

    /// <summary>A dash is no rating, unless the labels are signs (+ and −); "none" and the like are labels, unless all else are numbers.</summary>
    public static List<StatsCell> WithoutMarks(List<StatsCell> cells)
    {
        var rest = cells.FindAll(c => !Dashes.Contains(c.Value) && !Words.Contains(c.Value, StringComparer.OrdinalIgnoreCase));
        if (rest.Count == cells.Count || rest.Count == 0)
        {
            return cells;
        }
        return rest.TrueForAll(c => Number(c.Value) is not null) ? rest
            : rest.Exists(c => c.Value.StartsWith('+')) ? cells
            : cells.FindAll(c => !Dashes.Contains(c.Value));
    }

    public static double? Number(string cell) =>
        double.TryParse(cell, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : null;

    public static bool? Truth(string cell) => cell.Trim().ToLowerInvariant() switch
    {
        "1" or "true" or "yes" or "y" or "met" or "t" => true,
        "0" or "false" or "no" or "n" or "not met" or "unmet" or "f" => false,
        _ => null,
    };
}
