using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

internal abstract record SubmitResult
{
    internal sealed record Recorded(Annotation Annotation) : SubmitResult;

    /// <summary>The very same judgement was recorded before: a repeated request.</summary>
    internal sealed record RecordedBefore(Annotation Annotation) : SubmitResult;

    internal sealed record Differs : SubmitResult;

    internal sealed record NoSuchTask : SubmitResult;

    internal sealed record AlreadySubmitted : SubmitResult;

    internal sealed record LeaseGone : SubmitResult;

    internal sealed record Incomplete(Faults Faults) : SubmitResult;

    internal sealed record Unconfirmed(IReadOnlyList<Gate> Gates) : SubmitResult;
}

/// <summary>
/// Turns a leased task and a judgement into a record: the annotation, the filled slot and the removal of the draft are one commit.
/// </summary>
internal sealed class Submission(IDocumentStore store, Assignment assignment, GuidelineLibrary guidelines, TimeProvider time)
{
    private const int Attempts = 40;

    public async Task<SubmitResult> SubmitAsync(
        string projectId, string taskId, string annotationId, string leaseId, Judgement judgement, IReadOnlyList<string> acknowledged, Person rater, string? session,
        CancellationToken cancellation)
    {
        var content = Sha.Of(Json.Bytes(judgement));
        if (await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation) is not { Value: var item })
        {
            return new SubmitResult.NoSuchTask();
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindTaskAsync(WorkQueue.Tasks, projectId, taskId, cancellation) is not { } found)
            {
                return new SubmitResult.NoSuchTask();
            }

            var key = found.IsAside ? Annotation.AsideKey(projectId, taskId, annotationId) : Annotation.Key(projectId, taskId, annotationId);
            if (await store.FindAsync<Annotation>(key, cancellation) is { Value: var before })
            {
                return Repeated(before, rater, content);
            }

            var now = time.GetUtcNow();
            if (found.Task.SlotOf(rater.PersonId) is { IsFilled: true } mine)
            {
                if (mine.AnnotationId == annotationId)
                {
                    continue; // the same request, recorded since we looked for it
                }

                return new SubmitResult.AlreadySubmitted();
            }

            if (found.Task.Fill(rater.PersonId, leaseId, annotationId, now) is not { } filled)
            {
                return new SubmitResult.LeaseGone();
            }

            var slot = filled.SlotOf(rater.PersonId)!;
            var guideline = (await guidelines.FindAsync(slot.Guideline.Id, slot.Guideline.Version, cancellation))!;
            if (Refuse(judgement, acknowledged, guideline, item, Order(item, rater)) is { } refusal)
            {
                return refusal;
            }

            var annotation = Record(annotationId, item, slot, guideline, judgement, acknowledged, rater, content) with { Session = session };
            var writes = Writes(key, annotation, found, filled);
            if ((await store.CommitAsync([.. writes, .. await CaseAsync(annotation, filled, guideline, now, cancellation)], cancellation)).Succeeded)
            {
                await assignment.LeaveAsync(projectId, taskId, rater.PersonId, CancellationToken.None);
                return new SubmitResult.Recorded(annotation);
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }

    /// <summary>With the last judgement of a task: the case for an adjudicator, where the judgements disagree.</summary>
    private async Task<IReadOnlyList<Write>> CaseAsync(Annotation last, EvalTask filled, Guideline guideline, DateTimeOffset now, CancellationToken cancellation)
    {
        if (filled.Judged < filled.Overlap)
        {
            return [];
        }

        IReadOnlyList<Annotation> others = filled.Overlap == 1 ? [] : await Adjudications.JudgementsAsync(store, last.ProjectId, last.TaskId, cancellation);
        return Disputes.Of([.. others, last], guideline).Count > 0 ? [Adjudications.Open(filled, now)] : [];
    }

    private static SubmitResult Repeated(Annotation before, Person rater, string content) =>
        before.Rater == rater.PersonId && before.ContentSha256 == content ? new SubmitResult.RecordedBefore(before) : new SubmitResult.Differs();

    internal static SubmitResult? Refuse(Judgement judgement, IReadOnlyList<string> acknowledged, Guideline guideline, EvalItem item, IReadOnlyList<string> order)
    {
        var faults = JudgementRules.Check(judgement, guideline, item, order);
        if (faults.Any)
        {
            return new SubmitResult.Incomplete(faults);
        }

        var open = Gates.Fired(judgement, guideline).Where(gate => !acknowledged.Contains(gate.Key)).ToList();
        return open.Count > 0 ? new SubmitResult.Unconfirmed(open) : null;
    }

    private static IReadOnlyList<string> Order(EvalItem item, Person rater) =>
        ResponseOrder.Of(item.Responses.Select(response => response.ResponseId), ResponseOrder.Seed(item.TaskId, rater.PersonId));

    private static Annotation Record(
        string annotationId, EvalItem item, Slot slot, Guideline guideline, Judgement judgement, IReadOnlyList<string> acknowledged, Person rater, string content) => new(
        annotationId, item.ProjectId, item.TaskId, rater.PersonId, rater.Pseudonym, slot.LeaseId, Order(item, rater), ResponseOrder.Seed(item.TaskId, rater.PersonId),
        new GuidelineReference(guideline.Id, guideline.Version), guideline.Sha256, item.ContentSha256,
        [.. Gates.Fired(judgement, guideline).Select(gate => gate.Key).Intersect(acknowledged)], rater.Simulated, slot.LeasedAt, slot.SubmittedAt!.Value, content,
        AsRecorded(judgement, item));

    /// <summary>However a preference was said, it is recorded as a ranking.</summary>
    internal static Judgement AsRecorded(Judgement judgement, EvalItem item) =>
        judgement with { Preference = judgement.Preference?.Recorded([.. item.Responses.Select((_, position) => ResponseOrder.Key(position))]) };

    private static IReadOnlyList<Write> Writes(DocumentKey key, Annotation annotation, FoundTask found, EvalTask filled) =>
    [
        new Write.Create(key, annotation),
        new Write.Replace(found.Key, filled, found.ETag),
        new Write.Delete(TaskDraft.Key(filled.ProjectId, filled.TaskId, annotation.Rater)),
    ];
}
