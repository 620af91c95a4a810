using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>The formats that a file may be in, in the order in which they are tried: the first that recognises a record wins it.</summary>
internal sealed class FormatCatalog(params IReadOnlyList<Format> formats)
{
    public static FormatCatalog Default { get; } = new(
        OpenAiBatch.Output,
        OpenAiBatch.Input,
        LlmComparator.Format,
        HealthBench.Professional,
        HealthBench.Format,
        HelpSteer.Second,
        HelpSteer.Third,
        Preferences.Pairs,
        Preferences.Kto,
        Arena.Format,
        Canonical.Format,
        ChatMessages.Format,
        EvalLogs.Harness,
        EvalLogs.Inspect,
        Lists.Rivals,
        Columns.Format,
        Nested.LabelStudio,
        Nested.Argilla);

    /// <summary>With one more, which is tried before the others.</summary>
    public FormatCatalog With(Format format) => new([format, .. formats]);

    public bool SuitsColumns(IReadOnlyCollection<string> names) => formats.Any(format => format.SuitsColumns(names));

    public Format? Recognise(JsonElement record) => formats.FirstOrDefault(format => format.Recognises(record));
}

internal static class RecordFields
{
    public static bool Has(this JsonElement record, string name, JsonValueKind kind) => record.TryGetProperty(name, out var value) && value.ValueKind == kind;

    public static bool Has(this JsonElement record, string name) => record.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null;
}
