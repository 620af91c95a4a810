using System.Text;
using System.Text.Json;

namespace HealthEval.Intake.Containers;

/// <summary>
/// One JSON document with a list of records of any length in it, which is streamed: LLM Comparator's (the models' names first, then <c>examples</c>), pages of the
/// Hugging Face viewer (<c>rows</c>), logs and exports that begin with a few facts about themselves (<c>samples</c>, <c>data</c>, <c>records</c>, <c>items</c>).
/// </summary>
internal static class WrappedList
{
    private static readonly string[] Lists = ["rows", "samples", "data", "records", "items", "results"];

    /// <summary>What an object has that is a record itself, whatever lists are in it.</summary>
    private static readonly string[] OfRecords = ["prompt", "messages", "question", "instruction", "input", "conversation", "response", "responses", "custom_id", "chosen"];

    private sealed record Place(string Name, string Models, int List, long Line);

    /// <summary>Whether the document begins with an object that holds such a list.</summary>
    public static bool Begins(ReadOnlySpan<byte> sniff) => sniff[0] == '{' && Find(sniff) is not null;

    public static IEnumerable<RawRecord> Read(Stream stream, IngestOptions options)
    {
        var head = new byte[1 << 16];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var start = head.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        var place = Find(head.AsSpan(start, length - start)) ?? throw new UnreadableFileException("The file changed while it was read.");
        var names = Encoding.UTF8.GetBytes($"{{\"models\":{place.Models},\"example\":");
        using var rest = new Prefixed(head.AsMemory(start + place.List, length - start - place.List), stream);
        foreach (var record in JsonValues.Read(rest, options, closesWithList: true))
        {
            yield return record.Problem is not null ? record with { Line = record.Line + place.Line }
                : new RawRecord(record.Line + place.Line, place.Name is "examples" ? (byte[])[.. names, .. record.Json.Span, (byte)'}'] : place.Name is "rows" ? Row(record.Json) : record.Json, null);
        }
    }

    private static Place? Find(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 64 }));
        var models = "";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }

                var name = reader.GetString()!;
                if (OfRecords.Contains(name) || !reader.Read())
                {
                    break;
                }

                var start = (int)reader.TokenStartIndex;
                if (reader.TokenType is JsonTokenType.StartArray && (name is "examples" ? models.Length > 0 : Lists.Contains(name) && HoldsObjects(text[start..])))
                {
                    return new Place(name, models, start, text[..start].Count((byte)'\n'));
                }

                if (!reader.TrySkip())
                {
                    break;
                }

                models = name is "models" ? Encoding.UTF8.GetString(text[start..(int)reader.BytesConsumed]) : models;
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // not this kind of document
        }

        return null;
    }

    private static bool HoldsObjects(ReadOnlySpan<byte> list) => list[1..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    /// <summary>The viewer wraps each row once more, beside its number.</summary>
    private static ReadOnlyMemory<byte> Row(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    var isRow = reader.ValueTextEquals("row"u8);
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    if (isRow)
                    {
                        return json[start..(int)reader.BytesConsumed];
                    }
                }
            }
        }
        catch (JsonException)
        {
            // whoever reads the record says what is wrong with it
        }

        return json;
    }

    private sealed class Prefixed(ReadOnlyMemory<byte> first, Stream rest) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _first = first;

        public override int Read(Span<byte> buffer)
        {
            if (_first.IsEmpty)
            {
                return rest.Read(buffer);
            }

            var count = Math.Min(buffer.Length, _first.Length);
            _first.Span[..count].CopyTo(buffer);
            _first = _first[count..];
            return count;
        }
    }
}
