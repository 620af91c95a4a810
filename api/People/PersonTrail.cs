using HealthEval.Audit;

namespace HealthEval.People;

internal static class PersonTrail
{
    /// <summary>What happens to a person is on record in the chain of each of their projects; of those with every project, or none, in the platform's own.</summary>
    /// <param name="also">Projects that they have no longer.</param>
    public static Task RecordAsync(
        this AuditTrail trail, Person person, string by, string action, string? from = null, string? to = null, IReadOnlyList<string>? also = null)
    {
        var chains = person.Projects.Concat(also ?? []).Select(project => project == "*" ? AuditTrail.Platform : project).Distinct().ToList();
        return Task.WhenAll(chains.DefaultIfEmpty(AuditTrail.Platform).Select(chain => trail.RecordAsync(chain, by, action, person.PersonId, from, to)));
    }
}
