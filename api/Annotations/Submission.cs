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

/// <summary>The gates that a rater stands by, with the reasons given.</summary>
internal sealed record Confirmed(IReadOnlyList<string> Gates, IReadOnlyDictionary<string, string> Reasons)
{
    public const int LongestReason = 1_000;

    public static Confirmed Nothing { get; } = new([], new Dictionary<string, string>());

    public bool Covers(Gate gate) =>
        Gates.Contains(gate.Key) && (gate.NeedsReason != true || (Reasons.TryGetValue(gate.Key, out var reason) && !string.IsNullOrWhiteSpace(reason) && reason.Length <= LongestReason));
}

/// <summary>What a later slice does once a judgement is recorded. It is told after the commit, and of every judgement once unless the program is killed in between.</summary>
internal delegate Task AfterJudgement(Project? project, Annotation made, EvalItem item);

/// <summary>
/// Turns a leased task and a judgement into a record: the annotation, the filled slot and the removal of the draft are one commit.
/// </summary>
internal sealed class Submission(
    IDocumentStore store, Assignment assignment, GuidelineLibrary guidelines, SourceLibrary sources, TimeProvider time, AfterJudgement? after = null)
{
    private const int Attempts = 40;

    public async Task<SubmitResult> SubmitAsync(
        string projectId, string taskId, string annotationId, string leaseId, Judgement judgement, Confirmed confirmed, Person rater, string? session,
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
            if (Refuse(judgement, confirmed, guideline, item, slot.Mode, Order(item, rater)) is { } refusal)
            {
                return refusal;
            }

            var annotation = Record(annotationId, item, slot, guideline, judgement, confirmed, rater, content) with { Session = session };
            var project = (await store.FindAsync<Project>(Project.Key(projectId), cancellation))?.Value;
            IReadOnlyList<Annotation> all = filled.Judged == 1 || found.IsAside
                ? [annotation]
                : [.. await Adjudications.JudgementsAsync(store, projectId, taskId, cancellation), annotation];
            var (task, more) = found.IsAside
                ? (filled, Danger.ToldAside(annotation))
                : Consequences(all, filled with { Findings = all.Found() }, guideline, project?.Quality, await HasCaseAsync(store, filled, cancellation), now);
            if ((await store.CommitAsync([.. Writes(key, annotation, found, task), .. more], cancellation)).Succeeded)
            {
                await assignment.LeaveAsync(projectId, taskId, rater.PersonId, CancellationToken.None);
                await sources.NoteAsync(projectId, judgement, CancellationToken.None);
                await (after?.Invoke(project, annotation, item) ?? Task.CompletedTask);
                return new SubmitResult.Recorded(annotation);
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }

    /// <summary>
    /// What a judgement brings about, in the same commit: a stop where somebody may be in danger, one more judgement where one pair of eyes is not
    /// enough, and with the last judgement the case for an adjudicator, where they disagree.
    /// </summary>
    internal static (EvalTask Task, IReadOnlyList<Write> More) Consequences(
        IReadOnlyList<Annotation> all, EvalTask task, Guideline guideline, QualitySettings? settings, bool hasCase, DateTimeOffset now)
    {
        if (Danger.In(all[^1]) is { } flag && task.Stopped is null)
        {
            return (Danger.Stopped(task, all[^1], now), [Danger.Told(all[^1], flag)]);
        }

        var wanted = hasCase ? task.Overlap : Eyes.Wanted(task, all, guideline, settings);
        if (wanted > task.Overlap)
        {
            return (task.Asking(wanted, now), []);
        }

        var isCase = !hasCase && task.Stopped is null && task.Judged >= task.Overlap && Disputes.Of(all, guideline).Count > 0;
        return (task, isCase ? [Adjudications.Open(task, now)] : []);
    }

    /// <summary>It was settled, or waits, and a lead asked for one more judgement.</summary>
    internal static async Task<bool> HasCaseAsync(IDocumentStore store, EvalTask task, CancellationToken cancellation) =>
        task.Judged >= task.Overlap && await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(task.ProjectId, task.TaskId), cancellation) is not null;

    private static SubmitResult Repeated(Annotation before, Person rater, string content) =>
        before.Rater == rater.PersonId && before.ContentSha256 == content ? new SubmitResult.RecordedBefore(before) : new SubmitResult.Differs();

    internal static SubmitResult? Refuse(Judgement judgement, Confirmed confirmed, Guideline guideline, EvalItem item, string? mode, IReadOnlyList<string> order)
    {
        var faults = JudgementRules.Check(judgement, guideline, item, order);
        var (asked, given) = (mode ?? Vocabulary.FullMode, judgement.Mode ?? Vocabulary.FullMode);
        faults.Require(asked == given, "judgement.mode", $"This task was handed out to be judged in mode {asked}, and this is a judgement in mode {given}.");
        if (faults.Any)
        {
            return new SubmitResult.Incomplete(faults);
        }

        var open = Gates.Fired(judgement, guideline).Where(gate => !confirmed.Covers(gate)).ToList();
        return open.Count > 0 ? new SubmitResult.Unconfirmed(open) : null;
    }

    private static IReadOnlyList<string> Order(EvalItem item, Person rater) =>
        ResponseOrder.Of(item.Responses.Select(response => response.ResponseId), ResponseOrder.Seed(item.TaskId, rater.PersonId));

    private static Annotation Record(
        string annotationId, EvalItem item, Slot slot, Guideline guideline, Judgement judgement, Confirmed confirmed, Person rater, string content)
    {
        var gates = Gates.Fired(judgement, guideline).Select(gate => gate.Key).ToHashSet(StringComparer.Ordinal);
        var reasons = confirmed.Reasons.Where(reason => gates.Contains(reason.Key)).ToDictionary(StringComparer.Ordinal);
        return new Annotation(
            annotationId, item.ProjectId, item.TaskId, rater.PersonId, rater.Pseudonym, slot.LeaseId, Order(item, rater),
            ResponseOrder.Seed(item.TaskId, rater.PersonId), new GuidelineReference(guideline.Id, guideline.Version), guideline.Sha256, item.ContentSha256,
            [.. gates.Intersect(confirmed.Gates)], rater.Simulated, slot.LeasedAt, slot.SubmittedAt!.Value, content, AsRecorded(judgement, item),
            Reasons: reasons.Count == 0 ? null : reasons, PromptId: item.PromptId);
    }

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
