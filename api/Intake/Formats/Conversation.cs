using System.Text;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Chat turns, as every tool writes them: a text, or a list of {role, content}, content being a text or a list of text parts.</summary>
internal static class Conversation
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];
    private static readonly string[] Contents = ["content", "value", "text"];

    public static List<EvalMessage> Read(JsonElement value, string path, Draft draft)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return [new EvalMessage("user", value.GetString()!)];
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                return Turns(value, path, draft);
            case JsonValueKind.Array:
                draft.Refuse(path, "The list of messages is empty.");
                return [];
            default:
                draft.Refuse(path, $"Expected a text or a list of messages, found {JsonRecord.Name(value.ValueKind)}.");
                return [];
        }
    }

    /// <summary>A system prompt that stands beside the conversation, at its front.</summary>
    public static void AddSystem(Fields fields)
    {
        var messages = fields.Draft.Messages;
        if (messages.TrueForAll(message => message.Role is not "system") && fields.TextOrNothing("system", "system_prompt") is { Length: > 0 } system)
        {
            messages.Insert(0, new EvalMessage("system", system));
        }
    }

    /// <summary>A text, or text parts as OpenAI writes them; parts are joined by a line break. Null when it is neither.</summary>
    public static string? Content(JsonElement value, string path, Draft draft)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            return value.GetString();
        }

        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            draft.Refuse(path, $"Expected a text or a list of text parts, found {(value.ValueKind is JsonValueKind.Array ? "an empty list" : JsonRecord.Name(value.ValueKind))}.");
            return null;
        }

        var text = new StringBuilder();
        foreach (var (part, index) in value.EnumerateArray().Select((part, index) => (part, index)))
        {
            if (Part(part) is not { } content)
            {
                draft.Refuse($"{path}[{index}]", "Only parts of the form {\"type\":\"text\",\"text\":…} can be judged; pictures, audio and files cannot.");
                return null;
            }

            text.Append(index == 0 ? "" : "\n").Append(content);
        }

        return text.ToString();
    }

    private static List<EvalMessage> Turns(JsonElement turns, string path, Draft draft)
    {
        var messages = new List<EvalMessage>(turns.GetArrayLength());
        var index = 0;
        foreach (var turn in turns.EnumerateArray())
        {
            if (Turn(turn, $"{path}[{index++}]", draft) is { } message)
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    private static EvalMessage? Turn(JsonElement turn, string path, Draft draft)
    {
        if (turn.ValueKind is not JsonValueKind.Object)
        {
            draft.Refuse(path, $"Expected a message {{\"role\":…,\"content\":…}}, found {JsonRecord.Name(turn.ValueKind)}.");
            return null;
        }

        var role = Role(turn, path, draft);
        if (Array.Find(Contents, name => turn.Has(name)) is { } name)
        {
            return Content(turn.GetProperty(name), $"{path}.{name}", draft) is { } content && role is not null ? new EvalMessage(role, content) : null;
        }

        if (turn.TryGetProperty("tool_calls", out var calls) && calls.ValueKind is JsonValueKind.Array && role is "assistant")
        {
            return new EvalMessage(role, calls.GetRawText()); // a call is shown as the JSON it was made with
        }

        draft.Refuse($"{path}.content", "Required: the text of the message.");
        return null;
    }

    /// <summary>As OpenAI or ShareGPT name it.</summary>
    public static string? RoleOf(JsonElement turn) => (Text(turn, "role") ?? Text(turn, "from")) switch
    {
        "human" => "user",
        "gpt" or "model" or "bot" or "chatgpt" => "assistant",
        "function" => "tool",
        var other => other,
    };

    private static string? Text(JsonElement turn, string name) =>
        turn.Has(name, JsonValueKind.String) ? turn.GetProperty(name).GetString() : null;

    private static string? Role(JsonElement turn, string path, Draft draft)
    {
        var role = RoleOf(turn);
        if (Roles.Contains(role))
        {
            return role;
        }

        draft.Refuse($"{path}.role", $"Expected one of {string.Join(", ", Roles)}{(role is null ? "" : $", found '{Excerpt.Of(role, 40)}'")}.");
        return null;
    }

    private static string? Part(JsonElement part) => part switch
    {
        { ValueKind: JsonValueKind.String } => part.GetString(),
        { ValueKind: JsonValueKind.Object } when part.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String && IsText(part) => text.GetString(),
        _ => null,
    };

    private static bool IsText(JsonElement part) =>
        !part.TryGetProperty("type", out var type) || (type.ValueKind is JsonValueKind.String && type.GetString() is "text" or "input_text" or "output_text");
}
