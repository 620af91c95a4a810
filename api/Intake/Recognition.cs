using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake;

/// <summary>What the records of a part are: one format for all of them, that of the first which has one. A line in another is an error to report, not to guess at.</summary>
/// <param name="Format">Null when there is no record that could be read.</param>
/// <param name="Mapping">Our field → where it is found in this file, as far as that first record shows it.</param>
internal sealed record Recognition(Format? Format, IReadOnlyDictionary<string, string> Mapping)
{
    private const int RecordsToLookAt = 1_000;

    /// <summary>Of the answers of records that name none.</summary>
    private string? Model { get; init; }

    /// <summary>Throws <see cref="UnreadableFileException"/> when there are records, but of no shape that we know.</summary>
    public static Recognition Of(Part part, FormatCatalog catalog)
    {
        string? fields = null;
        foreach (var raw in part.Read().Where(raw => raw.Problem is null).Take(RecordsToLookAt))
        {
            using var document = JsonRecord.Parse(raw.Json, out _);
            if (document is null)
            {
                continue;
            }

            fields ??= string.Join(", ", document.RootElement.EnumerateObject().Select(property => property.Name));
            if (catalog.Recognise(document.RootElement) is { } format)
            {
                return new Recognition(format, MappingOf(format, document.RootElement, part)) { Model = part.Model };
            }
        }

        return fields is null
            ? new Recognition(null, new Dictionary<string, string>())
            : throw new UnreadableFileException(part.IsTable
                ? $"Required columns not found. {Containers.Tables.Needs} Found: {Excerpt.Of(fields, 120)}. Is the header line missing?"
                : $"No known format. The first record has the fields {Excerpt.Of(fields, 120)}. Needed at least: prompt (or messages) and response (or responses).");
    }

    public Draft Draft(JsonElement record)
    {
        var draft = new Draft();
        (Format ?? Canonical.Format).Read(new Fields(record, draft));
        if (Model is not null && draft.Responses.TrueForAll(response => response.Model is null))
        {
            for (var i = 0; i < draft.Responses.Count; i++)
            {
                draft.Responses[i] = draft.Responses[i] with { Model = Model };
            }
        }

        return draft;
    }

    private static Dictionary<string, string> MappingOf(Format format, JsonElement record, Part part)
    {
        var mapping = new Dictionary<string, string>(format.MappingOf(record));
        if (part.Header is { } header)
        {
            mapping["table"] = header;
        }

        if (part.Model is { } model)
        {
            mapping.TryAdd("model", $"(name of the file or sheet) {model}");
        }

        return mapping;
    }
}
