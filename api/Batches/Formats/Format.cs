using System.Text.Json;

namespace HealthEval.Batches.Formats;

/// <summary>
/// A shape of record that customers send: how it is told from others by its fields, and how an item is drafted from it.
/// A new one is a small file and an entry in <see cref="FormatCatalog"/>.
/// </summary>
/// <param name="Sources">Our field → the names under which this format may have it, the first that is there counts; goes into the receipt.</param>
/// <param name="Recognises">By fields alone, on a record that is an object.</param>
internal sealed record Format(string Name, IReadOnlyList<(string Ours, string[] Theirs)> Sources, Func<JsonElement, bool> Recognises, Action<Fields> Read)
{
    /// <summary>Where the fields of a record like this one come from. What a format has nothing for takes its default, and the receipt says which.</summary>
    public IReadOnlyDictionary<string, string> MappingOf(JsonElement record)
    {
        var mapping = new Dictionary<string, string>();
        foreach (var (ours, theirs) in Sources)
        {
            if (Array.Find(theirs, name => record.Has(name.Split('[', '.')[0])) is { } found)
            {
                mapping[ours] = found;
            }
        }

        foreach (var (ours, otherwise) in CommonFields.Defaults)
        {
            mapping.TryAdd(ours, $"(default) {otherwise}");
        }

        return mapping;
    }
}

internal static class FormatCatalog
{
    /// <summary>In the order in which they are tried: the first that recognises a record wins it.</summary>
    public static IReadOnlyList<Format> All { get; } =
    [
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
        Nested.Argilla,
    ];

    public static bool SuitColumns(IReadOnlyCollection<string> names) => Columns.Suit(names) || (names.Contains("chosen") && names.Contains("rejected")) || (names.Contains("conversation_a") && names.Contains("conversation_b")) || names.Contains("messages") || names.Contains("conversation");

    public static Format? Recognise(JsonElement record) => All.FirstOrDefault(format => format.Recognises(record));

    public static bool Has(this JsonElement record, string name, JsonValueKind kind) => record.TryGetProperty(name, out var value) && value.ValueKind == kind;

    public static bool Has(this JsonElement record, string name) => record.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null;
}
