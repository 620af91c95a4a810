using HealthEval.Batches;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>
/// One person's look for work in one project. What a lane costs to search doesn't depend on how many tasks it has, nor on how many this person
/// has done: the search begins behind the person's cursor.
/// </summary>
internal sealed partial class TaskSearch(IDocumentStore store, TimeProvider time, WorkQueue queue, Project project, Person person, Desk desk, Interject? interject = null)
{
    private const int Candidates = 24;
    private const int LongPage = 200;
    private const int Attempts = 40;
    private static readonly TimeSpan FullSearchEvery = TimeSpan.FromMinutes(1);
    private readonly IReadOnlyList<IReadOnlyList<string>> _lanes = Lanes.Of(person, project.Routing);
    private Func<IReadOnlyList<string>, bool>? _bars;

    public Desk Desk { get; private set; } = desk.Believed(time.GetUtcNow());

    public async Task<Claimed?> ResumeAsync(IReadOnlyCollection<string> holding, CancellationToken cancellation)
    {
        foreach (var taskId in Desk.Held.Where(taskId => !holding.Contains(taskId)).ToList())
        {
            var slot = (await store.FindTaskAsync(queue, project.ProjectId, taskId, cancellation))?.Task.SlotOf(person.PersonId);
            if (slot is { IsFilled: false }
                && await store.ChangeAsync(time, queue, project.ProjectId, taskId, (task, now) => task.Renew(person.PersonId, slot.LeaseId, now, project.Lease), cancellation) is { } renewed)
            {
                return new Claimed(renewed, renewed.SlotOf(person.PersonId)!);
            }

            Desk = Desk.Without(taskId); // judged, given back, or expired and taken by somebody else
        }

        return null;
    }

    public async Task<Claimed?> FreshAsync(Admission admission, CancellationToken cancellation)
    {
        _bars = admission.Bars;
        if (admission.Closed is not null)
        {
            return null;
        }

        if (await InterjectedAsync(admission, cancellation) is { } interjected)
        {
            return Took(interjected);
        }

        if (admission.OnlyAside)
        {
            return null;
        }

        if (await FirstInLineAsync(cancellation) is { } first)
        {
            return Took(first);
        }

        foreach (var lanes in _lanes)
        {
            for (var i = 0; i < lanes.Count; i++) // beginning with another lane each time, so that no sub-domain waits for the others
            {
                var lane = lanes[(int)((Desk.Served + i) % lanes.Count)];
                if (await BehindCursorAsync(lane, cancellation) is { } claimed || (claimed = await ExpiredAsync(lane, cancellation)) is not null)
                {
                    return Took(claimed);
                }
            }
        }

        return await SearchAllAsync([.. _lanes.SelectMany(lanes => lanes)], cancellation);
    }

    /// <summary>Only where there is other work too: a task that comes when there should be none gives itself away.</summary>
    private async Task<Claimed?> InterjectedAsync(Admission admission, CancellationToken cancellation) =>
        interject is not null
        && await interject(project, person, Desk.Served, cancellation) is { } taskId
        && await store.FindTaskAsync(queue, project.ProjectId, taskId, cancellation) is { } aside
        && (admission.OnlyAside || await AnyAsync(admission, cancellation))
            ? await ClaimAsync(aside.Key, aside.Task, aside.ETag, cancellation)
            : null;

    /// <summary>What a lead wants done before everything else.</summary>
    private async Task<Claimed?> FirstInLineAsync(CancellationToken cancellation)
    {
        if (!queue.Kind.Equals(DocumentKind.Task) || await store.FindAsync<FirstInLine>(FirstInLine.Key(project.ProjectId), cancellation) is not { Value: var line } stored)
        {
            return null;
        }

        var (now, lanes, done) = (time.GetUtcNow(), LanesOf(person), new List<string>());
        foreach (var taskId in line.TaskIds)
        {
            var task = await store.FindAsync<EvalTask>(queue.Key(project.ProjectId, taskId), cancellation);
            if (task is null || task.Value.Judged >= task.Value.Overlap)
            {
                done.Add(taskId);
            }
            else if (lanes.Contains(task.Value.PlainLane) && IsFor(task.Value, now) && await ClaimAsync(task, cancellation) is { } claimed)
            {
                return claimed;
            }
        }

        if (done.Count > 0)
        {
            await store.CommitAsync(new Write.Replace(FirstInLine.Key(project.ProjectId), line.Without(done), stored.ETag), cancellation);
        }

        return null;
    }

    public async Task<bool> AnyAsync(Admission admission, CancellationToken cancellation)
    {
        _bars = admission.Bars;
        var now = time.GetUtcNow();
        foreach (var lane in _lanes.SelectMany(lanes => lanes))
        {
            if ((await OpenAsync(lane, Desk.Cursor(lane), Candidates, cancellation)).Concat(await ExpiredIn(lane, now, cancellation)).Any(task => IsFor(task.Value, now)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// How many tasks with room lie behind the cursors. Those next in line that are not for the person, such as the one they hold or have just judged, are
    /// left out: a number that falls a task later than it should would tell one kind of task from another.
    /// </summary>
    public async Task<long> CountAsync(CancellationToken cancellation)
    {
        var (count, now) = (0L, time.GetUtcNow());
        foreach (var lane in _lanes.SelectMany(lanes => lanes))
        {
            var all = await store.CountAsync(Open(lane, Desk.Cursor(lane), top: 1), cancellation);
            var next = all == 0 ? [] : await OpenAsync(lane, Desk.Cursor(lane), Candidates, cancellation);
            count += Math.Max(0, all - next.Count(task => !IsFor(task.Value, now)));
        }

        return count;
    }

    /// <summary>The lanes that the person's credential covers.</summary>
    public static List<string> LanesOf(Person person) => person.Credential is not { Years: >= Credential.MinimumYears } credential ? [] :
        [.. from subdomain in credential.Subdomains
            from language in credential.Languages.Select(EvalTask.PrimaryLanguage).Distinct()
            select EvalTask.LaneOf(subdomain, language)];

    private async Task<Claimed?> BehindCursorAsync(string lane, CancellationToken cancellation)
    {
        var after = Desk.Cursor(lane);
        for (var (lost, top) = (0, Candidates); lost < Attempts;)
        {
            var page = await OpenAsync(lane, after, top, cancellation);
            var now = time.GetUtcNow();
            var passed = page.TakeWhile(open => !IsFor(open.Value, now)).ToList();
            if (passed.Count > 0)
            {
                after = passed[^1].Value.Rank;
                Desk = Desk.Advanced(lane, after).Believed(now); // not for this person, now or later: when one of them becomes free again it gets a new rank
            }

            if (passed.Count < page.Count)
            {
                var fitting = page.Skip(passed.Count).Where(open => IsFor(open.Value, now)).ToList();
                if (await ClaimAsync(Pick(fitting, lost++), cancellation) is { } claimed)
                {
                    return claimed;
                }
            }
            else if (page.Count < top)
            {
                return null;
            }
            else
            {
                top = LongPage; // a desk that was lost catches up once
            }
        }

        return null;
    }

    /// <summary>The first one; after a lost race one further along, so that a crowd spreads out.</summary>
    private static Stored<EvalTask> Pick(List<Stored<EvalTask>> fitting, int attempt) =>
        attempt == 0 ? fitting[0] : fitting[Random.Shared.Next(fitting.Count)];

    /// <summary>Tasks whose slots were all taken and of which one has expired: taken if they fit, else put back where others find them.</summary>
    private async Task<Claimed?> ExpiredAsync(string lane, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await TakeAsync(await ExpiredIn(lane, now, cancellation), now, cancellation);
    }

    private async Task<Claimed?> TakeAsync(IReadOnlyList<Stored<EvalTask>> candidates, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var candidate in candidates)
        {
            if (IsFor(candidate.Value, now) && await ClaimAsync(candidate, cancellation) is { } claimed)
            {
                return claimed;
            }

            await store.CommitAsync(new Write.Replace(queue.Key(project.ProjectId, candidate.Value.TaskId), candidate.Value.Reopened(now), candidate.ETag), cancellation);
        }

        return null;
    }

    /// <summary>From the very beginning, at most once a minute: should a clock have been wrong, nothing stays hidden behind a cursor.</summary>
    private async Task<Claimed?> SearchAllAsync(List<string> lanes, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (Desk.SearchedAllAt + FullSearchEvery > now)
        {
            return null;
        }

        Desk = Desk with { SearchedAllAt = now };
        foreach (var lane in lanes)
        {
            if (await FromAheadAsync(lane, now, cancellation) is { } freed)
            {
                return Took(freed);
            }

            string? after = null;
            while (await OpenAsync(lane, after, LongPage, cancellation) is { Count: > 0 } page)
            {
                foreach (var open in page.Where(open => IsFor(open.Value, now)))
                {
                    if (await ClaimAsync(open, cancellation) is { } claimed)
                    {
                        return Took(claimed);
                    }
                }

                after = page[^1].Value.Rank;
            }
        }

        return null;
    }

    /// <summary>Tasks whose leases end later than any can: a clock that was ahead gave them.</summary>
    private async Task<Claimed?> FromAheadAsync(string lane, DateTimeOffset now, CancellationToken cancellation) =>
        await TakeAsync(await ExpiringIn(lane, Json.Stamp(now + Project.LongestLease + Clocks.Tolerance), null, cancellation), now, cancellation);

    private async Task<Claimed?> ClaimAsync(Stored<EvalTask> open, CancellationToken cancellation)
    {
        var key = queue.Key(project.ProjectId, open.Value.TaskId);
        if (_bars is not null && open.Value.Models is null && await IsBarredAsync(open.Value.TaskId, cancellation))
        {
            await store.CommitAsync(new Write.Replace(key, open.Value.NotFor(person.PersonId), open.ETag), cancellation);
            return null;
        }

        return await ClaimAsync(key, open.Value, open.ETag, cancellation);
    }

    /// <summary>Of a task that does not say whose responses it holds.</summary>
    private async Task<bool> IsBarredAsync(string taskId, CancellationToken cancellation) =>
        await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, taskId), cancellation) is { Value: var item }
        && _bars!([.. item.Responses.Select(response => response.Model).OfType<string>()]);

    private bool IsFor(EvalTask task, DateTimeOffset now) => task.IsFor(person.PersonId, now) && _bars?.Invoke(task.Models ?? []) != true;

    private async Task<Claimed?> ClaimAsync(DocumentKey key, EvalTask open, string etag, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (open.Claim(person.PersonId, Guid.CreateVersion7().ToString("N"), project.Guideline, now, project.Lease, project.Mode) is not { } claimed)
        {
            return null;
        }

        var result = await store.CommitAsync(new Write.Replace(key, claimed, etag), cancellation);
        (result.Succeeded ? Telemetry.Claims : Telemetry.ClaimConflicts).Add(1);
        return result.Succeeded ? new Claimed(claimed, claimed.SlotOf(person.PersonId)!) : null;
    }

    private Claimed Took(Claimed claimed)
    {
        Desk = Desk.Holding(claimed.Task.TaskId);
        return claimed;
    }
}
