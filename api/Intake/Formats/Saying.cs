using System.Buffers;
using System.Text;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// What one message says. Texts and refusals are shown as they are and tool calls as what they are; reasoning is kept apart;
/// a part that cannot be shown refuses the record. Parts are joined by a line break.
/// </summary>
internal sealed class Saying(Draft draft)
{
    private static readonly string[] Contents = ["content", "value", "text", "utterance", "body", "html", "parts", "message.content"];
    private static readonly string[] Calls = ["tool_calls", "function_call", "tool_call", "toolUse", "functionCall"];
    private static readonly string[] Unshown = ["image", "audio", "video", "file", "document", "pdf", "inlineData", "fileData"];
    private static readonly string[] Silent = ["id", "status", "signature", "redacted", "encrypted_content", "citations", "format"];
    private static readonly string[] PartNames = ["reasoningContent", "toolUse", "toolResult", "image", "inlineData", "functionCall", "functionResponse", "executableCode"];
    private readonly List<string> _texts = [];
    private readonly List<string> _thoughts = [];
    private readonly List<string> _calls = [];

    public string Text => _calls.Count == 0 && _texts.Count == 1 ? _texts[0] : string.Join('\n', _texts.Count > 0 && _texts.Exists(text => text.Length > 0) ? [.. _texts, .. _calls] : _calls.Count > 0 ? _calls : _texts);

    public string? Reasoning => _thoughts.Count == 0 ? null : string.Join('\n', _thoughts);

    public bool HasCalls => _calls.Count > 0;

    public bool SaysOnlyCalls => _texts.TrueForAll(text => text.Length == 0);

    public bool SaysNothing => _texts.Count == 0 && _calls.Count == 0;

    /// <summary>The text or the parts of a message, under whichever name.</summary>
    public static (JsonElement Value, string Name)? ContentOf(JsonElement message)
    {
        foreach (var name in Contents)
        {
            if (message.TryField(name, out var value) && value.ValueKind is not JsonValueKind.Null)
            {
                return (value, name);
            }
        }

        return null;
    }

    /// <summary>One of several parts of a message, and not an answer by itself: it says of what type it is.</summary>
    public static bool IsPart(JsonElement value) => value.ValueKind is JsonValueKind.Object
        && ((value.Has("type", JsonValueKind.String) && (IsKnownPart(value) || !value.Has("content")))
            || (value.GetPropertyCount() == 1 && Array.Exists(PartNames, name => value.Has(name))) || value.Has("thought"));

    public static bool IsKnownPart(JsonElement part) => part.Has("type", JsonValueKind.String) && TypeOf(part) is "text" or "inputtext" or "outputtext" or "thinking" or "reasoning" or "redactedthinking" or "refusal" or "tooluse" or "toolcall" or "toolresult" or "functioncall";

    /// <summary>A message of the assistant may have a refusal, calls and reasoning beside its content.</summary>
    public bool Message(JsonElement message, string path, bool isAssistant)
    {
        var content = ContentOf(message);
        var isBare = content is not null && message.GetPropertyCount() <= 2 && Conversation.SpeakerOf(message) is not null; // who and what: there is nothing beside it
        foreach (var name in isAssistant && !isBare ? Names.Reasonings : [])
        {
            if (message.TryField(name, out var reasoning))
            {
                Think(reasoning);
            }
        }

        var isRead = content is var (value, name2) ? Content(value, $"{path}.{name2}") : true;
        if (isAssistant && Text.Length == 0 && message.TryField("refusal", out var refusal) && refusal.ValueKind is JsonValueKind.String)
        {
            _texts.Clear();
            _texts.Add(refusal.GetString()!);
        }

        foreach (var name in isBare ? [] : Calls)
        {
            if (message.TryField(name, out var calls) && (calls.ValueKind is JsonValueKind.Object || (calls.ValueKind is JsonValueKind.Array && calls.GetArrayLength() > 0)))
            {
                Call(calls);
            }
        }

        if (isRead && isAssistant)
        {
            TakeThinkBlock();
        }

        return isRead;
    }

    /// <summary>False when the record has been refused.</summary>
    public bool Content(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _texts.Add(value.GetString()!);
                return true;
            case JsonValueKind.Object:
                return Part(value, path);
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                return value.EnumerateArray().Select((part, index) => (part, index)).All(at => at.part.ValueKind is JsonValueKind.String ? Add(at.part.GetString()!) : Part(at.part, $"{path}[{at.index}]"));
            default:
                draft.Refuse(path, $"Expected a text or a list of text parts, found {(value.ValueKind is JsonValueKind.Array ? "an empty list" : JsonRecord.Name(value.ValueKind))}.");
                return false;
        }
    }

    public void Think(JsonElement reasoning)
    {
        foreach (var thought in TextsIn(reasoning).Where(thought => thought.Length > 0))
        {
            _thoughts.Add(thought);
            draft.Note("reasoning_kept_apart");
        }
    }

    /// <summary>Some models write what they think in front of what they say.</summary>
    public void TakeThinkBlock()
    {
        if (_texts.Count > 0 && ThinkBlock.Split(_texts[0]) is var (thought, rest))
        {
            _texts[0] = rest;
            _thoughts.Insert(0, thought);
            draft.Note("reasoning_kept_apart");
        }

        if (_texts.Count > 0 && ChatTemplate.WithoutEnd(_texts[^1]) is { } said)
        {
            _texts[^1] = said;
            draft.Note("mark_of_the_end_taken_off");
        }
    }

    private bool Add(string text)
    {
        _texts.Add(text);
        return true;
    }

    private bool Part(JsonElement part, string path)
    {
        if (part.ValueKind is not JsonValueKind.Object)
        {
            draft.Refuse(path, $"Expected a text part {{\"type\":\"text\",\"text\":…}}, found {JsonRecord.Name(part.ValueKind)}.");
            return false;
        }

        var type = TypeOf(part);
        if (type is "thinking" or "reasoning" or "redactedthinking" or "reasoningcontent" || (part.TryField("thought", out var isThought) && isThought.ValueKind is JsonValueKind.True))
        {
            Think(part);
            return true;
        }

        if (part.TryField("reasoningContent", out var reasoning))
        {
            Think(reasoning);
            return true;
        }

        if (type.Contains("tool", StringComparison.Ordinal) || type.Contains("function", StringComparison.Ordinal) || Array.Exists(Calls, name => part.Has(name)) || part.Has("toolResult") || part.Has("functionResponse"))
        {
            Call(part);
            return true;
        }

        if (Array.Find(Unshown, name => type.Contains(Names.Plain(name), StringComparison.Ordinal) || part.Has(name) || part.Has($"{name}_url")) is { } unshown)
        {
            draft.Refuse(path, $"A part of the type '{Excerpt.Of(type.Length > 0 ? type : unshown, 40)}' cannot be shown: only texts can be judged, no pictures, audio or files. Leave the record out, or describe the part in words.");
            return false;
        }

        if (part.TryField("text", out var text) && text.ValueKind is JsonValueKind.String)
        {
            return Add(text.GetString()!);
        }

        if (text.ValueKind is JsonValueKind.Object && text.TryField("value", out var value) && value.ValueKind is JsonValueKind.String)
        {
            return Add(value.GetString()!); // as threads of assistants have it, with annotations beside it
        }

        if (part.TryField("refusal", out var refusal) && refusal.ValueKind is JsonValueKind.String)
        {
            return Add(refusal.GetString()!);
        }

        if (part.TryField("content", out var content) && content.ValueKind is (JsonValueKind.String or JsonValueKind.Array))
        {
            return Content(content, $"{path}.content");
        }

        draft.Refuse(path, $"A part {(type.Length == 0 ? "without a text" : $"of the type '{Excerpt.Of(type, 40)}'")} cannot be shown. Only parts of the form {{\"type\":\"text\",\"text\":…}} can be judged.");
        return false;
    }

    /// <summary>As the JSON it was made with: a rater has to see with what a tool was called.</summary>
    private void Call(JsonElement call)
    {
        _calls.Add(call.GetRawText());
        draft.Note("tool_call_shown");
    }

    private static string TypeOf(JsonElement part) => part.TryField("type", out var type) && type.ValueKind is JsonValueKind.String ? Names.Plain(type.GetString()!) : "";

    private static IEnumerable<string> TextsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(TextsIn),
        JsonValueKind.Object => value.EnumerateObject().Where(field => field.Value.ValueKind is not JsonValueKind.String || (field.Name is not "type" && !Silent.Contains(field.Name))).SelectMany(field => TextsIn(field.Value)),
        _ => [],
    };
}

/// <summary>What a model thought before it answered, where it stands in one text with the answer.</summary>
internal static class ThinkBlock
{
    private static readonly (string Open, string Close)[] Marks =
        [("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<reasoning>", "</reasoning>"), ("<thought>", "</thought>"), ("[THINK]", "[/THINK]"), ("<scratchpad>", "</scratchpad>"),
         ("◁think▷", "◁/think▷"), ("<|begin_of_thought|>", "<|end_of_thought|>"), ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>")];

    /// <summary>What some models write around the answer that follows, and between it and the thought.</summary>
    private static readonly string[] Seams = ["<|begin_of_solution|>", "<|end_of_solution|>", "<|end|>", "<|start|>assistant", "<|return|>"];

    /// <summary>Few answers have any of it: one look over the text says so.</summary>
    private static readonly SearchValues<string> Closing = SearchValues.Create([.. Marks.Select(mark => mark.Close)], StringComparison.OrdinalIgnoreCase);

    /// <summary>With what a mark begins: most answers have none of these, which is seen faster.</summary>
    private static readonly SearchValues<char> Beginnings = SearchValues.Create([.. Marks.SelectMany(mark => new[] { mark.Open[0], mark.Close[0] }).Distinct()]);

    /// <summary>Null when there is none. The opening mark may be missing, where the model's template has written it; without the closing one the answer was cut off before it began.</summary>
    public static (string Thought, string Answer)? Split(string text)
    {
        var begin = text.AsSpan().TrimStart();
        if (!begin.ContainsAny(Beginnings))
        {
            return null;
        }

        if (begin is not (['<', ..] or ['[', ..]) && !begin.ContainsAny(Closing))
        {
            return null;
        }

        foreach (var (open, close) in Marks)
        {
            var opens = begin.StartsWith(open, StringComparison.OrdinalIgnoreCase);
            var end = text.IndexOf(close, StringComparison.OrdinalIgnoreCase);
            var isAlone = !opens && end >= 0 && text.IndexOf(open, StringComparison.OrdinalIgnoreCase) < 0;
            if (opens || isAlone)
            {
                var from = opens ? text.Length - begin.Length + open.Length : 0;
                var (thought, answer) = (text[from..(end < 0 ? text.Length : end)], end < 0 ? "" : text[(end + close.Length)..]);
                return open.StartsWith("<|", StringComparison.Ordinal) ? (Unseamed(thought), Unseamed(answer)) : More(thought.Trim(), answer.TrimStart(), open, close);
            }
        }

        return null;
    }

    /// <summary>A model that thinks once may think again between what it says.</summary>
    private static (string Thought, string Answer) More(string thought, string answer, string open, string close)
    {
        if (answer.IndexOf(open, StringComparison.OrdinalIgnoreCase) < 0)
        {
            return (thought, answer);
        }

        var (thoughts, said, at) = (new StringBuilder(thought), new StringBuilder(answer.Length), 0);
        while (answer.IndexOf(open, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var from && answer.IndexOf(close, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var end)
        {
            thoughts.Append('\n').Append(answer.AsSpan((from + open.Length)..end).Trim());
            said.Append(answer.AsSpan(at..from));
            at = end + close.Length;
            while (at < answer.Length && char.IsWhiteSpace(answer[at]))
            {
                at++;
            }
        }

        return (thoughts.ToString(), said.Append(answer.AsSpan(at)).ToString().TrimStart());
    }

    private static string Unseamed(string text)
    {
        text = text.Trim();
        for (var cut = true; cut;)
        {
            var before = text.Length;
            foreach (var seam in Seams)
            {
                text = text.EndsWith(seam, StringComparison.Ordinal) ? text[..^seam.Length].TrimEnd() : text;
                text = text.StartsWith(seam, StringComparison.Ordinal) ? text[seam.Length..].TrimStart() : text;
            }

            cut = text.Length < before;
        }

        return text;
    }
}
