using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>One instruction and a list of answers to it, as UltraFeedback (<c>completions</c>), distilabel (<c>generations</c>) and rankings (<c>items</c>) have it. Others' ratings are not shown.</summary>
internal static class Lists
{
    private static readonly string[] ListNames = ["completions", "generations", "candidates", "outputs", "items"];
    private static readonly string[] Prompts = ["instruction", "prompt", "question", "input"];

    public static Format Rivals { get; } = new(
        "response-list",
        CommonFields.And(("prompt", Prompts), ("response", [.. ListNames.Select(name => $"{name}[]")]), ("model", ["completions[].model", "generation_models", "models"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        record => Array.Exists(Prompts, name => record.Has(name)) && Array.Find(ListNames, name => record.HasList(name)) is { } list && record.TryField(list, out var answers) && IsList(Structured.Any(answers)),
        Read);

    private static bool IsList(JsonElement list) =>
        list.GetArrayLength() > 0 && list[0] is var first
        && (first.ValueKind is JsonValueKind.String || (first.ValueKind is JsonValueKind.Object && Array.Exists(Canonical.Contents, name => first.Has(name))));

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id", "id");
        if (fields.TakeFirst(Prompts) is var (prompt, path))
        {
            draft.Messages = Conversation.Read(prompt, path, draft);
            Conversation.AddSystem(fields);
        }
        else
        {
            fields.Missing("instruction", "the prompt");
        }

        if (fields.TakeFirst(ListNames) is var (list, at))
        {
            if (AreSteps(fields, Structured.Any(list)))
            {
                Steps(Structured.Any(list), fields);
            }
            else
            {
                Canonical.Grouped(list, at, fields);
            }
        }
        else
        {
            fields.Missing("completions", "a list of responses");
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    /// <summary>Stepwise supervision: labels beside the texts say which steps of one answer are right; they are no rivals.</summary>
    private static bool AreSteps(Fields fields, JsonElement list) =>
        fields.Look("labels") is { ValueKind: JsonValueKind.Array } labels && labels.GetArrayLength() == list.GetArrayLength() && list.EnumerateArray().All(step => step.ValueKind is JsonValueKind.String)
        && labels.EnumerateArray().All(label => label.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number);

    private static void Steps(JsonElement list, Fields fields)
    {
        fields.Draft.Responses.Add(new DraftResponse(fields.Id("response_id"), fields.Model(), string.Join('\n', list.EnumerateArray().Select(step => step.GetString()))));
        fields.Draft.Note("steps_of_one_answer");
    }
}
