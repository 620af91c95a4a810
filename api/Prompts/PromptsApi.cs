using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Prompts;

/// <summary>The prompt workshop of a project: everybody who judges writes and refines, leads take the result away.</summary>
internal static class PromptsApi
{
    public static void MapPrompts(this IEndpointRouteBuilder api)
    {
        var prompts = api.MapGroup("/prompts/{projectId}").RequireAuthorization(Policies.Writers);
        prompts.MapGet("/", ListAsync).WithName("ListPrompts");
        prompts.MapPost("/", AddAsync).WithName("AddPrompt");
        prompts.MapGet("/{promptId}", GetAsync).WithName("GetPrompt");
        prompts.MapGet("/{promptId}/versions/{version:int}", GetVersionAsync).WithName("GetPromptVersion");
        prompts.MapPost("/{promptId}/versions", ReviseAsync).WithName("AddPromptVersion");
        api.MapGet("/prompts/{projectId}/export", ExportAsync).RequireAuthorization(Policies.Leads).WithName("ExportPrompts").Audited(AuditActions.PromptsExported);
    }

    private static async Task<Results<Ok<PromptList>, ProblemHttpResult>> ListAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null
            ? Problems.Missing("project")
            : TypedResults.Ok(new PromptList(await store.AllAsync<Prompt>(All(projectId), cancellation).Select(prompt => PromptSummary.Of(prompt.Value)).ToListAsync(cancellation)));

    private static async Task<Results<Created<PromptView>, Ok<PromptView>, ProblemHttpResult>> AddAsync(
        string projectId, PromptForm form, Caller caller, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        if (form.Check() is { Any: true } faults)
        {
            return Problems.Invalid(faults);
        }

        var prompt = Prompt.Begin(projectId, form, caller.Person.Pseudonym, time.GetUtcNow());
        var key = Prompt.Key(projectId, prompt.PromptId);
        return await store.CommitAsync([new Write.Create(key, prompt), new Write.Create(PromptVersion.Key(projectId, prompt.PromptId, 1), prompt.Snapshot())], cancellation) is Committed committed
            ? TypedResults.Created($"/api/prompts/{projectId}/{prompt.PromptId}", PromptView.Of(new Stored<Prompt>(prompt, committed.ETags[0])))
            : TypedResults.Ok(PromptView.Of((await store.FindAsync<Prompt>(key, cancellation))!));
    }

    private static async Task<Results<Ok<PromptView>, ProblemHttpResult>> GetAsync(string projectId, string promptId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Prompt>(Prompt.Key(projectId, promptId), cancellation) is { } prompt ? TypedResults.Ok(PromptView.Of(prompt)) : Problems.Missing("prompt");

    private static async Task<Results<Ok<PromptVersion>, ProblemHttpResult>> GetVersionAsync(
        string projectId, string promptId, int version, HttpResponse response, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<PromptVersion>(PromptVersion.Key(projectId, promptId, version), cancellation) is not { } found)
        {
            return Problems.Missing("version of this prompt");
        }

        response.Headers.CacheControl = "private, max-age=86400"; // a version never changes
        return TypedResults.Ok(found.Value);
    }

    private static async Task<Results<Created<PromptView>, ProblemHttpResult>> ReviseAsync(
        string projectId, string promptId, PromptForm form, HttpRequest request, Caller caller, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var key = Prompt.Key(projectId, promptId);
        if (await store.FindAsync<Prompt>(key, cancellation) is not { } stored)
        {
            return Problems.Missing("prompt");
        }

        if (request.IfMatch() is not { } etag)
        {
            return Problems.IfMatchNeeded("prompt");
        }

        if (form.CheckAgainst(stored.Value) is { Any: true } faults)
        {
            return Problems.Invalid(faults);
        }

        var revised = stored.Value.Revise(form, caller.Person.Pseudonym, form.BasedOn ?? stored.Value.Version, time.GetUtcNow());
        return await store.CommitAsync([new Write.Replace(key, revised, etag), new Write.Create(PromptVersion.Key(projectId, promptId, revised.Version), revised.Snapshot())], cancellation) is Committed committed
            ? TypedResults.Created($"/api/prompts/{projectId}/{promptId}", PromptView.Of(new Stored<Prompt>(revised, committed.ETags[0])))
            : Problems.Stale("prompt");
    }

    /// <summary>A line per prompt, its current version with its history: <c>messages</c> is what a model is asked next.</summary>
    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null
            ? Problems.Missing("project")
            : TypedResults.Stream(async body =>
            {
                await foreach (var prompt in store.AllAsync<Prompt>(All(projectId), cancellation))
                {
                    await body.WriteAsync(Json.Bytes(PromptLine.Of(prompt.Value)), cancellation);
                    await body.WriteAsync("\n"u8.ToArray(), cancellation);
                }
            }, "application/x-ndjson", $"{projectId}-prompts.jsonl");

    private static DocumentQuery All(string projectId) => new(DocumentKind.Prompt) { ProjectId = projectId, Scope = Prompt.Partition(projectId).Scope };
}
