using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Batches.Privacy;

/// <summary>What a lead sees of held items, without their texts, and decides: release to raters, or drop for good.</summary>
internal static class HeldItemsApi
{
    public static void MapHeldItems(this IEndpointRouteBuilder api)
    {
        var held = api.MapGroup("/batches/{projectId}/held").RequireAuthorization(Policies.Leads);
        held.MapGet("/", ListAsync).WithName("ListHeldItems");
        held.MapPost("/{taskId}", DecideAsync).WithName("DecideHeldItem");
    }

    private static async Task<Ok<HeldList>> ListAsync(string projectId, string? continuation, IDocumentStore store, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Held) { ProjectId = projectId, Where = [new Filter.Equal("state", HeldItem.Held)], OrderBy = "state" };
        var page = await store.QueryAsync<HeldItem>(query, continuation, cancellation);
        return TypedResults.Ok(new HeldList([.. page.Documents.Select(held => HeldView.Of(held.Value))], page.Continuation));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DecideAsync(
        string projectId, string taskId, HeldDecision form, Caller caller, IDocumentStore store, OpenTask openTask, TimeProvider clock, CancellationToken cancellation)
    {
        var project = await store.FindAsync<Project>(Project.Key(projectId), cancellation);
        if (project is null || await store.FindAsync<HeldItem>(HeldItem.Key(projectId, taskId), cancellation) is not { } stored)
        {
            return Problems.Missing("held item");
        }

        var faults = new Faults();
        faults.Require(form.Decision is "release" or "drop", "decision", "Choose release or drop.");
        faults.Require(form.Why?.Trim() is { Length: > 0 and <= 500 }, "why", "Say why, in 1 to 500 characters; it is kept with the decision.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (stored.Value.State != HeldItem.Held)
        {
            return Problems.Conflict("already_decided", "This has been decided", $"The item was {stored.Value.State} before. Decisions are not changed.");
        }

        var releases = form.Decision == "release";
        var decided = stored.Value with { State = releases ? HeldItem.Released : HeldItem.Dropped, DecidedBy = caller.Id, Why = form.Why!.Trim(), DecidedAt = clock.GetUtcNow() };
        Write[] decision = [new Write.Replace(HeldItem.Key(projectId, taskId), decided, stored.ETag)];
        Write[] release = releases ? [new Write.Create(decided.Item.Key(), decided.Item), openTask(decided.Item, project.Value)] : [];
        return (await store.CommitAsync([.. decision, .. release], cancellation)).Succeeded
            ? TypedResults.NoContent()
            : Problems.Conflict("already_decided", "This has been decided", "Somebody else decided at the same moment. Read the list again.");
    }
}

internal sealed record HeldDecision(string? Decision, string? Why);

internal sealed record HeldList(IReadOnlyList<HeldView> Held, string? Continuation);

internal sealed record HeldView(string TaskId, string PromptId, string BatchId, long Line, IReadOnlyList<ReportedSuspicion> Suspicions)
{
    public static HeldView Of(HeldItem held) => new(held.Item.TaskId, held.Item.PromptId, held.Item.BatchId, held.Item.Line, held.Suspicions);
}
