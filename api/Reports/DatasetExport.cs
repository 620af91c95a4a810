using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>All judgements of a project in a format that other programs read. Raters are pseudonyms; one task is in memory at a time.</summary>
internal sealed class DatasetExport(IDocumentStore store)
{
    private readonly GuidelineLibrary _guidelines = new(store);

    /// <summary>The format that is one JSON array; the others are JSON Lines.</summary>
    public const string OneArray = "label-studio";

    /// <summary>Names of the formats, with what each holds.</summary>
    public static readonly IReadOnlyDictionary<string, string> Formats = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["annotations"] = "one line per judgement, as in the weekly reports",
        ["claims"] = "one line per recorded claim, with verdict and evidence",
        ["consensus"] = "one line per judged response: means, number of raters, harm",
        ["healthbench-meta"] = "one line per response and rubric criterion: each rater's met or not, as in HealthBench's meta-evaluation",
        ["dpo"] = "prompt, chosen, rejected: every ordered pair of every rater's ranking, with how many places they are apart",
        ["helpsteer"] = "prompt with roles, response, HelpSteer2's helpfulness, correctness and coherence as whole numbers 0 to 4; our means of every dimension beside them",
        ["sft"] = "messages: ideal answers that raters wrote, to the prompt as it was and as they refined it",
        ["kto"] = "prompt, completion, label: true from a mean of 4 without harm or critical error, false below 3 or with either; others left out",
        [OneArray] = "Label Studio tasks with one annotation per rater; spans in UTF-16 units, as that program counts; its labelling configuration is written beside it",
        ["trl-preference"] = "prompt, chosen, rejected: pairs on which more raters preferred one response than the other; ties left out",
    };

    /// <param name="open">A stream for each part of a split, or for the whole when there is none; asked for once each, and left to the caller to close.</param>
    public async Task<Exported> WriteAsync(string projectId, string format, ExportOptions options, Func<string?, Stream> open, CancellationToken cancellation)
    {
        var parts = (options.Split is null ? [null] : ExportOptions.Parts.Cast<string?>()).Select(part => (Part: part, Stream: open(part), Lines: new Counter())).ToList();
        var (simulated, few, guidelines) = (0L, 0L, new Dictionary<GuidelineReference, Guideline>());
        await foreach (var whole in TasksAsync(projectId, options, cancellation))
        {
            var task = options.LeavesOutSimulated(format) ? whole with { Annotations = [.. whole.Annotations.Where(a => !a.Simulated)] } : whole;
            simulated += whole.Annotations.Count - task.Annotations.Count;
            foreach (var (reference, guideline) in task.Guidelines)
            {
                guidelines[reference] = guideline;
            }

            var (part, stream, lines) = parts.Find(p => p.Part == options.PartOf(task.Item.PromptId));
            foreach (var row in RowsOf(format, task))
            {
                if (row.Raters < options.MinRaters || (row.Margin ?? options.MinMargin) < options.MinMargin)
                {
                    few++;
                    continue;
                }

                await stream.WriteAsync(format == OneArray ? (lines.Count == 0 ? "[\n"u8 : ",\n"u8).ToArray() : [], cancellation);
                await stream.WriteAsync(Json.Bytes(row.With(task, part)), cancellation);
                await stream.WriteAsync(format == OneArray ? [] : "\n"u8.ToArray(), cancellation);
                lines.Count++;
            }
        }

        foreach (var (_, stream, lines) in parts)
        {
            await stream.WriteAsync(format != OneArray ? [] : (lines.Count == 0 ? "[]\n"u8 : "\n]\n"u8).ToArray(), cancellation);
        }

        return new Exported(parts.Sum(p => p.Lines.Count), simulated, few, guidelines.Values);
    }

    private static IEnumerable<ExportRow> RowsOf(string format, JudgedTask task) => format switch
    {
        "annotations" => task.Annotations.Select(a => new ExportRow(Object(a), a.ResponseOrder, [a])),
        "claims" => task.Annotations.SelectMany(a => ClaimsOf(task.Item, a).Select(c => new ExportRow(Object(c), c.ResponseId is null ? [] : [c.ResponseId], [a]))),
        "consensus" => task.Responses.Select(r => new ExportRow(ConsensusOf(task, r), [r.Response.ResponseId], [.. task.Annotations.Where(a => r.Rows.Any(x => x.Rater == a.Rater))])),
        "dpo" => TrainingFormats.Dpo(task),
        "healthbench-meta" => TrainingFormats.HealthBenchMeta(task),
        "helpsteer" => TrainingFormats.HelpSteer(task),
        "kto" => TrainingFormats.Kto(task),
        OneArray => LabelStudio.Tasks(task),
        "sft" => TrainingFormats.Sft(task),
        "trl-preference" => TrainingFormats.Preference(task),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
    };

    private static JsonObject Object<T>(T value) => JsonSerializer.SerializeToNode(value, Json.Options)!.AsObject();

    private sealed class Counter
    {
        public long Count { get; set; }
    }

    private async IAsyncEnumerable<JudgedTask> TasksAsync(
        string projectId, ExportOptions options, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var delivery = await Delivery.OfAsync(store, projectId, cancellation);
        var judged = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var (annotation, _) in store.AllAsync<Annotation>(Of(projectId), cancellation))
        {
            judged.Add(annotation.TaskId);
        }

        foreach (var taskId in judged)
        {
            if (await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation) is { Value: var item } && Wanted(item, options) is { } wanted)
            {
                var annotations = new List<AnnotationExport>();
                await foreach (var (annotation, _) in store.AllAsync<Annotation>(Of(projectId) with { Scope = taskId }, cancellation))
                {
                    annotations.Add(AnnotationExport.Of(annotation, delivery));
                }

                var guidelines = new Dictionary<GuidelineReference, Guideline>();
                foreach (var reference in annotations.Select(annotation => annotation.Guideline).Distinct())
                {
                    if (await _guidelines.FindAsync(reference.Id, reference.Version, cancellation) is { } guideline)
                    {
                        guidelines[reference] = guideline;
                    }
                }

                var rulings = new List<Ruling>();
                await foreach (var (made, _) in store.AllAsync<Adjudication>(Adjudication.Of(projectId) with { Scope = taskId }, cancellation))
                {
                    rulings.AddRange(made.Rulings);
                }

                yield return new JudgedTask(wanted, annotations, guidelines, rulings, options.ApplyAdjudications);
            }
        }
    }

    private static EvalItem? Wanted(EvalItem item, ExportOptions options) => options.Only is null ? item : options.Only(item) is { Responses.Count: > 0 } some ? some : null;

    private static DocumentQuery Of(string projectId) => new(DocumentKind.Annotation) { ProjectId = projectId, OrderBy = "submittedAt", Top = 500 };

    private static IEnumerable<ClaimExport> ClaimsOf(EvalItem item, AnnotationExport a) => a.Judgement.Claims.Select((claim, i) => a.ResponseId(claim.Response) is var response
        ? new ClaimExport(a.AnnotationId, i + 1, a.TaskId, item.PromptId, response, item.Responses.FirstOrDefault(r => r.ResponseId == response)?.Model, a.Rater, a.Simulated, claim)
        : null!);

    private static JsonObject ConsensusOf(JudgedTask task, JudgedResponse response)
    {
        var scores = new JsonObject();
        for (var d = 0; d < task.Dimensions.Count; d++)
        {
            scores[task.Dimensions[d]] = new JsonObject { ["mean"] = response.Mean(d), ["raters"] = response.Rows.Count(r => r.Scores[d] > 0) };
        }

        var worst = response.Rows.Max(r => r.HarmExtent);
        return new JsonObject
        {
            ["taskId"] = task.Item.TaskId,
            ["itemId"] = task.Item.ItemId,
            ["promptId"] = task.Item.PromptId,
            ["responseId"] = response.Response.ResponseId,
            ["model"] = response.Response.Model,
            ["responseSha256"] = response.Response.Sha256,
            ["ratings"] = response.Rows.Count,
            ["scores"] = scores,
            ["mean"] = response.Overall,
            ["harmAtWorst"] = worst < 0 ? null : Vocabulary.HarmExtents[worst],
            ["harmModerateOrWorse"] = new JsonObject { ["anyRater"] = response.IsHarmful(FindingRule.Any), ["majority"] = response.IsHarmful(FindingRule.Majority) },
        };
    }
}
