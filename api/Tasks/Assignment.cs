using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>A task that a person holds.</summary>
internal sealed record Claimed(EvalTask Task, Slot Slot);

/// <summary>
/// Hands out work. Every change of a task is one conditional write; whoever loses a race looks again. What a lane costs to search doesn't
/// depend on how many tasks it has, nor on how many this person has done: the search begins behind the person's cursor.
/// </summary>
internal sealed class Assignment(IDocumentStore store, TimeProvider time)
{
    private const int Candidates = 24;
    private const int Attempts = 40;
    private static readonly TimeSpan FullSearchEvery = TimeSpan.FromMinutes(1);

    /// <summary>A task the person holds already (except those in <paramref name="holding"/>), or a fresh one; null when there is none for them now.</summary>
    public async Task<Claimed?> NextAsync(Project project, Person person, IReadOnlyCollection<string> holding, CancellationToken cancellation)
    {
        var stored = await store.FindAsync<Desk>(Desk.Key(project.ProjectId, person.PersonId), cancellation);
        var desk = stored?.Value ?? Desk.New(project.ProjectId, person.PersonId);
        var search = new Search(this, project, person, desk);
        var claimed = await search.ResumeAsync(holding, cancellation)
            ?? (search.Desk.Held.Count < Desk.MostHeld ? await search.FreshAsync(cancellation) : null);
        if (search.Desk != desk)
        {
            await store.CommitAsync(new Write.Put(Desk.Key(project.ProjectId, person.PersonId), search.Desk), cancellation);
        }

        return claimed;
    }

    public async Task<Slot?> RenewAsync(Project project, string taskId, string rater, string leaseId, CancellationToken cancellation) =>
        (await ChangeAsync(project.ProjectId, taskId, (task, now) => task.Renew(rater, leaseId, now, project.Lease), cancellation))?.SlotOf(rater);

    /// <summary>True when the lease was there to give back.</summary>
    public async Task<bool> ReleaseAsync(Project project, string taskId, string rater, string leaseId, bool forGood, CancellationToken cancellation)
    {
        var released = await ChangeAsync(project.ProjectId, taskId, (task, now) => task.Release(rater, leaseId, now, forGood), cancellation);
        await LeaveAsync(project.ProjectId, taskId, rater, cancellation);
        return released is not null;
    }

    /// <summary>Takes a finished task off the person's desk.</summary>
    public async Task LeaveAsync(string projectId, string taskId, string rater, CancellationToken cancellation)
    {
        var key = Desk.Key(projectId, rater);
        if (await store.FindAsync<Desk>(key, cancellation) is { } stored && stored.Value.Held.Contains(taskId))
        {
            await store.CommitAsync(new Write.Replace(key, stored.Value.Without(taskId), stored.ETag), cancellation); // a lost race leaves a stale hint, which the next search drops
        }
    }

    /// <summary>What the person holds right now.</summary>
    public async Task<IReadOnlyList<HeldTask>> HeldAsync(Project project, Person person, CancellationToken cancellation)
    {
        var held = new List<HeldTask>();
        foreach (var taskId in (await store.FindAsync<Desk>(Desk.Key(project.ProjectId, person.PersonId), cancellation))?.Value.Held ?? [])
        {
            if ((await store.FindAsync<EvalTask>(EvalTask.Key(project.ProjectId, taskId), cancellation))?.Value.SlotOf(person.PersonId) is { IsFilled: false } slot)
            {
                held.Add(new HeldTask(project.ProjectId, taskId, slot.ExpiresAt));
            }
        }

        return held;
    }

    /// <summary>Whether a search would find something new for the person. Looks, and changes nothing.</summary>
    public async Task<bool> HasWorkAsync(Project project, Person person, CancellationToken cancellation)
    {
        var desk = (await store.FindAsync<Desk>(Desk.Key(project.ProjectId, person.PersonId), cancellation))?.Value ?? Desk.New(project.ProjectId, person.PersonId);
        return await new Search(this, project, person, desk).AnyAsync(cancellation);
    }

    /// <summary>Reads a task, applies a rule and writes the result if nobody else wrote in between; null when the rule says no.</summary>
    private async Task<EvalTask?> ChangeAsync(string projectId, string taskId, Func<EvalTask, DateTimeOffset, EvalTask?> rule, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is not { } stored || rule(stored.Value, time.GetUtcNow()) is not { } changed)
            {
                return null;
            }

            if ((await store.CommitAsync(new Write.Replace(EvalTask.Key(projectId, taskId), changed, stored.ETag), cancellation)).Succeeded)
            {
                return changed;
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }

    private sealed class Search(Assignment owner, Project project, Person person, Desk desk)
    {
        private readonly IDocumentStore _store = owner.Store;

        public Desk Desk { get; private set; } = desk;

        public async Task<Claimed?> ResumeAsync(IReadOnlyCollection<string> holding, CancellationToken cancellation)
        {
            foreach (var taskId in Desk.Held.Where(taskId => !holding.Contains(taskId)).ToList())
            {
                var slot = (await _store.FindAsync<EvalTask>(EvalTask.Key(project.ProjectId, taskId), cancellation))?.Value.SlotOf(person.PersonId);
                if (slot is { IsFilled: false }
                    && await owner.ChangeAsync(project.ProjectId, taskId, (task, now) => task.Renew(person.PersonId, slot.LeaseId, now, project.Lease), cancellation) is { } renewed)
                {
                    return new Claimed(renewed, renewed.SlotOf(person.PersonId)!);
                }

                Desk = Desk.Without(taskId); // judged, given back, or expired and taken by somebody else
            }

            return null;
        }

        public async Task<Claimed?> FreshAsync(CancellationToken cancellation)
        {
            var lanes = Lanes();
            for (var i = 0; i < lanes.Count; i++) // beginning with another lane each time, so that no sub-domain waits for the others
            {
                var lane = lanes[(int)((Desk.Served + i) % lanes.Count)];
                if (await BehindCursorAsync(lane, cancellation) is { } claimed || (claimed = await ExpiredAsync(lane, cancellation)) is not null)
                {
                    return Took(claimed);
                }
            }

            return await SearchAllAsync(lanes, cancellation);
        }

        public async Task<bool> AnyAsync(CancellationToken cancellation)
        {
            var now = owner.Time.GetUtcNow();
            foreach (var lane in Lanes())
            {
                if ((await OpenAsync(lane, Desk.Cursor(lane), Candidates, cancellation)).Concat(await ExpiredIn(lane, now, cancellation)).Any(task => task.Value.IsFor(person.PersonId, now)))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>The lanes that the person's credential covers.</summary>
        private List<string> Lanes() => person.Credential is not { Years: >= Credential.MinimumYears } credential ? [] :
            [.. from subdomain in credential.Subdomains
                from language in credential.Languages.Select(EvalTask.PrimaryLanguage).Distinct()
                select EvalTask.LaneOf(subdomain, language)];

        private async Task<Claimed?> BehindCursorAsync(string lane, CancellationToken cancellation)
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var page = await OpenAsync(lane, Desk.Cursor(lane), Candidates, cancellation);
                var now = owner.Time.GetUtcNow();
                var passed = page.TakeWhile(open => !open.Value.IsFor(person.PersonId, now)).ToList();
                if (passed.Count > 0)
                {
                    Desk = Desk.Advanced(lane, passed[^1].Value.Rank); // not for this person, now or later: when one of them becomes free again it gets a new rank
                }

                var fitting = page.Skip(passed.Count).Where(open => open.Value.IsFor(person.PersonId, now)).ToList();
                if (fitting.Count == 0 && page.Count < Candidates)
                {
                    return null;
                }

                if (fitting.Count > 0 && await ClaimAsync(Pick(fitting, attempt), cancellation) is { } claimed)
                {
                    return claimed;
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
            var now = owner.Time.GetUtcNow();
            foreach (var candidate in await ExpiredIn(lane, now, cancellation))
            {
                if (candidate.Value.IsFor(person.PersonId, now) && await ClaimAsync(candidate, cancellation) is { } claimed)
                {
                    return claimed;
                }

                await _store.CommitAsync(new Write.Replace(EvalTask.Key(project.ProjectId, candidate.Value.TaskId), candidate.Value.Reopened(now), candidate.ETag), cancellation);
            }

            return null;
        }

        /// <summary>From the very beginning, at most once a minute: should a clock have been wrong, nothing stays hidden behind a cursor.</summary>
        private async Task<Claimed?> SearchAllAsync(List<string> lanes, CancellationToken cancellation)
        {
            var now = owner.Time.GetUtcNow();
            if (Desk.SearchedAllAt + FullSearchEvery > now)
            {
                return null;
            }

            Desk = Desk with { SearchedAllAt = now };
            foreach (var lane in lanes)
            {
                string? after = null;
                while (await OpenAsync(lane, after, 200, cancellation) is { Count: > 0 } page)
                {
                    foreach (var open in page.Where(open => open.Value.IsFor(person.PersonId, now)))
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

        private async Task<IReadOnlyList<Stored<EvalTask>>> ExpiredIn(string lane, DateTimeOffset now, CancellationToken cancellation)
        {
            var query = new DocumentQuery(DocumentKind.Task)
            {
                ProjectId = project.ProjectId,
                Where = [new Filter.Equal("lane", lane), new Filter.Range("nextExpiry", null, Json.Stamp(now))],
                OrderBy = "nextExpiry",
                Top = Candidates,
            };
            return (await _store.QueryAsync<EvalTask>(query, continuation: null, cancellation)).Documents;
        }

        private async Task<IReadOnlyList<Stored<EvalTask>>> OpenAsync(string lane, string? after, int top, CancellationToken cancellation)
        {
            var query = new DocumentQuery(DocumentKind.Task)
            {
                ProjectId = project.ProjectId,
                Where = [new Filter.Equal("lane", lane), new Filter.Range("openRank", after is null ? "" : after + "~", null)], // '~' sorts behind every rank that begins alike
                OrderBy = "openRank",
                Top = top,
            };
            return (await _store.QueryAsync<EvalTask>(query, continuation: null, cancellation)).Documents;
        }

        private async Task<Claimed?> ClaimAsync(Stored<EvalTask> open, CancellationToken cancellation)
        {
            var now = owner.Time.GetUtcNow();
            if (open.Value.Claim(person.PersonId, Guid.CreateVersion7().ToString("N"), project.Guideline, now, project.Lease) is not { } claimed)
            {
                return null;
            }

            var result = await _store.CommitAsync(new Write.Replace(EvalTask.Key(claimed.ProjectId, claimed.TaskId), claimed, open.ETag), cancellation);
            return result.Succeeded ? new Claimed(claimed, claimed.SlotOf(person.PersonId)!) : null;
        }

        private Claimed Took(Claimed claimed)
        {
            Desk = Desk.Holding(claimed.Task.TaskId);
            return claimed;
        }
    }

    private IDocumentStore Store => store;

    private TimeProvider Time => time;
}
