using HealthEval.Audit;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>Ends tokens of programs. One that has ended never works again, whatever its maker or its project become later.</summary>
internal sealed class Tokens(IDocumentStore store, AuditTrail trail, TimeProvider time)
{
    /// <summary>
    /// Ends what somebody made for projects that they had not before a change, or have not after it; all of it when they were or are inactive. So it ends
    /// when they are given the project again, too, should the first of the two changes have been cut off before it came to this.
    /// </summary>
    public async Task EndThoseOfAsync(Person before, Person after, string by, CancellationToken cancellation)
    {
        var made = await store.AllAsync<ApiToken>(ApiToken.MadeByQuery(before.PersonId), cancellation)
            .Where(token => !(before.MaySee(token.Value.ProjectId) && after.MaySee(token.Value.ProjectId))).ToListAsync(cancellation);
        foreach (var token in made)
        {
            await EndAsync(token, by, cancellation);
        }
    }

    /// <summary>Nothing for one that has ended.</summary>
    public async Task EndAsync(Stored<ApiToken> stored, string by, CancellationToken cancellation)
    {
        for (Stored<ApiToken>? found = stored; found is { Value.RevokedAt: null }; found = await store.FindAsync<ApiToken>(stored.Value.Key(), cancellation))
        {
            var ended = found.Value with { RevokedAt = time.GetUtcNow(), RevokedBy = by };
            if ((await store.CommitAsync(new Write.Replace(ended.Key(), ended, found.ETag), cancellation)).Succeeded)
            {
                await trail.RecordAsync(ended.ProjectId, by, AuditActions.TokenRevoked, ended.TokenId);
            }
        }
    }
}
