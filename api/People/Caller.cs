using System.Security.Claims;
using HealthEval.Http;

namespace HealthEval.People;

/// <summary>The person behind a request, as a handler's parameter.</summary>
internal sealed record Caller(Person Person)
{
    public string Id => Person.PersonId;

    public bool Is(string role) => Person.Is(role);

    public bool MaySee(string projectId) => Person.MaySee(projectId);

    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());

    public ClaimsPrincipal ToPrincipal(string scheme) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Id), .. Person.Roles.Select(role => new Claim(ClaimTypes.Role, role))], scheme));
}

internal static class OwnProject
{
    /// <summary>Routes of the group answer 404 for a project that isn't the caller's, exactly as for one that does not exist.</summary>
    public static RouteGroupBuilder OfOwnProject(this RouteGroupBuilder group) => group.AddEndpointFilter(async (invocation, next) =>
        invocation.HttpContext is var http && http.GetRouteValue("projectId") is string projectId && http.Features.Get<Caller>()?.MaySee(projectId) != true
            ? Problems.Missing("project")
            : await next(invocation));
}
