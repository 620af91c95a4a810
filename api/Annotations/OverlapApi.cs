using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Annotations;

/// <summary>A lead's choice when the number of judgements changes: for new tasks only, which is the project's own setting, or for open tasks too.</summary>
internal static class OverlapApi
{
    public static void MapOverlap(this IEndpointRouteBuilder api)
    {
        var overlap = api.MapGroup("/projects/{projectId}/open-tasks/overlap/{overlap:int}").RequireAuthorization(Policies.Leads);
        overlap.MapGet("/", EffectAsync).WithName("OverlapEffect");
        overlap.MapPost("/", ApplyAsync).WithName("ChangeOpenTasks");
    }

    private static async Task<Results<Ok<OverlapEffect>, ProblemHttpResult>> EffectAsync(
        string projectId, int overlap, OpenTasksOverlap tasks, IDocumentStore store, CancellationToken cancellation) =>
        await RefusalAsync(projectId, overlap, store, cancellation) is { } refusal ? refusal : TypedResults.Ok(await tasks.EffectAsync(projectId, overlap, cancellation));

    private static async Task<Results<Ok<OverlapEffect>, ProblemHttpResult>> ApplyAsync(
        string projectId, int overlap, Caller caller, OpenTasksOverlap tasks, IDocumentStore store, AuditTrail trail, CancellationToken cancellation)
    {
        if (await RefusalAsync(projectId, overlap, store, cancellation) is { } refusal)
        {
            return refusal;
        }

        var effect = await tasks.ApplyAsync(projectId, overlap, cancellation);
        await trail.RecordAsync(projectId, caller.Id, AuditActions.ProjectChanged, projectId, to: $"openTasks.overlap={overlap};changed={effect.Changed};adds={effect.Adds};saves={effect.Saves}");
        return TypedResults.Ok(effect);
    }

    private static async Task<ProblemHttpResult?> RefusalAsync(string projectId, int overlap, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        var faults = new Faults();
        faults.Require(overlap is >= 1 and <= Project.MostOverlap, "overlap", $"Between 1 and {Project.MostOverlap} independent judgements per task.");
        return faults.Any ? Problems.Invalid(faults) : null;
    }
}
