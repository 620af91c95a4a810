using HealthEval.Guidelines;
using HealthEval.People;

namespace HealthEval.Tests.TestHost;

internal static class Someone
{
    private static int _number;

    /// <summary>A person with this role who may work with these projects (all, when none is named).</summary>
    public static Person With(string role, params string[] projects)
    {
        var id = $"{role}-{Interlocked.Increment(ref _number)}";
        return new Person(
            id, $"{role} {id}", null, PersonForm.PseudonymOf(id), [role], projects.Length == 0 ? ["*"] : projects,
            role is Roles.Annotator or Roles.Adjudicator ? new Credential("MD", 8, Vocabulary.Subdomains, ["en"]) : null, Active: true, Simulated: false, DateTimeOffset.UnixEpoch);
    }
}
