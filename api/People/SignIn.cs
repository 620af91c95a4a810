using System.Security.Cryptography;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>A one-time link: only the hash of its token is kept.</summary>
internal sealed record Invite(string PersonId, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public static DocumentKey Key(string token) => new(DocumentKind.Invite, new Partition("_", "invites"), Sha.Of(token));
}

/// <summary>A signed-in browser: only the hash of its cookie is kept.</summary>
internal sealed record Session(string PersonId, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    public static DocumentKey Key(string token) => new(DocumentKind.Session, new Partition("_", "sessions"), Sha.Of(token));
}

/// <summary>One-time links in, sessions out (local mode).</summary>
internal sealed class SignIn(IDocumentStore store, TimeProvider time)
{
    /// <summary>A fresh token for the person; earlier unused links stay valid until they expire.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> InviteAsync(string personId, CancellationToken cancellation)
    {
        var token = NewToken();
        var invite = new Invite(personId, time.GetUtcNow() + Invite.Lifetime, UsedAt: null);
        await store.CommitAsync(new Write.Create(Invite.Key(token), invite), cancellation);
        return (token, invite.ExpiresAt);
    }

    /// <summary>Exchanges a link's token for a session token; null when the link is unknown, used up or expired.</summary>
    public async Task<string?> UseAsync(string token, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await store.FindAsync<Invite>(Invite.Key(token), cancellation) is not { Value: { UsedAt: null } invite } stored || invite.ExpiresAt <= now)
        {
            return null;
        }

        var used = await store.CommitAsync(new Write.Replace(Invite.Key(token), invite with { UsedAt = now }, stored.ETag), cancellation);
        if (!used.Succeeded)
        {
            return null; // the other of two clicks was first
        }

        var session = NewToken();
        await store.CommitAsync(new Write.Create(Session.Key(session), new Session(invite.PersonId, now + Session.Lifetime)), cancellation);
        return session;
    }

    public async Task<Person?> FindAsync(string sessionToken, CancellationToken cancellation) =>
        await store.FindAsync<Session>(Session.Key(sessionToken), cancellation) is { Value: var session } && session.ExpiresAt > time.GetUtcNow()
            && await store.FindAsync<Person>(Person.Key(session.PersonId), cancellation) is { Value: { Active: true } person }
            ? person
            : null;

    public Task EndAsync(string sessionToken, CancellationToken cancellation) =>
        store.CommitAsync(new Write.Delete(Session.Key(sessionToken)), cancellation);

    private static string NewToken() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)).Replace('+', '-').Replace('/', '_');
}
