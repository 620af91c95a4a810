using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>A conversation whose last turn, by the assistant, is what is judged; the turns before it are the prompt.</summary>
internal static class ChatMessages
{
    private static readonly string[] Lists = Names.Turns;

    public static Format Format { get; } = new(
        "chat-messages",
        CommonFields.And(("prompt", [.. Lists.Select(name => $"{name}[all but the last]")]), ("response", [.. Lists.Select(name => $"{name}[the last]")]), ("model", ["model"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        Recognises,
        Read)
    {
        SuitsColumns = names => names.Any(name => Lists.Take(4).Any(list => Names.Same(list, name))),
    };

    private static bool Recognises(JsonElement record) =>
        Turns(record) is { } turns && turns.GetArrayLength() > 1 && !record.Has("response") && !record.Has("responses") && !record.Has("completion")
        && turns[turns.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Object } last
        && (Conversation.RoleOf(last) is "assistant" || Conversation.ByRole(last) is [.., { Role: "assistant" }]);

    private static JsonElement? Turns(JsonElement record) =>
        Array.Find(Lists, name => record.HasList(name)) is { } found && record.TryField(found, out var turns) ? Structured.Peek(turns) : null;

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id", "id");
        if (fields.TakeFirst(Lists) is not var (messages, path))
        {
            fields.Missing("messages", "a list of messages that ends with the assistant's turn");
            return;
        }

        var turns = Conversation.Read(messages, path, draft);
        if (draft.Problems.Count == 0 && (turns.Count == 0 || turns[^1].Role != "assistant"))
        {
            draft.Refuse(path, "The last message must be the assistant's: it is what is judged.");
        }
        else if (draft.Problems.Count == 0)
        {
            draft.Messages = turns[..^1];
            draft.Responses.Add(new DraftResponse(fields.Id("response_id"), fields.Model(), turns[^1].Content) { Reasoning = turns[^1].Reasoning });
            Conversation.AddSystem(fields);
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }
}
