using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>What evaluation harnesses log: lm-evaluation-harness samples and Inspect samples. Targets become the reference; scores are metadata.</summary>
internal static class EvalLogs
{
    public static Format Harness { get; } = new(
        "lm-eval",
        CommonFields.And(("prompt", ["arguments"]), ("response", ["resps"]), ("reference", ["target"])),
        record => record.Has("doc_id") && record.Has("arguments") && record.Has("resps", JsonValueKind.Array),
        ReadHarness);

    public static Format Inspect { get; } = new(
        "inspect",
        CommonFields.And(("prompt", ["input"]), ("response", ["output.choices[].message.content"]), ("model", ["output.model"]), ("reference", ["target"])),
        record => record.Has("input") && record.Has("output", JsonValueKind.Object) && record.GetProperty("output").Has("choices", JsonValueKind.Array),
        ReadInspect);

    private static void ReadHarness(Fields fields)
    {
        var draft = fields.Draft;
        draft.SingleResponse = true;
        if (fields.Take("arguments") is { } arguments && First(arguments) is { } prompt)
        {
            draft.Messages.Add(new EvalMessage("user", prompt));
        }
        else
        {
            fields.Missing("arguments", "the prompt that the model was given");
        }

        if (fields.Take("resps") is { } answers && First(answers) is { } answer)
        {
            draft.Responses.Add(new DraftResponse(null, fields.TextOrNothing("model", "model_name"), answer));
        }
        else
        {
            fields.Missing("resps", "the text that the model generated (multiple-choice likelihoods cannot be judged)");
        }

        Finish(fields);
    }

    private static void ReadInspect(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.Take("input") is { } input)
        {
            draft.Messages = Conversation.Read(input, fields.At("input"), draft);
        }

        if (fields.Take("output") is { ValueKind: JsonValueKind.Object } output)
        {
            OpenAiAnswer.Read(new Fields(output, draft, "output"), askedModel: null);
        }
        else
        {
            fields.Missing("output", "the model's output");
        }

        fields.Ignore("messages", "store", "events", "model_usage", "role_usage", "attachments"); // the transcript says once more what input and output say
        Finish(fields);
    }

    private static void Finish(Fields fields)
    {
        fields.Draft.Reference = fields.Take("target");
        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    /// <summary>The first text inside: the harness nests it in lists or in objects with numbered names.</summary>
    private static string? First(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array when value.GetArrayLength() > 0 => First(value[0]),
        JsonValueKind.Object when value.EnumerateObject().Any() => First(value.EnumerateObject().First().Value),
        _ => null,
    };
}
