using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>
/// Takes a batch back, by the hundred tasks: what nobody has judged is handed out no more, what was judged is set aside, so that it leaves the figures
/// from the next report on. Bringing it back undoes both. What has been done already is passed over, so that any request can be sent again.
/// </summary>
internal sealed class BatchWithdrawal(IDocumentStore store, Voids voids, AuditTrail trail, TimeProvider time)
{
    public const string Withdraw = "withdraw";
    public const string BringBack = "bring_back";

    private const int AtOnce = 100;

    public async Task<BatchActResult> DoAsync(string projectId, string batchId, string kind, string why, string? actId, string? continuation, string by, CancellationToken cancellation)
    {
        var act = new Act(actId ?? $"x-{Guid.CreateVersion7():N}", projectId, batchId, kind, by, time.GetUtcNow(), why);
        if (continuation is null)
        {
            await store.CommitAsync(new Write.Put(act.Key(), act), cancellation); // the batch's own history
            await trail.RecordAsync(projectId, by, AuditActions.OfBatch(kind), batchId, act.ActId, $"why=sha256:{Sha.Of(why)[..12]}");
        }

        var page = await store.QueryAsync<EvalTask>(BatchProgress.TasksOf(projectId, batchId) with { Top = AtOnce }, continuation, cancellation);
        var (done, refused) = (0, new List<ActOutcome>());
        foreach (var (task, _) in page.Documents.Where(task => (task.Value.Stopped?.Kind == Stop.Withdrawn) != (kind == Withdraw)))
        {
            var one = act with { TaskId = task.TaskId };
            var refusal = kind == Withdraw ? await WithdrawAsync(task, one, cancellation) : await BringBackAsync(task, one, cancellation);
            done += refusal is null ? 1 : 0;
            refused.AddRange(refusal is null ? [] : (ActOutcome[])[new ActOutcome(task.TaskId, refusal)]);
        }

        return new BatchActResult(act.ActId, done, refused, page.Continuation);
    }

    private async Task<string?> WithdrawAsync(EvalTask task, Act act, CancellationToken cancellation)
    {
        if (task.Judged > 0 && await voids.SetAsideAsync(act.ProjectId, task.TaskId, null, new VoidReason(act.ActId, act.By, act.Why), new Write.Put(act.Key(), act), cancellation) is { } refusal)
        {
            return refusal;
        }

        return await ChangeAsync(act, (found, now) => found.Halted(new Stop(Stop.Withdrawn, act.By, now), now), cancellation);
    }

    private async Task<string?> BringBackAsync(EvalTask task, Act act, CancellationToken cancellation)
    {
        var refusal = await ChangeAsync(act, (found, now) => found.Resumed(now), cancellation);
        var aside = await store.AllAsync<VoidJudgement>(VoidJudgement.OfTask(act.ProjectId, task.TaskId), cancellation).Select(made => made.Value).ToListAsync(cancellation);
        var withdrawn = await store.AllAsync<Act>(Act.OfTask(act.ProjectId, task.TaskId), cancellation).Where(other => other.Value.Kind == Withdraw).Select(other => other.Value.ActId).ToListAsync(cancellation);
        foreach (var actId in aside.Select(made => made.ActId).Where(withdrawn.Contains).Distinct())
        {
            refusal ??= await voids.TakeBackAsync(act.ProjectId, task.TaskId, actId, new Write.Put(act.Key(), act), cancellation);
        }

        return refusal;
    }

    private async Task<string?> ChangeAsync(Act act, Func<EvalTask, DateTimeOffset, EvalTask?> rule, CancellationToken cancellation)
    {
        await store.CommitAsync(new Write.Put(act.Key(), act), cancellation);
        return await store.ChangeAsync(time, WorkQueue.Tasks, act.ProjectId, act.TaskId, rule, cancellation) is null ? "There is no such task." : null;
    }
}

/// <param name="Done">Tasks that were changed by this request.</param>
/// <param name="Continuation">There are more: send the form again with this and <paramref name="ActId"/>.</param>
internal sealed record BatchActResult(string ActId, int Done, IReadOnlyList<ActOutcome> Refused, string? Continuation);
