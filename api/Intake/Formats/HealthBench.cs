using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Rows of HealthBench (prompt + rubrics) and HealthBench Professional (conversation + rubric_items). Rubrics become criteria; ideal
/// completions and physicians' answers are the reference, which no rater sees. A row without a model's answer is kept as a prompt.
/// </summary>
internal static class HealthBench
{
    private static readonly string[] Answers = ["response", "completion", "model_response"];

    public static Format Format { get; } = new(
        "healthbench",
        CommonFields.And(("prompt", ["prompt"]), ("response", Answers), ("promptId", ["prompt_id"]), ("rubric", ["rubrics"]), ("reference", ["ideal_completions_data"]), ("tags", ["example_tags"])),
        record => record.Has("prompt") && record.Has("rubrics", JsonValueKind.Array) && !record.Has("responses") && (record.Has("example_tags") || record.Has("ideal_completions_data") || !record.Has("response")),
        fields => Read(fields, "prompt", "rubrics", "ideal_completions_data"));

    public static Format Professional { get; } = new(
        "healthbench-professional",
        CommonFields.And(("prompt", ["conversation"]), ("response", Answers), ("promptId", ["prompt_id", "id"]), ("rubric", ["rubric_items"]), ("reference", ["physician_response"])),
        record => record.Has("conversation") && record.Has("rubric_items"),
        fields => Read(fields, "conversation", "rubric_items", "physician_response"));

    private static void Read(Fields fields, string prompt, string rubrics, string reference)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id", "id");
        draft.PromptOnly = draft.SingleResponse = true;
        if (fields.Take(prompt) is { } turns)
        {
            var messages = turns.ValueKind is JsonValueKind.Object && turns.TryGetProperty("messages", out var inner) ? inner : turns;
            draft.Messages = Conversation.Read(messages, fields.At(prompt), draft);
        }
        else
        {
            fields.Missing(prompt, "a list of messages");
        }

        if (fields.TakeFirst(Answers) is var (answer, path))
        {
            draft.Responses.Add(new DraftResponse(fields.Id("response_id", "completion_id"), fields.Text("model"), Conversation.Content(answer, path, draft) ?? ""));
        }

        if (fields.Take(rubrics) is { } criteria)
        {
            Rubrics.Read(criteria, fields.At(rubrics), draft);
        }

        draft.Reference = fields.Take(reference) ?? fields.Take("reference");
        fields.Texts("example_tags", draft.Tags);
        fields.Ignore("canary");
        CommonFields.Read(fields);
        fields.RestToMeta();
    }
}
