using HealthEval.Audit;
using HealthEval.Batches.Benchmarks;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Batches.Privacy;

/// <summary>What leads see of held items, and what they decide: release to raters, redact, or drop for good. Nobody else gets near them.</summary>
internal static class HeldItemsApi
{
    private const int MostAtOnce = 100;

    public static void MapHeldItems(this IEndpointRouteBuilder api)
    {
        var batch = api.MapGroup("/batches/{projectId}/{batchId}").RequireAuthorization(Policies.Leads);
        batch.MapGet("/held", ListAsync).WithName("ListHeldItems");
        batch.MapPost("/held", DecideManyAsync).WithName("DecideHeldItems");
        batch.MapGet("/held/{taskId}", GetAsync).WithName("GetHeldItem").Audited(AuditActions.HeldTextRead);
        batch.MapPost("/held/{taskId}", DecideAsync).WithName("DecideHeldItem");
        batch.MapGet("/decisions", DecisionsAsync).WithName("ListPrivacyDecisions");
    }

    private static async Task<Ok<HeldList>> ListAsync(string projectId, string batchId, string? continuation, IDocumentStore store, HeldItems items, CancellationToken cancellation)
    {
        var page = await store.QueryAsync<HeldItem>(HeldItems.Query(projectId, batchId, HeldItem.Held) with { Top = 25 }, continuation, cancellation);
        if (page.Documents.Count == 0 && continuation is null)
        {
            await items.SettleAsync(projectId, batchId, cancellation); // a decision may have been cut off before the batch heard of it
        }

        return TypedResults.Ok(new HeldList([.. page.Documents.Select(held => HeldView.Of(held.Value))], page.Continuation));
    }

    private static async Task<Results<Ok<HeldDetail>, ProblemHttpResult>> GetAsync(string projectId, string batchId, string taskId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<HeldItem>(HeldItem.Key(projectId, taskId), cancellation) is { Value: { Item: { } item } held } && held.BatchId == batchId
            ? TypedResults.Ok(HeldDetail.Of(held, item))
            : Problems.Missing("held item");

    private static async Task<Results<Ok<Decided>, ProblemHttpResult>> DecideAsync(
        string projectId, string batchId, string taskId, HeldDecision form, Caller caller, IDocumentStore store, HeldItems items, BenchmarkLibrary benchmarks,
            AuditTrail trail, CancellationToken cancellation)
    {
        var faults = form.Check();
        faults.Require(form is not { Decision: "redact", Places: null }, "places", "Say which places to redact.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            return Problems.Missing("project");
        }

        var outcome = await items.DecideAsync(project.Value, batchId, taskId, form, caller.Id, faults, cancellation);
        if (outcome is HeldOutcome.Decided)
        {
            await trail.RecordAsync(projectId, caller.Id, AuditActions.PrivacyDecided, $"{batchId}/{taskId}", HeldItem.Held, form.Decision);
        }

        return outcome switch
        {
            HeldOutcome.Decided => TypedResults.Ok(await DecidedAsync(items, benchmarks, project.Value, batchId, 1, cancellation)),
            HeldOutcome.DecidedBefore => Problems.Conflict("already_decided", "This has been decided", "Somebody has decided about this item already. Decisions are not changed."),
            HeldOutcome.NothingToRedact => Problems.Invalid(faults),
            _ => Problems.Missing("held item"),
        };
    }

    /// <summary>The named items, or else the next of the batch; at most a hundred at once, so that the caller can show how far it is.</summary>
    private static async Task<Results<Ok<Decided>, ProblemHttpResult>> DecideManyAsync(
        string projectId, string batchId, HeldDecisions form, Caller caller, IDocumentStore store, HeldItems items, BenchmarkLibrary benchmarks,
            AuditTrail trail, CancellationToken cancellation)
    {
        var decision = new HeldDecision(form.Decision, form.Why);
        var faults = decision.Check();
        faults.Require(form.TaskIds is null or { Count: > 0 and <= MostAtOnce }, "taskIds", $"Name between 1 and {MostAtOnce} items, or none for the next of the batch.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            return Problems.Missing("project");
        }

        var taskIds = form.TaskIds ?? await NextAsync(store, projectId, batchId, cancellation);
        var decided = 0;
        foreach (var taskId in taskIds)
        {
            decided += await items.DecideAsync(project.Value, batchId, taskId, decision, caller.Id, new Faults(), cancellation) is HeldOutcome.Decided ? 1 : 0;
        }

        if (decided > 0)
        {
            await trail.RecordAsync(projectId, caller.Id, AuditActions.PrivacyDecided, batchId, $"{HeldItem.Held}={decided}", decision.Decision);
        }

        return TypedResults.Ok(await DecidedAsync(items, benchmarks, project.Value, batchId, decided, cancellation));
    }

    private static async Task<Ok<DecisionList>> DecisionsAsync(string projectId, string batchId, string? continuation, IDocumentStore store, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Audit) { ProjectId = projectId, Where = [new Filter.Equal("batchId", batchId)], OrderBy = "at", Descending = true };
        var page = await store.QueryAsync<PrivacyDecision>(query, continuation, cancellation);
        return TypedResults.Ok(new DecisionList([.. page.Documents.Select(decision => decision.Value)], page.Continuation));
    }

    private static async Task<IReadOnlyList<string>> NextAsync(IDocumentStore store, string projectId, string batchId, CancellationToken cancellation)
    {
        var page = await store.QueryAsync<HeldItem>(HeldItems.Query(projectId, batchId, HeldItem.Held) with { Top = MostAtOnce }, null, cancellation);
        return [.. page.Documents.Select(held => held.Value.TaskId)];
    }

    /// <summary>The decision stands, also when the batch cannot hear of it now: it does when it is next looked at.</summary>
    private static async Task<Decided> DecidedAsync(HeldItems items, BenchmarkLibrary benchmarks, Project project, string batchId, int decided,
        CancellationToken cancellation)
    {
        Batch? batch = null;
        try
        {
            batch = await items.SettleAsync(project.ProjectId, batchId, cancellation);
            if (batch is { Held: 0 } && BenchmarkLibrary.HasAnswers(batch))
            {
                await benchmarks.NoteAsync(project, batch, cancellation); // what was released belongs to the run too
            }
        }
        catch (StorageUnavailableException) when (decided > 0)
        {
            // its counts follow
        }

        return new Decided(decided, batch?.Held ?? 0, batch?.State);
    }
}

/// <param name="TaskIds">Null for the next of the batch.</param>
internal sealed record HeldDecisions(string? Decision, string? Why, IReadOnlyList<string>? TaskIds = null);

/// <param name="Left">Items of the batch that still wait.</param>
/// <param name="State">Of the batch.</param>
internal sealed record Decided(int Count, long Left, string? State);

internal sealed record HeldList(IReadOnlyList<HeldView> Held, string? Continuation);

internal sealed record DecisionList(IReadOnlyList<PrivacyDecision> Decisions, string? Continuation);

/// <param name="More">Places beyond those that are listed here: more than can be redacted.</param>
internal sealed record HeldDetail(string TaskId, long Line, IReadOnlyList<HeldText> Texts, IReadOnlyList<HeldPlace> Places, int More)
{
    public static HeldDetail Of(HeldItem held, EvalItem item)
    {
        var places = HeldTexts.PlacesIn(item).ToList();
        return new HeldDetail(held.TaskId, held.Line, HeldTexts.Of(item), [.. places.Take(Redaction.MostPlaces)], Math.Max(0, places.Count - Redaction.MostPlaces));
    }
}

/// <param name="More">Places beyond those that are listed here.</param>
internal sealed record HeldView(string TaskId, string PromptId, long Line, IReadOnlyList<HeldPlace> Places, int More)
{
    private const int PlacesListed = 5;

    public static HeldView Of(HeldItem held)
    {
        var places = held.Item is { } item ? HeldTexts.PlacesIn(item).ToList() : [];
        return new HeldView(held.TaskId, held.Item?.PromptId ?? "", held.Line, [.. places.Take(PlacesListed)], Math.Max(0, places.Count - PlacesListed));
    }
}
