using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Chatbot Arena battles: two conversations that share everything but the last answer. The winner stays out of view.</summary>
internal static class Arena
{
    public static Format Format { get; } = new(
        "arena",
        CommonFields.And(("prompt", ["conversation_a[all but the last]"]), ("response", ["conversation_a[the last], conversation_b[the last]"]), ("model", ["model_a"]), ("itemId", ["question_id", "id"])),
        record => record.HasList("conversation_a") && record.HasList("conversation_b"),
        Read)
    {
        SuitsColumns = names => names.Any(name => Names.Same(name, "conversation_a")) && names.Any(name => Names.Same(name, "conversation_b")),
    };

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.ItemId = fields.Id("question_id", "id", "battle_id");
        var (a, b) = (Turns(fields, "conversation_a"), Turns(fields, "conversation_b"));
        if (draft.Problems.Count == 0 && !a[..^1].SequenceEqual(b[..^1]))
        {
            draft.Refuse(fields.At("conversation_b"), "The two conversations differ before their last turn, so the answers are to different questions.");
        }

        if (draft.Problems.Count == 0)
        {
            draft.Messages = a[..^1];
            draft.Responses.AddRange([new DraftResponse(null, fields.Model("model_a"), a[^1].Content) { Reasoning = a[^1].Reasoning }, new DraftResponse(null, fields.Model("model_b"), b[^1].Content) { Reasoning = b[^1].Reasoning }]);
            draft.Chosen = fields.Look("winner") is { ValueKind: JsonValueKind.String } winner ? winner.GetString() switch { "model_a" => 0, "model_b" => 1, _ => null } : null; // a tie stays in the metadata
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static List<EvalMessage> Turns(Fields fields, string name)
    {
        var turns = fields.Take(name) is { } value ? Conversation.Read(value, fields.At(name), fields.Draft) : [];
        if (fields.Draft.Problems.Count == 0 && (turns.Count < 2 || turns[^1].Role != "assistant"))
        {
            fields.Draft.Refuse(fields.At(name), "Expected a conversation that ends with the assistant's turn.");
        }

        return turns;
    }
}
