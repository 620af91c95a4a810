using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>One instruction and a list of answers to it, as UltraFeedback (<c>completions</c>), distilabel (<c>generations</c>) and rankings (<c>items</c>) have it. Others' ratings are not shown.</summary>
internal static class Lists
{
    private static readonly string[] ListNames = ["completions", "generations", "candidates", "outputs", "responses", "model_responses", "model_outputs", "items", "answers"];
    private static readonly string[] Prompts = ["instruction", "prompt", "question", "input"];

    public static Format Rivals { get; } = new(
        "response-list",
        CommonFields.And(("prompt", Prompts), ("response", [.. ListNames.Select(name => $"{name}[]")]), ("model", ["completions[].model", "generation_models", "models"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        record => Array.Exists(Prompts, name => record.Has(name)) && ListOf(record) is not null,
        Read);

    private static string? ListOf(JsonElement record) => Array.Find(ListNames, name => record.TryField(name, out var answers) && Structured.Any(answers) is var list && (IsList(list, name) || IsByModel(list)));

    /// <summary>Texts called answers may as well be what is right, or what there is to choose from: only those of models are answers here.</summary>
    private static bool IsList(JsonElement list, string name) =>
        list.ValueKind is JsonValueKind.Array && list.GetArrayLength() > 0 && list[0] is var first
        && ((first.ValueKind is JsonValueKind.Array && list.GetArrayLength() == 1 && IsList(first, name))
            || (first.ValueKind is JsonValueKind.String && name is not "answers")
            || (first.ValueKind is JsonValueKind.Object && Array.Exists(Canonical.Contents, content => first.Has(content)) && (name is not "answers" || Array.Exists(Names.Models, model => first.Has(model)))));

    /// <summary>An object of answers by the names of their models; single letters are what there is to choose from.</summary>
    public static bool IsByModel(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object && value.GetPropertyCount() > 0
        && value.EnumerateObject().All(answer => answer.Name.Length > 1 && answer.Value.ValueKind is JsonValueKind.String && answer.Name is not ("text" or "content" or "role" or "type" or "id" or "model"));

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

        if (ListOf(fields.Record) is { } name && fields.TakeFirst(name) is var (list, at))
        {
            if (AreSteps(fields, Structured.Any(list)))
            {
                Steps(Structured.Any(list), fields);
            }
            else
            {
                Canonical.Grouped(Inner(Structured.Any(list)), at, fields);
            }
        }
        else
        {
            fields.Missing("completions", "a list of responses");
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    /// <summary>A list of the prompts of one call, each with its answers, holds one list where one prompt was asked.</summary>
    private static JsonElement Inner(JsonElement list) => list.ValueKind is JsonValueKind.Array && list.GetArrayLength() == 1 && list[0].ValueKind is JsonValueKind.Array ? Inner(list[0]) : list;

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
