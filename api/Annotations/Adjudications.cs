using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

internal abstract record AdjudicationResult
{
    internal sealed record Recorded(Adjudication Adjudication) : AdjudicationResult;

    /// <summary>The very same decisions were recorded before: a repeated request.</summary>
    internal sealed record RecordedBefore(Adjudication Adjudication) : AdjudicationResult;

    internal sealed record Differs : AdjudicationResult;

    internal sealed record NoSuchCase : AdjudicationResult;

    internal sealed record Settled : AdjudicationResult;

    internal sealed record LeaseGone : AdjudicationResult;

    internal sealed record Incomplete(Faults Faults) : AdjudicationResult;
}

/// <summary>
/// Opens cases, shows them and settles them. A case is claimed like a task of overlap one that those who judged it have declined, so all
/// the rules of claiming hold for it too; the record and the settled case are one commit.
/// </summary>
internal sealed class Adjudications(IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time)
{
    private const int Attempts = 40;

    public Assignment Assignment { get; } = new(store, time, WorkQueue.Cases);

    /// <summary>The write that opens a case on a task whose judgements are in.</summary>
    /// <param name="referredBy">Who sent it there by hand, and so does not settle it.</param>
    public static Write Open(EvalTask task, DateTimeOffset now, string? referredBy = null)
    {
        var rank = EvalTask.RankAt(now, task.TaskId);
        var state = task with { Overlap = 1, Rank = rank, OpenRank = rank, NextExpiry = null, Slots = [], Declined = [.. task.Slots.Select(slot => slot.Rater).Union(task.Declined)] };
        return new Write.Create(WorkQueue.Cases.Key(task.ProjectId, task.TaskId), referredBy is null ? state : state.NotFor(referredBy));
    }

    public static async Task<IReadOnlyList<Annotation>> JudgementsAsync(IDocumentStore store, string projectId, string taskId, CancellationToken cancellation) =>
        await store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = projectId, Scope = taskId }, cancellation).Select(stored => stored.Value).ToListAsync(cancellation);

    public async Task<OpenCase?> FindAsync(string projectId, string taskId, string adjudicator, Guideline guideline, CancellationToken cancellation) =>
        await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation) is { Value: var item }
            ? new OpenCase(
                item, await JudgementsAsync(store, projectId, taskId, cancellation),
                (await store.FindAsync<Referral>(Referral.Key(projectId, taskId), cancellation))?.Value, adjudicator, guideline)
            : null;

    /// <summary>Null when there is no such task; false when it is not judged in full, or is a case already.</summary>
    public async Task<bool?> ReferAsync(string projectId, string taskId, string by, string why, CancellationToken cancellation)
    {
        if (await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is not { Value: var task } stored)
        {
            return null;
        }

        var now = time.GetUtcNow();
        Write[] writes =
        [
            Open(task, now, by),
            new Write.Put(Referral.Key(projectId, taskId), new Referral(taskId, by, why, now)),
            new Write.Replace(EvalTask.Key(projectId, taskId), task.NotFor(by), stored.ETag),
        ];
        return task.Judged >= task.Overlap && (await store.CommitAsync(writes, cancellation)).Succeeded;
    }

    public async Task<AdjudicationResult> SettleAsync(
        string projectId, string taskId, string adjudicationId, string leaseId, IReadOnlyList<Decision> decisions, Person adjudicator, string? session,
        CancellationToken cancellation)
    {
        var content = Sha.Of(Json.Bytes(decisions));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindAsync<Adjudication>(Adjudication.Key(projectId, taskId, adjudicationId), cancellation) is { Value: var before })
            {
                return before.Rater == adjudicator.PersonId && before.ContentSha256 == content ? new AdjudicationResult.RecordedBefore(before) : new AdjudicationResult.Differs();
            }

            if (await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(projectId, taskId), cancellation) is not { } state
                || await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is not { } task)
            {
                return new AdjudicationResult.NoSuchCase();
            }

            var now = time.GetUtcNow();
            if (state.Value.Fill(adjudicator.PersonId, leaseId, adjudicationId, now) is not { } filled)
            {
                if (state.Value.Slots.Any(slot => slot.AnnotationId == adjudicationId))
                {
                    continue; // the same request, recorded since we looked for it
                }

                return state.Value.Judged > 0 ? new AdjudicationResult.Settled() : new AdjudicationResult.LeaseGone();
            }

            var slot = filled.SlotOf(adjudicator.PersonId)!;
            var guideline = (await guidelines.FindAsync(slot.Guideline.Id, slot.Guideline.Version, cancellation))!;
            var open = (await FindAsync(projectId, taskId, adjudicator.PersonId, guideline, cancellation))!;
            var (rulings, faults) = open.Rule(decisions);
            if (faults.Any)
            {
                return new AdjudicationResult.Incomplete(faults);
            }

            var made = Record(adjudicationId, open, slot, guideline, rulings, adjudicator, content) with { Session = session };
            Write[] writes =
            [
                new Write.Create(Adjudication.Key(projectId, taskId, adjudicationId), made),
                new Write.Replace(WorkQueue.Cases.Key(projectId, taskId), filled, state.ETag),
                new Write.Delete(TaskDraft.Key(projectId, taskId, adjudicator.PersonId)),
                new Write.Replace(EvalTask.Key(projectId, taskId), task.Value.NotFor(adjudicator.PersonId), task.ETag), // should it be opened for more judgements
            ];
            if ((await store.CommitAsync(writes, cancellation)).Succeeded)
            {
                await Assignment.LeaveAsync(projectId, taskId, adjudicator.PersonId, CancellationToken.None);
                return new AdjudicationResult.Recorded(made);
            }
        }

        throw new IOException("The case is being changed by too many at once.");
    }

    public static async Task<CaseProgress> ProgressAsync(IDocumentStore store, string projectId, CancellationToken cancellation)
    {
        var settled = await store.CountAsync(new DocumentQuery(DocumentKind.Adjudication) { ProjectId = projectId }, cancellation);
        var all = await store.CountAsync(new DocumentQuery(DocumentKind.Case) { ProjectId = projectId }, cancellation);
        return new CaseProgress(Math.Max(0, all - settled), settled);
    }

    private static Adjudication Record(string id, OpenCase open, Slot slot, Guideline guideline, IReadOnlyList<Ruling> rulings, Person adjudicator, string content) => new(
        id, open.Item.ProjectId, open.Item.TaskId, adjudicator.PersonId, adjudicator.Pseudonym, slot.LeaseId, [.. open.Judgements.Select(judgement => judgement.AnnotationId)], open.Seed,
        new GuidelineReference(guideline.Id, guideline.Version), guideline.Sha256, open.Item.ContentSha256, adjudicator.Simulated, slot.LeasedAt, slot.SubmittedAt!.Value, content, rulings);
}
