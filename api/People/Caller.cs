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
    /// <summary>Who is calling, what their role allows, and which projects are theirs, in this order.</summary>
    public static IApplicationBuilder UsePeople(this IApplicationBuilder app)
    {
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        return app.UseOwnProjectsOnly();
    }

    /// <summary>
    /// Every route with a {projectId} answers 404 for a project that isn't the caller's, exactly as for one that does not exist, and before
    /// anything of the request is read.
    /// </summary>
    private static IApplicationBuilder UseOwnProjectsOnly(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
            context.GetRouteValue("projectId") is string projectId && context.Features.Get<Caller>() is { } caller && !caller.MaySee(projectId)
                ? Problems.Missing("project").ExecuteAsync(context)
                : next(context));
        return app;
    }
}
