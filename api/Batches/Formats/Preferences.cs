using System.Text.Json;

namespace HealthEval.Batches.Formats;

/// <summary>Training data of TRL: chosen and rejected become two blinded responses, and which was chosen is kept out of view; KTO has one completion and a label.</summary>
internal static class Preferences
{
    public static Format Pairs { get; } = new(
        "trl-preference",
        CommonFields.And(("prompt", ["prompt"]), ("response", ["chosen", "rejected"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        record => record.Has("chosen") && record.Has("rejected") && !record.Has("response"),
        ReadPair);

    public static Format Kto { get; } = new(
        "kto",
        CommonFields.And(("prompt", ["prompt"]), ("response", ["completion"]), ("model", ["model"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        record => record.Has("prompt") && record.Has("completion") && record.TryGetProperty("label", out var label) && label.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ReadKto);

    private static void ReadPair(Fields fields)
    {
        var draft = fields.Draft;
        Ids(fields);
        ReadPrompt(fields);
        var chosen = Answer(fields, "chosen", "chosen_model");
        var rejected = Answer(fields, "rejected", "rejected_model");
        if (chosen is not null && rejected is not null)
        {
            draft.Responses.AddRange([chosen, rejected]);
            draft.Chosen = 0;
        }

        if (draft.Messages.Count == 0 && draft.Problems.Count == 0)
        {
            fields.Missing("prompt", "a text or a list of messages");
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static void ReadKto(Fields fields)
    {
        Ids(fields);
        ReadPrompt(fields);
        fields.Draft.SingleResponse = true;
        if (Answer(fields, "completion", "model") is { } completion)
        {
            fields.Draft.Responses.Add(completion);
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static void Ids(Fields fields)
    {
        fields.Draft.PromptId = fields.Id("prompt_id");
        fields.Draft.ItemId = fields.Id("item_id", "id");
    }

    private static void ReadPrompt(Fields fields)
    {
        if (fields.Take("prompt") is { } prompt)
        {
            fields.Draft.Messages = Conversation.Read(prompt, fields.At("prompt"), fields.Draft);
        }
    }

    /// <summary>A text; or messages that end with the assistant's, which may repeat the prompt or be the only place where it is.</summary>
    private static DraftResponse? Answer(Fields fields, string name, string model)
    {
        var draft = fields.Draft;
        if (fields.Take(name) is not { } value)
        {
            fields.Missing(name, "a text, or messages that end with the assistant's");
            return null;
        }

        if (value.ValueKind is JsonValueKind.String)
        {
            return new DraftResponse(null, fields.Text(model), value.GetString()!);
        }

        var turns = Conversation.Read(value, fields.At(name), draft);
        if (draft.Problems.Count > 0)
        {
            return null;
        }

        var before = turns[..^1];
        var isRepeat = before.Count > 0 && draft.Messages.Count > 0 && !before.SequenceEqual(draft.Messages);
        if (turns[^1].Role != "assistant" || isRepeat)
        {
            draft.Refuse(fields.At(name), isRepeat ? "The turns before the last one are not those of the prompt." : "The last message must be the assistant's: it is what is judged.");
            return null;
        }

        draft.Messages = draft.Messages.Count > 0 ? draft.Messages : before;
        return new DraftResponse(null, fields.Text(model), turns[^1].Content);
    }
}
