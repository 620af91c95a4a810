using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Rows of HealthBench (prompt + rubrics), of HealthBench Professional (conversation + rubric_items) and of its own results (prompt + completion + rubric_items, graded).
/// Rubrics become criteria; ideal completions and physicians' answers are the reference, which no rater sees. A row without a model's answer is kept as a prompt.
/// </summary>
internal static class HealthBench
{
    private static readonly string[] Given = ["response", "completion", "model_response"];

    public static Format Format { get; } = new(
        "healthbench",
        CommonFields.And(("prompt", ["prompt"]), ("response", Given), ("promptId", ["prompt_id"]), ("rubric", ["rubrics"]), ("reference", ["ideal_completions_data"]), ("tags", ["example_tags"])),
        record => record.Has("prompt") && Rubric(record, "rubrics") && !record.Has("responses") && (record.Has("example_tags") || record.Has("ideal_completions_data") || !record.Has("response")),
        fields => Read(fields, "prompt", "rubrics", "ideal_completions_data"));

    public static Format Professional { get; } = new(
        "healthbench-professional",
        CommonFields.And(("prompt", ["conversation"]), ("response", Given), ("promptId", ["prompt_id", "id"]), ("rubric", ["rubric_items"]), ("reference", ["physician_response"])),
        record => record.Has("conversation") && Rubric(record, "rubric_items"),
        fields => Read(fields, "conversation", "rubric_items", "physician_response"));

    public static Format Results { get; } = new(
        "healthbench-results",
        CommonFields.And(("prompt", ["prompt"]), ("response", Given), ("promptId", ["prompt_id"]), ("responseId", ["completion_id"]), ("rubric", ["rubric_items"])),
        record => record.Has("prompt") && Rubric(record, "rubric_items") && Array.Exists(Given, name => record.Has(name)),
        fields => Read(fields, "prompt", "rubric_items", "ideal_completions_data"));

    private static bool Rubric(JsonElement record, string name) => record.TryField(name, out var rubric) && Structured.Any(rubric) is { ValueKind: JsonValueKind.Array } list && Rubrics.IsRubric(list);

    private static void Read(Fields fields, string prompt, string rubrics, string reference)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id", "id");
        draft.PromptOnly = true;
        if (fields.Take(prompt) is { } turns)
        {
            draft.Messages = Conversation.Read(turns, fields.At(prompt), draft);
        }
        else
        {
            fields.Missing(prompt, "a list of messages");
        }

        if (fields.TakeFirst(Given) is var (answer, path))
        {
            Answers.Add(answer, path, fields.Id("response_id", "completion_id"), fields.Model(), draft);
        }

        if (fields.Take(rubrics) is { } criteria)
        {
            Rubrics.Read(Structured.Any(criteria), fields.At(rubrics), draft);
            MachineGrade.Keep(Structured.Any(criteria), fields);
        }

        draft.Reference = fields.Take(reference) ?? fields.Take("reference");
        if (fields.Take("example_tags") is { } tags && (Structured.Texts(tags) ?? tags) is { ValueKind: JsonValueKind.Array } list)
        {
            draft.Tags.AddRange(list.EnumerateArray().Where(tag => tag.ValueKind is JsonValueKind.String).Select(tag => tag.GetString()!));
        }

        fields.Ignore("canary");
        CommonFields.Read(fields);
        fields.RestToMeta();
    }
}
