using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Structure that a tool wrote down as text: JSON in a cell or in a JSON text, what Python prints of a list. It is decoded when it decodes as a whole into
/// messages, text parts or texts, with a note; anything else is what somebody said and stays as it is.
/// </summary>
internal static class Structured
{
    private const int MostLayers = 3;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The value, or what its text stands for.</summary>
    public static JsonElement Of(JsonElement value, Draft draft)
    {
        if (value.ValueKind is JsonValueKind.String && !MayBe(JsonMarshal.GetRawUtf8Value(value)))
        {
            return value;
        }

        var decoded = value;
        for (var layer = 0; layer < MostLayers && decoded.ValueKind is JsonValueKind.String && Decoded(decoded.GetString()!, out var isPython) is { } inner; layer++)
        {
            draft.Note(isPython ? "python_text_decoded" : "json_text_decoded");
            decoded = inner;
        }

        return decoded;
    }

    /// <summary>A list or an object, whichever the value is or stands for; null for a text that is one.</summary>
    public static JsonElement? Peek(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array or JsonValueKind.Object => value,
        JsonValueKind.String when Decoded(value.GetString()!, out _) is { } decoded => Peek(decoded),
        _ => null,
    };

    /// <summary>A list of texts written as one.</summary>
    public static JsonElement? Texts(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && Parsed(value.GetString()!.Trim(), out _) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(text => text.ValueKind is JsonValueKind.String) ? list : null;

    /// <summary>Any list or object that is written as a text; for fields that are no prose.</summary>
    public static JsonElement Any(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && Parsed(value.GetString()!.Trim(), out _) is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } inner ? inner : value;

    /// <summary>Most texts begin with a letter, which is seen without making a text of them.</summary>
    private static bool MayBe(ReadOnlySpan<byte> quoted) => quoted.Length > 2
        && quoted[1..].TrimStart((byte)' ') is [(byte)'[' or (byte)'{' or (byte)'\\' or (byte)'a' or >= 128, ..];

    private static JsonElement? Decoded(string text, out bool isPython)
    {
        isPython = false;
        return Parsed(text.Trim(), out isPython) is { } value && IsMeant(value) ? value : null;
    }

    private static JsonElement? Parsed(string text, out bool isPython)
    {
        isPython = false;
        if (text.Length < 2 || ((text[0], text[^1]) is not (('[', ']') or ('{', '}') or ('"', '"')) && !(text.StartsWith("array([", StringComparison.Ordinal) && text[^1] is ')')))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return text.Contains("\\ud", StringComparison.OrdinalIgnoreCase) && JsonRecord.HalfCharacter(Encoding.UTF8.GetBytes(text)) is not null ? null : document.RootElement.Clone();
        }
        catch (JsonException)
        {
            isPython = text[0] is not '"' && PythonLiteral.ToJson(text) is not null;
            return isPython ? JsonElement.Parse(PythonLiteral.ToJson(text)!) : null;
        }
    }

    private static bool IsMeant(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => true,
        JsonValueKind.Object => IsMessageOrPart(value) || Conversation.ByRole(value) is { Count: > 1 } || value.Has("choices", JsonValueKind.Array) || value.Has("candidates", JsonValueKind.Array) || Names.Turns.Any(name => value.Has(name, JsonValueKind.Array)),
        JsonValueKind.Array => value.GetArrayLength() > 0 && (value.EnumerateArray().All(IsMessageOrPart) || value.EnumerateArray().All(turn => Conversation.ByRole(turn) is not null) || AreTexts(value) || (value.GetArrayLength() == 1 && value[0].ValueKind is JsonValueKind.Array && IsMeant(value[0]))),
        _ => false,
    };

    /// <summary>Sentences; a list of single words may be somebody's answer.</summary>
    private static bool AreTexts(JsonElement list) =>
        list.EnumerateArray().All(text => text.ValueKind is JsonValueKind.String) && list.EnumerateArray().Any(text => text.GetString()!.Trim().Contains(' ', StringComparison.Ordinal));

    private static bool IsMessageOrPart(JsonElement value) => value.ValueKind is JsonValueKind.Object
        && ((Conversation.SpeakerOf(value) is not null && (Saying.ContentOf(value) is not null || value.Has("tool_calls") || value.Has("refusal")))
            || (value.Has("type", JsonValueKind.String) && (value.Has("text") || Saying.IsKnownPart(value)))
            || (value.TryField("content", out var content) && content.ValueKind is JsonValueKind.String && value.GetPropertyCount() == 1)
            || (value.TryField("text", out var text) && text.ValueKind is JsonValueKind.String && value.GetPropertyCount() == 1));
}
