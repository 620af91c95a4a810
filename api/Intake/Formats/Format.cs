using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// A shape of record that customers send: how it is told from others by its fields, and how an item is drafted from it.
/// A new one is a file of its own and a line in <see cref="FormatCatalog.Default"/>.
/// </summary>
/// <param name="Sources">Our field → the names under which this format may have it, the first that is there counts; goes into the receipt.</param>
/// <param name="Recognises">By fields alone, on a record that is an object.</param>
internal sealed record Format(string Name, IReadOnlyList<(string Ours, string[] Theirs)> Sources, Func<JsonElement, bool> Recognises, Action<Fields> Read)
{
    /// <summary>Whether these can be the column names of a table in this format; a format that is never a table needs none.</summary>
    public Func<IReadOnlyCollection<string>, bool> SuitsColumns { get; init; } = _ => false;

    /// <summary>Whether its records come in two files, and which of them this is.</summary>
    public PairSide Side { get; init; }

    /// <summary>Of a record that has its answers in more than one place, where that is.</summary>
    public Func<JsonElement, string?> SeveralIn { get; init; } = _ => null;

    /// <summary>Where the fields of a record like this one come from. What a format has nothing for takes its default, and the receipt says which.</summary>
    public IReadOnlyDictionary<string, string> MappingOf(JsonElement record)
    {
        var mapping = new Dictionary<string, string>();
        foreach (var (ours, theirs) in Sources)
        {
            if (Array.Find(theirs, name => IsSaid(name) || record.Has(name.Split('[', '.')[0]) || record.Has(name)) is { } found)
            {
                mapping[ours] = found;
            }
        }

        if (SeveralIn(record) is { } several)
        {
            mapping["response"] = several;
        }

        foreach (var (ours, otherwise) in CommonFields.Defaults)
        {
            mapping.TryAdd(ours, $"(default) {otherwise}");
        }

        return mapping;
    }

    /// <summary>Words about where something comes from, or a constant: no field of the record.</summary>
    private static bool IsSaid(string source) => source.Contains(' ', StringComparison.Ordinal) || source.StartsWith('=');
}

internal enum PairSide
{
    None,
    Request,
    Answer,
}
