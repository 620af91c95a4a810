using System.Collections.Concurrent;
using HealthEval.Audit;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>Which person an account of the platform is. Written once, at the first match.</summary>
internal sealed record Account(string AccountId, string PersonId, DateTimeOffset Since)
{
    public static DocumentKey Key(string account) => new(DocumentKind.Account, Person.Partition, account);
}

/// <summary>
/// From a platform's principal to a person. An account is its provider and its id there: once it has been somebody it stays that person, whatever
/// its e-mail address or the entered people become. The address counts once, for an account that is nobody yet: it finds the person who was entered
/// with it. Who was given admin or lead on the platform itself needs no entry. Everybody else is nobody here.
/// </summary>
internal sealed class PlatformPeople(IDocumentStore store, TimeProvider time, AuditTrail trail, IConfiguration configuration)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(20); // so long may a change of roles take

    /// <summary>Looking for somebody whom no account has become means reading everybody, and a stranger's page may ask many times a second.</summary>
    private static readonly TimeSpan StrangersRemembered = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (Person? Person, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>An account that has been somebody stays that person, so that only the person is read again.</summary>
    private readonly ConcurrentDictionary<string, string> _becameOnce = new(StringComparer.Ordinal);
    private readonly string? _tenant = configuration["Auth:Tenant"] is { Length: > 0 } tenant ? tenant : null;

    public async Task<Person?> FindAsync(PlatformPrincipal principal, CancellationToken cancellation)
    {
        if (_tenant is not null && principal.Tenant is { } from && !string.Equals(from, _tenant, StringComparison.OrdinalIgnoreCase))
        {
            return null; // an account of somebody else's directory
        }

        var now = time.GetUtcNow();
        var key = string.Join('\n', [principal.Account, principal.Email, .. principal.Roles]);
        if (_known.TryGetValue(key, out var known) && known.Until > now)
        {
            return known.Person;
        }

        if (_known.Count > 10_000)
        {
            _known.Clear();
            _becameOnce.Clear();
        }

        var person = await KnownAsync(principal, cancellation) ?? await FirstVisitAsync(principal, now, cancellation);
        var somebody = person is { Active: true } ? person : null;
        if (somebody is not null)
        {
            _becameOnce[principal.Account] = somebody.PersonId;
        }

        _known[key] = (somebody, now + (somebody is null ? StrangersRemembered : Remembered));
        return somebody;
    }

    /// <summary>Somebody was entered: who was a stranger may be they, and gets in at once where this is known, elsewhere after seconds.</summary>
    public void LookAgain()
    {
        foreach (var (key, _) in _known.Where(one => one.Value.Person is null))
        {
            _known.TryRemove(key, out _);
        }
    }

    private static string AppointedId(PlatformPrincipal principal) => "u" + principal.Account[1..];

    private async Task<Person?> KnownAsync(PlatformPrincipal principal, CancellationToken cancellation)
    {
        if (!_becameOnce.TryGetValue(principal.Account, out var id))
        {
            id = (await store.FindAsync<Account>(Account.Key(principal.Account), cancellation))?.Value.PersonId ?? AppointedId(principal);
        }

        if ((await store.FindAsync<Person>(Person.Key(id), cancellation))?.Value is not { } person)
        {
            _becameOnce.TryRemove(principal.Account, out _); // forgotten; the account can become somebody else
            return null;
        }

        return person;
    }

    /// <summary>What the owner of the platform gave as admin, nobody takes away by entering the same address with less.</summary>
    private async Task<Person?> FirstVisitAsync(PlatformPrincipal principal, DateTimeOffset now, CancellationToken cancellation)
    {
        var admin = principal.Roles.Contains(Roles.Admin);
        return await InvitedAsync(principal, admin, now, cancellation) ?? await AppointedAsync(principal, now, cancellation);
    }

    /// <summary>The one entered first among those with this address whom no account has become yet; null when there is none.</summary>
    private async Task<Person?> InvitedAsync(PlatformPrincipal principal, bool asAdminOnly, DateTimeOffset now, CancellationToken cancellation)
    {
        if (principal.Email.Length == 0)
        {
            return null;
        }

        var entered = await store.AllAsync<Person>(Person.Everybody, cancellation)
            .Where(person => person.Value is { Simulated: false, AccountSince: null } && string.Equals(person.Value.Email, principal.Email, StringComparison.OrdinalIgnoreCase))
            .Where(person => !asAdminOnly || person.Value.Roles.Contains(Roles.Admin))
            .OrderByDescending(person => person.Value.Active).ThenBy(person => person.Value.CreatedAt).ThenBy(person => person.Value.PersonId, StringComparer.Ordinal)
            .FirstOrDefaultAsync(cancellation);
        if (entered is not { Value.Active: true })
        {
            return entered?.Value;
        }

        var matched = entered.Value with { AccountSince = now };
        Write[] writes =
        [
            new Write.Create(Account.Key(principal.Account), new Account(principal.Account, matched.PersonId, now)),
            new Write.Replace(Person.Key(matched.PersonId), matched, entered.ETag),
        ];
        if (!(await store.CommitAsync(writes, cancellation)).Succeeded)
        {
            return await KnownAsync(principal, cancellation); // another request of theirs was first
        }

        await trail.RecordAsync(matched, matched.PersonId, AuditActions.AccountMatched, to: principal.Account);
        return matched;
    }

    /// <summary>Only admin and lead can be given on the platform: who judges needs a credential, and a customer needs projects, which a lead enters here.</summary>
    private async Task<Person?> AppointedAsync(PlatformPrincipal principal, DateTimeOffset now, CancellationToken cancellation)
    {
        string[] roles = [.. principal.Roles.Where(role => role is Roles.Admin or Roles.Lead)];
        if (roles.Length == 0)
        {
            return null;
        }

        var (id, email) = (AppointedId(principal), principal.Email.Length > 0 ? principal.Email : null);
        var person = new Person(id, email ?? id, email, PersonForm.PseudonymOf(id), roles, ["*"], null, Active: true, Simulated: false, now, AccountSince: now);
        if (!(await store.CommitAsync(new Write.Create(Person.Key(id), person), cancellation)).Succeeded)
        {
            return (await store.FindAsync<Person>(Person.Key(id), cancellation))?.Value;
        }

        await trail.RecordAsync(person, id, AuditActions.PersonAdded, to: $"roles={string.Join(',', roles)}");
        return person;
    }
}
