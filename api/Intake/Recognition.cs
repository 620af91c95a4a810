using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake;

/// <summary>What the records of a part are: one format for all of them, that of the first which has one. A line in another is an error to report, not to guess at.</summary>
/// <param name="Format">Null when there is no record that could be read.</param>
/// <param name="Mapping">Our field → where it is found in this file, as far as that first record shows it.</param>
internal sealed record Recognition(Format? Format, IReadOnlyDictionary<string, string> Mapping)
{
    private const int RecordsToLookAt = 1_000;

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
                var mapping = format.MappingOf(document.RootElement);
                return new Recognition(format, part.Header is { } header ? new Dictionary<string, string>(mapping) { ["table"] = header } : mapping);
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
        return draft;
    }
}
