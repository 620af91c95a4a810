using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>Rows of a table (and objects that look like one): a prompt column, and one response column or one per contestant.</summary>
internal static class Columns
{
    private static readonly string[] Prompts = ["prompt", "question", "query", "user_input", "input", "dialogue", "messages", "chat", "user_prompt", "user_message", "prompt_text", "question_text"];
    private static readonly string[] Answers = ["response", "answer", "output", "completion", "model_output", "model_response", "model_answer", "ai_response", "assistant_response", "response_text", "answer_text", "generated_text", "generated_answer", "generation"];
    private static readonly (string Response, string Model)[] Contestants =
    [
        ("response_a", "model_a"), ("response_b", "model_b"), ("response_c", "model_c"), ("response_d", "model_d"), ("response_1", "model_1"), ("response_2", "model_2"),
        ("response1", "model1"), ("response2", "model2"), ("response_3", "model_3"), ("response_4", "model_4"), ("answer1", "model1"), ("answer2", "model2"), ("answer_a", "model_a"), ("answer_b", "model_b"),
        ("answer_1", "model_1"), ("answer_2", "model_2"), ("output_a", "model_a"), ("output_b", "model_b"), ("output_1", "model_1"), ("output_2", "model_2"), ("completion_a", "model_a"), ("completion_b", "model_b"),
    ];

    private static readonly string[] Models = ["model", "model_name", "model_id", "generator"];

    public static Format Format { get; } = new(
        "table",
        CommonFields.And(("instruction", ["instruction"]), ("prompt", Prompts), ("response", [.. Answers, .. Contestants.Select(contestant => contestant.Response)]), ("model", [.. Models, "model_a", "model_1"]), ("promptId", ["prompt_id"]), ("responseId", ["response_id"]), ("itemId", ["item_id", "id"])),
        record => (Prompts.Any(name => record.Has(name)) || record.Has("instruction")) && (Answers.Any(name => record.Has(name)) || Contestants.Any(contestant => record.Has(contestant.Response))),
        Read)
    {
        SuitsColumns = Suit,
    };

    /// <summary>Whether these can be the column names of a table that we can read.</summary>
    private static bool Suit(IReadOnlyCollection<string> names) =>
        (Prompts.Any(names.Contains) || names.Contains("instruction")) && (Answers.Any(names.Contains) || Contestants.Any(contestant => names.Contains(contestant.Response)));

    public static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.PromptId = fields.Id("prompt_id");
        draft.ItemId = fields.Id("item_id", "id");
        if (fields.Text("instruction") is { Length: > 0 } instruction)
        {
            draft.Messages.Add(new EvalMessage("user", instruction));
        }

        if (fields.TakeFirst(Prompts) is var (prompt, path) && !(draft.Messages.Count > 0 && IsEmpty(prompt)))
        {
            draft.Messages.AddRange(Conversation.Read(prompt, path, draft));
        }
        else if (draft.Messages.Count == 0)
        {
            fields.Missing("prompt", $"one of {string.Join(", ", Prompts)}");
        }

        Conversation.AddSystem(fields);
        Responses(fields);
        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind is JsonValueKind.String && value.GetString() is "";

    private static void Responses(Fields fields)
    {
        var draft = fields.Draft;
        foreach (var (response, model) in Contestants)
        {
            if (fields.Text(response) is { } content)
            {
                draft.Responses.Add(new DraftResponse(null, fields.Text(model), content));
            }
        }

        if (draft.Responses.Count == 0)
        {
            draft.SingleResponse = true;
            if (fields.TakeFirst(Answers) is var (answer, path))
            {
                draft.Responses.Add(new DraftResponse(fields.Id("response_id"), fields.Text(Models), Conversation.Content(answer, path, draft) ?? ""));
            }
            else
            {
                fields.Missing("response", $"one of {string.Join(", ", Answers)}, response_a");
            }
        }
    }
}
