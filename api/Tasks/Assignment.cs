using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>A task that a person holds.</summary>
internal sealed record Claimed(EvalTask Task, Slot Slot);

/// <summary>
/// Hands out work, keeps it and takes it back. Every change of a task is one conditional write; whoever loses a race looks again.
/// </summary>
internal sealed class Assignment(IDocumentStore store, TimeProvider time, WorkQueue queue, Interject? interject = null, Admit? admit = null)
{
    /// <summary>A task the person holds already (except those in <paramref name="holding"/>), or a fresh one; null when there is none for them now.</summary>
    public async Task<Claimed?> NextAsync(Project project, Person person, IReadOnlyCollection<string> holding, CancellationToken cancellation)
    {
        var stored = await store.FindAsync<Desk>(queue.DeskKey(project.ProjectId, person.PersonId), cancellation);
        var desk = stored?.Value ?? Desk.New(project.ProjectId, person.PersonId);
        var search = new TaskSearch(store, time, queue, project, person, desk, interject);
        var claimed = await search.ResumeAsync(holding, cancellation)
            ?? (search.Desk.Held.Count < Desk.MostHeld ? await search.FreshAsync(await AdmissionAsync(project, person, cancellation), cancellation) : null);
        if (search.Desk != desk)
        {
            await NoteAsync(new Write.Put(queue.DeskKey(project.ProjectId, person.PersonId), search.Desk), cancellation);
        }

        return claimed;
    }

    /// <summary>A desk is a memory aid: what was done before it stays done when it cannot be written.</summary>
    private async Task NoteAsync(Write write, CancellationToken cancellation)
    {
        try
        {
            await store.CommitAsync(write, cancellation);
        }
        catch (StorageUnavailableException)
        {
            // the next search finds out by itself
        }
    }

    public async Task<Slot?> RenewAsync(Project project, string taskId, string rater, string leaseId, CancellationToken cancellation) =>
        (await store.ChangeAsync(time, queue, project.ProjectId, taskId, (task, now) => task.Renew(rater, leaseId, now, project.Lease), cancellation))?.SlotOf(rater);

    /// <summary>True when the lease was there to give back.</summary>
    public async Task<bool> ReleaseAsync(Project project, string taskId, string rater, string leaseId, bool forGood, CancellationToken cancellation)
    {
        var released = await store.ChangeAsync(time, queue, project.ProjectId, taskId, (task, now) => task.Release(rater, leaseId, now, forGood), cancellation);
        await LeaveAsync(project.ProjectId, taskId, rater, cancellation);
        return released is not null;
    }

    /// <summary>Takes a lease away from whoever holds it; true when it was there.</summary>
    public async Task<bool> FreeAsync(string projectId, string taskId, string rater, CancellationToken cancellation)
    {
        var freed = await store.ChangeAsync(time, queue, projectId, taskId, (task, now) => task.Free(rater, now), cancellation);
        await LeaveAsync(projectId, taskId, rater, cancellation);
        return freed is not null;
    }

    /// <summary>Gives a task to somebody, in the place of those who hold it and have not finished; or says why that cannot be.</summary>
    public async Task<string?> AssignAsync(Project project, string taskId, Person person, bool reallyDo, CancellationToken cancellation)
    {
        var key = queue.DeskKey(project.ProjectId, person.PersonId);
        var stored = await store.FindAsync<Desk>(key, cancellation);
        var desk = stored?.Value ?? Desk.New(project.ProjectId, person.PersonId);
        var task = (await store.FindAsync<EvalTask>(queue.Key(project.ProjectId, taskId), cancellation))?.Value;
        var refusal = task is null ? "There is no such task."
            : !person.Is(Roles.Annotator) || !person.MaySee(project.ProjectId) ? "This person does not judge in this project."
            : !TaskSearch.LanesOf(person).Contains(task.PlainLane) ? "Their credential does not cover its sub-domain and language."
            : task.SlotOf(person.PersonId) is { IsFilled: true } ? "They have judged it."
            : task.Declined.Contains(person.PersonId) ? "They have declined it, or have had another part in it."
            : task.Stopped is not null ? "It is stopped. Restore it first."
            : task.Judged >= task.Overlap ? "It is judged in full. Add a judgement first."
            : !desk.Held.Contains(taskId) && desk.Held.Count >= Desk.MostHeld ? $"They hold {Desk.MostHeld} tasks, the most that one person may."
            : null;
        if (refusal is not null || !reallyDo)
        {
            return refusal;
        }

        var claimed = await store.ChangeAsync(time, queue, project.ProjectId, taskId, (found, now) =>
            found.Without(other => !other.IsFilled, now).Claim(person.PersonId, Guid.CreateVersion7().ToString("N"), project.Guideline, now, Project.LongestLease, project.Mode), cancellation);
        if (claimed is null)
        {
            return "It changed in the meantime. Look again.";
        }

        await store.CommitAsync(new Write.Put(key, desk.Holding(taskId)), cancellation);
        return null;
    }

    /// <summary>Takes a finished task off the person's desk.</summary>
    public async Task LeaveAsync(string projectId, string taskId, string rater, CancellationToken cancellation)
    {
        var key = queue.DeskKey(projectId, rater);
        if (await store.FindAsync<Desk>(key, cancellation) is { } stored && stored.Value.Held.Contains(taskId))
        {
            await NoteAsync(new Write.Replace(key, stored.Value.Without(taskId), stored.ETag), cancellation); // a lost race leaves a stale hint, which the next search drops
        }
    }

    /// <summary>What the person holds right now.</summary>
    public async Task<IReadOnlyList<HeldTask>> HeldAsync(Project project, Person person, CancellationToken cancellation)
    {
        var held = new List<HeldTask>();
        foreach (var taskId in (await store.FindAsync<Desk>(queue.DeskKey(project.ProjectId, person.PersonId), cancellation))?.Value.Held ?? [])
        {
            if ((await store.FindTaskAsync(queue, project.ProjectId, taskId, cancellation))?.Task.SlotOf(person.PersonId) is { IsFilled: false } slot)
            {
                held.Add(new HeldTask(project.ProjectId, taskId, slot.ExpiresAt));
            }
        }

        return held;
    }

    public Task<Admission> AdmissionAsync(Project project, Person person, CancellationToken cancellation) =>
        admit?.Invoke(project, person, cancellation) ?? Task.FromResult(Admission.Free);

    /// <summary>Whether a search would find something new for the person. Looks, and changes nothing.</summary>
    public async Task<bool> HasWorkAsync(Project project, Person person, Admission admission, CancellationToken cancellation) =>
        admission.OnlyAside || (admission.Closed is null && await (await SearchOfAsync(project, person, cancellation)).AnyAsync(admission, cancellation));

    /// <summary>About how many tasks wait for the person: those with room that lie before them in their lanes.</summary>
    public async Task<long> WaitingAsync(Project project, Person person, CancellationToken cancellation) =>
        await (await SearchOfAsync(project, person, cancellation)).CountAsync(cancellation);

    /// <summary>How many of the tasks that the person holds lie aside.</summary>
    public async Task<long> AsideInHandAsync(Project project, Person person, CancellationToken cancellation)
    {
        var held = 0L;
        foreach (var task in await HeldAsync(project, person, cancellation))
        {
            held += await store.FindAsync<EvalTask>(queue.Key(project.ProjectId, task.TaskId), cancellation) is null ? 1 : 0;
        }

        return held;
    }

    private async Task<TaskSearch> SearchOfAsync(Project project, Person person, CancellationToken cancellation)
    {
        var desk = (await store.FindAsync<Desk>(queue.DeskKey(project.ProjectId, person.PersonId), cancellation))?.Value ?? Desk.New(project.ProjectId, person.PersonId);
        return new TaskSearch(store, time, queue, project, person, desk);
    }
}
