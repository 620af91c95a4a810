using HealthEval.Batches.Benchmarks;
using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Intake.Profiles;
using HealthEval.Projects;

namespace HealthEval.Batches;

internal sealed record ItemPreview(IReadOnlyList<EvalMessage> Prompt, IReadOnlyList<AnswerPreview> Responses, IReadOnlyList<string> Rubric, string? ItemId);

internal sealed record AnswerPreview(string? Model, string Content, string? Reasoning);

/// <summary>How a file would be read, and what would become of it, without changing anything. What the store knows already is not looked up, so nothing
/// counts as a duplicate.</summary>
/// <param name="Format">Null when nothing fits; <paramref name="Fields"/> then says what there is to choose from, and <paramref name="Proposal"/> what
/// looks like what.</param>
/// <param name="IsWhole">False when only the first records were read, as was asked.</param>
/// <param name="LookedAt">In how many records the fields were looked for.</param>
internal sealed record Preview(
    string? Format, string? Reason, IReadOnlyDictionary<string, string> Mapping, long Read, long Accepted, long Rejected, bool IsWhole,
        IReadOnlyList<ItemPreview> Items,
    IReadOnlyList<ClassCount> Notes, IReadOnlyList<RecordError> Errors, int LookedAt, IReadOnlyList<FieldSeen> Fields, IReadOnlyList<Proposed> Proposal)
{
    private const int ItemsShown = 3;
    private const int ErrorsShown = 20;
    private const int LongestText = 2_000;

    /// <param name="most">Records to read; all of them unless said.</param>
    public static Preview Of(Project project, BatchSource source, IEnumerable<ImportProfile> kept, IngestOptions options, CancellationToken cancellation,
        long most = long.MaxValue, BenchmarkIndex? benchmarks = null)
    {
        var formats = kept.Concat(source.Profile is { } said ? [said] : [])
            .Aggregate(options.Formats, (known, profile) => known.With(ProfileFormat.Of(profile, source.Name)));
        IReadOnlyList<Part> parts = [];
        try
        {
            parts = Unpacking.Inspect(source.Name, source.Open, source.Encoding, options with { Formats = formats });
            var recognised = parts.Select(part => Recognition.Of(part, formats)).ToList();
            ProfileFormat.Require(source.Profile, recognised);
            return Counted(project, parts, recognised, options, most, benchmarks ?? BenchmarkIndex.None, cancellation);
        }
        catch (Exception failure) when (failure is UnreadableFileException or System.Xml.XmlException or System.Text.DecoderFallbackException)
        {
            var (fields, lookedAt) = parts.Count == 0 ? ([], 0) : FileFields.In(parts[0]);
            return new Preview(null, BatchStep.ReasonOf(failure), new Dictionary<string, string>(), 0, 0, 0, IsWhole: true, [], [], [], lookedAt, fields,
                FileFields.Propose(fields));
        }
    }

    private static Preview Counted(Project project, IReadOnlyList<Part> parts, List<Recognition> recognised, IngestOptions options, long most,
        BenchmarkIndex benchmarks, CancellationToken cancellation)
    {
        if (recognised.Exists(one => one.Format?.Side is PairSide.Answer))
        {
            const string Elsewhere = "These are answers whose prompts come in another file. Load both, in either order: they are joined then.";
            return new Preview(Described(parts, recognised), Elsewhere, recognised[0].Mapping, 0, 0, 0, IsWhole: true, [], [], [], 0, [], []);
        }

        var builder = new ItemBuilder(project, "preview", options, benchmarks);
        var tally = new BatchTally(options);
        var items = new List<ItemPreview>();
        var isWhole = true;
        parts.Select(part => part.Warning).OfType<string>().ToList().ForEach(tally.Warn);
        foreach (var (part, recognition) in parts.Zip(recognised))
        {
            var reader = new RecordReader(part, recognition, parts.Count == 1, builder, project.Privacy is "reject");
            foreach (var raw in part.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                if (tally.Read == most)
                {
                    isWhole = false;
                    break;
                }

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
        var (fields, lookedAt) = FileFields.In(parts[0]);
        var format = Described(parts, recognised);
        return new Preview(
            format, null, recognised[0].Mapping, tally.Read, tally.Accepted, tally.Rejected, isWhole, items, counted.Warnings,
                [.. tally.Errors.Take(ErrorsShown)], lookedAt, fields,
            FileFields.Propose(fields));
    }

    private static string Described(IReadOnlyList<Part> parts, List<Recognition> recognised) =>
        string.Join("; ", parts.Zip(recognised).Select(pair => $"{(pair.Second.Format ?? Canonical.Format).Name}, {pair.First.Container}").Distinct());

    private static ItemPreview Shown(EvalItem item) => new(
        [.. item.Messages.Select(message => new EvalMessage(message.Role, Short(message.Content)))],
        [.. item.Responses.Select(response => new AnswerPreview(response.Model, Short(response.Content), response.Reasoning is { } thought ? Short(thought)
            : null))],
        [.. item.Rubric.Take(20).Select(criterion => criterion.Criterion)],
        item.ItemId);

    private static string Short(string text) => text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1
        : LongestText)] + "…";
}
