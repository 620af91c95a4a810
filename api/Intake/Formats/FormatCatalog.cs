using System.Runtime.InteropServices;
using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>The formats that a file may be in, in the order in which they are tried: the first that recognises a record wins it.</summary>
internal sealed class FormatCatalog(params IReadOnlyList<Format> formats)
{
    public static FormatCatalog Default { get; } = new(
        OpenAiBatch.Output,
        OpenAiBatch.Input,
        AnthropicBatch.Output,
        AnthropicBatch.Input,
        Tools.Vertex,
        Tools.Bedrock,
        Tools.BedrockLog,
        Tools.Gemini,
        Tools.Gateway,
        Tools.ChatCompletion,
        Tools.Promptfoo,
        Tools.Helm,
        Tools.Phoenix,
        Tools.LangSmith,
        Tools.Vllm,
        LlmComparator.Format,
        HealthBench.Professional,
        HealthBench.Results,
        HealthBench.Format,
        HelpSteer.Second,
        HelpSteer.Third,
        Preferences.Pairs,
        Preferences.Kto,
        Arena.Format,
        EvalLogs.Harness,
        EvalLogs.Inspect,
        Canonical.Format,
        ChatMessages.Format,
        Lists.Rivals,
        PromptfooTable.Format,
        Tools.Kqa,
        Columns.Format,
        Tools.Sglang,
        Nested.LabelStudio,
        Nested.Argilla,
        PromptRows.Answers);

    /// <summary>With one more, which is tried before the others.</summary>
    public FormatCatalog With(Format format) => new([format, .. formats]);

    /// <summary>With one more, which is tried after the others.</summary>
    public FormatCatalog Then(Format format) => new([.. formats, format]);

    public bool SuitsColumns(IReadOnlyCollection<string> names) => formats.Any(format => format.SuitsColumns(names));

    public Format? Recognise(JsonElement record) => formats.FirstOrDefault(format => format.Recognises(record));
}

internal static class RecordFields
{
    public static bool Has(this JsonElement record, string name, JsonValueKind kind) => record.TryField(name, out var value) && value.ValueKind == kind;

    public static bool Has(this JsonElement record, string name) => record.TryField(name, out var value) && value.ValueKind is not JsonValueKind.Null;

    /// <summary>A list, also one that is written as a text.</summary>
    public static bool HasList(this JsonElement record, string name) => record.TryField(name, out var value) && Structured.Peek(value) is { ValueKind: JsonValueKind.Array };

    /// <summary>The field of this name, however the name is written; false when this is no object.</summary>
    public static bool TryField(this JsonElement record, string name, out JsonElement value)
    {
        value = default;
        if (record.ValueKind is not JsonValueKind.Object || record.TryGetProperty(name, out value))
        {
            return record.ValueKind is JsonValueKind.Object;
        }

        var hash = Names.HashOf(name);
        foreach (var property in record.EnumerateObject())
        {
            if (Names.HashOf(JsonMarshal.GetRawUtf8PropertyName(property)) == hash && Names.Same(property.Name, name))
            {
                value = property.Value;
                return true;
            }
        }

        return false;
    }
}
