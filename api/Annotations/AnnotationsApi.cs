using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Annotations;

internal static class AnnotationsApi
{
    public static void MapAnnotations(this IEndpointRouteBuilder api)
    {
        var annotations = api.MapGroup("/annotations").RequireAuthorization(Policies.Raters);
        annotations.MapPut("/{projectId}/{taskId}/{annotationId:guid}", SubmitAsync).WithName("SubmitJudgement");
        annotations.MapGet("/mine", MineAsync).WithName("MyWork").Reaches(RouteScope.Own);
        annotations.MapGet("/{projectId}/{taskId}/mine", MyJudgementAsync).WithName("MyJudgement");
        annotations.MapPut("/{projectId}/{taskId}/mine", CorrectAsync).WithName("CorrectJudgement").Audited(AuditActions.JudgementCorrected);
        annotations.MapGet("/{projectId}/{taskId}/earlier", EarlierAsync).WithName("FoundEarlier");
        api.MapQuestions();
        api.MapAdjudications();
        api.MapOverlap();
    }

    public static IServiceCollection AddAnnotations(this IServiceCollection services) =>
        services.AddSingleton<Submission>().AddSingleton<Adjudications>().AddSingleton<Corrections>().AddSingleton<MyWork>()
            .AddSingleton<EarlierFindings>().AddSingleton<SourceLibrary>().AddSingleton<OpenTasksOverlap>();

    /// <param name="before">Those handed in before this time; the newest when absent.</param>
    private static async Task<Ok<MyWorkPage>> MineAsync(DateTimeOffset? before, Caller caller, MyWork work, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(await work.ListAsync(await TasksApi.ProjectsOf(caller, only: null, store, cancellation), caller.Id, before, cancellation));

    private static async Task<Results<Ok<MyJudgement>, ProblemHttpResult>> MyJudgementAsync(
        string projectId, string taskId, Caller caller, MyWork work, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project } && await work.FindAsync(project, taskId, caller.Id, cancellation) is { } mine
            ? TypedResults.Ok(mine)
            : Problems.Missing("judgement");

    private static async Task<Results<Ok<EarlierList>, ProblemHttpResult>> EarlierAsync(
        string projectId, string taskId, Caller caller, EarlierFindings findings, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
        && await findings.FindAsync(project, taskId, caller.Id, cancellation) is { } found
            ? TypedResults.Ok(new EarlierList(found))
            : Problems.Missing("task");

    private static async Task<Results<Ok<SubmitReceipt>, ProblemHttpResult>> CorrectAsync(
        string projectId, string taskId, CorrectionRequest request, Caller caller, Corrections corrections, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(request.Reason?.Trim() is { Length: > 0 and <= Corrections.LongestReason }, "reason", $"Say why you correct it, in 1 to {Corrections.LongestReason} characters.");
        return faults.Any ? Problems.Invalid(faults) : await corrections.CorrectAsync(projectId, taskId, request, caller.Person, cancellation) switch
        {
            CorrectionResult.Corrected(var annotation) => TypedResults.Ok(SubmitReceipt.Of(annotation)),
            CorrectionResult.NoSuchJudgement => Problems.Missing("judgement"),
            CorrectionResult.Refused(SubmitResult.Incomplete(var wrong)) => Problems.Invalid(wrong, "incomplete"),
            CorrectionResult.Refused(SubmitResult.Unconfirmed(var gates)) => Unconfirmed(gates),
            CorrectionResult.Adjudicated => Problems.Conflict("in_adjudication", "An adjudicator has this task", "A judgement is not corrected any more once an adjudicator has it. If it is wrong, tell your lead."),
            CorrectionResult.Overtaken => Problems.Conflict("annotation_differs", "It was changed in between", "This judgement was corrected from another window. Open it again and repeat your change."),
            _ => Problems.Conflict("too_late", "The time for corrections is over", "A judgement can be corrected for a day, and not after its week has ended. If it is wrong, tell your lead."),
        };
    }

    private static async Task<Results<Created<SubmitReceipt>, Ok<SubmitReceipt>, ProblemHttpResult>> SubmitAsync(
        string projectId, string taskId, Guid annotationId, SubmitRequest request, Caller caller, Submission submission, CancellationToken cancellation)
    {
        var confirmed = new Confirmed(request.Acknowledged ?? [], request.Reasons ?? Confirmed.Nothing.Reasons);
        var result = await submission.SubmitAsync(
            projectId, taskId, annotationId.ToString(), request.LeaseId, request.Judgement, confirmed, caller.Person, caller.Session, cancellation);
        Telemetry.Submits.Add(1, Telemetry.Outcome(result));
        return result switch
        {
            SubmitResult.Recorded(var annotation) => TypedResults.Created((string?)null, SubmitReceipt.Of(annotation)),
            SubmitResult.RecordedBefore(var annotation) => TypedResults.Ok(SubmitReceipt.Of(annotation)),
            SubmitResult.NoSuchTask => Problems.Missing("task"),
            SubmitResult.Incomplete(var faults) => Problems.Invalid(faults, "incomplete"),
            SubmitResult.Unconfirmed(var gates) => Unconfirmed(gates),
            SubmitResult.Differs => Problems.Conflict(
                "annotation_differs", "This id is taken", "Another judgement was recorded under this id, and records are never changed. If you meant to correct it, tell your lead."),
            SubmitResult.AlreadySubmitted => Problems.Conflict("already_submitted", "You have judged this task", "Your judgement of this task is recorded; there is one per person. Go on with the next task."),
            _ => Problems.Conflict(
                "lease_gone", "You no longer hold this task", "The time for it ran out. Renew the lease to go on; if somebody else has the task by now, ask for the next one. Your draft is kept."),
        };
    }

    private static ProblemHttpResult Unconfirmed(IReadOnlyList<Gate> gates)
    {
        var faults = new Faults();
        foreach (var gate in gates)
        {
            faults.Add(gate.Field, gate.Message);
        }

        return Problems.Invalid(faults, "gates", "Some answers seem to contradict each other. Change them, or confirm each one, with a reason where it needs one, and submit again.", ("gates", gates));
    }
}

/// <param name="Acknowledged">Gates that the rater stands by.</param>
/// <param name="Reasons">Why, by gate, where the gate needs a reason.</param>
internal sealed record SubmitRequest(
    string LeaseId, Judgement Judgement, IReadOnlyList<string>? Acknowledged = null, IReadOnlyDictionary<string, string>? Reasons = null);

internal sealed record EarlierList(IReadOnlyList<FoundEarlier> Judgements);

internal sealed record SubmitReceipt(string AnnotationId, DateTimeOffset SubmittedAt, string ContentSha256)
{
    public static SubmitReceipt Of(Annotation annotation) => new(annotation.AnnotationId, annotation.SubmittedAt, annotation.ContentSha256);
}
