using HealthEval.Audit;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Annotations;

internal static class AdjudicationsApi
{
    public static void MapAdjudications(this IEndpointRouteBuilder api)
    {
        var cases = api.MapGroup("/adjudications").RequireAuthorization(Policies.Adjudicators);
        cases.MapGet("/desk", DeskAsync).WithName("AdjudicationDesk").Reaches(RouteScope.Own);
        cases.MapPost("/next", NextAsync).WithName("NextCase").Reaches(RouteScope.Projects);
        cases.MapPost("/{projectId}/{taskId}/lease", RenewAsync).WithName("RenewCase");
        cases.MapDelete("/{projectId}/{taskId}/lease", ReleaseAsync).WithName("ReleaseCase");
        cases.MapPut("/{projectId}/{taskId}/draft", SaveDraftAsync).WithName("SaveCaseDraft");
        cases.MapPut("/{projectId}/{taskId}/{adjudicationId:guid}", SettleAsync).WithName("SettleCase").Audited(AuditActions.CaseSettled);
        var leads = api.MapGroup("/adjudications/{projectId}").RequireAuthorization(Policies.Leads);
        leads.MapGet("/", ProgressAsync).WithName("AdjudicationProgress");
        leads.MapPost("/{taskId}", ReferAsync).WithName("ReferTask").Audited(AuditActions.CaseReferred);
    }

    private static async Task<Ok<CaseDesk>> DeskAsync(Caller caller, Adjudications adjudications, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        var (waiting, settled, today, open, held) = (0L, 0L, 0L, false, (HeldTask?)null);
        var mine = new Filter.Equal("rater", caller.Id);
        var midnight = new Filter.Range("submittedAt", Json.Stamp(new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)), null);
        foreach (var project in await TasksApi.ProjectsOf(caller, only: null, store, cancellation))
        {
            waiting += (await Adjudications.ProgressAsync(store, project.ProjectId, cancellation)).Waiting;
            settled += await store.CountAsync(Adjudication.Of(project.ProjectId, mine), cancellation);
            today += await store.CountAsync(Adjudication.Of(project.ProjectId, mine, midnight), cancellation);
            held ??= await adjudications.Assignment.HeldAsync(project, caller.Person, cancellation) is [var first, ..] ? first : null;
            open = open || await adjudications.Assignment.HasWorkAsync(project, caller.Person, Admission.Free, cancellation);
        }

        return TypedResults.Ok(new CaseDesk(waiting, settled, today, open, held));
    }

    private static async Task<Results<Ok<CaseHandedOut>, NoContent, ProblemHttpResult>> NextAsync(
        NextRequest request, Caller caller, Adjudications adjudications, Drafts drafts, GuidelineLibrary guidelines, IDocumentStore store,
        CancellationToken cancellation)
    {
        if (request.ProjectId is { } wanted && !caller.MaySee(wanted))
        {
            return Problems.Missing("project");
        }

        foreach (var project in await TasksApi.ProjectsOf(caller, request.ProjectId, store, cancellation))
        {
            if (await adjudications.Assignment.NextAsync(project, caller.Person, request.Holding ?? [], cancellation) is var (task, slot))
            {
                var guideline = (await guidelines.FindAsync(slot.Guideline.Id, slot.Guideline.Version, cancellation))!;
                var open = (await adjudications.FindAsync(task.ProjectId, task.TaskId, caller.Id, guideline, cancellation))!;
                var draft = await drafts.FindAsync(task.ProjectId, task.TaskId, caller.Id, cancellation) is { } saved ? DraftView.Of(saved) : null;
                return TypedResults.Ok(new CaseHandedOut(LeaseView.Of(slot, project), CaseView.Of(project, open, guideline), draft));
            }
        }

        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<LeaseView>, ProblemHttpResult>> RenewAsync(
        string projectId, string taskId, LeaseRequest request, Caller caller, Adjudications adjudications, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project } ? Problems.Missing("project")
        : await adjudications.Assignment.RenewAsync(project, taskId, caller.Id, request.LeaseId, cancellation) is { } slot ? TypedResults.Ok(LeaseView.Of(slot, project))
        : LeaseGone();

    private static async Task<Results<NoContent, ProblemHttpResult>> ReleaseAsync(
        string projectId, string taskId, [Microsoft.AspNetCore.Mvc.FromBody] ReleaseRequest request, Caller caller, Adjudications adjudications, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project } ? Problems.Missing("project")
        : await adjudications.Assignment.ReleaseAsync(project, taskId, caller.Id, request.LeaseId, TasksApi.ForGood.Contains(request.Reason), cancellation) ? TypedResults.NoContent()
        : LeaseGone();

    private static async Task<Results<Ok<DraftSaved>, ProblemHttpResult>> SaveDraftAsync(
        string projectId, string taskId, CaseDraftRequest request, Caller caller, Drafts drafts, CancellationToken cancellation) =>
        DraftRules.Refuse(request.Rulings, "rulings") is { } refusal ? refusal
        : await drafts.SaveAsync(WorkQueue.Cases, projectId, taskId, caller.Id, request.LeaseId, request.Revision, request.Rulings, cancellation) switch
        {
            DraftResult.Saved(var draft) => TypedResults.Ok(new DraftSaved(draft.Revision, draft.SavedAt)),
            DraftResult.Older(var current) => Problems.Conflict(
                "draft_older", "A newer draft was saved", "Another window saved this case in between. Load the page again to go on with its draft.",
                ("current", DraftView.Of(current))),
            _ => LeaseGone(),
        };

    private static async Task<Results<Created<AdjudicationReceipt>, Ok<AdjudicationReceipt>, ProblemHttpResult>> SettleAsync(
        string projectId, string taskId, Guid adjudicationId, AdjudicationForm form, Caller caller, Adjudications adjudications, CancellationToken cancellation) =>
        await adjudications.SettleAsync(projectId, taskId, adjudicationId.ToString(), form.LeaseId, form.Decisions, caller.Person, caller.Session, cancellation) switch
        {
            AdjudicationResult.Recorded(var made) => TypedResults.Created((string?)null, AdjudicationReceipt.Of(made)),
            AdjudicationResult.RecordedBefore(var made) => TypedResults.Ok(AdjudicationReceipt.Of(made)),
            AdjudicationResult.NoSuchCase => Problems.Missing("case"),
            AdjudicationResult.Incomplete(var faults) => Problems.Invalid(faults, "incomplete"),
            AdjudicationResult.Differs => Problems.Conflict("adjudication_differs", "This id is taken", "Other decisions were recorded under this id, and records are never changed. If you meant to correct them, tell the lead."),
            AdjudicationResult.Settled => Problems.Conflict("already_settled", "This case is settled", "Decisions on it are recorded; there is one adjudication per case. Go on with the next one."),
            _ => LeaseGone(),
        };

    private static async Task<Results<Ok<CaseProgress>, ProblemHttpResult>> ProgressAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null
            ? Problems.Missing("project")
            : TypedResults.Ok(await Adjudications.ProgressAsync(store, projectId, cancellation));

    private static async Task<Results<Created, ProblemHttpResult>> ReferAsync(
        string projectId, string taskId, ReferralForm form, Caller caller, Adjudications adjudications, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.Why?.Trim() is { Length: > 0 and <= Referral.LongestWhy }, "why", $"Say why, in 1 to {Referral.LongestWhy} characters; the adjudicator reads it.");
        return faults.Any ? Problems.Invalid(faults) : await adjudications.ReferAsync(projectId, taskId, caller.Id, form.Why!.Trim(), cancellation) switch
        {
            null => Problems.Missing("task"),
            true => TypedResults.Created((string?)null),
            false => Problems.Conflict("not_referable", "This task cannot be sent to adjudication", "Either not all of its judgements are in yet, or it waits for an adjudicator or was settled before."),
        };
    }

    private static ProblemHttpResult LeaseGone() => Problems.Conflict(
        "lease_gone", "You no longer hold this case", "The time for it ran out, or it was given back. What you wrote stays on your device; ask for the next case.");
}
