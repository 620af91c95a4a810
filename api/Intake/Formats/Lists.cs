using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>One instruction and a list of answers to it, as UltraFeedback (<c>completions</c>), distilabel (<c>generations</c>) and rankings (<c>items</c>) have it. Others' ratings are not shown.</summary>
internal static class Lists
{
    private static readonly string[] Names = ["completions", "generations", "candidates", "items"];
    private static readonly string[] Prompts = ["instruction", "prompt", "question", "input"];

    public static Format Rivals { get; } = new(
        "response-list",
        CommonFields.And(("prompt", Prompts), ("response", [.. Names.Select(name => $"{name}[]")]), ("model", ["completions[].model", "generation_models", "models"]), ("promptId", ["prompt_id"]), ("itemId", ["item_id", "id"])),
        record => Array.Exists(Prompts, name => record.Has(name)) && Array.Find(Names, name => record.Has(name, JsonValueKind.Array)) is { } list && IsList(record.GetProperty(list)),
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

        if (fields.TakeFirst(Names) is var (list, at))
        {
            Canonical.Grouped(list, at, fields);
        }
        else
        {
            fields.Missing("completions", "a list of responses");
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }
}
