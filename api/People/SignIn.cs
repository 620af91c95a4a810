using System.Security.Cryptography;
using HealthEval.Audit;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>A one-time link: only the hash of its token is kept.</summary>
/// <param name="By">Who made it: a person's id, or null for the program itself when it was started.</param>
/// <param name="Epoch">Of the person, when it was made.</param>
internal sealed record Invite(string PersonId, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, string? By = null, DateTimeOffset? MadeAt = null, int Epoch = 0)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Of links printed on a terminal, whose scrollback others may read.</summary>
    public static readonly TimeSpan PrintedLifetime = TimeSpan.FromHours(1);

    public static DocumentKey Key(string token) => new(DocumentKind.Invite, new Partition("_", "invites"), Sha.Of(token));

    public static DocumentQuery Of(string personId) =>
        new(DocumentKind.Invite) { ProjectId = "_", Scope = "invites", Where = [new Filter.Equal("personId", personId)] };
}

/// <summary>A signed-in browser: only the hash of its cookie is kept.</summary>
/// <param name="LinkBy">Who made the link it began with.</param>
internal sealed record Session(
    string PersonId, DateTimeOffset ExpiresAt, DateTimeOffset? StartedAt = null, DateTimeOffset? LastSeenAt = null, string? LinkBy = null, DateTimeOffset? LinkMadeAt = null, int Epoch = 0)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private static readonly Partition Partition = new("_", "sessions");

    public static DocumentKey Key(string token) => new(DocumentKind.Session, Partition, Sha.Of(token));

    /// <summary>What a session is called where others may read it.</summary>
    public static string IdOf(string token) => "s" + Sha.OfParts("session", Sha.Of(token))[..16];

    public static DocumentQuery Of(string personId) => new(DocumentKind.Session) { ProjectId = "_", Scope = Partition.Scope, Where = [new Filter.Equal("personId", personId)] };
}

/// <summary>One-time links in, sessions out (local mode).</summary>
internal sealed class SignIn(IDocumentStore store, TimeProvider time, AuditTrail trail, IConfiguration configuration)
{
    public const string IdleSetting = "Auth:IdleTimeout";

    /// <summary>
    /// After so long without a request a session is over. Longer than a weekend: the way back in is a new link, which an admin has to make.
    /// </summary>
    private readonly TimeSpan _idle = configuration.Period(IdleSetting) ?? TimeSpan.FromDays(3);

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _ended = new();

    /// <summary>A fresh token for the person; earlier unused links stay valid until they expire.</summary>
    /// <param name="by">Who makes it; null for the program itself.</param>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> InviteAsync(Person person, string? by, TimeSpan lifetime, CancellationToken cancellation)
    {
        var (token, now) = (NewToken(), time.GetUtcNow());
        var invite = new Invite(person.PersonId, now + lifetime, UsedAt: null, by, now, person.Epoch);
        await trail.RecordAsync(person, by ?? AuditTrail.CommandLine, AuditActions.LinkMade);
        await store.CommitAsync(new Write.Create(Invite.Key(token), invite), cancellation);
        return (token, invite.ExpiresAt);
    }

    /// <summary>Exchanges a link's token for a session token; null when the link is unknown, used up, expired, or from before all were ended.</summary>
    public async Task<string?> UseAsync(string token, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await store.FindAsync<Invite>(Invite.Key(token), cancellation) is not { } stored
            || await store.FindAsync<Person>(Person.Key(stored.Value.PersonId), cancellation) is not { Value: var person })
        {
            return null;
        }

        var invite = stored.Value;
        if (invite.UsedAt is not null || invite.ExpiresAt <= now || invite.Epoch != person.Epoch || !person.Active)
        {
            await trail.RecordAsync(person, "nobody", AuditActions.LinkRefused, to: invite.UsedAt is not null ? "used-before" : "expired");
            return null;
        }

        var used = await store.CommitAsync(new Write.Replace(Invite.Key(token), invite with { UsedAt = now }, stored.ETag), cancellation);
        if (!used.Succeeded)
        {
            return null; // the other of two clicks was first
        }

        var session = NewToken();
        var begun = new Session(person.PersonId, now + Session.Lifetime, now, now, invite.By, invite.MadeAt, person.Epoch);
        await store.CommitAsync(new Write.Create(Session.Key(session), begun), cancellation);
        await trail.RecordAsync(person, person.PersonId, AuditActions.SignedIn, from: invite.By ?? AuditTrail.CommandLine, to: Session.IdOf(session));
        return session;
    }

    public async Task<Caller?> FindAsync(string sessionToken, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var key = Session.Key(sessionToken);
        if (_ended.ContainsKey(Session.IdOf(sessionToken))
            || await store.FindAsync<Session>(key, cancellation) is not { Value: var session } stored
            || await store.FindAsync<Person>(Person.Key(session.PersonId), cancellation) is not { Value: { Active: true } person }
            || !IsOpen(session, person, now))
        {
            return null;
        }

        if (session.LastSeenAt is null || session.LastSeenAt + (_idle / 50) <= now) // not a write for every request
        {
            await NoteAsync(new Write.Replace(key, session with { LastSeenAt = now }, stored.ETag), cancellation);
        }

        return new Caller(person, Session.IdOf(sessionToken));
    }

    /// <summary>Those that would be let in now, the last used first.</summary>
    /// <param name="here">The cookie of whoever asks.</param>
    public async Task<IReadOnlyList<SessionView>> SessionsAsync(Person person, string? here, CancellationToken cancellation)
    {
        var (now, own) = (time.GetUtcNow(), here is null ? null : await store.FindAsync<Session>(Session.Key(here), cancellation));
        var open = await store.AllAsync<Session>(Session.Of(person.PersonId), cancellation)
            .Where(session => person.Active && IsOpen(session.Value, person, now))
            .Select(session => new SessionView(session.Value.StartedAt, session.Value.LastSeenAt, session.Value.ExpiresAt, session.Value.LinkBy, session.ETag == own?.ETag))
            .ToListAsync(cancellation);
        return [.. open.OrderByDescending(session => session.LastSeenAt)];
    }

    private bool IsOpen(Session session, Person person, DateTimeOffset now) =>
        session.ExpiresAt > now && session.ExpiresAt <= now + Session.Lifetime + Clocks.Tolerance && !(session.LastSeenAt is { } seen && seen + _idle <= now)
        && session.Epoch == person.Epoch;

    /// <summary>When somebody was last seen is worth a write, but no request fails for it.</summary>
    private async Task NoteAsync(Write write, CancellationToken cancellation)
    {
        try
        {
            await store.CommitAsync(write, cancellation);
        }
        catch (StorageUnavailableException)
        {
            // the next request notes it
        }
    }

    /// <summary>From now on the session is over, also when the store cannot be told: then this program remembers it.</summary>
    public async Task EndAsync(string sessionToken, Person person, CancellationToken cancellation)
    {
        _ended[Session.IdOf(sessionToken)] = true;
        try
        {
            await store.CommitAsync(new Write.Delete(Session.Key(sessionToken)), cancellation);
        }
        catch (StorageUnavailableException)
        {
            return;
        }

        _ended.TryRemove(Session.IdOf(sessionToken), out _);
        await trail.RecordAsync(person, person.PersonId, AuditActions.SignedOut, from: Session.IdOf(sessionToken));
    }

    /// <summary>Voids every link and session of the person at once, known or not.</summary>
    public async Task EndAllAsync(string personId, string by, CancellationToken cancellation)
    {
        while (await store.FindAsync<Person>(Person.Key(personId), cancellation) is { } stored)
        {
            var ended = stored.Value with { Epoch = stored.Value.Epoch + 1 };
            if ((await store.CommitAsync(new Write.Replace(Person.Key(personId), ended, stored.ETag), cancellation)).Succeeded)
            {
                await trail.RecordAsync(ended, by, AuditActions.AllSignedOut);
                return;
            }
        }
    }

    private static string NewToken() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)).Replace('+', '-').Replace('/', '_');
}
