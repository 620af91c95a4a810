using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace HealthEval.Intake;

/// <summary>
/// What can be seen in the texts of a record that keeps nobody from judging it, but that its sender should know: they may not be what somebody wrote.
/// </summary>
internal static class Remarks
{
    /// <summary>A shorter question may well be how an answer begins.</summary>
    private const int MostOfAPhrase = 20;

    private const int LongestNumber = 20;

    public static void Add(Draft draft)
    {
        var (messages, responses) = (draft.Messages, draft.Responses);
        if (messages.Exists(message => IsGarbled(message.Content)) || responses.Exists(response => IsGarbled(response.Content)))
        {
            draft.Note("text_looks_wrongly_decoded");
        }

        if (messages.Exists(message => HasEscapes(message.Content)) || responses.Exists(response => HasEscapes(response.Content)))
        {
            draft.Note("escapes_shown_as_they_are_written");
        }

        if (messages.Exists(message => message.Content.AsSpan().ContainsAny(HtmlMarks))
            || responses.Exists(response => response.Content.AsSpan().ContainsAny(HtmlMarks)))
        {
            draft.Note("html_shown_as_it_is_written");
        }

        if (responses.Exists(response => IsNothing(response.Content)))
        {
            draft.Note("answer_looks_missing");
        }
        else if (responses.Exists(response => IsNumber(response.Content)))
        {
            draft.Note("answer_is_a_number");
        }
        else if (responses.Exists(response => response.Content is "TRUE" or "FALSE" or "True" or "False" or "true" or "false"))
        {
            draft.Note("answer_is_true_or_false");
        }

        if (messages is [.., { Role: "user", Content: { Length: >= MostOfAPhrase } asked }]
            && responses.Exists(response => response.Content.Length > asked.Length && response.Content.StartsWith(asked, StringComparison.Ordinal)))
        {
            draft.Note("answer_repeats_the_question");
        }
    }

    /// <summary>Of an answer that was written for a browser: raters see its marks.</summary>
    private static readonly SearchValues<string> HtmlMarks =
        SearchValues.Create(["</p>", "<br>", "<br/>", "<br />", "</div>", "</li>", "</strong>", "</b>", "</h2>", "</h3>", "&nbsp;", "&amp;", "&quot;", "&#39;"],
            StringComparison.Ordinal);

    /// <summary>Line breaks and letters as a program writes them down: what was written twice over, or comes out of a sheet's XML.</summary>
    private static readonly SearchValues<string> Escapes = SearchValues.Create(
        ["\\n\\n", "\\r\\n", ".\\n", "\\n- ", "\\n* ", "\\n#", "\\n1. ", "\\u00", "\\u20", "_x000D_", "_x000A_"], StringComparison.Ordinal);

    private static bool HasEscapes(string text) => text.AsSpan().ContainsAny('\\', '_') && text.AsSpan().ContainsAny(Escapes);

    /// <summary>Of a score, or of the place of the right choice: no text that somebody wrote.</summary>
    private static bool IsNumber(string text) =>
        text.Length is > 0 and <= LongestNumber && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>A text that programs write for a value that is not there.</summary>
    public static bool IsNothing(JsonElement value) =>
        value.ValueKind is JsonValueKind.String && JsonMarshal.GetRawUtf8Value(value).Length < 14 && IsNothing(value.GetString()!);

    /// <summary>What programs write for a value that is not there.</summary>
    public static bool IsNothing(string text) =>
        text.Length < 12
        && text.Trim() is "nan" or "NaN" or "None" or "null" or "NULL" or "undefined" or "#N/A" or "N/A" or "<NA>" or "NaT" or "#NAME?" or "#VALUE!" or "#REF!";

    /// <summary>
    /// Letters that come of reading UTF-8 as something else, or the mark of one that could not be read: what was written is lost, and a rater has to know.
    /// </summary>
    private static bool IsGarbled(string text) => !Ascii.IsValid(text) && text.AsSpan().ContainsAny(Garbled);

    private static readonly SearchValues<string> Garbled = SearchValues.Create(
        [
            "\u00e2\u20ac\u2122", "\u00e2\u20ac\u0153", "\u00e2\u20ac\u201c", "\u00e2\u20ac\u201d", "\u00e2\u20ac\u00a6", "\u00e2\u20ac\u00a2",
            "\u00c3\u00a9", "\u00c3\u00a8", "\u00c3\u00bc", "\u00c3\u00b6", "\u00c3\u00a4", "\u00c3\u00b3", "\u00c3\u00ad", "\u00c3\u00b1",
            "\u00c3\u00a1", "\u00c3\u00a7", "\u00c3\u0178", "\u00c2\u00b0", "\u00c2\u00b5", "\u00c2\u00a0", "\ufffd",
        ],
        StringComparison.Ordinal);
}
