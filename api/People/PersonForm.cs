using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>What a lead fills in about a person.</summary>
internal sealed record PersonForm(
    string? Name, string? Email = null, IReadOnlyList<string>? Roles = null, IReadOnlyList<string>? Projects = null, Credential? Credential = null, bool Active = true)
{
    public static PersonForm Of(Person person) => new(person.Name, person.Email, person.Roles, person.Projects, person.Credential, person.Active);

    /// <param name="before">The person as they are; null for a new one. Nobody gives what they haven't, but what a person has may stay.</param>
    public Faults Check(Caller caller, Person? before)
    {
        var faults = new Faults();
        faults.Require(Name?.Trim() is { Length: > 0 and <= 200 }, "name", "Give a name of 1 to 200 characters.");
        faults.Require(Email is null || (Email.Length <= 254 && Email.Contains('@')), "email", "This is not an e-mail address.");
        CheckRoles(caller, before, faults);
        CheckProjects(caller, faults);
        CheckCredential(faults);
        return faults;
    }

    public Person ToPerson(string personId, DateTimeOffset createdAt) => new(
        personId, Name!.Trim(), string.IsNullOrWhiteSpace(Email) ? null : Email.Trim(), PseudonymOf(personId), [.. Roles!.Distinct()], [.. Projects!.Distinct()],
        Credential, Active, Simulated: false, createdAt);

    /// <summary>The person as this form has them. Whoever is set to inactive has no link and no session any more, also when they become active again.</summary>
    public Person ChangeOf(Person before) => ToPerson(before.PersonId, before.CreatedAt) with
    {
        Pseudonym = before.Pseudonym,
        Simulated = before.Simulated,
        AccountSince = before.AccountSince,
        Epoch = before.Active && !Active ? before.Epoch + 1 : before.Epoch,
    };

    public static string PseudonymOf(string personId) => "R-" + Sha.OfParts("pseudonym", personId)[..8].ToUpperInvariant();

    private void CheckRoles(Caller caller, Person? before, Faults faults)
    {
        faults.Require(Roles is { Count: > 0 }, "roles", $"Choose at least one of: {string.Join(", ", People.Roles.All)}.");
        foreach (var role in (Roles ?? []).Except(People.Roles.All))
        {
            faults.Add("roles", $"'{Short(role)}' is not a role. Choose from: {string.Join(", ", People.Roles.All)}.");
        }

        var given = (Roles ?? []).Except(before?.Roles ?? []);
        faults.Require(caller.Is(People.Roles.Admin) || !given.Any(role => role is People.Roles.Admin or People.Roles.Lead), "roles", "Only an admin can make somebody lead or admin.");
        faults.Require(Roles?.Contains(People.Roles.Customer) != true || Roles.Count == 1, "roles", "A customer has no other role: customers must not see who judged.");
    }

    private void CheckProjects(Caller caller, Faults faults)
    {
        faults.Require(Projects is not null, "projects", "Name the projects one by one, or * for all. Nothing said is not everything.");
        faults.Require(Roles?.Contains(People.Roles.Customer) != true || (Projects is { Count: > 0 } && !Projects.Contains(Reach.Everything)), "projects", "Name the projects of a customer one by one.");
        faults.Require(caller.Reach.Holds(Projects ?? []), "projects", $"You can give only projects that are yours: {string.Join(", ", caller.Reach.Projects)}.");
        faults.Require(caller.Reach.All || Projects is not { Count: 0 }, "projects", "Name at least one of your projects.");
    }

    private void CheckCredential(Faults faults)
    {
        var judges = Roles?.Any(role => role is People.Roles.Annotator or People.Roles.Adjudicator) == true;
        if (Credential is not { } credential)
        {
            faults.Require(!judges, "credential", "Somebody who judges needs a credential: degree, years of practice, sub-domains and languages.");
            return;
        }

        faults.Require(Vocabulary.Degrees.Contains(credential.Degree), "credential.degree", $"Choose one of: {string.Join(", ", Vocabulary.Degrees)}.");
        faults.Require(
            credential.Years is >= Credential.MinimumYears and <= 70, "credential.years",
            $"At least {HealthEval.People.Credential.MinimumYears} years of practice are needed (and at most 70 are believed).");
        faults.Require(credential.Subdomains is { Count: > 0 } && !credential.Subdomains.Except(Vocabulary.Subdomains).Any(), "credential.subdomains", $"Choose at least one of: {string.Join(", ", Vocabulary.Subdomains)}.");
        faults.Require(credential.Languages is { Count: > 0 } && credential.Languages.All(language => language.Length is >= 2 and <= 35), "credential.languages", "Give at least one language code such as en or es.");
        faults.Require(
            credential.Specialties is null || (credential.Specialties.Count <= 10 && credential.Specialties.All(name => name.Trim() is { Length: >= 2 and <= 40 })),
            "credential.specialties", "At most 10 names of 2 to 40 characters, such as cardiology.");
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
