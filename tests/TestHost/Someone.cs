using HealthEval.Guidelines;
using HealthEval.People;

namespace HealthEval.Tests.TestHost;

internal static class Someone
{
    private static int _number;

    /// <summary>Every project that tests call by these names, and not the neighbour's.</summary>
    private static readonly string[] Usual = ["p1", "p2", "mine", "theirs", "empty", "nothing", "race", "samples", "bench"];

    /// <summary>A person with this role who may work with these projects; when none is named, an admin with all, everybody else with the usual ones.</summary>
    public static Person With(string role, params string[] projects)
    {
        var id = $"{role}-{Interlocked.Increment(ref _number)}";
        return new Person(
            id, $"{role} {id}", null, PersonForm.PseudonymOf(id), [role],
            projects.Length > 0 ? projects : role == Roles.Admin ? ["*"] : Usual,
            role is Roles.Annotator or Roles.Adjudicator ? new Credential("MD", 8, Vocabulary.Subdomains, ["en"]) : null, Active: true, Simulated: false, DateTimeOffset.UnixEpoch);
    }
}
