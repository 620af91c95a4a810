using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

internal abstract record CorrectionResult
{
    internal sealed record Corrected(Annotation Annotation) : CorrectionResult;

    internal sealed record NoSuchJudgement : CorrectionResult;

    internal sealed record TooLate : CorrectionResult;

    /// <summary>An adjudicator has it, or has settled it.</summary>
    internal sealed record Adjudicated : CorrectionResult;

    internal sealed record Refused(SubmitResult Why) : CorrectionResult;

    /// <summary>Another window corrected it in between.</summary>
    internal sealed record Overtaken : CorrectionResult;
}

/// <summary>
/// Lets people correct what they have handed in, for a while and before anybody relies on it: the earlier version is kept in the record, and
/// as corrections end with the week, no report is ever compiled on a judgement that changes afterwards.
/// </summary>
internal sealed class Corrections(IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time)
{
    public const int LongestReason = 500;
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>A day, and never beyond the ISO week in UTC that the judgement counts for.</summary>
    public static DateTimeOffset Until(DateTimeOffset submittedAt)
    {
        var day = submittedAt.UtcDateTime.Date;
        var nextMonday = new DateTimeOffset(day.AddDays(7 - (((int)day.DayOfWeek + 6) % 7)), TimeSpan.Zero);
        return submittedAt + Window < nextMonday ? submittedAt + Window : nextMonday;
    }

    public async Task<CorrectionResult> CorrectAsync(
        string projectId, string taskId, CorrectionRequest request, Person rater, CancellationToken cancellation)
    {
        var annotationId = request.AnnotationId.ToString();
        var task = await store.FindTaskAsync(WorkQueue.Tasks, projectId, taskId, cancellation);
        var key = task?.IsAside == true ? Annotation.AsideKey(projectId, taskId, annotationId) : Annotation.Key(projectId, taskId, annotationId);
        if (task is null || await store.FindAsync<Annotation>(key, cancellation) is not { } stored || stored.Value.Rater != rater.PersonId)
        {
            return new CorrectionResult.NoSuchJudgement();
        }

        var before = stored.Value;
        var content = Sha.Of(Json.Bytes(request.Judgement));
        if (before.ContentSha256 == content)
        {
            return new CorrectionResult.Corrected(before); // nothing new: a repeated request
        }

        if (before.ContentSha256 != request.Replaces)
        {
            return new CorrectionResult.Overtaken();
        }

        var now = time.GetUtcNow();
        if (now >= Until(before.SubmittedAt))
        {
            return new CorrectionResult.TooLate();
        }

        var case_ = await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(projectId, taskId), cancellation);
        if (case_?.Value.Slots.Any(slot => slot.IsTaken(now)) == true)
        {
            return new CorrectionResult.Adjudicated();
        }

        var item = (await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation))!.Value;
        var guideline = (await guidelines.FindAsync(before.Guideline.Id, before.Guideline.Version, cancellation))!;
        var confirmed = new Confirmed(request.Acknowledged ?? [], request.Reasons ?? Confirmed.Nothing.Reasons);
        if (Submission.Refuse(request.Judgement, confirmed, guideline, item, before.Judgement.Mode, before.ResponseOrder) is { } refusal)
        {
            return new CorrectionResult.Refused(refusal);
        }

        var made = before with
        {
            Judgement = Submission.AsRecorded(request.Judgement, item),
            ContentSha256 = content,
            Acknowledged = [.. Gates.Fired(request.Judgement, guideline).Select(gate => gate.Key).Intersect(request.Acknowledged ?? [])],
            Reasons = request.Reasons,
            Earlier = [.. before.Earlier ?? [], new EarlierVersion(before.Judgement, before.Acknowledged, before.ContentSha256, now, request.Reason!.Trim())],
        };
        var (changed, more) = await ConsequencesAsync(made, task, guideline, case_ is not null, now, cancellation);
        var writes = new List<Write> { new Write.Replace(key, made, stored.ETag), new Write.Replace(task.Key, changed with { Findings = null }, task.ETag) };
        writes.AddRange(more);
        if (case_ is { } open)
        {
            writes.Add(new Write.Replace(WorkQueue.Cases.Key(projectId, taskId), open.Value, open.ETag)); // nobody takes the case in the same moment
        }

        return (await store.CommitAsync(writes, cancellation)).Succeeded ? new CorrectionResult.Corrected(made) : new CorrectionResult.Overtaken();
    }

    /// <summary>The judgements of a task may disagree, or have found something grave, only since the correction.</summary>
    private async Task<(EvalTask Task, IReadOnlyList<Write> More)> ConsequencesAsync(
        Annotation made, FoundTask task, Guideline guideline, bool hasCase, DateTimeOffset now, CancellationToken cancellation)
    {
        if (task.IsAside)
        {
            return (task.Task, Danger.ToldAside(made));
        }

        var others = await Adjudications.JudgementsAsync(store, made.ProjectId, made.TaskId, cancellation);
        var project = (await store.FindAsync<Project>(Project.Key(made.ProjectId), cancellation))?.Value;
        return Submission.Consequences([.. others.Where(other => other.AnnotationId != made.AnnotationId), made], task.Task, guideline, project?.Quality, hasCase, now);
    }
}

/// <param name="Replaces">The content hash of the version that was read, so that nothing is replaced unseen.</param>
internal sealed record CorrectionRequest(
    Guid AnnotationId, Judgement Judgement, string Replaces, string? Reason, IReadOnlyList<string>? Acknowledged = null,
    IReadOnlyDictionary<string, string>? Reasons = null);
