using System.Buffers;
using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>
/// A dictionary of columns: one object whose fields are lists of the same length, or objects with the same names, as data frames are saved. It has to be held in
/// memory to be turned into rows, so it may be no longer than a record.
/// </summary>
internal static class ColumnLists
{
    /// <summary>Whether an object is one, rather than a record with lists in it.</summary>
    public static bool Is(JsonElement document, FormatCatalog formats)
    {
        var names = document.EnumerateObject().Where(field => Length(field.Value) is not null).Select(field => field.Name).ToList();
        var lengths = document.EnumerateObject().Select(field => Length(field.Value)).OfType<int>().Distinct().ToList();
        return names.Count > 1 && lengths is [> 0] && names.Count == document.GetPropertyCount() && formats.SuitsColumns(names) && document.EnumerateObject().Where(field => IsAsked(field.Name)).Select(field => IsColumn(field.Value)).FirstOrDefault();
    }

    public static IEnumerable<RawRecord> Read(Stream stream, IngestOptions options)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        using var document = JsonDocument.Parse(memory.GetBuffer().AsMemory(0, (int)memory.Length), new JsonDocumentOptions { MaxDepth = 64 });
        var columns = document.RootElement.EnumerateObject().Select(column => (column.Name, Cells: Cells(column.Value))).ToList();
        var row = new ArrayBufferWriter<byte>();
        for (var number = 0; number < columns[0].Cells.Count; number++)
        {
            row.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(row, new JsonWriterOptions { SkipValidation = true });
            writer.WriteStartObject();
            foreach (var column in columns)
            {
                writer.WritePropertyName(column.Name);
                writer.WriteRawValue(column.Cells[number].GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndObject();
            writer.Flush();
            yield return new RawRecord(number + 1, row.WrittenMemory, null);
        }
    }

    private static bool IsAsked(string name) => Names.Prompts.Any(asked => Names.Same(asked, name)) || Names.Same(name, "instruction") || Names.Askers.Any(asked => Names.Same(asked, name));

    /// <summary>Texts or conversations, one per row; a list of messages is one conversation.</summary>
    private static bool IsColumn(JsonElement value) =>
        Cells(value).TrueForAll(cell => cell.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null)
        && (value.ValueKind is JsonValueKind.Array || value.EnumerateObject().All(cell => cell.Name.All(char.IsAsciiDigit)));

    private static List<JsonElement> Cells(JsonElement column) => column.ValueKind is JsonValueKind.Array ? [.. column.EnumerateArray()] : [.. column.EnumerateObject().Select(cell => cell.Value)];

    private static int? Length(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength(),
        JsonValueKind.Object => value.GetPropertyCount(),
        _ => null,
    };
}
