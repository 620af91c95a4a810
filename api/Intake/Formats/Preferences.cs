using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Training data of TRL (and, under other names, of OpenAI, distilabel and HH-RLHF): chosen and rejected become two blinded responses, and which was chosen is kept out of view; KTO has one completion and a label.</summary>
internal static class Preferences
{
    private static readonly string[] Prompts = ["prompt", "question", "instruction", "input"];
    private static readonly string[] Better = ["chosen", "chosen_response", "preferred_output"];
    private static readonly string[] Worse = ["rejected", "rejected_response", "non_preferred_output"];

    public static Format Pairs { get; } = new(
        "trl-preference",
        CommonFields.And(("prompt", [.. Prompts, "chosen[all but the last]"]), ("response", [.. Better, .. Worse]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        record => Array.Exists(Better, name => record.Has(name)) && Array.Exists(Worse, name => record.Has(name)) && !record.Has("response"),
        ReadPair)
    {
        SuitsColumns = names => names.Any(name => Names.Same(name, "chosen")) && names.Any(name => Names.Same(name, "rejected")),
    };

    public static Format Kto { get; } = new(
        "kto",
        CommonFields.And(("prompt", ["prompt"]), ("response", ["completion"]), ("model", ["model"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        record => record.Has("prompt") && record.Has("completion") && record.TryGetProperty("label", out var label) && IsYesOrNo(label),
        ReadKto);

    private static void ReadPair(Fields fields)
    {
        var draft = fields.Draft;
        Ids(fields);
        ReadPrompt(fields);
        var chosen = Answer(fields, Better, "chosen_model");
        var rejected = Answer(fields, Worse, "rejected_model");
        if (chosen is not null && rejected is not null)
        {
            draft.Responses.AddRange([chosen, rejected]);
            draft.Chosen = 0;
        }

        if (draft.Messages.Count == 0 && draft.Problems.Count == 0)
        {
            fields.Missing("prompt", "a text or a list of messages");
        }

        Conversation.AddSystem(fields);
        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static void ReadKto(Fields fields)
    {
        Ids(fields);
        ReadPrompt(fields);
        if (Answer(fields, ["completion"], "model") is { } completion)
        {
            fields.Draft.Responses.Add(completion);
        }

        Conversation.AddSystem(fields);

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static void Ids(Fields fields)
    {
        fields.Draft.PromptId = fields.Id("prompt_id");
        fields.Draft.ItemId = fields.Id("item_id", "id");
    }

    /// <summary>A table has words for it, other tools have one and nought.</summary>
    private static bool IsYesOrNo(JsonElement label) => label.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => true,
        JsonValueKind.Number => label.TryGetInt32(out var number) && number is 0 or 1,
        JsonValueKind.String => label.GetString()!.ToLowerInvariant() is "true" or "false" or "1" or "0",
        _ => false,
    };

    private static void ReadPrompt(Fields fields)
    {
        if (fields.TakeFirst(Prompts) is var (prompt, path))
        {
            fields.Draft.Messages = Conversation.Read(prompt, path, fields.Draft);
        }
    }

    /// <summary>A text; or messages that end with the assistant's, which may repeat the prompt or be the only place where it is.</summary>
    private static DraftResponse? Answer(Fields fields, string[] names, string model)
    {
        var draft = fields.Draft;
        if (fields.TakeFirst(names) is not var (value, path))
        {
            fields.Missing(names[0], "a text, or messages that end with the assistant's");
            return null;
        }

        value = Structured.Of(value, draft);
        if (value.ValueKind is JsonValueKind.String && !HumanAssistant.Begins(value.GetString()!))
        {
            var split = ThinkBlock.Split(value.GetString()!);
            return new DraftResponse(null, fields.Model(model), split?.Answer ?? value.GetString()!) { Reasoning = split?.Thought };
        }

        var turns = value.ValueKind is JsonValueKind.String ? HumanAssistant.Turns(value.GetString()!) : Conversation.Read(value, path, draft);
        if (draft.Problems.Count > 0 || turns.Count == 0)
        {
            return null;
        }

        var before = turns[..^1];
        var isRepeat = before.Count > 0 && draft.Messages.Count > 0 && !before.SequenceEqual(draft.Messages);
        if (turns[^1].Role != "assistant" || isRepeat)
        {
            draft.Refuse(path, isRepeat ? "The turns before the last one are not those of the prompt." : "The last message must be the assistant's: it is what is judged.");
            return null;
        }

        draft.Messages = draft.Messages.Count > 0 ? draft.Messages : before;
        return new DraftResponse(null, fields.Model(model), turns[^1].Content) { Reasoning = turns[^1].Reasoning };
    }
}

/// <summary>Conversations as one text, as HH-RLHF has them.</summary>
internal static class HumanAssistant
{
    private const string Human = "\n\nHuman:";
    private const string Assistant = "\n\nAssistant:";

    public static bool Begins(string text) => text.StartsWith(Human, StringComparison.Ordinal) && text.Contains(Assistant, StringComparison.Ordinal);

    public static List<EvalMessage> Turns(string text)
    {
        var turns = new List<EvalMessage>();
        for (var at = 0; at < text.Length;)
        {
            var isHuman = string.CompareOrdinal(text, at, Human, 0, Human.Length) == 0;
            at += isHuman ? Human.Length : Assistant.Length;
            var end = Math.Min(Next(text, Human, at), Next(text, Assistant, at));
            turns.Add(new EvalMessage(isHuman ? "user" : "assistant", text[at..end].Trim(' ')));
            at = end;
        }

        return turns;
    }

    private static int Next(string text, string mark, int from) => text.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var found ? found : text.Length;
}
