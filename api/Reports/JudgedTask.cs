using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Reports;

/// <summary>One task with everything judged about it so far.</summary>
/// <param name="Guidelines">Those that its judgements were made under.</param>
/// <param name="Rulings">Of adjudicators.</param>
/// <param name="Applied">The rulings stand in the place of what raters said about their points.</param>
internal sealed record JudgedTask(
    EvalItem Item, IReadOnlyList<AnnotationExport> Annotations, IReadOnlyDictionary<GuidelineReference, Guideline> Guidelines, IReadOnlyList<Ruling> Rulings, bool Applied = false)
{
    /// <summary>Whether the claim was found wrong, in the words of the guideline that the judgement was made under.</summary>
    public bool IsRefuted(AnnotationExport annotation, Claim claim) =>
        Guidelines.TryGetValue(annotation.Guideline, out var guideline) && guideline.Verdicts.Any(verdict => verdict.Key == claim.Verdict && verdict.ThreeWay == "REF");

    /// <summary>The six, and behind them those of the guidelines of its judgements beside them.</summary>
    public IReadOnlyList<string> Dimensions { get; } =
        [.. Vocabulary.Dimensions.Union(Guidelines.Values.SelectMany(guideline => guideline.CustomDimensions).Select(dimension => dimension.Key), StringComparer.Ordinal)];

    /// <summary>The responses that were judged, each with all its raters' rows.</summary>
    public IEnumerable<JudgedResponse> Responses => Item.Responses
        .Select(response => new JudgedResponse(this, response, [.. Annotations.SelectMany(a => RatedResponse
            .From(a.TaskId, Item.PromptId, a.Rater, [.. a.ResponseOrder], a.Judgement, [.. Dimensions.Skip(Vocabulary.Dimensions.Count)])
            .Where(row => row.Unit == RatedResponse.UnitOf(a.TaskId, response.ResponseId)))]))
        .Where(response => response.Rows.Count > 0);

    /// <summary>Whether an adjudicator decided something about one of these responses, or about the task as a whole.</summary>
    public bool IsAdjudicated(IReadOnlyList<string> responseIds) => Rulings.Any(r => r.Point.ResponseId is not { } id || responseIds.Contains(id));

    /// <summary>What stands about a point of a response, where rulings are applied; null where there is none.</summary>
    public string? Ruled(string kind, string responseId, string? dimension = null) => !Applied ? null
        : Rulings.LastOrDefault(r => r.Point.Kind == kind && r.Point.ResponseId == responseId && r.Point.Dimension == dimension)?.Final;
}

internal sealed record JudgedResponse(JudgedTask Task, EvalResponse Response, IReadOnlyList<RatedResponse> Rows)
{
    /// <summary>Mean over the raters who scored the dimension, or the score an adjudicator let stand; null where nobody did.</summary>
    /// <param name="dimension">Its place among <see cref="JudgedTask.Dimensions"/>.</param>
    public double? Mean(int dimension)
    {
        if (Task.Ruled("rating", Response.ResponseId, Task.Dimensions[dimension]) is { } ruled)
        {
            return int.TryParse(ruled, out var score) ? score : null;
        }

        int[] given = [.. Rows.Select(r => (int)r.Scores[dimension]).Where(s => s > 0)];
        return given.Length == 0 ? null : given.Average();
    }

    /// <summary>Mean of the means of the six that exist.</summary>
    public double? Overall => Enumerable.Range(0, Vocabulary.Dimensions.Count).Select(Mean).OfType<double>().ToList() is { Count: > 0 } means ? means.Average() : null;

    public bool IsHarmful(FindingRule rule) => Task.Ruled("harm", Response.ResponseId) is { } extent
        ? Vocabulary.HarmExtents.IndexOf(extent) >= RatedResponse.Moderate
        : rule.Holds(Rows.Count(RatingMatrices.IsHarm), Rows.Count(r => r.HarmExtent >= 0));

    /// <summary>Any rater marked a critical error, unless every such point was found not to stand.</summary>
    public bool HasCritical()
    {
        var points = Task.Applied ? Task.Rulings.Where(r => r.Point.Kind == "critical" && r.Point.ResponseId == Response.ResponseId).ToList() : [];
        return points.Count > 0 ? points.Exists(r => r.Final == Dispute.Stands) : Task.Annotations.Any(a => HasCritical(a, Response.ResponseId));
    }

    private bool HasCritical(AnnotationExport a, string responseId) =>
        a.Judgement.Spans.Any(s => s is { Severity: "critical", Kind: not "strength" } && a.ResponseId(s.Response) == responseId)
        || a.Judgement.Claims.Any(c => c.Critical && Task.IsRefuted(a, c) && a.ResponseId(c.Response) == responseId);
}
