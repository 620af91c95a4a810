using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>LLM Comparator: one JSON document with the two models' names and a list of examples; every example arrives here with the names beside it.</summary>
internal static class LlmComparator
{
    public static Format Format { get; } = new(
        "llm-comparator",
        CommonFields.And(("prompt", ["example.input_text"]), ("response", ["example.output_text_a, output_text_b"]), ("model", ["models[].name"])),
        record => record.Has("example", JsonValueKind.Object) && record.GetProperty("example").Has("input_text"),
        Read);

    private static void Read(Fields fields)
    {
        var draft = fields.Draft;
        var models = fields.Take("models") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(Name).ToList() : [];
        if (fields.Take("example") is not { ValueKind: JsonValueKind.Object } value)
        {
            fields.Missing("example", "an object with input_text, output_text_a and output_text_b");
            return;
        }

        var example = new Fields(value, draft, "example");
        draft.ItemId = example.Id("id", "example_id");
        if (example.TakeFirst("input_text") is var (prompt, path))
        {
            draft.Messages = Conversation.Read(prompt, path, draft);
        }
        else
        {
            example.Missing("input_text", "the prompt");
        }

        foreach (var (name, index) in new[] { ("output_text_a", 0), ("output_text_b", 1) })
        {
            if (example.Take(name) is { } output)
            {
                Answers.Add(output, example.At(name), null, models.ElementAtOrDefault(index), draft);
            }
            else
            {
                example.Missing(name, "the text of a response");
            }
        }

        example.Texts("tags", draft.Tags);
        example.RestToMeta();
        CommonFields.Read(fields);
    }

    private static string? Name(JsonElement model) => model.ValueKind switch
    {
        JsonValueKind.String => model.GetString(),
        JsonValueKind.Object when model.TryGetProperty("name", out var name) && name.ValueKind is JsonValueKind.String => name.GetString(),
        _ => null,
    };
}
