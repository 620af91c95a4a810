using HealthEval.Storage;

namespace HealthEval.People;

internal static class Roles
{
    public const string Annotator = "annotator";
    public const string Adjudicator = "adjudicator";
    public const string Lead = "lead";
    public const string Customer = "customer";
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [Annotator, Adjudicator, Lead, Customer, Admin];
}

/// <summary>Somebody who signs in. <see cref="Pseudonym"/> is the only name that leaves the platform.</summary>
/// <param name="Projects">Project ids this person may work with; "*" for all.</param>
/// <param name="Epoch">Counts how often all of the person's links and sessions were ended; those of an earlier epoch are void, whatever happens to the person later.</param>
/// <param name="AccountSince">Since when an account of the platform is this person; their e-mail address then matches no other account.</param>
internal sealed record Person(
    string PersonId,
    string Name,
    string? Email,
    string Pseudonym,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Projects,
    Credential? Credential,
    bool Active,
    bool Simulated,
    DateTimeOffset CreatedAt,
    int Epoch = 0,
    DateTimeOffset? AccountSince = null)
{
    public static readonly Partition Partition = new("_", "people");

    public static DocumentKey Key(string personId) => new(DocumentKind.Person, Partition, personId);

    public static DocumentQuery Everybody => new(DocumentKind.Person) { ProjectId = Partition.ProjectId, Scope = Partition.Scope, Top = 500 };

    public bool Is(string role) => Active && Roles.Contains(role);

    public bool MaySee(string projectId) => Active && (Projects.Contains("*") || Projects.Contains(projectId));
}

/// <summary>A licence to judge: profession, years of practice, and for what.</summary>
/// <param name="Specialties">Such as cardiology: items of these come to the person first, where a project asks for it.</param>
internal sealed record Credential(string Degree, int Years, IReadOnlyList<string> Subdomains, IReadOnlyList<string> Languages, IReadOnlyList<string>? Specialties = null)
{
    public const int MinimumYears = 5;

    public bool Covers(string subdomain, string language) =>
        Years >= MinimumYears && Subdomains.Contains(subdomain) && Languages.Contains(language, StringComparer.OrdinalIgnoreCase);
}
