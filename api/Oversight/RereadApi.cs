using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Oversight;

/// <summary>A file whose fields were taken for something else than they are: after its batch has been withdrawn, it is read again as somebody says.</summary>
internal static class RereadApi
{
    public static void MapReread(this IEndpointRouteBuilder oversight) =>
        oversight.MapPost("/batches/{batchId}/read-again", ReadAsync).WithName("ReadWithdrawnBatchAgain");

    private static async Task<Results<Accepted<Uploaded>, ProblemHttpResult>> ReadAsync(
        string projectId, string batchId, Caller caller, HttpRequest request, IDocumentStore store, AuditTrail trail, Rereading rereading, TimeProvider clock,
            CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project }
            || await store.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation) is not { Value: var batch })
        {
            return Problems.Missing("batch");
        }

        if (!BatchState.IsFinal(batch.State) || await IsOpenAsync(store, projectId, batchId, cancellation))
        {
            return Problems.Conflict("not_withdrawn", "The batch has not been withdrawn",
                "Withdraw it first, so that nothing that was read wrongly is judged any more; then read the file again.");
        }

        var (profile, fault) = await ProfilesApi.SaidAsync(request, "profile", cancellation);
        if (profile is null)
        {
            return ProfilesApi.Unusable(fault);
        }

        await ImportProfiles.KeepAsync(store, trail, projectId, profile, caller.Id, clock.GetUtcNow(), cancellation);
        return await rereading.ReceiveAsync(project, batch, caller.Id, cancellation) switch
        {
            ({ } again, _) => TypedResults.Accepted($"/api/batches/{projectId}/{again.BatchId}", new Uploaded(again.BatchId, again.File, again.State)),
            (_, { } full) => Problems.Of(413, full.Code, full.Title, $"{full.Why}. Nothing was changed."),
            _ => ProfilesApi.NoFile,
        };
    }

    /// <summary>Whether any of its tasks can still be handed out.</summary>
    private static async Task<bool> IsOpenAsync(IDocumentStore store, string projectId, string batchId, CancellationToken cancellation) =>
        await store.AllAsync<EvalTask>(BatchProgress.TasksOf(projectId, batchId) with { Top = 500 }, cancellation)
            .AnyAsync(task => task.Value.Stopped is null, cancellation);
}
