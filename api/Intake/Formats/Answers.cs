using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// What is judged, however a tool writes it: a text, a message, the envelope of a provider, parts of one answer, or several answers. None is dropped and no two
/// are joined; a number, a yes or a structure of somebody's own is no answer that can be read, and refuses the record.
/// </summary>
internal static class Answers
{
    private const int MostLayers = 5;

    /// <summary>Where it stands why an answer ended.</summary>
    public static readonly string[] Endings = ["finish_reason", "stop_reason", "finishReason", "stopReason", "truncated", "is_truncated"];

    /// <summary>The envelopes in which providers and tracing tools put an answer.</summary>
    private static readonly string[] Envelopes = ["choices", "candidates", "generations", "message", "messages", "kwargs", "output"];

    public static void Add(JsonElement value, string path, string? responseId, string? model, Draft draft) => Add(value, path, (responseId, model), draft, 0);

    private static void Add(JsonElement given, string path, (string? ResponseId, string? Model) of, Draft draft, int layer)
    {
        var value = Structured.Of(given, draft);
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Text(value.GetString()!, of, draft);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0 && layer < MostLayers:
                List(value, path, of, draft, layer);
                break;
            case JsonValueKind.Object when layer < MostLayers:
                Object(value, path, of, draft, layer);
                break;
            default:
                Refuse(value, path, draft);
                break;
        }
    }

    private static void Text(string text, (string? ResponseId, string? Model) of, Draft draft)
    {
        if (ChatTemplate.WithoutEnd(text) is { } said)
        {
            draft.Note("mark_of_the_end_taken_off");
            text = said;
        }

        if (ThinkBlock.Split(text) is not var (thought, rest))
        {
            draft.Responses.Add(new DraftResponse(of.ResponseId, of.Model, text));
            return;
        }

        draft.Note("reasoning_kept_apart");
        draft.Responses.Add(new DraftResponse(of.ResponseId, of.Model, rest) { Reasoning = thought });
    }

    private static void List(JsonElement list, string path, (string? ResponseId, string? Model) of, Draft draft, int layer)
    {
        if (IsOutput(list))
        {
            Output(list, path, of, draft);
        }
        else if (list.EnumerateArray().All(element => element.ValueKind is JsonValueKind.Object) && Conversation.RoleOf(list[0]) is not null)
        {
            Messages(list, path, of, draft);
        }
        else if (list.EnumerateArray().All(Saying.IsPart))
        {
            var saying = new Saying(draft);
            if (saying.Content(list, path))
            {
                saying.TakeThinkBlock();
                Said(saying, of, draft);
            }
        }
        else
        {
            var several = list.GetArrayLength() > 1;
            foreach (var (element, index) in list.EnumerateArray().Select((element, index) => (element, index)))
            {
                Add(element, $"{path}[{index}]", (several && of.ResponseId is { } id ? $"{id}-{index + 1}" : of.ResponseId, of.Model), draft, layer + 1);
            }
        }
    }

    /// <summary>The items of one response of the Responses API: each says what it is, and one of them at least is a message.</summary>
    private static bool IsOutput(JsonElement list) =>
        list.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Object && item.Has("type", JsonValueKind.String)) && list.EnumerateArray().Any(item => TextOf(item, "type") is "message" && item.Has("content"));

    /// <summary>What the assistant said last, with the calls of tools that led to it; a repeated prompt in front of it is left out.</summary>
    private static void Messages(JsonElement list, string path, (string? ResponseId, string? Model) of, Draft draft)
    {
        var problems = draft.Problems.Count;
        var turns = Conversation.Read(list, path, draft);
        if (draft.Problems.Count > problems)
        {
            return;
        }

        var own = turns.Take(draft.Messages.Count).SequenceEqual(draft.Messages) ? turns[draft.Messages.Count..] : turns;
        if (own.Count == 0 || own[^1].Role is not "assistant" || own.Exists(turn => turn.Role is not ("assistant" or "tool")))
        {
            draft.Refuse(path, own.Count > 0 && own[^1].Role is "assistant" ? "The turns before the last one are not those of the prompt." : "The last message must be the assistant's: it is what is judged.");
            return;
        }

        var content = own.Count == 1 ? own[0].Content : string.Join("\n\n", own.Select(turn => turn.Role is "tool" ? $"[tool] {turn.Content}" : turn.Content));
        draft.Responses.Add(new DraftResponse(of.ResponseId, of.Model, content) { Reasoning = Joined(own.Select(turn => turn.Reasoning)) });
    }

    private static void Object(JsonElement value, string path, (string? ResponseId, string? Model) of, Draft draft, int layer)
    {
        var model = of.Model ?? TextOf(value, "model") ?? TextOf(value, "modelVersion") ?? TextOf(value, "model_name");
        foreach (var name in Envelopes)
        {
            if (value.TryField(name, out var inner) && inner.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
            {
                NoteCut(value, draft);
                NoteCut(inner.ValueKind is JsonValueKind.Array && inner.GetArrayLength() > 0 ? inner[0] : inner, draft);
                if (name is "output" && inner.ValueKind is JsonValueKind.Array)
                {
                    Output(inner, $"{path}.output", (of.ResponseId, model), draft);
                }
                else
                {
                    Add(inner, $"{path}.{name}", (of.ResponseId, model), draft, layer + 1);
                }

                return;
            }
        }

        if (Conversation.SpeakerOf(value) is null && !IsBare(value))
        {
            Refuse(value, path, draft);
            return;
        }

        NoteCut(value, draft);
        var saying = new Saying(draft);
        if (saying.Message(value, path, isAssistant: true))
        {
            Said(saying, (of.ResponseId ?? (value.TryField("response_id", out var id) && id.ValueKind is JsonValueKind.String ? id.GetString() : null), model), draft);
        }
    }

    /// <summary>The Responses API: messages are answers' parts, what lies between them is thought or called.</summary>
    public static void Output(JsonElement output, string path, (string? ResponseId, string? Model) of, Draft draft)
    {
        var saying = new Saying(draft);
        foreach (var (item, index) in output.EnumerateArray().Select((item, index) => (item, index)))
        {
            var type = TextOf(item, "type") ?? "message";
            if (item.ValueKind is not JsonValueKind.Object)
            {
                continue;
            }

            if (type is "reasoning")
            {
                saying.Think(item);
            }
            else if (type is not "message" && !item.Has("arguments"))
            {
                draft.Note("tool_use_left_out"); // a search or a program that the provider ran, and what came of it
            }
            else if (type is "message" ? item.Has("content") && !saying.Content(item.GetProperty("content"), $"{path}[{index}].content") : !saying.Content(item, $"{path}[{index}]"))
            {
                return;
            }
        }

        Said(saying, of, draft);
    }

    private static void Said(Saying saying, (string? ResponseId, string? Model) of, Draft draft)
    {
        if (saying.HasCalls && saying.SaysOnlyCalls)
        {
            draft.Note("answer_is_a_tool_call");
        }

        draft.Responses.Add(new DraftResponse(of.ResponseId, of.Model, saying.Text) { Reasoning = saying.Reasoning });
    }

    public static void NoteCut(JsonElement value, Draft draft)
    {
        foreach (var name in Endings)
        {
            if (value.Has(name, JsonValueKind.True) || TextOf(value, name) is { } reason && Names.Plain(reason) is "length" or "contentfilter" or "maxtokens" or "maxoutputtokens" or "modellength" or "safety")
            {
                draft.Note("answer_cut_off");
            }
        }
    }

    private static void Refuse(JsonElement value, string path, Draft draft) => draft.Refuse(path, value.ValueKind switch
    {
        JsonValueKind.Array => "Expected a text or a list of text parts, found an empty list.",
        JsonValueKind.Object => $"Expected a text or a list of text parts, found an object with {Excerpt.Of(string.Join(", ", value.EnumerateObject().Select(field => field.Name)), 80)}. Send the field that holds the answer as a text.",
        _ => $"Expected a text or a list of text parts, found {JsonRecord.Name(value.ValueKind)}.",
    });

    /// <summary>A text or parts under a name that says no more than that, with nothing but a tool's own facts beside it.</summary>
    private static bool IsBare(JsonElement value) => value.Has("refusal") || value.Has("tool_calls") || (Saying.ContentOf(value) is var (_, name) && (name is "content" or "parts" || value.GetPropertyCount() <= 2 || value.Has("finish_reason")));

    private static string? Joined(IEnumerable<string?> thoughts) => string.Join('\n', thoughts.OfType<string>()) is { Length: > 0 } joined ? joined : null;

    private static string? TextOf(JsonElement value, string name) => value.TryField(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;
}
