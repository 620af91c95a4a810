using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>
/// What a lead does to items, one or many: each with its reason in one commit with the task, where it changes the task; looked at first with
/// <see cref="ActForm.Preview"/>; taken back, where that is possible, by the act that undoes it.
/// </summary>
internal sealed class ItemActs(IDocumentStore store, Voids voids, Adjudications adjudications, Assignment assignment, AuditTrail trail, TimeProvider time)
{
    public const int MostAtOnce = 200;

    private const int Attempts = 40;

    /// <summary>What takes each back; null for what stays.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Undo = new Dictionary<string, string?>
    {
        ["reopen"] = "unvoid",
        ["add"] = "narrow",
        ["narrow"] = "add",
        ["reassign"] = "release",
        ["release"] = null,
        ["cancel"] = "restore",
        ["restore"] = "cancel",
        ["prioritise"] = "unprioritise",
        ["unprioritise"] = "prioritise",
        ["refer"] = null,
        ["unvoid"] = null,
        ["void"] = "unvoid",
    };

    /// <summary>Those that one can ask for; the others only take one of them back.</summary>
    public static readonly IReadOnlyList<string?> Asked = [.. Undo.Keys.Where(kind => kind is not ("unvoid" or "narrow" or "void"))];

    public async Task<ActResult> DoAsync(Project project, string kind, string why, IReadOnlyList<string> taskIds, ActTarget target, bool preview, string by, CancellationToken cancellation)
    {
        var made = new Act($"x-{Guid.CreateVersion7():N}", project.ProjectId, "", kind, by, time.GetUtcNow(), why, target.Person?.PersonId, target.Undoes);
        var outcomes = new List<ActOutcome>();
        foreach (var taskId in taskIds.Distinct(StringComparer.Ordinal))
        {
            outcomes.Add(new ActOutcome(taskId, await OneAsync(project, made with { TaskId = taskId }, target, preview, cancellation)));
        }

        var done = outcomes.Count(outcome => outcome.Refusal is null);
        if (!preview && done > 0)
        {
            await trail.RecordAsync(project.ProjectId, by, $"items.{kind}", made.ActId, target.Undoes, $"items={done};why=sha256:{Sha.Of(why)[..12]}");
        }

        return new ActResult(preview || done == 0 ? null : made.ActId, preview, done, outcomes.Count - done, Undo[kind] is not null, outcomes);
    }

    /// <summary>Null when it was done, or could be; else why not.</summary>
    private Task<string?> OneAsync(Project project, Act act, ActTarget target, bool preview, CancellationToken cancellation)
    {
        var (projectId, taskId) = (project.ProjectId, act.TaskId);
        var record = preview ? null : new Write.Create(act.Key(), act);
        return act.Kind switch
        {
            "reopen" => voids.SetAsideAsync(projectId, taskId, target.AnnotationIds, new VoidReason(act.ActId, act.By, act.Why), record, cancellation),
            "unvoid" => voids.TakeBackAsync(projectId, taskId, target.Undoes ?? "", record, cancellation),
            "reassign" => AfterAsync(assignment.AssignAsync(project, taskId, target.Person!, reallyDo: !preview, cancellation), record, cancellation),
            "refer" => AfterAsync(ReferAsync(act, preview, cancellation), record, cancellation),
            "prioritise" or "unprioritise" => AfterAsync(InLineAsync(act, preview, cancellation), record, cancellation),
            _ => ChangeAsync(act, record, cancellation),
        };
    }

    /// <summary>What is about the task alone.</summary>
    private async Task<string?> ChangeAsync(Act act, Write? record, CancellationToken cancellation)
    {
        var key = EvalTask.Key(act.ProjectId, act.TaskId);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindAsync<EvalTask>(key, cancellation) is not { } stored)
            {
                return "There is no such task.";
            }

            var now = time.GetUtcNow();
            var case_ = await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(act.ProjectId, act.TaskId), cancellation);
            var (changed, refusal) = TaskActs.Apply(act, stored.Value, case_?.Value, now);
            if (changed is null || record is null)
            {
                return refusal;
            }

            List<Write> writes = [record, new Write.Replace(key, changed, stored.ETag)];
            if (case_?.Value.Judged == 0 && changed.Judged < changed.Overlap)
            {
                writes.Add(new Write.Delete(WorkQueue.Cases.Key(act.ProjectId, act.TaskId))); // one more judgement first
            }
            else if (act.Kind is "narrow" or "restore")
            {
                writes.AddRange(await voids.CaseAsync(changed, [], now, cancellation));
            }

            if ((await store.CommitAsync(writes, cancellation)).Succeeded)
            {
                return null;
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }

    private async Task<string?> AfterAsync(Task<string?> doing, Write? record, CancellationToken cancellation)
    {
        var refusal = await doing;
        if (refusal is null && record is not null)
        {
            await store.CommitAsync(record, cancellation);
        }

        return refusal;
    }

    private async Task<string?> ReferAsync(Act act, bool preview, CancellationToken cancellation)
    {
        var task = (await store.FindAsync<EvalTask>(EvalTask.Key(act.ProjectId, act.TaskId), cancellation))?.Value;
        var isCase = await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(act.ProjectId, act.TaskId), cancellation) is not null;
        var refusal = task is null ? "There is no such task."
            : task.Judged < task.Overlap || task.Judged == 0 ? "Not all of its judgements are in yet."
            : isCase ? "It waits for an adjudicator, or was settled before."
            : null;
        return refusal is not null || preview ? refusal
            : await adjudications.ReferAsync(act.ProjectId, act.TaskId, act.By, act.Why, cancellation) == true ? null
            : "It changed in the meantime. Look again.";
    }

    private async Task<string?> InLineAsync(Act act, bool preview, CancellationToken cancellation)
    {
        var key = FirstInLine.Key(act.ProjectId);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var task = (await store.FindAsync<EvalTask>(EvalTask.Key(act.ProjectId, act.TaskId), cancellation))?.Value;
            var stored = await store.FindAsync<FirstInLine>(key, cancellation);
            var line = stored?.Value ?? new FirstInLine(act.ProjectId, []);
            var isIn = line.TaskIds.Contains(act.TaskId);
            var refusal = task is null ? "There is no such task."
                : act.Kind == "unprioritise" ? (isIn ? null : "It is not first in line.")
                : task.Stopped is not null ? "It is stopped. Restore it first."
                : task.Judged >= task.Overlap ? "It is judged in full."
                : !isIn && line.TaskIds.Count >= FirstInLine.Most ? $"{FirstInLine.Most} tasks are first in line already, the most that there may be."
                : null;
            if (refusal is not null || preview)
            {
                return refusal;
            }

            var changed = act.Kind == "prioritise" ? line.With(act.TaskId) : line.Without([act.TaskId]);
            if ((await store.CommitAsync(stored is null ? new Write.Create(key, changed) : new Write.Replace(key, changed, stored.ETag), cancellation)).Succeeded)
            {
                return null;
            }
        }

        throw new IOException("The line is being changed by too many at once.");
    }
}

/// <summary>What an act needs beside the items.</summary>
/// <param name="Person">Whom they are given to.</param>
/// <param name="AnnotationIds">Which judgements are set aside; null for all of them.</param>
/// <param name="Undoes">The act that is taken back.</param>
internal sealed record ActTarget(Person? Person = null, IReadOnlyList<string>? AnnotationIds = null, string? Undoes = null);

/// <param name="Done">How many it was done to, or could be.</param>
internal sealed record ActResult(string? ActId, bool Preview, int Done, int Refused, bool CanBeUndone, IReadOnlyList<ActOutcome> Outcomes)
{
    /// <summary>There is more of the act to take back: ask again with it.</summary>
    public string? Continuation { get; init; }
}

/// <param name="Refusal">Why it was not done; null when it was, or could be.</param>
internal sealed record ActOutcome(string TaskId, string? Refusal);
