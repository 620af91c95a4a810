using HealthEval.Batches;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Oversight;

/// <summary>What a lead sees of a batch that is being judged, and how it is taken back.</summary>
internal static class BatchDeskApi
{
    public static void MapBatchDesk(this IEndpointRouteBuilder oversight)
    {
        oversight.MapGet("/batches/{batchId}", ProgressAsync).WithName("BatchProgress");
        oversight.MapPost("/batches/{batchId}/withdraw", WithdrawAsync).WithName("WithdrawBatch");
        oversight.MapPost("/batches/{batchId}/bring-back", BringBackAsync).WithName("BringBatchBack");
    }

    private static async Task<Results<Ok<BatchProgress>, ProblemHttpResult>> ProgressAsync(string projectId, string batchId, IDocumentStore store, TimeProvider time, CancellationToken cancellation) =>
        await BatchProgress.ReadAsync(store, projectId, batchId, time.GetUtcNow(), cancellation) is { } progress ? TypedResults.Ok(progress) : Problems.Missing("batch");

    private static Task<Results<Ok<BatchActResult>, ProblemHttpResult>> WithdrawAsync(
        string projectId, string batchId, BatchActForm form, Caller caller, BatchWithdrawal withdrawal, IDocumentStore store, CancellationToken cancellation) =>
        DoAsync(projectId, batchId, BatchWithdrawal.Withdraw, form, caller, withdrawal, store, cancellation);

    private static Task<Results<Ok<BatchActResult>, ProblemHttpResult>> BringBackAsync(
        string projectId, string batchId, BatchActForm form, Caller caller, BatchWithdrawal withdrawal, IDocumentStore store, CancellationToken cancellation) =>
        DoAsync(projectId, batchId, BatchWithdrawal.BringBack, form, caller, withdrawal, store, cancellation);

    private static async Task<Results<Ok<BatchActResult>, ProblemHttpResult>> DoAsync(
        string projectId, string batchId, string kind, BatchActForm form, Caller caller, BatchWithdrawal withdrawal, IDocumentStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        Act.RequireWhy(form.Why, faults);
        Act.RequireActId(form.ActId, faults);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (await store.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation) is not { Value: var batch })
        {
            return Problems.Missing("batch");
        }

        return BatchState.IsFinal(batch.State)
            ? TypedResults.Ok(await withdrawal.DoAsync(projectId, batchId, kind, form.Why!.Trim(), form.ActId, string.IsNullOrEmpty(form.Continuation) ? null : form.Continuation, caller.Id, cancellation))
            : Problems.Conflict("still_loading", "The batch is still being read", "Wait until it is loaded, then take it back.");
    }
}

/// <param name="ActId">Of the request before, when this one goes on with it.</param>
/// <param name="Continuation">Where that one ended.</param>
internal sealed record BatchActForm(string? Why, string? ActId = null, string? Continuation = null);
