using System.Text;
using System.Text.Json;

namespace HealthEval.Batches.Intake;

/// <summary>LLM Comparator's document: the models' names first, then a list of examples of any length, which is streamed.</summary>
internal static class WrappedList
{
    /// <summary>Whether the document begins with an object that holds <c>models</c> and then <c>examples</c>.</summary>
    public static bool Begins(ReadOnlySpan<byte> sniff) => sniff[0] == '{' && Find(sniff) is { List: > 0 };

    public static IEnumerable<RawRecord> Read(Stream stream, IngestOptions options)
    {
        var head = new byte[1 << 16];
        var length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var start = head.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        var (models, list, line) = Find(head.AsSpan(start, length - start));
        var names = Encoding.UTF8.GetBytes($"{{\"models\":{models},\"example\":");
        using var rest = new Prefixed(head.AsMemory(start + list, length - start - list), stream);
        foreach (var record in JsonValues.Read(rest, options, closesWithList: true))
        {
            yield return record.Problem is null
                ? new RawRecord(record.Line + line, (byte[])[.. names, .. record.Json.Span, (byte)'}'], null)
                : record with { Line = record.Line + line };
        }
    }

    private static (string Models, int List, long Line) Find(ReadOnlySpan<byte> text)
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

                var isExamples = reader.ValueTextEquals("examples"u8);
                var isModels = reader.ValueTextEquals("models"u8);
                if (!reader.Read())
                {
                    break;
                }

                if (isExamples && models.Length > 0 && reader.TokenType is JsonTokenType.StartArray)
                {
                    var at = (int)reader.TokenStartIndex;
                    return (models, at, text[..at].Count((byte)'\n'));
                }

                var start = (int)reader.TokenStartIndex;
                if (!reader.TrySkip())
                {
                    break;
                }

                models = isModels ? Encoding.UTF8.GetString(text[start..(int)reader.BytesConsumed]) : models;
            }
        }
        catch (JsonException)
        {
            // not this kind of document
        }

        return ("", 0, 0);
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
