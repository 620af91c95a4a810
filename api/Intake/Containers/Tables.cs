using System.Buffers;
using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>What CSV, TSV and worksheets share: column names, and rows as the JSON objects that every format reads.</summary>
internal static class Tables
{
    /// <summary>Titles, dates and remarks may stand above the names of the columns.</summary>
    public const int RowsToLookAt = 50;

    public const string Needs = "Needed: a column prompt (or question, query, input, instruction, messages) and a column response (or answer, output, completion), or response_a and response_b.";

    /// <summary>Lower case with underscores; a name with the name of a model in it stays as it is written.</summary>
    public static string Normal(string name)
    {
        var trimmed = name.Trim().TrimStart('\uFEFF');
        return trimmed.StartsWith('[') || Wide.IsAnswer(trimmed) || ModelNames.IsOne(trimmed) ? trimmed
            : trimmed.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
    }

    /// <summary>Which of these rows has the names of the columns; -1 when none has any that we know.</summary>
    public static int HeaderAt(List<List<string>> rows, FormatCatalog formats) => rows.FindIndex(cells => formats.SuitsColumns([.. cells.Select(Normal).Where(name => name.Length > 0)]));

    /// <summary>Column names of a header row. Throws when two are the same: which of them would be meant?</summary>
    public static IReadOnlyList<string> Header(IReadOnlyList<string> cells)
    {
        var names = cells.Select(Normal).ToList();
        var twice = names.Where(name => name.Length > 0).GroupBy(Names.Plain).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? names : throw new UnreadableFileException($"The column '{Excerpt.Of(twice.First(), 40)}' appears twice in the header.");
    }
}

/// <summary>What a row of a table can be that is no record.</summary>
internal static class TableRows
{
    private const int MostOfAName = 60;

    /// <summary>The most that a cell of Excel holds; what was longer ended there.</summary>
    private const int MostOfACell = 32_767;

    private static readonly HashSet<string> Asked = [.. ((string[])[.. Names.Prompts, .. Names.Askers, "instruction"]).Select(Names.Plain)];

    /// <summary>
    /// The names of the columns once more, as tables have them that were put one behind the other; they may be others than before. Null for a record.
    /// </summary>
    public static IReadOnlyList<string>? NamesAgain(IReadOnlyList<string> cells, IReadOnlyList<string> header, FormatCatalog formats)
    {
        if (cells.Any(cell => cell.Length > MostOfAName) || !cells.Any(cell => cell.Length > 0 && Asked.Contains(Names.Plain(cell.TrimStart('\uFEFF').Trim()))))
        {
            return null;
        }

        var names = cells.Select(Tables.Normal).ToList();
        return names.Where(name => name.Length > 0).SequenceEqual(header.Where(name => name.Length > 0)) ? header
            : names.Distinct().Count() > 1 && formats.SuitsColumns([.. names.Where(name => name.Length > 0)]) ? Tables.Header(cells)
            : null;
    }

    /// <summary>Why a row is no record that can be trusted; null when it is one.</summary>
    public static string? Fault(IReadOnlyList<string> cells, IReadOnlyList<string> header)
    {
        var (filled, at) = (0, -1);
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i].Length == MostOfACell)
            {
                return $"Cell {i + 1} has {MostOfACell:N0} characters, the most that a cell of Excel holds, so its text was cut off there. "
                    + "Send this record as CSV or JSON Lines from where it was made.";
            }

            (filled, at) = cells[i].Length > 0 ? (filled + 1, i) : (filled, at);
        }

        if (filled > 1 && cells.All(cell => cell.Length == 0 || cell is ['\'', _, .., '\'']))
        {
            return "The cells of this row are in single quotes, which would be shown: tables have double ones around a cell.";
        }

        return filled == 1 && header.Count(name => name.Length > 0) > 2
            ? $"Only cell {at + 1} of this row has a text, as a title or a remark between the records has. "
                + "If it is a record, give it an id or the name of its model."
            : null;
    }
}

/// <summary>Writes rows as JSON objects into one buffer that is used again and again.</summary>
internal sealed class RowWriter
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Write(IReadOnlyList<string> header, IReadOnlyList<string> cells)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, Options);
        json.WriteStartObject();
        for (var i = 0; i < header.Count && i < cells.Count; i++)
        {
            if (header[i].Length > 0 || cells[i].Length > 0)
            {
                json.WriteString(header[i].Length > 0 ? header[i] : $"column_{i + 1}", cells[i]);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenMemory;
    }
}
