using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>
/// Somebody's unfinished work on a task. Kept as it was sent and not looked into: what is in it is judged when it is submitted.
/// </summary>
/// <param name="Revision">Counts the saves; a save names the revision it is based on.</param>
internal sealed record TaskDraft(string Rater, int Revision, JsonElement Judgement, DateTimeOffset SavedAt)
{
    public const int MaxBytes = 1_000_000;

    public static DocumentKey Key(string projectId, string taskId, string rater) => new(DocumentKind.Draft, new Partition(projectId, taskId), rater);
}

internal abstract record DraftResult
{
    internal sealed record Saved(TaskDraft Draft) : DraftResult;

    /// <summary>Another window saved in between; <paramref name="Current"/> is what it saved.</summary>
    internal sealed record Older(TaskDraft Current) : DraftResult;

    internal sealed record LeaseGone : DraftResult;
}

internal sealed class Drafts(IDocumentStore store, TimeProvider time)
{
    public async Task<TaskDraft?> FindAsync(string projectId, string taskId, string rater, CancellationToken cancellation) =>
        (await store.FindAsync<TaskDraft>(TaskDraft.Key(projectId, taskId, rater), cancellation))?.Value;

    public async Task<DraftResult> SaveAsync(string projectId, string taskId, string rater, string leaseId, int revision, JsonElement judgement, CancellationToken cancellation)
    {
        var task = await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation);
        if (task?.Value.SlotOf(rater) is not { IsFilled: false } slot || slot.LeaseId != leaseId)
        {
            return new DraftResult.LeaseGone();
        }

        var key = TaskDraft.Key(projectId, taskId, rater);
        var stored = await store.FindAsync<TaskDraft>(key, cancellation);
        if (stored is { Value: var current } && current.Revision != revision)
        {
            return new DraftResult.Older(current);
        }

        var draft = new TaskDraft(rater, (stored?.Value.Revision ?? 0) + 1, judgement, time.GetUtcNow());
        var result = await store.CommitAsync(stored is null ? new Write.Create(key, draft) : new Write.Replace(key, draft, stored.ETag), cancellation);
        if (result.Succeeded)
        {
            return new DraftResult.Saved(draft);
        }

        return await FindAsync(projectId, taskId, rater, cancellation) is { } newer ? new DraftResult.Older(newer) : new DraftResult.LeaseGone();
    }
}
