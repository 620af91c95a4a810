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
        return trimmed.StartsWith('[') || Wide.IsAnswer(trimmed) ? trimmed : trimmed.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
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
