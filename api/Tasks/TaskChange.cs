using HealthEval.Storage;

namespace HealthEval.Tasks;

internal static class TaskChange
{
    private const int Attempts = 40;

    /// <summary>A task and where it lies: among the others, or aside.</summary>
    public static async Task<FoundTask?> FindTaskAsync(this IDocumentStore store, WorkQueue queue, string projectId, string taskId, CancellationToken cancellation)
    {
        foreach (var key in (DocumentKey?[])[queue.Key(projectId, taskId), queue.AsideKey(projectId, taskId)])
        {
            if (key is { } place && await store.FindAsync<EvalTask>(place, cancellation) is { } stored)
            {
                return new FoundTask(place, stored.Value, stored.ETag);
            }
        }

        return null;
    }

    /// <summary>Reads a task, applies a rule and writes the result if nobody else wrote in between; null when the rule says no.</summary>
    public static async Task<EvalTask?> ChangeAsync(this IDocumentStore store, TimeProvider time, WorkQueue queue, string projectId, string taskId, Func<EvalTask, DateTimeOffset, EvalTask?> rule, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindTaskAsync(queue, projectId, taskId, cancellation) is not { } found || rule(found.Task, time.GetUtcNow()) is not { } changed)
            {
                return null;
            }

            if ((await store.CommitAsync(new Write.Replace(found.Key, changed, found.ETag), cancellation)).Succeeded)
            {
                return changed;
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }
}

internal sealed record FoundTask(DocumentKey Key, EvalTask Task, string ETag)
{
    public bool IsAside => Key.Kind.Equals(DocumentKind.Aside);
}
