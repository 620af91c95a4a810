using HealthEval.Guidelines;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// A judgement that a lead has set aside: the record as it was given, in a place of its own. That it lies apart is what keeps it out of every figure
/// and file that is made from now on; what was delivered before stays as it was.
/// </summary>
/// <param name="ActId">What the lead did, which may be about many judgements.</param>
internal sealed record VoidJudgement(Annotation Annotation, string Rater, string ActId, string By, DateTimeOffset VoidedAt, string Why)
{
    public static DocumentKey Key(string projectId, string taskId, string annotationId) => new(DocumentKind.Void, new Partition(projectId, taskId), annotationId);

    /// <summary>A project's, in the order in which they were set aside.</summary>
    public static DocumentQuery Of(string projectId, params IReadOnlyList<Filter> where) => new(DocumentKind.Void) { ProjectId = projectId, Where = where, OrderBy = "voidedAt", Top = 500 };

    public static DocumentQuery OfTask(string projectId, string taskId) => new(DocumentKind.Void) { ProjectId = projectId, Scope = taskId };
}

/// <summary>Sets judgements aside and takes them back. Each is one commit with its task, which is open again, or full again, with it.</summary>
internal sealed class Voids(IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time)
{
    private const int Attempts = 40;

    /// <summary>Null when it was done, or could be; else why not.</summary>
    /// <param name="more">What is to be written with it; null to look only.</param>
    public async Task<string?> SetAsideAsync(string projectId, string taskId, IReadOnlyCollection<string>? annotationIds, VoidReason reason, Write? more, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var now = time.GetUtcNow();
            if (await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is not { Value: var task } stored)
            {
                return "There is no such task.";
            }

            var all = await Adjudications.JudgementsAsync(store, projectId, taskId, cancellation);
            var chosen = all.Where(made => annotationIds?.Contains(made.AnnotationId) != false).ToList();
            var case_ = await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(projectId, taskId), cancellation);
            var refusal = chosen.Count == 0 ? "It has no such judgement." : case_?.Value is { Judged: 0 } held && held.Slots.Any(slot => slot.IsTaken(now)) ? "An adjudicator has it right now." : null;
            if (refusal is not null || more is null)
            {
                return refusal;
            }

            var changed = chosen.Aggregate(task, (rest, made) => rest.Without(made.AnnotationId, now));
            List<Write> writes = [more, new Write.Replace(EvalTask.Key(projectId, taskId), changed, stored.ETag)];
            foreach (var made in chosen)
            {
                var aside = new VoidJudgement(made, made.Rater, reason.ActId, reason.By, now, reason.Why);
                writes.Add(new Write.Put(VoidJudgement.Key(projectId, taskId, made.AnnotationId), aside));
                writes.Add(new Write.Delete(Annotation.Key(projectId, taskId, made.AnnotationId)));
            }

            if (case_?.Value.Judged == 0)
            {
                writes.Add(new Write.Delete(WorkQueue.Cases.Key(projectId, taskId))); // what it was about is gone; the next last judgement opens it again
            }

            if ((await store.CommitAsync(writes, cancellation)).Succeeded)
            {
                return null;
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }

    /// <summary>Null when it was done, or could be; else why not.</summary>
    /// <param name="actId">Those that were set aside by it.</param>
    public async Task<string?> TakeBackAsync(string projectId, string taskId, string actId, Write? more, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var aside = await store.AllAsync<VoidJudgement>(VoidJudgement.OfTask(projectId, taskId), cancellation).Where(made => made.Value.ActId == actId).Select(made => made.Value.Annotation).ToListAsync(cancellation);
            var stored = await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation);
            var case_ = await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(projectId, taskId), cancellation);
            var now = time.GetUtcNow();
            var refusal = stored is null || aside.Count == 0 ? "Nothing of it is set aside any more."
                : case_ is not null ? "It has gone to adjudication since."
                : stored.Value.Slots.Count(slot => slot.IsTaken(now)) + aside.Count > Projects.Project.MostOverlap ? "It has too many judgements."
                : null;
            if (refusal is not null || more is null)
            {
                return refusal;
            }

            var task = aside.Aggregate(stored!.Value, (rest, made) => rest.With(SlotOf(made), now));
            List<Write> writes = [more, new Write.Replace(EvalTask.Key(projectId, taskId), task, stored.ETag)];
            foreach (var made in aside)
            {
                writes.Add(new Write.Put(Annotation.Key(projectId, taskId, made.AnnotationId), made));
                writes.Add(new Write.Delete(VoidJudgement.Key(projectId, taskId, made.AnnotationId)));
            }

            writes.AddRange(await CaseAsync(task, aside, now, cancellation));
            if ((await store.CommitAsync(writes, cancellation)).Succeeded)
            {
                return null;
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }

    /// <summary>The case of a task that is judged in full without having been handed in just now, where its judgements disagree.</summary>
    public async Task<IReadOnlyList<Write>> CaseAsync(EvalTask task, IReadOnlyList<Annotation> more, DateTimeOffset now, CancellationToken cancellation)
    {
        IReadOnlyList<Annotation> all = [.. await Adjudications.JudgementsAsync(store, task.ProjectId, task.TaskId, cancellation), .. more];
        if (task.Judged < task.Overlap || all.Count == 0)
        {
            return [];
        }

        var last = all.MaxBy(made => made.SubmittedAt)!;
        var guideline = (await guidelines.FindAsync(last.Guideline.Id, last.Guideline.Version, cancellation))!;
        return Disputes.Of(all, guideline).Count > 0 && await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(task.ProjectId, task.TaskId), cancellation) is null
            ? [Adjudications.Open(task, now)]
            : [];
    }

    private static Slot SlotOf(Annotation made) =>
        new(made.Rater, made.LeaseId, made.Guideline, made.LeasedAt, made.SubmittedAt, made.AnnotationId, made.SubmittedAt) { Mode = made.Judgement.Mode };
}

/// <summary>By whom, why and as part of what judgements are set aside.</summary>
internal sealed record VoidReason(string ActId, string By, string Why);
