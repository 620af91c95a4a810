using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Projects;

internal static class ProjectsApi
{
    public static void MapProjects(this IEndpointRouteBuilder api)
    {
        var projects = api.MapGroup("/projects");
        projects.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn).WithName("ListProjects");
        projects.MapPost("/", AddAsync).RequireAuthorization(Policies.Leads).WithName("AddProject");
        projects.MapGet("/{projectId}", GetAsync).RequireAuthorization(Policies.SignedIn).WithName("GetProject");
        projects.MapPut("/{projectId}", ChangeAsync).RequireAuthorization(Policies.Leads).WithName("ChangeProject");
    }

    private static async Task<Ok<ProjectList>> ListAsync(Caller caller, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new ProjectList(await store.ProjectsOfAsync(caller, cancellation).Select(ProjectView.Of).ToListAsync(cancellation)));

    private static async Task<Results<Ok<ProjectView>, ProblemHttpResult>> GetAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { } project
            ? TypedResults.Ok(ProjectView.Of(project))
            : Problems.Missing("project");

    private static async Task<Results<Created<ProjectView>, ProblemHttpResult>> AddAsync(ProjectForm form, GuidelineLibrary guidelines, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var faults = await form.CheckAsync(guidelines, cancellation);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var project = form.ToProject(time.GetUtcNow(), demo: false);
        return await store.CommitAsync(new Write.Create(Project.Key(project.ProjectId), project), cancellation) is Committed committed
            ? TypedResults.Created($"/api/projects/{project.ProjectId}", ProjectView.Of(new Stored<Project>(project, committed.ETags[0])))
            : Problems.Conflict("project_exists", "This project id is taken", "Choose another project id.");
    }

    private static async Task<Results<Ok<ProjectView>, ProblemHttpResult>> ChangeAsync(
        string projectId, ProjectForm form, HttpRequest request, GuidelineLibrary guidelines, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } stored)
        {
            return Problems.Missing("project");
        }

        if (request.IfMatch() is not { } etag)
        {
            return Problems.IfMatchNeeded("project");
        }

        form = form with { ProjectId = projectId };
        var faults = await form.CheckAsync(guidelines, cancellation);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var changed = form.ToProject(stored.Value.CreatedAt, stored.Value.Demo);
        return await store.CommitAsync(new Write.Replace(Project.Key(projectId), changed, etag), cancellation) is Committed committed
            ? TypedResults.Ok(ProjectView.Of(new Stored<Project>(changed, committed.ETags[0])))
            : Problems.Stale("project");
    }
}

internal sealed record ProjectList(IReadOnlyList<ProjectView> Projects);

internal sealed record ProjectView(
    string ProjectId, string Name, string Customer, GuidelineReference Guideline, int Overlap, double GoldShare, IReadOnlyList<string> Subdomains,
    IReadOnlyList<string> Languages, bool Comparison, int LeaseMinutes, string TimeZone, string Privacy, bool Demo, DateTimeOffset CreatedAt, ReportSettings? Report, string Etag)
{
    public static ProjectView Of(Stored<Project> stored) => stored.Value is var p ? new(
        p.ProjectId, p.Name, p.Customer, p.Guideline, p.Overlap, p.GoldShare, p.Subdomains, p.Languages, p.Comparison, p.LeaseMinutes, p.TimeZone, p.Privacy, p.Demo, p.CreatedAt, p.Report, stored.ETag) : null!;
}
