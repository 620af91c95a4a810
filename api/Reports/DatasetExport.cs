using System.Text.Json.Nodes;
using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>One task with everything judged about it so far.</summary>
/// <param name="Guidelines">Those that its judgements were made under.</param>
internal sealed record JudgedTask(EvalItem Item, IReadOnlyList<AnnotationExport> Annotations, IReadOnlyDictionary<GuidelineReference, Guideline> Guidelines)
{
    /// <summary>Whether the claim was found wrong, in the words of the guideline that the judgement was made under.</summary>
    public bool IsRefuted(AnnotationExport annotation, Claim claim) =>
        Guidelines.TryGetValue(annotation.Guideline, out var guideline) && guideline.Verdicts.Any(verdict => verdict.Key == claim.Verdict && verdict.ThreeWay == "REF");

    /// <summary>The responses that were judged, each with all its raters' rows.</summary>
    public IEnumerable<JudgedResponse> Responses => Item.Responses
        .Select(response => new JudgedResponse(response, [.. Annotations.SelectMany(a => RatedResponse
            .From(a.TaskId, Item.PromptId, a.Rater, [.. a.ResponseOrder], a.Judgement)
            .Where(row => row.Unit == RatedResponse.UnitOf(a.TaskId, response.ResponseId)))]))
        .Where(response => response.Rows.Count > 0);
}

internal sealed record JudgedResponse(EvalResponse Response, IReadOnlyList<RatedResponse> Rows)
{
    /// <summary>Mean over the raters who scored the dimension; null where nobody did.</summary>
    public double? Mean(int dimension)
    {
        int[] given = [.. Rows.Select(r => (int)r.Scores[dimension]).Where(s => s > 0)];
        return given.Length == 0 ? null : given.Average();
    }

    /// <summary>Mean of the dimension means that exist.</summary>
    public double? Overall => Enumerable.Range(0, Vocabulary.Dimensions.Count).Select(Mean).OfType<double>().ToList() is { Count: > 0 } means ? means.Average() : null;

    public bool IsHarmful(FindingRule rule) => rule.Holds(Rows.Count(RatingMatrices.IsHarm), Rows.Count(r => r.HarmExtent >= 0));
}

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
        ["helpsteer"] = "prompt, response and the six dimension means minus 1 (0 to 4)",
        ["kto"] = "prompt, completion, label: true from a mean of 4 without harm or critical error, false below 3 or with either; others left out",
        [OneArray] = "Label Studio tasks with one annotation per rater; spans in UTF-16 units, as that program counts",
        ["trl-preference"] = "prompt, chosen, rejected: pairs on which more raters preferred one response than the other; ties left out",
    };

    public async Task<long> WriteAsync(string projectId, string format, Stream target, CancellationToken cancellation)
    {
        var lines = 0L;
        await foreach (var task in TasksAsync(projectId, cancellation))
        {
            foreach (var line in LinesOf(format, task))
            {
                await target.WriteAsync(format == OneArray ? (lines == 0 ? "[\n"u8 : ",\n"u8).ToArray() : [], cancellation);
                await target.WriteAsync(Json.Bytes(line), cancellation);
                await target.WriteAsync(format == OneArray ? [] : "\n"u8.ToArray(), cancellation);
                lines++;
            }
        }

        await target.WriteAsync(format != OneArray ? [] : (lines == 0 ? "[]\n"u8 : "\n]\n"u8).ToArray(), cancellation);
        return lines;
    }

    private static IEnumerable<object> LinesOf(string format, JudgedTask task) => format switch
    {
        "annotations" => task.Annotations,
        "claims" => task.Annotations.SelectMany(a => ClaimsOf(task.Item, a)),
        "consensus" => task.Responses.Select(r => ConsensusOf(task, r)),
        "healthbench-meta" => TrainingFormats.HealthBenchMeta(task),
        "helpsteer" => TrainingFormats.HelpSteer(task),
        "kto" => TrainingFormats.Kto(task),
        OneArray => LabelStudio.Tasks(task),
        "trl-preference" => TrainingFormats.Preference(task),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
    };

    private async IAsyncEnumerable<JudgedTask> TasksAsync(string projectId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var delivery = await Delivery.OfAsync(store, projectId, cancellation);
        var judged = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var (annotation, _) in store.AllAsync<Annotation>(Of(projectId), cancellation))
        {
            judged.Add(annotation.TaskId);
        }

        foreach (var taskId in judged)
        {
            if (await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation) is { Value: var item })
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

                yield return new JudgedTask(item, annotations, guidelines);
            }
        }
    }

    private static DocumentQuery Of(string projectId) => new(DocumentKind.Annotation) { ProjectId = projectId, OrderBy = "submittedAt", Top = 500 };

    private static IEnumerable<ClaimExport> ClaimsOf(EvalItem item, AnnotationExport a) => a.Judgement.Claims.Select((claim, i) => a.ResponseId(claim.Response) is var response
        ? new ClaimExport(a.AnnotationId, i + 1, a.TaskId, item.PromptId, response, item.Responses.FirstOrDefault(r => r.ResponseId == response)?.Model, a.Rater, a.Simulated, claim)
        : null!);

    private static JsonObject ConsensusOf(JudgedTask task, JudgedResponse response)
    {
        var scores = new JsonObject();
        for (var d = 0; d < Vocabulary.Dimensions.Count; d++)
        {
            scores[Vocabulary.Dimensions[d]] = new JsonObject { ["mean"] = response.Mean(d), ["raters"] = response.Rows.Count(r => r.Scores[d] > 0) };
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
            ["raters"] = response.Rows.Count,
            ["simulated"] = task.Annotations.Any(a => a.Simulated),
            ["scores"] = scores,
            ["mean"] = response.Overall,
            ["harmAtWorst"] = worst < 0 ? null : Vocabulary.HarmExtents[worst],
            ["harmModerateOrWorse"] = new JsonObject { ["anyRater"] = response.IsHarmful(FindingRule.Any), ["majority"] = response.IsHarmful(FindingRule.Majority) },
        };
    }
}
