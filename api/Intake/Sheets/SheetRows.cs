using System.Globalization;
using System.Xml;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Sheets;

/// <summary>The rows of one sheet, in order; a cell far to the right costs nothing.</summary>
/// <param name="merged">A cell that was merged over several rows has its value in each of them.</param>
internal sealed class SheetRows(XmlReader sheet, List<string> strings, CellFormats formats, MergedCells merged)
{
    private const int MaxColumns = 1_000;
    private const int DaysTo1904 = 1_462;

    /// <param name="columns">How many there are, once that is known.</param>
    public IEnumerable<(long Line, List<string> Cells, string? Problem, bool IsHidden)> Read(Func<int?> columns)
    {
        var line = 0L;
        while (Xml.Next(sheet, "row"))
        {
            line = long.TryParse(sheet.GetAttribute("r"), out var given) ? given : line + 1;
            if (sheet.IsEmptyElement && !merged.Reaches(line))
            {
                continue;
            }

            var isHidden = sheet.GetAttribute("hidden") is "1" or "true" or "on";
            using var row = sheet.ReadSubtree();
            var cells = new List<string>();
            var problem = Cells(row, cells, columns() ?? MaxColumns);
            merged.Fill(line, cells, columns() ?? MaxColumns);
            if (problem is not null || cells.Count > 0)
            {
                yield return (line, cells, problem, isHidden);
            }
        }
    }

    private string? Cells(XmlReader row, List<string> cells, int columns)
    {
        string? problem = null;
        var next = 0;
        while (Xml.Next(row, "c"))
        {
            var column = Column(row.GetAttribute("r")) ?? next;
            next = column + 1;
            var (type, style) = (row.GetAttribute("t"), row.GetAttribute("s"));
            if (row.IsEmptyElement || column >= columns)
            {
                continue;
            }

            using var cell = row.ReadSubtree();
            if (Value(cell, type, style) is not { Length: > 0 } value)
            {
                continue;
            }

            if (type is "e" || HasHalfCharacter(value))
            {
                problem = type is "e" ? $"Column {column + 1} shows an error ({Excerpt.Of(value, 12)})." : $"Column {column + 1} has half a character.";
            }

            while (cells.Count <= column)
            {
                cells.Add("");
            }

            cells[column] = value;
        }

        return problem;
    }

    private string Value(XmlReader cell, string? type, string? style)
    {
        if (type is "inlineStr")
        {
            return SharedStrings.Text(cell);
        }

        var raw = Xml.Next(cell, "v") ? cell.ReadElementContentAsString() : "";
        return type switch
        {
            "s" => int.TryParse(raw, out var index) && index >= 0 && index < strings.Count ? strings[index] : "",
            "b" => raw == "1" ? "TRUE" : "FALSE",
            "str" => SharedStrings.Unescape(raw),
            null or "n" when int.TryParse(style, out var format) && formats.Dates.Contains(format) => Date(raw),
            null or "n" => Digits(raw, int.TryParse(style, out var format) ? formats.Digits.GetValueOrDefault(format) : 0),
            _ => raw,
        };
    }

    /// <summary>Days since 1899-12-30. Excel believes in 29 February 1900, so earlier ones stay numbers rather than become the wrong day.</summary>
    private string Date(string raw) =>
        double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var given)
            && (formats.IsFrom1904 ? given + DaysTo1904 : given) is >= 61 and < 2_958_466 and var days
            ? DateTime.FromOADate(days) is { TimeOfDay.Ticks: 0 } day ? $"{day:yyyy-MM-dd}" : $"{DateTime.FromOADate(days):yyyy-MM-ddTHH:mm:ss}"
            : raw;

    /// <summary>A whole number as it is seen in the cell: without a power of ten, and with the zeros in front that the cell shows.</summary>
    private static string Digits(string raw, int atLeast) =>
        raw.Contains('E', StringComparison.OrdinalIgnoreCase) && double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < 1e15 && number == Math.Truncate(number)
            ? number.ToString("F0", CultureInfo.InvariantCulture).PadLeft(atLeast, '0')
            : raw.Length > 0 && raw.All(char.IsAsciiDigit) ? raw.PadLeft(atLeast, '0') : raw;

    public static int? Column(string? reference)
    {
        var column = 0;
        foreach (var c in reference ?? "")
        {
            if (!char.IsAsciiLetter(c) || column > 20_000)
            {
                break;
            }

            column = (column * 26) + (char.ToUpperInvariant(c) - 'A' + 1);
        }

        return column == 0 ? null : column - 1;
    }

    private static bool HasHalfCharacter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0xFFFD && !text.Contains('\uFFFD'))
            {
                return true;
            }
        }

        return false;
    }
}
