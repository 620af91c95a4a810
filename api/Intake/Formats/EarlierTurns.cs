using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// What was said before the question, where a tool keeps it apart from it: pairs of question and answer, or messages. Without it nobody can judge the answer
/// to "and for a child?".
/// </summary>
internal static class EarlierTurns
{
    private static readonly string[] Fields =
    [
        "history", "chat_history", "conversation_history", "dialogue_history", "dialog_history", "message_history", "previous_messages", "previous_turns",
        "prior_turns", "prior_messages", "context_messages", "past_messages",
    ];

    private static readonly string[] Turns = ["turn", "turn_id", "turn_index", "turn_number", "turn_no", "turn_idx", "round"];

    private static readonly string[] Conversations =
        ["conversation_id", "conv_id", "session_id", "dialogue_id", "dialog_id", "chat_id", "thread_id", "conversation", "session"];

    private static readonly NameSet All = new([.. Fields, .. Turns]);

    /// <summary>In front of a single question: a prompt of several turns has them already.</summary>
    public static void Add(Fields fields)
    {
        var draft = fields.Draft;
        if (!fields.HasAny(All) || draft.Problems.Count > 0 || draft.Messages.Count(message => message.Role is not ("system" or "developer")) != 1)
        {
            return;
        }

        foreach (var name in Fields)
        {
            if (fields.Look(name) is { } given && !IsNothing(given))
            {
                Read(fields, name, Structured.Any(given));
                return;
            }
        }

        NoteLaterTurn(fields);
    }

    private static void Read(Fields fields, string name, JsonElement given)
    {
        var draft = fields.Draft;
        var earlier = Pairs(given) ?? (IsConversation(given) ? Conversation.Read(given, fields.At(name), draft) : null);
        if (earlier is null)
        {
            draft.Note("earlier_turns_kept_as_metadata");
            return;
        }

        fields.Take(name);
        var at = draft.Messages.FindIndex(message => message.Role is not ("system" or "developer"));
        if (earlier.Count > 0 && earlier[^1] == draft.Messages[at])
        {
            earlier.RemoveAt(earlier.Count - 1); // some end with the question itself
        }

        draft.Messages.InsertRange(draft.Messages.Exists(message => message.Role is "system") ? at : 0, earlier.Where((turn, index) =>
            index > 0 || turn.Role is not "system" || !draft.Messages.Contains(turn)));
        draft.Note("earlier_turns_put_in_front");
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String => value.GetString() is "" or "[]" or "None" or "nan",
        _ => false,
    };

    private static bool IsConversation(JsonElement list) => list.ValueKind is JsonValueKind.Array
        && list.EnumerateArray().All(turn => turn.ValueKind is JsonValueKind.Object && (Conversation.SpeakerOf(turn) is not null || turn.Has("kwargs")));

    /// <summary>As chat programs and LLaMA-Factory have them: <c>[["question","answer"], …]</c>.</summary>
    private static List<EvalMessage>? Pairs(JsonElement list)
    {
        if (list.ValueKind is not JsonValueKind.Array || !list.EnumerateArray().All(IsPair))
        {
            return null;
        }

        return [.. list.EnumerateArray().SelectMany(pair => (EvalMessage[])[new("user", pair[0].GetString()!), new("assistant", pair[1].GetString()!)])];
    }

    private static bool IsPair(JsonElement pair) => pair.ValueKind is JsonValueKind.Array && pair.GetArrayLength() == 2
        && pair.EnumerateArray().All(text => text.ValueKind is JsonValueKind.String);

    /// <summary>A row per turn of a conversation: from the second on, what was said before stands in other rows.</summary>
    private static void NoteLaterTurn(Fields fields)
    {
        if (Array.Find(Turns, name => fields.Look(name) is not null) is { } turn && fields.Look(turn) is { } number
            && int.TryParse(number.ToString(), out var place)
            && place > 1 && Array.Exists(Conversations, name => fields.Look(name) is not null))
        {
            fields.Draft.Note("later_turn_without_those_before");
        }
    }
}
