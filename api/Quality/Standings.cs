using HealthEval.Audit;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>Reads and changes where people stand. Every change by a lead is on the trail with the hash of its reason, which lies in the record.</summary>
internal sealed class Standings(IDocumentStore store, AuditTrail trail, TimeProvider time)
{
    private const int Attempts = 20;

    public async Task<Standing> FindAsync(string projectId, string personId, CancellationToken cancellation) =>
        (await store.FindAsync<Standing>(Standing.Key(projectId, personId), cancellation))?.Value ?? Standing.New(projectId, personId);

    public async Task<Standing> ChangeAsync(string projectId, string personId, Func<Standing, Standing> change, CancellationToken cancellation)
    {
        var key = Standing.Key(projectId, personId);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await store.FindAsync<Standing>(key, cancellation);
            var before = stored?.Value ?? Standing.New(projectId, personId);
            var after = change(before);
            if (after == before)
            {
                return before;
            }

            if ((await store.CommitAsync(stored is null ? new Write.Create(key, after) : new Write.Replace(key, after, stored.ETag), cancellation)).Succeeded)
            {
                return after;
            }
        }

        throw new IOException("The record is being changed by too many at once.");
    }

    public async Task<Standing> PauseAsync(string projectId, string personId, Pause pause, CancellationToken cancellation)
    {
        var changed = await ChangeAsync(projectId, personId, standing => standing.WithPause(pause), cancellation);
        await trail.RecordAsync(projectId, pause.By, AuditActions.RaterPaused, personId, to: $"{pause.Code}:sha256:{Sha.Of(pause.Words)[..12]}");
        return changed;
    }

    /// <summary>False when the person is not paused.</summary>
    public async Task<bool> ResumeAsync(string projectId, string personId, string by, string why, CancellationToken cancellation)
    {
        if ((await FindAsync(projectId, personId, cancellation)).Paused is not { } pause)
        {
            return false;
        }

        await ChangeAsync(projectId, personId, standing => standing.Resumed(by, why, time.GetUtcNow()), cancellation);
        await store.CommitAsync(new Write.Delete(RaterWatch.Key(projectId, personId)), cancellation); // what was seen before the pause does not fire again
        await trail.RecordAsync(projectId, by, AuditActions.RaterResumed, personId, from: pause.Code, to: $"sha256:{Sha.Of(why)[..12]}");
        return true;
    }

    public async Task AllowAsync(string projectId, string personId, Allowance allowance, CancellationToken cancellation)
    {
        await ChangeAsync(projectId, personId, standing => standing with { Allowances = [.. standing.Allowances, allowance] }, cancellation);
        await trail.RecordAsync(projectId, allowance.By, AuditActions.StepAllowed, personId, from: $"{allowance.Step}:{allowance.Kind}", to: $"sha256:{Sha.Of(allowance.Why)[..12]}");
    }

    public async Task CapAsync(string projectId, string personId, int? perDay, string by, string why, CancellationToken cancellation)
    {
        var before = (await FindAsync(projectId, personId, cancellation)).CapPerDay;
        await ChangeAsync(projectId, personId, standing => standing with { CapPerDay = perDay }, cancellation);
        await trail.RecordAsync(projectId, by, AuditActions.RaterCapped, personId, $"{before}", $"{perDay}:sha256:{Sha.Of(why)[..12]}");
    }

    /// <summary>Whom a rater can ask: leads who have the project, by name.</summary>
    public async Task<IReadOnlyList<string>> LeadsAsync(string projectId, CancellationToken cancellation) =>
    [
        .. (await store.AllAsync<Person>(Person.Everybody, cancellation).Select(person => person.Value)
            .Where(person => person.Is(Roles.Lead) && person.MaySee(projectId)).ToListAsync(cancellation)).Select(person => person.Name).Order(StringComparer.Ordinal),
    ];
}
