using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Oversight;

/// <summary>What leads do with what waits for them: take it on, put it off, say that it is done.</summary>
internal static class InboxApi
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(60);

    public static void MapInbox(this IEndpointRouteBuilder oversight) => oversight.MapPost("/inbox/{noticeId}", ChangeAsync).WithName("ChangeNotice");

    private static async Task<Results<Ok<Notice>, ProblemHttpResult>> ChangeAsync(
        string projectId, string noticeId, NoticeChange change, Caller caller, IDocumentStore store, AuditTrail trail, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var assignee = change.AssignTo is { Length: > 0 } id ? (await store.FindAsync<Person>(Person.Key(id), cancellation))?.Value : null;
        var faults = Check(change, assignee, projectId, caller, now);
        if (faults.Any)
        {
            return Problems.Invalid(faults);
        }

        if ((await NoticesApi.AllAsync(store, projectId, now, cancellation)).FirstOrDefault(notice => notice.NoticeId == noticeId && notice.Scope == change.Scope) is not { } notice)
        {
            return Problems.Missing("notice");
        }

        if (change.Action == "done" && notice is { Kind: "danger", State: not Notice.Done })
        {
            return Problems.Conflict("decide_first", "The item waits for a decision", "Decide whether it is judged on or cancelled; with that the notice is done.");
        }

        if (change.Action == "done" && notice.EndsByItself)
        {
            return Problems.Conflict("ends_by_itself", "It ends by itself", "It is done when nothing of this kind waits any more. Take it on, or put it off.");
        }

        var changed = Changed(notice, change, caller, now);
        var stored = await store.FindAsync<Notice>(notice.Key(), cancellation);
        if (!(await store.CommitAsync(stored is null ? new Write.Create(notice.Key(), changed) : new Write.Replace(notice.Key(), changed, stored.ETag), cancellation)).Succeeded)
        {
            return Problems.Stale("notice");
        }

        await trail.RecordAsync(projectId, caller.Id, AuditActions.OfNotice(change.Action!), noticeId, to: change.AssignTo is { Length: > 0 } ? change.AssignTo : change.Why is null ? null : $"why=sha256:{Sha.Of(change.Why.Trim())[..12]}");
        return TypedResults.Ok(changed);
    }

    private static Faults Check(NoticeChange change, Person? assignee, string projectId, Caller caller, DateTimeOffset now)
    {
        var faults = new Faults();
        faults.Require(change.Action is "assign" or "snooze" or "done" or "reopen", "action", "Choose from: assign, snooze, done, reopen.");
        faults.Require(change.Scope is { Length: > 0 }, "scope", "Send the notice's scope as it was listed.");
        faults.Require(
            change.Action != "assign" || change.AssignTo is "" || (assignee is not null && caller.Sees(assignee) && assignee.MaySee(projectId) && (assignee.Is(Roles.Lead) || assignee.Is(Roles.Admin))),
            "assignTo", "Name a lead of this project, or nobody with an empty text.");
        faults.Require(change.Action != "snooze" || (change.Until > now && change.Until <= now + Longest), "until", $"Put it off until a time within the next {Longest.TotalDays:0} days.");
        if (change.Action == "done")
        {
            Act.RequireWhy(change.Why, faults);
        }

        return faults;
    }

    private static Notice Changed(Notice notice, NoticeChange change, Caller caller, DateTimeOffset now) => change.Action switch
    {
        "assign" => notice with { AssignedTo = change.AssignTo is { Length: > 0 } person ? person : null },
        "snooze" => notice with { State = Notice.Snoozed, SnoozedUntil = change.Until },
        "done" => notice with { State = Notice.Done, DoneBy = caller.Id, DoneAt = now, Outcome = change.Why!.Trim(), SnoozedUntil = null },
        _ => notice with { State = Notice.Open, DoneBy = null, DoneAt = null, Outcome = null, SnoozedUntil = null },
    };
}

/// <param name="Scope">As the notice was listed.</param>
/// <param name="AssignTo">A lead's id; empty takes it away from whoever has it.</param>
internal sealed record NoticeChange(string? Action, string? Scope, string? AssignTo = null, DateTimeOffset? Until = null, string? Why = null);
