using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>A conversation whose last turn, by the assistant, is what is judged; the turns before it are the prompt.</summary>
internal static class ChatMessages
{
    private static readonly string[] Names = ["messages", "conversation", "conversations", "chat", "dialogue"];

    public static Format Format { get; } = new(
        "chat-messages",
        CommonFields.And(("prompt", [.. Names.Select(name => $"{name}[all but the last]")]), ("response", [.. Names.Select(name => $"{name}[the last]")]), ("model", ["model"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        Recognises,
        Read)
    {
        SuitsColumns = names => names.Contains("messages") || names.Contains("conversation"),
    };

    private static bool Recognises(JsonElement record) =>
        Turns(record) is { } turns && turns.GetArrayLength() > 1 && !record.Has("response") && !record.Has("responses") && !record.Has("completion")
        && turns[turns.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Object } last && Conversation.RoleOf(last) is "assistant";

    private static JsonElement? Turns(JsonElement record) =>
        Array.Find(Names, name => record.Has(name, JsonValueKind.Array)) is { } found ? record.GetProperty(found) : null;

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.SingleResponse = true;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id", "id");
        if (fields.TakeFirst(Names) is not var (messages, path))
        {
            fields.Missing("messages", "a list of messages that ends with the assistant's turn");
            return;
        }

        var turns = Conversation.Read(messages, path, draft);
        if (draft.Problems.Count == 0 && turns[^1].Role != "assistant")
        {
            draft.Refuse(path, "The last message must be the assistant's: it is what is judged.");
        }
        else if (draft.Problems.Count == 0)
        {
            draft.Messages = turns[..^1];
            draft.Responses.Add(new DraftResponse(fields.Id("response_id"), fields.Text("model"), turns[^1].Content));
            Conversation.AddSystem(fields);
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }
}
