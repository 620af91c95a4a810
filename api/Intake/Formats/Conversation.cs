using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Chat turns, as every tool writes them: a text, an object, or a list of turns; any of these may be written down as a text.</summary>
internal static class Conversation
{
    private const int MostLayers = 4;
    private static readonly NameSet Systems = new(Names.Systems);
    private static readonly string[] Speakers = ["role", "from", "author", "speaker", "sender", "message.role"];
    private static readonly string[] Texts = ["content", "text", "value", "parts", "raw", .. Names.Prompts];

    public static List<EvalMessage> Read(JsonElement value, string path, Draft draft) => Read(value, path, draft, 0);

    /// <summary>A system prompt that stands beside the conversation, at its front.</summary>
    public static void AddSystem(Fields fields)
    {
        var messages = fields.Draft.Messages;
        if (!fields.HasAny(Systems) || !messages.TrueForAll(message => message.Role is not "system"))
        {
            return;
        }

        if (fields.TextOrNothing(Names.Systems) is { Length: > 0 } system)
        {
            messages.Insert(0, new EvalMessage("system", system));
            return;
        }

        foreach (var name in Names.Systems)
        {
            var saying = new Saying(fields.Draft);
            if (fields.Look(name) is { } given && RulesIn(given) is { } rules && saying.Content(rules, fields.At(name)) && saying.Text.Length > 0)
            {
                fields.Take(name);
                messages.Insert(0, new EvalMessage("system", saying.Text));
                return;
            }
        }
    }

    /// <summary>Parts, or a message of which nothing else is meant than what it says.</summary>
    private static JsonElement? RulesIn(JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.Object when Saying.ContentOf(given) is var (content, _) && content.ValueKind is JsonValueKind.String or JsonValueKind.Array =>
            RulesIn(content) ?? content,
        JsonValueKind.Array when given.GetArrayLength() > 0 && given.EnumerateArray()
            .All(part => Saying.IsPart(part) || part.Has("text", JsonValueKind.String)) => given,
        _ => null,
    };

    /// <summary>Who speaks, as OpenAI, ShareGPT, LangChain, Ragas, annotation tools or spreadsheets name it; null when nobody is named.</summary>
    public static string? SpeakerOf(JsonElement turn)
    {
        foreach (var name in Speakers)
        {
            if (turn.TryField(name, out var speaker) && (speaker.ValueKind is JsonValueKind.Object && speaker.TryField("role", out var inner) ? inner : speaker) is { ValueKind: JsonValueKind.String } text)
            {
                return text.GetString();
            }
        }

        return turn.TryField("type", out var type) && type.ValueKind is JsonValueKind.String && Names.RoleOf(type.GetString()!) is { } role && (role is not "tool" || type.GetString() is "tool") && turn.Has("content") ? type.GetString() : null;
    }

    /// <summary>The same as one of our roles, where it is one.</summary>
    public static string? RoleOf(JsonElement turn) => SpeakerOf(turn) is { } speaker ? Names.RoleOf(speaker) : null;

    private static List<EvalMessage> Read(JsonElement given, string path, Draft draft, int layer)
    {
        var value = Structured.Of(given, draft);
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return Text(value.GetString()!, draft);
            case JsonValueKind.Array when value.GetArrayLength() == 0:
                draft.Refuse(path, "The list of messages is empty.");
                return [];
            case JsonValueKind.Array when layer < MostLayers && value.GetArrayLength() == 1 && value[0].ValueKind is JsonValueKind.Array or JsonValueKind.String:
                return Read(value[0], $"{path}[0]", draft, layer + 1);
            case JsonValueKind.Array when value[0].ValueKind is JsonValueKind.Object && SpeakerOf(value[0]) is null && (value[0].Has("type", JsonValueKind.String) || value[0].Has("text")) && !value[0].Has("kwargs"):
                var parts = new Saying(draft);
                return parts.Content(value, path) ? [new EvalMessage("user", parts.Text)] : [];
            case JsonValueKind.Array:
                return Turns(value, path, draft);
            case JsonValueKind.Object when layer < MostLayers:
                return Object(value, path, draft, layer);
            default:
                draft.Refuse(path, $"Expected a text or a list of messages, found {JsonRecord.Name(value.ValueKind)}.");
                return [];
        }
    }

    private static List<EvalMessage> Text(string text, Draft draft)
    {
        if (ChatTemplate.Turns(text) is not { } turns)
        {
            return [new EvalMessage("user", text)];
        }

        draft.Note("chat_template_decoded");
        return turns;
    }

    /// <summary>A single message, or whatever a tool wraps around a conversation; what else is in it becomes metadata.</summary>
    private static List<EvalMessage> Object(JsonElement value, string path, Draft draft, int layer)
    {
        if (SpeakerOf(value) is not null || value.Has("kwargs"))
        {
            return Turn(value, path, draft) is { } message ? [message] : [];
        }

        if (ByRole(value) is { } said)
        {
            return said;
        }

        var fields = new Fields(value, draft, path);
        if (fields.TakeFirst([.. Names.Turns, .. Texts]) is not var (inner, at))
        {
            draft.Refuse(path, $"Expected a text or a list of messages, found an object with {Excerpt.Of(string.Join(", ", value.EnumerateObject().Select(field => field.Name)), 80)}. Put what was asked under 'messages' or 'prompt'.");
            return [];
        }

        var turns = Read(inner, at, draft, layer + 1);
        if (turns.Count > 0 && turns[0].Role is not "system" && fields.TakeFirst(Names.Systems) is var (system, systemAt))
        {
            var saying = new Saying(draft);
            var isRead = saying.Content(system, systemAt);
            turns.InsertRange(0, isRead && saying.Text.Length > 0 ? [new EvalMessage("system", saying.Text)] : []);
        }

        fields.RestToMeta();
        return turns;
    }

    /// <summary>What each role says under its name: <c>{"system":…,"user":…}</c>, also one turn of several. Null for anything else.</summary>
    public static List<EvalMessage>? ByRole(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object && value.GetPropertyCount() is > 0 and < 5 && value.EnumerateObject().All(turn =>
            turn.Value.ValueKind is JsonValueKind.String && turn.Name is not "model" && Names.RoleOf(turn.Name) is "system" or "developer" or "user" or "assistant")
            ? [.. value.EnumerateObject().Select(turn => new EvalMessage(Names.RoleOf(turn.Name)!, turn.Value.GetString()!))]
            : null;

    private static List<EvalMessage> Turns(JsonElement turns, string path, Draft draft)
    {
        var messages = new List<EvalMessage>(turns.GetArrayLength());
        var index = 0;
        foreach (var turn in turns.EnumerateArray())
        {
            if (SpeakerOf(turn) is null && ByRole(turn) is { } said)
            {
                messages.AddRange(said);
            }
            else if (Turn(turn, $"{path}[{index++}]", draft) is { } message)
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    private static EvalMessage? Turn(JsonElement given, string path, Draft draft)
    {
        if (given.ValueKind is not JsonValueKind.Object)
        {
            draft.Refuse(path, $"Expected a message {{\"role\":…,\"content\":…}}, found {JsonRecord.Name(given.ValueKind)}.");
            return null;
        }

        var (turn, role) = Unwrapped(given);
        if (role is null)
        {
            var speaker = SpeakerOf(turn);
            draft.Refuse($"{path}.role", $"Expected one of system, developer, user, assistant, tool{(speaker is null ? "" : $", found '{Excerpt.Of(speaker, 40)}'")}.");
        }

        var saying = new Saying(draft);
        if (!saying.Message(turn, path, role is "assistant"))
        {
            return null;
        }

        if (saying.SaysNothing && saying.Reasoning is null && !(role is "assistant" && turn.TryField("content", out _)))
        {
            draft.Refuse($"{path}.content", "Required: the text of the message.");
            return null;
        }

        return role is null ? null : new EvalMessage(role, saying.Text) { Reasoning = saying.Reasoning };
    }

    /// <summary>LangChain writes its classes; OpenTelemetry puts a message one level down and its names flat.</summary>
    private static (JsonElement Turn, string? Role) Unwrapped(JsonElement turn)
    {
        if (RoleOf(turn) is { } plain)
        {
            return (turn, plain);
        }

        if (turn.TryField("kwargs", out var inner) && inner.ValueKind is JsonValueKind.Object)
        {
            var kind = turn.TryField("id", out var id) && id.ValueKind is JsonValueKind.Array && id.GetArrayLength() > 0 ? id[id.GetArrayLength() - 1].ToString() : "";
            return (inner, RoleOf(inner) ?? Names.RoleOf(kind));
        }

        if (SpeakerOf(turn) is null && turn.TryField("message", out var message) && message.ValueKind is JsonValueKind.Object)
        {
            return (message, RoleOf(message));
        }

        if (SpeakerOf(turn) is null && turn.TryField("data", out var data) && data.ValueKind is JsonValueKind.Object && turn.TryField("type", out var type))
        {
            return (data, Names.RoleOf(type.ToString()));
        }

        return (turn, null);
    }
}
