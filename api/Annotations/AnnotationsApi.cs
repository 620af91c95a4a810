using HealthEval.Http;
using HealthEval.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Annotations;

internal static class AnnotationsApi
{
    public static void MapAnnotations(this IEndpointRouteBuilder api)
    {
        var annotations = api.MapGroup("/annotations").RequireAuthorization(Policies.Raters);
        annotations.MapPut("/{projectId}/{taskId}/{annotationId:guid}", SubmitAsync).WithName("SubmitJudgement");
        api.MapAdjudications();
    }

    private static async Task<Results<Created<SubmitReceipt>, Ok<SubmitReceipt>, ProblemHttpResult>> SubmitAsync(
        string projectId, string taskId, Guid annotationId, SubmitRequest request, Caller caller, Submission submission, CancellationToken cancellation)
    {
        var result = await submission.SubmitAsync(
            projectId, taskId, annotationId.ToString(), request.LeaseId, request.Judgement, request.Acknowledged ?? [], caller.Person, caller.Session, cancellation);
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

        return Problems.Invalid(faults, "gates", "Some answers seem to contradict each other. Change them, or confirm each one and submit again.", ("gates", gates));
    }
}

internal sealed record SubmitRequest(string LeaseId, Judgement Judgement, IReadOnlyList<string>? Acknowledged = null);

internal sealed record SubmitReceipt(string AnnotationId, DateTimeOffset SubmittedAt, string ContentSha256)
{
    public static SubmitReceipt Of(Annotation annotation) => new(annotation.AnnotationId, annotation.SubmittedAt, annotation.ContentSha256);
}
