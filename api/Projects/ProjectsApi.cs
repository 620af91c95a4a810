using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HealthEval.Audit;
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
        projects.MapGet("/", ListAsync).RequireAuthorization(Policies.SignedIn).WithName("ListProjects").Reaches(RouteScope.Projects);
        projects.MapPost("/", AddAsync).RequireAuthorization(Policies.Leads).WithName("AddProject").Reaches(RouteScope.Projects);
        projects.MapGet("/{projectId}", GetAsync).RequireAuthorization(Policies.SignedIn).WithName("GetProject");
        projects.MapPut("/{projectId}", ReplaceAsync).RequireAuthorization(Policies.Leads).Accepts<ProjectForm>("application/json").WithName("ReplaceProject");
        projects.MapPatch("/{projectId}", PatchAsync).RequireAuthorization(Policies.Leads).Accepts<ProjectForm>(WholeForm.MergePatch, "application/json").WithName("ChangeProject");
        api.MapGuidelineSharing();
    }

    public static IServiceCollection AddProjects(this IServiceCollection services) => services
        .AddSingleton<GuidelineAccess>()
        .AddSingleton<GuidelinesInUse>(provider => provider.GetRequiredService<IDocumentStore>().GuidelinesInUseAsync);

    private static async Task<Ok<ProjectList>> ListAsync(Caller caller, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new ProjectList(await store.ProjectsOfAsync(caller, cancellation).Select(project => ProjectView.Of(project).For(caller)).ToListAsync(cancellation)));

    private static async Task<Results<Ok<ProjectView>, ProblemHttpResult>> GetAsync(string projectId, Caller caller, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { } project
            ? TypedResults.Ok(ProjectView.Of(project).For(caller))
            : Problems.Missing("project");

    /// <summary>A project is added by those who will see it: who have every project, or this one's id among theirs already.</summary>
    private static async Task<Results<Created<ProjectView>, ProblemHttpResult>> AddAsync(
        ProjectForm form, Caller caller, GuidelineLibrary guidelines, GuidelineAccess access, IDocumentStore store, AuditTrail trail, TimeProvider time, CancellationToken cancellation)
    {
        var faults = await form.CheckAsync(caller.Reach, guidelines, access, cancellation);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (!caller.MaySee(form.ProjectId!))
        {
            return Problems.Of(403, "not_yours", "Not with your projects", "A project is made by those who have every project, or its id among theirs. Ask an admin.");
        }

        var project = form.ToProject(time.GetUtcNow(), demo: false);
        project = project with { Quality = project.Quality ?? QualitySettings.Standard };
        if (await store.CommitAsync(new Write.Create(Project.Key(project.ProjectId), project), cancellation) is not Committed committed)
        {
            return Problems.Conflict("project_exists", "This project id is taken", "Choose another project id.");
        }

        await trail.RecordAsync(project.ProjectId, caller.Id, AuditActions.ProjectAdded, to: $"guideline={project.Guideline.Id}@{project.Guideline.Version}");
        return TypedResults.Created($"/api/projects/{project.ProjectId}", ProjectView.Of(new Stored<Project>(project, committed.ETags[0])));
    }

    private static Task<Results<Ok<ProjectView>, ProblemHttpResult>> ReplaceAsync(
        string projectId, JsonObject body, Caller caller, HttpRequest request, GuidelineLibrary guidelines, GuidelineAccess access, IDocumentStore store, AuditTrail trail,
        CancellationToken cancellation)
    {
        body.TryAdd("projectId", projectId); // the address says it
        return ChangeAsync(projectId, Read, caller, request, guidelines, access, store, trail, cancellation);

        ProjectForm? Read(Project now, Faults faults)
        {
            body.TryAdd("mode", now.Mode); // callers from before there were these leave them as they are
            body.TryAdd("showReasoning", now.ShowReasoning);
            body.TryAdd("showMustHave", now.ShowMustHave);
            body.TryAdd("quality", JsonSerializer.SerializeToNode(now.Quality, Json.Options));
            body.TryAdd("routing", JsonSerializer.SerializeToNode(now.Routing, Json.Options));
            return WholeForm.Whole<ProjectForm>(body, faults, "report", "mode", "quality", "routing");
        }
    }

    private static Task<Results<Ok<ProjectView>, ProblemHttpResult>> PatchAsync(
        string projectId, JsonObject patch, Caller caller, HttpRequest request, GuidelineLibrary guidelines, GuidelineAccess access, IDocumentStore store, AuditTrail trail,
        CancellationToken cancellation) =>
        ChangeAsync(projectId, (now, faults) => WholeForm.Merged(ProjectForm.Of(now), patch, faults, "report", "mode", "quality", "routing"), caller, request, guidelines, access, store, trail, cancellation);

    private static async Task<Results<Ok<ProjectView>, ProblemHttpResult>> ChangeAsync(
        string projectId, Func<Project, Faults, ProjectForm?> read, Caller caller, HttpRequest request, GuidelineLibrary guidelines, GuidelineAccess access,
        IDocumentStore store, AuditTrail trail, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var before })
        {
            return Problems.Missing("project");
        }

        if (request.IfMatch() is not { } etag)
        {
            return Problems.IfMatchNeeded("project");
        }

        var faults = new Faults();
        if (read(before, faults) is not { } form)
        {
            return Problems.Invalid(faults);
        }

        faults = await form.CheckAsync(caller.Reach, guidelines, access, cancellation, before);
        faults.Require(form.ProjectId == projectId, "projectId", "A project keeps its id.");
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        var changed = form.ChangeOf(before);
        if (await store.CommitAsync(new Write.Replace(Project.Key(projectId), changed, etag), cancellation) is not Committed committed)
        {
            return Problems.Stale("project");
        }

        var (from, to) = AuditedChange.Between(before, changed, "name", "customer");
        await trail.RecordAsync(projectId, caller.Id, AuditActions.ProjectChanged, projectId, from, to);
        return TypedResults.Ok(ProjectView.Of(new Stored<Project>(changed, committed.ETags[0])));
    }
}

internal sealed record ProjectList(IReadOnlyList<ProjectView> Projects);

/// <remarks>What was read can be sent back: null is said.</remarks>
internal sealed record ProjectView(
    string ProjectId, string Name, string Customer, GuidelineReference Guideline, int Overlap, double GoldShare, IReadOnlyList<string> Subdomains,
    IReadOnlyList<string> Languages, bool Comparison, int LeaseMinutes, string TimeZone, string Privacy, bool Demo, DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ReportSettings? Report, bool ShowCustomer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Mode, bool ShowReasoning, bool ShowMustHave,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] QualitySettings? Quality,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] RoutingSettings? Routing, string Etag)
{
    /// <summary>Who judges is not told for whom, unless the project says so; how raters are watched and paid is for those who run it.</summary>
    public ProjectView For(Caller caller)
    {
        var runs = caller.Is(Roles.Lead) || caller.Is(Roles.Admin);
        var view = runs ? this : this with { Quality = null, Routing = null };
        return runs || ShowCustomer || caller.Is(Roles.Customer) ? view : view with { Customer = "" };
    }

    public static ProjectView Of(Stored<Project> stored) => stored.Value is var p ? new(
        p.ProjectId, p.Name, p.Customer, p.Guideline, p.Overlap, p.GoldShare, p.Subdomains, p.Languages, p.Comparison, p.LeaseMinutes, p.TimeZone, p.Privacy, p.Demo, p.CreatedAt, p.Report,
        p.ShowCustomer, p.Mode, p.ShowReasoning, p.ShowMustHave, p.Quality, p.Routing, stored.ETag) : null!;
}
