using System.Buffers;
using System.Text;
using System.Text.Json;

namespace HealthEval.Intake.Containers;

/// <summary>
/// One JSON document with the records somewhere in it, which are streamed from there: exports and logs that begin with facts about themselves, pages of the
/// Hugging Face
/// viewer, LLM Comparator's examples (each gets the models' names beside it), objects keyed by id, and names of columns with rows of values.
/// </summary>
internal static class WrappedList
{
    public static IEnumerable<RawRecord> Read(Func<Stream> open, DocumentScan.Place place, IngestOptions options)
    {
        using var stream = DocumentScan.At(open, place.Offset);
        if (place.Kind is DocumentScan.Kind.ById)
        {
            foreach (var record in JsonValues.ReadById(stream, options))
            {
                yield return record;
            }

            yield break;
        }

        if (place.Kind is DocumentScan.Kind.Nested)
        {
            foreach (var record in JsonValues.Read(stream, options, closesWithList: true).SelectMany(entry => Inner(entry, place)))
            {
                yield return record;
            }

            yield break;
        }

        var columns = place.Kind is DocumentScan.Kind.Rows ? Columns(place.Head) : [];
        var models = place.Kind is DocumentScan.Kind.List && place.Head.Length > 0 ? Encoding.UTF8.GetBytes($"{{\"models\":{place.Head},\"example\":") : [];
        var row = new ArrayBufferWriter<byte>();
        foreach (var record in JsonValues.Read(stream, options, closesWithList: true))
        {
            yield return record.Problem is not null ? record with { Line = record.Line + place.Line }
                : new RawRecord(record.Line + place.Line, place.Kind is DocumentScan.Kind.Rows ? Row(columns, record.Json, row) : models.Length > 0
                    ? (byte[])[.. models, .. record.Json.Span, (byte)'}'] : Named(Row(record.Json), place.Model), null);
        }
    }

    /// <summary>Unless the record names its model itself.</summary>
    private static ReadOnlyMemory<byte> Named(ReadOnlyMemory<byte> json, string? model) =>
        model is null || HasModel(json.Span) || json.Span is not [(byte)'{', .. var inner] || inner.TrimStart(" \t\r\n"u8) is [(byte)'}', ..] ? json
            : (byte[])[.. "{\"model\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(model), (byte)',', .. inner];

    private static bool HasModel(ReadOnlySpan<byte> json) =>
        json.IndexOf("\"model\""u8) >= 0 || json.IndexOf("\"model_name\""u8) >= 0 || json.IndexOf("\"model_id\""u8) >= 0;

    /// <summary>The records of one entry, each with what the entry says about all of them: the model of a run, its date.</summary>
    private static IEnumerable<RawRecord> Inner(RawRecord entry, DocumentScan.Place place)
    {
        var line = entry.Line + place.Line;
        using var document = entry.Problem is null ? Parsed(entry.Json) : null;
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } whole || !whole.TryGetProperty(place.Head, out var list)
            || list.ValueKind is not JsonValueKind.Array)
        {
            yield return RawRecord.Bad(line, entry.Problem ?? $"Expected an object with a list '{place.Head}', as the entries before it have.");
            yield break;
        }

        var about = whole.EnumerateObject().Where(field =>
            field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False).ToList();
        foreach (var record in list.EnumerateArray())
        {
            if (record.ValueKind is not JsonValueKind.Object)
            {
                yield return new RawRecord(line, Encoding.UTF8.GetBytes(record.GetRawText()), null);
                continue;
            }

            var into = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(into, new JsonWriterOptions
            {
                SkipValidation = true,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
            }))
            {
                writer.WriteStartObject();
                foreach (var field in record.EnumerateObject().Concat(about.Where(field => !record.TryGetProperty(field.Name, out _))))
                {
                    writer.WritePropertyName(field.Name);
                    writer.WriteRawValue(field.Value.GetRawText(), skipInputValidation: true);
                }

                writer.WriteEndObject();
            }

            yield return new RawRecord(line, into.WrittenMemory, null);
        }
    }

    /// <summary>Texts, or objects that have a name.</summary>
    private static List<string> Columns(string json)
    {
        using var columns = Parsed(Encoding.UTF8.GetBytes(json));
        return columns?.RootElement.ValueKind is not JsonValueKind.Array ? []
            : [.. columns.RootElement.EnumerateArray().Select((column, index) => column.ValueKind is JsonValueKind.String ? column.GetString()!
                : column.ValueKind is JsonValueKind.Object && column.TryGetProperty("name", out var name) ? name.ToString() : $"column_{index + 1}")];
    }

    /// <summary>The values under the names of their columns; what is no list of values is left to whoever reads it.</summary>
    private static ReadOnlyMemory<byte> Row(List<string> columns, ReadOnlyMemory<byte> json, ArrayBufferWriter<byte> into)
    {
        using var values = Parsed(json);
        if (values?.RootElement.ValueKind is not JsonValueKind.Array)
        {
            return json;
        }

        into.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(into, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        foreach (var (value, index) in values.RootElement.EnumerateArray().Select((value, index) => (value, index)))
        {
            writer.WritePropertyName(index < columns.Count ? columns[index] : $"column_{index + 1}");
            writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return into.WrittenMemory;
    }

    private static JsonDocument? Parsed(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException)
        {
            return null; // whoever reads the record says what is wrong with it
        }
    }

    /// <summary>The viewer of Hugging Face wraps each row once more, beside its number and the names of the cells it has cut.</summary>
    private static ReadOnlyMemory<byte> Row(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\"row_idx\""u8) < 0)
        {
            return json;
        }

        using var page = Parsed(json);
        if (page?.RootElement is not { ValueKind: JsonValueKind.Object } wrapped || !wrapped.TryGetProperty("row_idx", out _)
            || !wrapped.TryGetProperty("row", out var row) || row.ValueKind is not JsonValueKind.Object)
        {
            return json;
        }

        var text = row.GetRawText();
        return wrapped.TryGetProperty("truncated_cells", out var cut) && cut.ValueKind is JsonValueKind.Array && cut.GetArrayLength() > 0
            && row.EnumerateObject().Any()
            ? Encoding.UTF8.GetBytes($"{text.AsSpan().TrimEnd()[..^1]},\"truncated_cells\":{cut.GetRawText()}}}")
            : Encoding.UTF8.GetBytes(text);
    }
}
