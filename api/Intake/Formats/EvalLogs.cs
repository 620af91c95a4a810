using System.Globalization;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>What evaluation harnesses log: lm-evaluation-harness samples and Inspect samples. Targets become the reference; scores are metadata.</summary>
internal static class EvalLogs
{
    /// <summary>A sample is logged once per filter: what the filters and their scores say makes it no other one.</summary>
    private static readonly string[] OfFilter = ["filter", "filtered_resps", "metrics", "doc_hash", "prompt_hash", "target_hash"];

    public static Format Harness { get; } = new(
        "lm-eval",
        CommonFields.And(("prompt", ["arguments"]), ("response", ["resps"]), ("reference", ["target"])),
        record => record.Has("doc_id") && record.Has("arguments") && record.HasList("resps"),
        ReadHarness);

    public static Format Inspect { get; } = new(
        "inspect",
        CommonFields.And(("prompt", ["input"]), ("response", ["output.choices[].message.content"]), ("model", ["output.model"]), ("reference", ["target"])),
        record => record.Has("input") && record.Has("output", JsonValueKind.Object) && record.TryField("output", out var output) && output.Has("choices", JsonValueKind.Array),
        ReadInspect);

    private static void ReadHarness(Fields fields)
    {
        var draft = fields.Draft;
        if (fields.Take("arguments") is { } arguments && First(Structured.Any(arguments)) is { } prompt)
        {
            draft.Messages.AddRange(Conversation.Read(prompt, fields.At("arguments"), draft));
        }
        else
        {
            fields.Missing("arguments", "the prompt that the model was given");
        }

        var answers = fields.Take("resps") is { } given ? Texts(Structured.Any(given)).ToList() : [];
        if (answers.Count > 0 && !answers.TrueForAll(IsLikelihood))
        {
            var model = fields.Model();
            answers.ForEach(answer => Answers.Add(answer, fields.At("resps"), null, model, draft));
        }
        else
        {
            fields.Missing("resps", "the text that the model generated (multiple-choice likelihoods cannot be judged)");
        }

        foreach (var name in (string[])[.. OfFilter, .. fields.Look("metrics") is { ValueKind: JsonValueKind.Array } metrics ? metrics.EnumerateArray().Where(metric => metric.ValueKind is JsonValueKind.String).Select(metric => metric.GetString()!) : []])
        {
            draft.Bookkeeping.Add(name);
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

        fields.Ignore("messages", "store", "events", "model_usage", "role_usage", "attachments", "timelines"); // the transcript says once more what input and output say
        Finish(fields);
    }

    private static void Finish(Fields fields)
    {
        fields.Draft.Reference = fields.Take("target");
        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    /// <summary>The first text or conversation inside: the harness nests it in lists or in objects with numbered names.</summary>
    private static JsonElement? First(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value,
        JsonValueKind.Array when value.GetArrayLength() > 0 => value[0].ValueKind is JsonValueKind.Object && Conversation.RoleOf(value[0]) is not null ? value : First(value[0]),
        JsonValueKind.Object when value.EnumerateObject().Any() => First(value.EnumerateObject().First().Value),
        _ => null,
    };

    /// <summary>Every answer inside, also those of repeats.</summary>
    private static IEnumerable<JsonElement> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(field => Texts(field.Value)),
        JsonValueKind.Null => [],
        _ => [value],
    };

    /// <summary>A log-likelihood, or whether it was the greedy choice; as texts too.</summary>
    private static bool IsLikelihood(JsonElement value) => value.ValueKind is not JsonValueKind.String
        || value.GetString() is "True" or "False" or "true" or "false"
        || double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
