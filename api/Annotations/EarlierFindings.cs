using HealthEval.Batches;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// What a person has found in other answers to the prompt that they are judging now, for them alone to carry over. It is offered from what they have
/// handed in lately, since answers to one prompt are judged in one sitting. A task that shares an answer with this one is left out: who judges
/// the same text twice judges it anew.
/// </summary>
internal sealed class EarlierFindings(IDocumentStore store)
{
    private const int Lately = 40;

    /// <summary>Null when the person does not hold the task.</summary>
    public async Task<IReadOnlyList<FoundEarlier>?> FindAsync(Project project, string taskId, string rater, CancellationToken cancellation)
    {
        if ((await store.FindTaskAsync(WorkQueue.Tasks, project.ProjectId, taskId, cancellation))?.Task.SlotOf(rater) is null
            || await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, taskId), cancellation) is not { Value: var item })
        {
            return null;
        }

        var answers = item.Responses.Select(response => response.Sha256).ToHashSet(StringComparer.Ordinal);
        var found = new List<FoundEarlier>();
        foreach (var made in await LatelyAsync(item, rater, cancellation))
        {
            var other = await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, made.TaskId), cancellation);
            if (other is not null && !other.Value.Responses.Any(response => answers.Contains(response.Sha256)))
            {
                found.Add(FoundEarlier.Of(made));
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<Annotation>> LatelyAsync(EvalItem item, string rater, CancellationToken cancellation)
    {
        var made = new List<Annotation>();
        foreach (var kind in Annotation.Kinds)
        {
            var query = new DocumentQuery(kind)
            {
                ProjectId = item.ProjectId,
                Where = [new Filter.Equal("rater", rater)],
                OrderBy = "submittedAt",
                Descending = true,
                Top = Lately,
            };
            made.AddRange((await store.QueryAsync<Annotation>(query, continuation: null, cancellation)).Documents.Select(stored => stored.Value));
        }

        var others = made.Where(annotation => annotation.PromptId == item.PromptId && annotation.TaskId != item.TaskId);
        return [.. others.OrderByDescending(annotation => annotation.SubmittedAt)];
    }
}

/// <param name="Claims">With a verdict; without a place, since that was in another answer.</param>
/// <param name="Missing">What was said to be missing.</param>
internal sealed record FoundEarlier(string TaskId, DateTimeOffset SubmittedAt, IReadOnlyList<Claim> Claims, IReadOnlyList<Span> Missing)
{
    public static FoundEarlier Of(Annotation made) => new(
        made.TaskId, made.SubmittedAt,
        [.. from claim in made.Judgement.Claims where claim.Verdict is not null select claim with { Response = "", Start = null, End = null, Given = null }],
        [.. made.Judgement.Spans.Where(span => span.MissingText is not null).Select(span => span with { Response = "" })]);
}
