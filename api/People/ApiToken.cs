using System.Security.Cryptography;
using HealthEval.Storage;

namespace HealthEval.People;

/// <summary>
/// Lets a program do a few things in one project in the place of whoever made it, for a while. Only its hash is kept, so that it is shown once.
/// </summary>
/// <param name="TokenId">What it is called where others may read it, as in the trail.</param>
/// <param name="Scopes">What it may do: of <see cref="TokenScopes.All"/>.</param>
/// <param name="MadeBy">Whose rights it has, as long as they have them.</param>
/// <param name="LastUsedAt">To the hour.</param>
/// <param name="Sha256">Of the token: the id under which the document lies.</param>
internal sealed record ApiToken(
    string TokenId, string ProjectId, string Name, IReadOnlyList<string> Scopes, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt = null,
    DateTimeOffset? RevokedAt = null, string? RevokedBy = null, string? Sha256 = null)
{
    /// <summary>So that one is recognised when it turns up in a log or a repository.</summary>
    public const string Prefix = "het_";
    public const int LongestName = 80;
    public const int MostDays = 365;

    /// <summary>In one project, those that still work.</summary>
    public const int Most = 20;

    private static readonly Partition Partition = new("_", "tokens");

    public static DocumentKey Key(string token) => KeyOf(Sha.Of(token));

    public DocumentKey Key() => KeyOf(Sha256!);

    public static DocumentQuery Of(string projectId) => new(DocumentKind.Token)
    {
        ProjectId = Partition.ProjectId,
        Scope = Partition.Scope,
        Where = [new Filter.Equal("projectId", projectId)],
        OrderBy = "madeAt",
        Descending = true,
        Top = 200,
    };

    public static DocumentQuery MadeByQuery(string personId) =>
        new(DocumentKind.Token) { ProjectId = Partition.ProjectId, Scope = Partition.Scope, Where = [new Filter.Equal("madeBy", personId)], Top = 200 };

    public static string IdOf(string token) => "k-" + Sha.OfParts("token", Sha.Of(token))[..16];

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public bool Works(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now && ExpiresAt <= now + TimeSpan.FromDays(MostDays) + Clocks.Tolerance;

    private static DocumentKey KeyOf(string sha256) => new(DocumentKind.Token, Partition, sha256);
}
