using System.Globalization;
using System.Text.Json;

namespace HealthEval.Intake;

/// <summary>The text of one record as JSON, strictly: no comments, no trailing commas, no duplicate names, no half characters.</summary>
internal static class JsonRecord
{
    private const int MaxDepth = 64;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The parsed record, or null and what is wrong with it. The document borrows <paramref name="utf8"/>.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, out string? problem)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(utf8, Strict);
            problem = document.RootElement.ValueKind is JsonValueKind.Object
                ? HalfCharacter(utf8.Span)
                : $"Expected an object {{…}}, found {Name(document.RootElement.ValueKind)}.";
        }
        catch (JsonException failure)
        {
            problem = Describe(failure, utf8.Span);
        }

        if (problem is not null)
        {
            document?.Dispose();
            return null;
        }

        return document;
    }

    /// <summary>Whether there are more values than <paramref name="most"/>, as far as this is JSON. Records that could not have as many are not read for it.</summary>
    public static bool HasMoreValues(ReadOnlySpan<byte> utf8, int most)
    {
        if (utf8.Count((byte)',') + utf8.Count((byte)'{') + utf8.Count((byte)'[') < most)
        {
            return false;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var values = 0;
        try
        {
            while (values <= most && reader.Read())
            {
                values += reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray ? 0 : 1;
            }
        }
        catch (JsonException)
        {
            // what is wrong with it is said when it is parsed
        }

        return values > most;
    }

    /// <summary>Whether there is a text of more than <paramref name="most"/> bytes of UTF-8. Records that are no longer are not read for it.</summary>
    public static bool HasLongerText(ReadOnlySpan<byte> utf8, int most)
    {
        if (utf8.Length <= most)
        {
            return false;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueSpan.Length > most && LengthWithoutEscapes(reader.ValueSpan) > most)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // what is wrong with it is said when it is parsed
        }

        return false;
    }

    private static int LengthWithoutEscapes(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        for (var at = text.IndexOf((byte)'\\'); at >= 0; at = text.IndexOf((byte)'\\'))
        {
            var (escape, stands) = text[at + 1] == 'u' ? (6, Utf8Length(text.Slice(at + 2, 4))) : (2, 1);
            length -= escape - stands;
            text = text[(at + escape)..];
        }

        return length;
    }

    private static int Utf8Length(ReadOnlySpan<byte> hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) switch
    {
        < 0x80 => 1,
        < 0x800 => 2,
        >= 0xD800 and < 0xE000 => 2, // half of a character of four bytes
        _ => 3,
    };

    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true/false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };

    private static string Describe(JsonException failure, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOfAnyExcept((byte)0) < 0)
        {
            return "The line consists of NUL bytes; the file was probably cut off or padded.";
        }

        var message = failure.Message;
        if (message.Contains("maximum configured depth", StringComparison.Ordinal))
        {
            return $"Nested deeper than {MaxDepth} levels.";
        }

        if (message.Contains("'{' is invalid after a single JSON value", StringComparison.Ordinal))
        {
            return "There is more than one object on this line. Put each on a line of its own.";
        }

        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = (position < 0 ? message : message[..position]).Replace(" which is not supported in this mode. Change the reader options.", ".",
            StringComparison.Ordinal);
        var at = failure.BytePositionInLine is { } offset ? $" (byte {offset + 1})" : "";
        return $"Not valid JSON{at}: {(reason.Length > 160 ? reason[..160] + "…" : reason)}";
    }

    /// <summary>JSON allows to escape one half of a surrogate pair; no text can hold it, so it would be replaced somewhere later.</summary>
    public static string? HalfCharacter(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("\\ud"u8) < 0 && utf8.IndexOf("\\uD"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsWhole(ref reader))
            {
                return $"A text has half of a surrogate pair (\\ud800 to \\udfff without its other half) at byte {reader.TokenStartIndex + 1}.";
            }
        }

        return null;
    }

    private static bool IsWhole(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
