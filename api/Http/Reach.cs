namespace HealthEval.Http;

/// <summary>The projects that a request may touch, whoever makes it: named ones, or "*" for all. A handler's parameter.</summary>
internal sealed record Reach(IReadOnlyList<string> Projects)
{
    public const string Everything = "*";

    public static readonly Reach None = new([]);

    public bool All => Projects.Contains(Everything);

    public bool Covers(string projectId) => All || (projectId != Everything && Projects.Contains(projectId));

    /// <summary>Whether there is nothing among these that the caller hasn't.</summary>
    public bool Holds(IEnumerable<string> projects) => projects.All(Covers);
}

/// <summary>Whose objects a route shows or changes. Every route has one, in the approved table; a test walks each kind.</summary>
internal sealed record RouteScope(string Name)
{
    /// <summary>The project in the address is the caller's, or as good as missing.</summary>
    public const string Project = "project";

    /// <summary>Projects are listed, or named in the body: those of the caller.</summary>
    public const string Projects = "projects";

    /// <summary>People who have a project in common with the caller; changes only to those who have no other.</summary>
    public const string People = "people";

    /// <summary>The default guideline, and those that the caller's projects have or use.</summary>
    public const string Guidelines = "guidelines";

    /// <summary>The caller's own work and session.</summary>
    public const string Own = "own";

    /// <summary>Nothing of anybody.</summary>
    public const string Nothing = "nothing";
}

/// <summary>What a token must have been made for to use a route; a route without it is closed to tokens.</summary>
internal sealed record TokenScope(string Name)
{
    public const string BatchesWrite = "batches:write";
    public const string BatchesRead = "batches:read";
    public const string ReportsRead = "reports:read";
    public const string ReportsCompile = "reports:compile";
    public const string ExportsRead = "exports:read";
}

internal static class RouteScopes
{
    public static TBuilder Reaches<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteScope(scope));

    /// <summary>Opens the route to tokens of this scope.</summary>
    public static TBuilder ForTokens<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new TokenScope(scope));
}
