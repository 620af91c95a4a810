using System.Globalization;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Storage;

namespace HealthEval.Oversight;

/// <summary>
/// Sets aside what a person has handed in from a time on, by the hundred: figures and files that are made from now on leave it out, its tasks are open
/// again, and delivered reports stay as they are.
/// </summary>
internal sealed class RaterVoids(IDocumentStore store, Voids voids, AuditTrail trail, TimeProvider time)
{
    private const int AtOnce = 100;

    public static DocumentQuery Of(string projectId, string rater, DateTimeOffset? from) => new(DocumentKind.Annotation)
    {
        ProjectId = projectId,
        Where = [new Filter.Equal("rater", rater), .. from is { } time ? (IReadOnlyList<Filter>)[new Filter.Range("submittedAt", Json.Stamp(time), null)] : []],
        OrderBy = "submittedAt",
        Top = AtOnce,
    };

    public async Task<VoidResult> LookAsync(string projectId, string rater, DateTimeOffset from, CancellationToken cancellation)
    {
        var query = Of(projectId, rater, from) with { Top = 1 };
        var first = await TimeOfAsync(query, cancellation);
        var last = await TimeOfAsync(query with { Descending = true }, cancellation);
        return new VoidResult(null, await store.CountAsync(query, cancellation), 0, [], first, last, null);
    }

    private async Task<DateTimeOffset?> TimeOfAsync(DocumentQuery query, CancellationToken cancellation) =>
        (await store.QueryAsync<Annotation>(query, continuation: null, cancellation)).Documents is [var only, ..] ? only.Value.SubmittedAt : null;

    public async Task<VoidResult> SetAsideAsync(string projectId, string rater, DateTimeOffset from, string why, string? actId, string? continuation, string by, CancellationToken cancellation)
    {
        var query = Of(projectId, rater, from);
        var all = await store.CountAsync(query, cancellation);
        var page = await store.QueryAsync<Annotation>(query, continuation, cancellation);
        var act = new Act(actId ?? $"x-{Guid.CreateVersion7():N}", projectId, "", "void", by, time.GetUtcNow(), why, rater);
        var (done, refused) = (0, new List<ActOutcome>());
        foreach (var (made, _) in page.Documents)
        {
            var one = act with { TaskId = made.TaskId };
            var refusal = await voids.SetAsideAsync(projectId, made.TaskId, [made.AnnotationId], new VoidReason(act.ActId, by, why), new Write.Put(one.Key(), one), cancellation);
            if (refusal is null)
            {
                done++;
            }
            else
            {
                refused.Add(new ActOutcome(made.TaskId, refusal));
            }
        }

        if (done > 0)
        {
            await trail.RecordAsync(
                projectId, by, AuditActions.RaterVoided, rater, from.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                $"judgements={done};act={act.ActId};why=sha256:{Sha.Of(why)[..12]}");
        }

        return new VoidResult(act.ActId, all, done, refused, null, null, page.Continuation);
    }
}
