using HealthEval.Audit;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>
/// Puts tasks where the project's order of work has them, by the hundred: of one batch whose place a lead has changed, or of everything when the order itself
/// has changed. What lies there already is passed over, so that any request can be sent again.
/// </summary>
internal sealed class Rerouting(IDocumentStore store, AuditTrail trail, TimeProvider time)
{
    public const string Kind = "reroute";

    private const int AtOnce = 100;
    private const int Attempts = 20;

    /// <summary>Notes a batch's place in the order; false when there is no such project.</summary>
    public async Task<Project?> PlaceAsync(string projectId, string batchId, string place, string why, string by, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } stored)
            {
                return null;
            }

            var before = stored.Value;
            var batches = new Dictionary<string, string>(before.Routing?.Batches ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [batchId] = place };
            var changed = before with { Routing = RoutingSettings.After((before.Routing ?? new RoutingSettings()) with { Batches = batches }, before.Routing) };
            if ((await store.CommitAsync(new Write.Replace(Project.Key(projectId), changed, stored.ETag), cancellation)).Succeeded)
            {
                await trail.RecordAsync(projectId, by, AuditActions.OfBatch(Kind), batchId, before.Routing?.Batches?.GetValueOrDefault(batchId), $"{place};why=sha256:{Sha.Of(why)[..12]}");
                return changed;
            }
        }

        throw new IOException("The project is being changed by too many at once.");
    }

    /// <param name="batchId">Only tasks of this batch; null for all.</param>
    public async Task<BatchActResult> MoveAsync(Project project, string? batchId, string? actId, string? continuation, CancellationToken cancellation)
    {
        var query = batchId is null ? new DocumentQuery(DocumentKind.Task) { ProjectId = project.ProjectId } : BatchProgress.TasksOf(project.ProjectId, batchId);
        var page = await store.QueryAsync<EvalTask>(query with { Top = AtOnce }, continuation, cancellation);
        var (done, refused) = (0, new List<ActOutcome>());
        foreach (var (task, etag) in page.Documents)
        {
            var lane = task.PlainLane + await EndAsync(project, task, cancellation);
            if (lane != task.Lane && await MoveAsync(task, etag, lane, cancellation))
            {
                done++;
            }
            else if (lane != task.Lane)
            {
                refused.Add(new ActOutcome(task.TaskId, "It is being changed by too many at once."));
            }
        }

        return new BatchActResult(actId ?? $"x-{Guid.CreateVersion7():N}", done, refused, page.Continuation);
    }

    /// <summary>The specialty stands in the item alone, and is read only where the order asks for it.</summary>
    private async Task<string> EndAsync(Project project, EvalTask task, CancellationToken cancellation)
    {
        if (project.Routing is not { } routing)
        {
            return "";
        }

        var item = routing.Specialties is { Count: > 0 } || task.Risk is null
            ? (await store.FindAsync<Batches.EvalItem>(Batches.EvalItem.KeyOf(task.ProjectId, task.TaskId), cancellation))?.Value
            : null;
        return routing.EndFor(task.BatchId, task.Risk ?? item?.RiskTier ?? "", item?.Specialty);
    }

    private async Task<bool> MoveAsync(EvalTask task, string etag, string lane, CancellationToken cancellation)
    {
        var (key, now) = (EvalTask.Key(task.ProjectId, task.TaskId), time.GetUtcNow());
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if ((await store.CommitAsync(new Write.Replace(key, task.InLane(lane, now), etag), cancellation)).Succeeded)
            {
                return true;
            }

            if (await store.FindAsync<EvalTask>(key, cancellation) is not { } stored)
            {
                return true; // it was erased meanwhile
            }

            (task, etag) = stored;
        }

        return false;
    }
}
