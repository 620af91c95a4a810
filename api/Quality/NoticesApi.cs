using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Quality;

/// <summary>What waits for a lead in a project: notices as they were written, and what waits by itself in batches and cases.</summary>
internal static class NoticesApi
{
    public static void MapNotices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/quality/{projectId}/notices", ListAsync).RequireAuthorization(Policies.Leads).WithName("ListNotices");
        api.MapPost("/quality/{projectId}/danger/{taskId}", DecideAsync).RequireAuthorization(Policies.Leads).WithName("DecideDanger");
    }

    /// <summary>The newest first; what is done comes last.</summary>
    private static async Task<Results<Ok<NoticeList>, ProblemHttpResult>> ListAsync(string projectId, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        return TypedResults.Ok(new NoticeList(await AllAsync(store, projectId, time.GetUtcNow(), cancellation)));
    }

    /// <summary>As they stand now: what was put off until then is open again.</summary>
    internal static async Task<IReadOnlyList<Notice>> AllAsync(IDocumentStore store, string projectId, DateTimeOffset now, CancellationToken cancellation)
    {
        var stored = await store.AllAsync<Notice>(Notice.Of(projectId), cancellation).Select(notice => notice.Value.AsOf(now)).ToListAsync(cancellation);
        var waiting = (await OfBatchesAsync(store, projectId, cancellation)).Concat(await OfCasesAsync(store, projectId, now, cancellation)).Concat(await OfQuestionsAsync(store, projectId, cancellation));
        var live = waiting.ToDictionary(notice => (notice.Scope, notice.NoticeId));
        var kept = new List<Notice>();
        foreach (var notice in stored)
        {
            var isLive = live.Remove((notice.Scope, notice.NoticeId), out var current);
            if (!notice.EndsByItself || isLive)
            {
                kept.Add(notice.EndsByItself ? notice with { Words = current!.Words, At = current.At } : notice);
            }
        }

        return [.. kept.Concat(live.Values).OrderBy(notice => notice.State == Notice.Done).ThenByDescending(notice => notice.At)];
    }

    private static async Task<List<Notice>> OfBatchesAsync(IDocumentStore store, string projectId, CancellationToken cancellation)
    {
        var notices = new List<Notice>();
        await foreach (var (batch, _) in store.AllAsync<Batch>(new DocumentQuery(DocumentKind.Batch) { ProjectId = projectId, Scope = Batch.Partition(projectId).Scope }, cancellation))
        {
            if (batch.State == BatchState.Failed)
            {
                notices.Add(new Notice(projectId, Notice.Project, $"failed-{batch.BatchId}", "failed_batch", batch.State, batch.ReceivedAt, $"The file {batch.File} could not be loaded. {batch.Reason}".Trim(), BatchId: batch.BatchId));
            }
            else if (batch.Held > 0)
            {
                notices.Add(new Notice(projectId, Notice.Project, $"held-{batch.BatchId}", "held", batch.State, batch.ReceivedAt, $"{batch.Held:N0} items of {batch.File} wait for a decision about personal data.", BatchId: batch.BatchId));
            }
        }

        return notices;
    }

    private static async Task<IReadOnlyList<Notice>> OfCasesAsync(IDocumentStore store, string projectId, DateTimeOffset now, CancellationToken cancellation)
    {
        var waiting = (await Adjudications.ProgressAsync(store, projectId, cancellation)).Waiting;
        return waiting == 0 ? [] : [new Notice(projectId, Notice.Project, "cases", "case", "waiting", now, $"{waiting:N0} disagreements wait for an adjudicator.")];
    }

    /// <summary>Those without an answer, which they get on the page of questions.</summary>
    private static async Task<IReadOnlyList<Notice>> OfQuestionsAsync(IDocumentStore store, string projectId, CancellationToken cancellation) =>
        await store.AllAsync<Question>(new DocumentQuery(DocumentKind.Question) { ProjectId = projectId, Scope = Question.Partition(projectId).Scope }, cancellation)
            .Where(question => question.Value.Answer is null).Select(question => question.Value)
            .Select(asked => new Notice(projectId, Notice.Project, $"asked-{asked.QuestionId}", "question", Notice.Unanswered, asked.AskedAt, asked.Text, asked.TaskId, PersonId: asked.AskedBy))
            .ToListAsync(cancellation);

    private static async Task<Results<NoContent, ProblemHttpResult>> DecideAsync(
        string projectId, string taskId, DangerDecision form, Caller caller, IDocumentStore store, GuidelineLibrary guidelines, AuditTrail trail, TimeProvider time, CancellationToken cancellation)
    {
        var faults = new Faults();
        faults.Require(form.Decision is "go_on" or "cancel", "decision", "Choose go_on, which lets the item be judged on, or cancel, which keeps it from everybody.");
        RequireWhy(form.Why, faults);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if (await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is not { } stored)
        {
            return Problems.Missing("task");
        }

        if (stored.Value.Stopped?.Kind != Stop.Danger)
        {
            return Problems.Conflict("not_stopped", "This item is not stopped", "Somebody has decided on it already, or nobody has flagged it.");
        }

        var now = time.GetUtcNow();
        var writes = await DecidedAsync(store, guidelines, stored.Value, form.Decision == "go_on", caller.Id, now, cancellation);
        var notices = await store.AllAsync<Notice>(Notice.Of(projectId) with { Scope = taskId }, cancellation).Where(notice => notice.Value.State != Notice.Done).ToListAsync(cancellation);
        var closed = notices.Select(notice => new Write.Replace(
            notice.Value.Key(), notice.Value with { State = Notice.Done, DoneBy = caller.Id, DoneAt = now, Outcome = $"{form.Decision}: {form.Why!.Trim()}" }, notice.ETag));
        if (!(await store.CommitAsync([new Write.Replace(EvalTask.Key(projectId, taskId), writes.Task, stored.ETag), .. writes.More, .. closed], cancellation)).Succeeded)
        {
            return Problems.Stale("task");
        }

        await trail.RecordAsync(projectId, caller.Id, AuditActions.DangerDecided, taskId, to: $"{form.Decision}:sha256:{Sha.Of(form.Why!.Trim())[..12]}");
        return TypedResults.NoContent();
    }

    /// <summary>What was held back while the item was stopped comes now: another judgement where one is wanted, or the case.</summary>
    private static async Task<(EvalTask Task, IReadOnlyList<Write> More)> DecidedAsync(
        IDocumentStore store, GuidelineLibrary guidelines, EvalTask task, bool goOn, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!goOn)
        {
            return (task with { Stopped = new Stop(Stop.Cancelled, by, now) }, []);
        }

        var going = (task with { Stopped = null }).Reopened(now);
        var judgements = await Adjudications.JudgementsAsync(store, task.ProjectId, task.TaskId, cancellation);
        if (judgements.Count == 0 || await guidelines.FindAsync(judgements[^1].Guideline.Id, judgements[^1].Guideline.Version, cancellation) is not { } guideline)
        {
            return (going, []);
        }

        var project = (await store.FindAsync<Project>(Project.Key(task.ProjectId), cancellation))?.Value;
        var wanted = Eyes.Wanted(going, judgements, guideline, project?.Quality);
        var hasCase = await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(task.ProjectId, task.TaskId), cancellation) is not null;
        return wanted > going.Overlap ? (going.Asking(wanted, now), [])
            : going.Judged >= going.Overlap && !hasCase && Disputes.Of(judgements, guideline).Count > 0 ? (going, [Adjudications.Open(going, now)])
            : (going, []);
    }

    internal static void RequireWhy(string? why, Faults faults) => faults.Require(why?.Trim() is { Length: > 0 and <= 500 }, "why", "Say why, in 1 to 500 characters; it is kept with the decision.");
}

internal sealed record NoticeList(IReadOnlyList<Notice> Notices);

internal sealed record DangerDecision(string? Decision, string? Why);
