using System.Text.Json;
using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Intake.Profiles;
using HealthEval.Projects;

namespace HealthEval.Batches;

/// <summary>A field of the file: how many of the records that were looked at have it, and what stands in the first.</summary>
internal sealed record FieldSeen(string Path, int Records, string Example);

internal sealed record ItemPreview(IReadOnlyList<EvalMessage> Prompt, IReadOnlyList<AnswerPreview> Responses, IReadOnlyList<string> Rubric, string? ItemId);

internal sealed record AnswerPreview(string? Model, string Content, string? Reasoning);

/// <summary>How a file would be read, and what would become of it, without changing anything. What the store knows already is not looked up, so nothing counts as a duplicate.</summary>
/// <param name="Format">Null when nothing fits; <paramref name="Fields"/> then says what there is to choose from, and <paramref name="Proposal"/> what looks like what.</param>
internal sealed record Preview(
    string? Format, string? Reason, IReadOnlyDictionary<string, string> Mapping, long Read, long Accepted, long Rejected, IReadOnlyList<ItemPreview> Items, IReadOnlyList<ClassCount> Notes, IReadOnlyList<RecordError> Errors,
    IReadOnlyList<FieldSeen> Fields, IReadOnlyDictionary<string, string> Proposal)
{
    private const int ItemsShown = 3;
    private const int RecordsLookedAt = 200;
    private const int ErrorsShown = 20;
    private const int LongestText = 2_000;

    public static Preview Of(Project project, BatchSource source, IEnumerable<ImportProfile> kept, IngestOptions options, CancellationToken cancellation)
    {
        var formats = kept.Concat(source.Profile is { } said ? [said] : []).Aggregate(options.Formats, (known, profile) => known.With(ProfileFormat.Of(profile, source.Name)));
        IReadOnlyList<Part> parts = [];
        try
        {
            parts = Unpacking.Inspect(source.Name, source.Open, source.Encoding, options with { Formats = formats });
            return Counted(project, parts, [.. parts.Select(part => Recognition.Of(part, formats))], options, cancellation);
        }
        catch (Exception failure) when (failure is UnreadableFileException or System.Xml.XmlException or System.Text.DecoderFallbackException)
        {
            var fields = parts.Count == 0 ? [] : Seen(parts[0]);
            return new Preview(null, BatchStep.ReasonOf(failure), new Dictionary<string, string>(), 0, 0, 0, [], [], [], fields, Propose(fields));
        }
    }

    private static Preview Counted(Project project, IReadOnlyList<Part> parts, List<Recognition> recognised, IngestOptions options, CancellationToken cancellation)
    {
        var builder = new ItemBuilder(project, "preview", options);
        var tally = new BatchTally(options);
        var items = new List<ItemPreview>();
        foreach (var (part, recognition) in parts.Zip(recognised))
        {
            var reader = new RecordReader(part, recognition, parts.Count == 1, builder, project.Privacy is "reject");
            foreach (var raw in part.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                reader.Read(raw, record =>
                {
                    if (record.Built is not { } built)
                    {
                        tally.Reject(record.Errors);
                        return;
                    }

                    tally.Accept(built.Items.Count, built.Items.Sum(item => item.Responses.Count));
                    foreach (var warning in record.Warnings)
                    {
                        tally.Warn(warning);
                    }

                    items.AddRange(built.Items.Take(ItemsShown - items.Count).Select(Shown));
                });
            }
        }

        var counted = tally.On(Batch.Begin(project.ProjectId, "", 0, "", default), 0);
        var fields = Seen(parts[0]);
        return new Preview(
            string.Join("; ", parts.Zip(recognised).Select(pair => $"{(pair.Second.Format ?? Canonical.Format).Name}, {pair.First.Container}").Distinct()), null, recognised[0].Mapping, tally.Read, tally.Accepted, tally.Rejected, items,
            counted.Warnings, [.. tally.Errors.Take(ErrorsShown)], fields, Propose(fields));
    }

    private static ItemPreview Shown(EvalItem item) => new(
        [.. item.Messages.Select(message => new EvalMessage(message.Role, Short(message.Content)))],
        [.. item.Responses.Select(response => new AnswerPreview(response.Model, Short(response.Content), response.Reasoning is { } thought ? Short(thought) : null))],
        [.. item.Rubric.Take(20).Select(criterion => criterion.Criterion)],
        item.ItemId);

    private static string Short(string text) => text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)] + "…";

    /// <summary>In the first records, with those inside of objects.</summary>
    private static List<FieldSeen> Seen(Part part)
    {
        var seen = new Dictionary<string, (int Records, string Example)>(StringComparer.Ordinal);
        foreach (var raw in part.Read().Where(raw => raw.Problem is null).Take(RecordsLookedAt))
        {
            using var document = JsonRecord.Parse(raw.Json, out _);
            foreach (var (path, value) in document is null ? [] : Leaves(document.RootElement, "", 0))
            {
                var before = seen.GetValueOrDefault(path);
                seen[path] = (before.Records + 1, string.IsNullOrEmpty(before.Example) ? Excerpt.Of(value, 80) : before.Example);
            }
        }

        return [.. seen.Select(field => new FieldSeen(field.Key, field.Value.Records, field.Value.Example))];
    }

    private static IEnumerable<(string Path, string Value)> Leaves(JsonElement value, string path, int depth) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Object when depth < 4 => value.EnumerateObject().SelectMany(field => Leaves(field.Value, path.Length == 0 ? field.Name : $"{path}.{field.Name}", depth + 1)),
        JsonValueKind.Array when depth < 4 && value.GetArrayLength() > 0 && value[0].ValueKind is JsonValueKind.Object => Leaves(value[0], $"{path}[]", depth + 1),
        _ => [(path, value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText())],
    };

    /// <summary>What looks like what: by its name first, and the longest texts otherwise.</summary>
    private static Dictionary<string, string> Propose(List<FieldSeen> fields)
    {
        var proposal = new Dictionary<string, string>();
        void Take(string ours, IEnumerable<string> names)
        {
            if (fields.Find(field => names.Any(name => Names.Same(name, Last(field.Path))) && !proposal.ContainsValue(field.Path)) is { } found)
            {
                proposal[ours] = found.Path;
            }
        }

        Take("prompt", [.. Names.Prompts, .. Names.Askers, "frage", "pregunta", "domanda", "text_in", "task", "vignette", "case", "scenario", "request"]);
        Take("response", [.. Names.Answers, .. Names.Answerers, .. Names.Notes, "antwort", "respuesta", "reponse", "réponse", "risposta", "result", "text", "content"]);
        Take("model", Names.Models);
        Take("reference", Names.References);
        Take("itemId", ["item_id", "id", "case_id", "uuid"]);
        foreach (var ours in (string[])["prompt", "response"])
        {
            if (!proposal.ContainsKey(ours) && fields.Where(field => !proposal.ContainsValue(field.Path) && field.Example.Contains(' ', StringComparison.Ordinal)).MaxBy(field => field.Example.Length) is { } longest)
            {
                proposal[ours] = longest.Path;
            }
        }

        return proposal;
    }

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..].TrimEnd('[', ']');
}
