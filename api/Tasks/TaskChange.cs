using HealthEval.Storage;

namespace HealthEval.Tasks;

internal static class TaskChange
{
    private const int Attempts = 40;

    /// <summary>Reads a task, applies a rule and writes the result if nobody else wrote in between; null when the rule says no.</summary>
    public static async Task<EvalTask?> ChangeAsync(this IDocumentStore store, TimeProvider time, WorkQueue queue, string projectId, string taskId, Func<EvalTask, DateTimeOffset, EvalTask?> rule, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindAsync<EvalTask>(queue.Key(projectId, taskId), cancellation) is not { } stored || rule(stored.Value, time.GetUtcNow()) is not { } changed)
            {
                return null;
            }

            if ((await store.CommitAsync(new Write.Replace(queue.Key(projectId, taskId), changed, stored.ETag), cancellation)).Succeeded)
            {
                return changed;
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }
}
