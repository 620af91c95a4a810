using HealthEval.Batches;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
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
        oversight.MapPost("/batches/{batchId}/place", PlaceAsync).WithName("PlaceBatch");
        oversight.MapPost("/reroute", RerouteAsync).WithName("RerouteTasks");
    }

    private static async Task<Results<Ok<BatchProgress>, ProblemHttpResult>> ProgressAsync(string projectId, string batchId, IDocumentStore store, TimeProvider time, CancellationToken cancellation) =>
        await BatchProgress.ReadAsync(store, projectId, batchId, time.GetUtcNow(), cancellation) is { } progress ? TypedResults.Ok(progress) : Problems.Missing("batch");

    private static Task<Results<Ok<BatchActResult>, ProblemHttpResult>> WithdrawAsync(
        string projectId, string batchId, BatchActForm form, Caller caller, BatchWithdrawal withdrawal, IDocumentStore store, CancellationToken cancellation) =>
        DoAsync(projectId, batchId, BatchWithdrawal.Withdraw, form, caller, withdrawal, store, cancellation);

    private static Task<Results<Ok<BatchActResult>, ProblemHttpResult>> BringBackAsync(
        string projectId, string batchId, BatchActForm form, Caller caller, BatchWithdrawal withdrawal, IDocumentStore store, CancellationToken cancellation) =>
        DoAsync(projectId, batchId, BatchWithdrawal.BringBack, form, caller, withdrawal, store, cancellation);

    private static async Task<Results<Ok<BatchActResult>, ProblemHttpResult>> PlaceAsync(
        string projectId, string batchId, BatchPlaceForm form, Caller caller, Rerouting rerouting, IDocumentStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.Place is not null && RoutingSettings.Places.Contains(form.Place), "place", $"Choose one of: {string.Join(", ", RoutingSettings.Places)}.");
        Act.RequireWhy(form.Why, faults);
        Act.RequireActId(form.ActId, faults);
        if (await NotReadyAsync(projectId, batchId, faults, "choose its place", store, cancellation) is { } problem)
        {
            return problem;
        }

        var project = From(form.Continuation) is null
            ? await rerouting.PlaceAsync(projectId, batchId, form.Place!, form.Why!.Trim(), caller.Id, cancellation)
            : (await store.FindAsync<Project>(Project.Key(projectId), cancellation))?.Value;
        return project is null ? Problems.Missing("project")
            : TypedResults.Ok(await rerouting.MoveAsync(project, batchId, form.ActId, From(form.Continuation), cancellation));
    }

    /// <summary>After the order of work was changed: tasks that were there before.</summary>
    private static async Task<Results<Ok<BatchActResult>, ProblemHttpResult>> RerouteAsync(
        string projectId, RerouteForm form, Rerouting rerouting, IDocumentStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        Act.RequireActId(form.ActId, faults);
        return faults.Any ? Problems.Invalid(faults)
            : await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project } ? Problems.Missing("project")
            : TypedResults.Ok(await rerouting.MoveAsync(project, batchId: null, form.ActId, From(form.Continuation), cancellation));
    }

    private static async Task<Results<Ok<BatchActResult>, ProblemHttpResult>> DoAsync(
        string projectId, string batchId, string kind, BatchActForm form, Caller caller, BatchWithdrawal withdrawal, IDocumentStore store, CancellationToken cancellation)
    {
        var faults = new Faults();
        Act.RequireWhy(form.Why, faults);
        Act.RequireActId(form.ActId, faults);
        return await NotReadyAsync(projectId, batchId, faults, "take it back", store, cancellation) is { } problem
            ? problem
            : TypedResults.Ok(await withdrawal.DoAsync(projectId, batchId, kind, form.Why!.Trim(), form.ActId, From(form.Continuation), caller.Id, cancellation));
    }

    /// <summary>What stands against acting on the batch now; null when nothing does.</summary>
    private static async Task<ProblemHttpResult?> NotReadyAsync(
        string projectId, string batchId, Faults faults, string then, IDocumentStore store, CancellationToken cancellation)
    {
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var batch = await store.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation);
        return batch is null ? Problems.Missing("batch")
            : BatchState.IsFinal(batch.Value.State) ? null
            : Problems.Conflict("still_loading", "The batch is still being read", $"Wait until it is loaded, then {then}.");
    }

    /// <summary>Where the request before ended; null for the first.</summary>
    private static string? From(string? continuation) => string.IsNullOrEmpty(continuation) ? null : continuation;
}

/// <param name="ActId">Of the request before, when this one goes on with it.</param>
/// <param name="Continuation">Where that one ended.</param>
internal sealed record BatchActForm(string? Why, string? ActId = null, string? Continuation = null);

/// <param name="Place">first, usual or last.</param>
internal sealed record BatchPlaceForm(string? Place, string? Why, string? ActId = null, string? Continuation = null);

internal sealed record RerouteForm(string? ActId = null, string? Continuation = null);
