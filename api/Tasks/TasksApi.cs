using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Tasks;

internal static class TasksApi
{
    internal static readonly IReadOnlyList<string> ForGood = ["outside_expertise", "conflict_of_interest"];

    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").RequireAuthorization(Policies.Raters);
        tasks.MapGet("/desk", DeskAsync).WithName("Desk").Reaches(RouteScope.Own);
        tasks.MapPost("/next", NextAsync).WithName("NextTask").Reaches(RouteScope.Projects);
        tasks.MapPost("/{projectId}/{taskId}/lease", RenewAsync).WithName("RenewLease");
        tasks.MapDelete("/{projectId}/{taskId}/lease", ReleaseAsync).WithName("ReleaseTask");
        tasks.MapPut("/{projectId}/{taskId}/draft", SaveDraftAsync).WithName("SaveDraft");
        api.MapLeases();
        api.MapGet("/projects/{projectId}/progress", ProgressAsync).RequireAuthorization(Policies.Customers).WithName("ProjectProgress");
    }

    public static IServiceCollection AddTasks(this IServiceCollection services) => services
        .AddSingleton(provider => new Assignment(provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<TimeProvider>(), WorkQueue.Tasks, provider.GetService<Interject>(), provider.GetService<Admit>()))
        .AddSingleton<Drafts>()
        .AddSingleton<OpenTask>(provider => (item, project, notFor) => Open(item, project, notFor, provider.GetRequiredService<TimeProvider>().GetUtcNow()));

    private static Write.Create Open(EvalItem item, Project project, string? notFor, DateTimeOffset now)
    {
        var task = EvalTask.New(item.ProjectId, item.TaskId, item.PromptId, item.BatchId, item.Subdomain, item.Language, project.Overlap, now) with
        {
            Mode = item.Mode,
            Models = [.. item.Responses.Select(response => response.Model).OfType<string>().Distinct()],
            Risk = item.RiskTier,
            Lane = EvalTask.LaneOf(item.Subdomain, item.Language) + project.Routing?.EndFor(item.BatchId, item.RiskTier, item.Specialty),
        };
        return new Write.Create(EvalTask.Key(item.ProjectId, item.TaskId), notFor is null ? task : task.NotFor(notFor));
    }

    private static async Task<Ok<DeskView>> DeskAsync(Caller caller, Assignment assignment, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var progress = new Progress(store, caller.Person, time.GetUtcNow());
        var mine = await ProjectsOf(caller, only: null, store, cancellation);
        var projects = new List<DeskProject>();
        var held = new List<HeldTask>();
        foreach (var project in mine)
        {
            held.AddRange(await assignment.HeldAsync(project, caller.Person, cancellation));
            var admission = await assignment.AdmissionAsync(project, caller.Person, cancellation);
            var open = await assignment.HasWorkAsync(project, caller.Person, admission, cancellation);
            var (waiting, aside) = (await assignment.WaitingAsync(project, caller.Person, cancellation), await assignment.AsideInHandAsync(project, caller.Person, cancellation));
            projects.Add(await progress.OfAsync(project, open, waiting, aside, admission.Closed, cancellation));
        }

        return TypedResults.Ok(new DeskView(await progress.TodayAsync(mine, cancellation), await progress.ThisWeekAsync(mine, cancellation), projects.Sum(project => project.Mine), projects, held));
    }

    private static async Task<Results<Ok<ProjectProgress>, ProblemHttpResult>> ProgressAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { } project
            ? TypedResults.Ok(await Progress.OfEverybodyAsync(project.Value, store, cancellation))
            : Problems.Missing("project");

    private static async Task<Results<Ok<HandedOut>, NoContent, ProblemHttpResult>> NextAsync(
        NextRequest request, Caller caller, Assignment assignment, Drafts drafts, GuidelineLibrary guidelines, IDocumentStore store, CancellationToken cancellation)
    {
        if (request.ProjectId is { } wanted && !caller.MaySee(wanted))
        {
            return Problems.Missing("project");
        }

        foreach (var project in await ProjectsOf(caller, request.ProjectId, store, cancellation))
        {
            if (await assignment.NextAsync(project, caller.Person, request.Holding ?? [], cancellation) is { } claimed)
            {
                return await HandOutAsync(project, claimed, drafts, guidelines, store, cancellation);
            }
        }

        return TypedResults.NoContent();
    }

    private static async Task<Ok<HandedOut>> HandOutAsync(Project project, Claimed claimed, Drafts drafts, GuidelineLibrary guidelines, IDocumentStore store, CancellationToken cancellation)
    {
        var (task, slot) = claimed;
        var item = await store.FindAsync<EvalItem>(EvalItem.KeyOf(task.ProjectId, task.TaskId), cancellation);
        var guideline = await guidelines.FindAsync(slot.Guideline.Id, slot.Guideline.Version, cancellation);
        var draft = await drafts.FindAsync(task.ProjectId, task.TaskId, slot.Rater, cancellation);
        return TypedResults.Ok(new HandedOut(LeaseView.Of(slot, project), TaskView.Of(project, item!.Value, slot, guideline!, draft)));
    }

    internal static async Task<IReadOnlyList<Project>> ProjectsOf(Caller caller, string? only, IDocumentStore store, CancellationToken cancellation)
    {
        if (only is not null)
        {
            return await store.FindAsync<Project>(Project.Key(only), cancellation) is { } one ? [one.Value] : [];
        }

        return await store.ProjectsOfAsync(caller, cancellation).Select(project => project.Value).ToListAsync(cancellation);
    }

    private static async Task<Results<Ok<LeaseView>, ProblemHttpResult>> RenewAsync(
        string projectId, string taskId, LeaseRequest request, Caller caller, Assignment assignment, IDocumentStore store, TimeProvider time, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project } ? Problems.Missing("project")
        : await assignment.RenewAsync(project, taskId, caller.Id, request.LeaseId, cancellation) is { } slot ? TypedResults.Ok(LeaseView.Of(slot, project))
        : await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is { Value: var task } && task.HasRoom(time.GetUtcNow()) ? LeaseGone()
        : LeaseGone("The time for it ran out and somebody else has it by now. What you wrote stays on your device; ask for the next task.");

    private static async Task<Results<NoContent, ProblemHttpResult>> ReleaseAsync(
        string projectId, string taskId, [Microsoft.AspNetCore.Mvc.FromBody] ReleaseRequest request, Caller caller, Assignment assignment, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return Problems.Missing("project");
        }

        return await assignment.ReleaseAsync(project, taskId, caller.Id, request.LeaseId, ForGood.Contains(request.Reason), cancellation)
            ? TypedResults.NoContent()
            : LeaseGone();
    }

    private static async Task<Results<Ok<DraftSaved>, ProblemHttpResult>> SaveDraftAsync(
        string projectId, string taskId, DraftRequest request, Caller caller, Drafts drafts, CancellationToken cancellation)
    {
        if (DraftRules.Refuse(request.Judgement, "judgement") is { } refusal)
        {
            return refusal;
        }

        return await drafts.SaveAsync(WorkQueue.Tasks, projectId, taskId, caller.Id, request.LeaseId, request.Revision, request.Judgement, cancellation) switch
        {
            DraftResult.Saved(var draft) => TypedResults.Ok(new DraftSaved(draft.Revision, draft.SavedAt)),
            DraftResult.Older(var current) => Problems.Conflict(
                "draft_older", "A newer draft was saved", "Another window saved this task in between. Take over its draft, or send yours again with its revision.", ("current", DraftView.Of(current))),
            _ => LeaseGone(),
        };
    }

    private static ProblemHttpResult LeaseGone(string detail = "The time for it ran out, or it was given back. What you wrote stays on your device; ask for the next task.") =>
        Problems.Conflict("lease_gone", "You no longer hold this task", detail);
}
