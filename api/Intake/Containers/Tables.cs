using System.Buffers;
using System.Text;
using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>What CSV, TSV and worksheets share: column names, and rows as the JSON objects that every format reads.</summary>
internal static class Tables
{
    public const string Needs = "Needed: a column prompt (or question, query, input, instruction, messages) and a column response (or answer, output, completion), or response_a and response_b.";

    public static string Normal(string name) => name.Trim().TrimStart('\uFEFF').ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    /// <summary>Column names of a header row. Throws when two are the same: which of them would be meant?</summary>
    public static IReadOnlyList<string> Header(IReadOnlyList<string> cells, FormatCatalog formats)
    {
        var names = cells.Select(Normal).ToList();
        var twice = names.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new UnreadableFileException($"The column '{Excerpt.Of(twice.Key, 40)}' appears twice in the header.");
        }

        return formats.SuitsColumns(names) ? names : throw new UnreadableFileException($"Required columns not found. {Needs} Found: {Excerpt.Of(string.Join(", ", names), 120)}.");
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
                json.WritePropertyName(header[i].Length > 0 ? header[i] : $"column_{i + 1}");
                if (HoldsTurns(cells[i]))
                {
                    json.WriteRawValue(cells[i], skipInputValidation: true);
                }
                else
                {
                    json.WriteStringValue(cells[i]);
                }
            }
        }

        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenMemory;
    }

    /// <summary>A conversation in a cell, as tables of chat logs have it: a JSON list of messages with their roles.</summary>
    private static bool HoldsTurns(string cell)
    {
        if (!cell.StartsWith("[{\"", StringComparison.Ordinal) || !cell.EndsWith("}]", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            using var list = JsonDocument.Parse(cell, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            return list.RootElement.EnumerateArray().All(turn => turn.ValueKind is JsonValueKind.Object && Conversation.RoleOf(turn) is not null);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
