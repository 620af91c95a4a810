using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>The two halves of an evaluation that come apart: prompts without answers, which only a benchmark takes, and answers that name their prompt by
/// its id.</summary>
internal static class PromptRows
{
    /// <summary>A prompt with whatever it is measured by.</summary>
    public static Format Format { get; } = new(
        "prompts",
        CommonFields.And(("prompt", [.. Names.Prompts, "instruction"]), ("promptId", ["prompt_id", "id"])),
        record => record.ValueKind is JsonValueKind.Object && IsPrompt(record.EnumerateObject().Select(field => field.Name)),
        Read)
    {
        SuitsColumns = IsPrompt,
    };

    /// <summary>An answer whose prompt lies in a benchmark.</summary>
    public static Format Answers { get; } = new(
        "answers",
        CommonFields.And(("promptId", ["prompt_id"]), ("response", [.. Names.Answers, "responses"]), ("model", Names.Models),
            ("responseId", ["response_id", "completion_id"])),
        record => record.ValueKind is JsonValueKind.Object && record.Has("prompt_id") && IsAnswer(record.EnumerateObject()
            .Where(field => field.Value.ValueKind is not JsonValueKind.Null).Select(field => field.Name)),
        ReadAnswer)
    {
        SuitsColumns = IsAnswer,
    };

    private static bool IsPrompt(IEnumerable<string> names) => names.Any(name => Names.Prompts.Any(prompt => Names.Same(prompt, name))
        || Names.Same("instruction", name));

    private static bool IsAnswer(IEnumerable<string> names)
    {
        var columns = names.ToList();
        bool Has(string name) => columns.Exists(column => Names.Same(column, name));
        return Has("prompt_id") && (Names.Answers.Any(Has) || Has("responses")) && !Names.Prompts.Any(Has);
    }

    private static void Read(Fields fields)
    {
        fields.Draft.PromptOnly = true;
        var id = fields.Look("prompt_id") is null ? fields.Id("id") : null;
        Columns.Read(fields);
        fields.Draft.PromptId ??= id;
    }

    private static void ReadAnswer(Fields fields)
    {
        var draft = fields.Draft;
        draft.PromptElsewhere = true;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id");
        if (fields.TakeFirst(Names.Prompts) is var (prompt, at))
        {
            draft.Messages = Conversation.Read(prompt, at, draft); // some lines may have it all the same
        }

        if (fields.Take("responses") is { } responses)
        {
            Canonical.Grouped(responses, fields.At("responses"), fields);
        }
        else if (fields.TakeFirst(Names.Answers) is var (answer, path))
        {
            Formats.Answers.Add(answer, path, fields.Id("response_id", "completion_id"), fields.Model(), draft);
        }
        else
        {
            fields.Missing("response", $"one of {string.Join(", ", Names.Answers)}");
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }
}
