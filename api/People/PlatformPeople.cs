using System.Collections.Concurrent;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>
/// From a platform's principal to a person: the one whom a lead entered with this e-mail address, else, for somebody who was given a role on
/// the platform itself (the first admin), a person made at the first visit. Everybody else is nobody here.
/// </summary>
internal sealed class PlatformPeople(IDocumentStore store, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(20); // so long may a change of roles take
    private readonly ConcurrentDictionary<string, (Person Person, DateTimeOffset Until)> _known = new(StringComparer.OrdinalIgnoreCase);

    public async Task<Person?> FindAsync(PlatformPrincipal principal, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var key = string.Join('\n', [principal.Provider, principal.UserId, principal.Email, .. principal.Roles]);
        if (_known.TryGetValue(key, out var known) && known.Until > now)
        {
            return known.Person;
        }

        if (_known.Count > 10_000)
        {
            _known.Clear();
        }

        var person = await InvitedAsync(principal.Email, cancellation) ?? await AppointedAsync(principal, now, cancellation);
        if (person is not { Active: true })
        {
            return null; // not remembered: who is invited gets in at once
        }

        _known[key] = (person, now + Remembered);
        return person;
    }

    private async Task<Person?> InvitedAsync(string email, CancellationToken cancellation)
    {
        if (email.Length == 0)
        {
            return null;
        }

        await foreach (var person in store.AllAsync<Person>(new DocumentQuery(DocumentKind.Person) { ProjectId = Person.Partition.ProjectId, Scope = Person.Partition.Scope, Top = 500 }, cancellation))
        {
            if (string.Equals(person.Value.Email, email, StringComparison.OrdinalIgnoreCase) && !person.Value.Simulated)
            {
                return person.Value;
            }
        }

        return null;
    }

    /// <summary>Only admin and lead can be given on the platform: who judges needs a credential, and a customer needs projects, which a lead enters here.</summary>
    private async Task<Person?> AppointedAsync(PlatformPrincipal principal, DateTimeOffset now, CancellationToken cancellation)
    {
        string[] roles = [.. principal.Roles.Where(role => role is Roles.Admin or Roles.Lead)];
        if (roles.Length == 0)
        {
            return null;
        }

        var id = "u" + Sha.OfParts(principal.Provider, principal.UserId)[..24];
        var person = new Person(id, principal.Email.Length > 0 ? principal.Email : id, principal.Email.Length > 0 ? principal.Email : null, PersonForm.PseudonymOf(id), roles, ["*"], null, Active: true, Simulated: false, now);
        var created = await store.CommitAsync(new Write.Create(Person.Key(id), person), cancellation);
        return created.Succeeded ? person : (await store.FindAsync<Person>(Person.Key(id), cancellation))?.Value;
    }
}
