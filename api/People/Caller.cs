using System.Security.Claims;
using HealthEval.Http;
using Microsoft.AspNetCore.Authentication;

namespace HealthEval.People;

/// <summary>The person behind a request, as a handler's parameter: a service of the request, since binding by a method of one's own is compiled anew for every route.</summary>
/// <param name="Session">The id of the session they came with; it is kept with what they decide.</param>
internal sealed record Caller(Person Person, string? Session = null)
{
    public string Id => Person.PersonId;

    public Reach Reach => new(Person.Active ? Person.Projects : []);

    public bool Is(string role) => Person.Is(role);

    public bool MaySee(string projectId) => Person.MaySee(projectId);

    /// <summary>Those who have a project in common with the caller. Who works for every project is shown to those who do.</summary>
    public bool Sees(Person person) => person.PersonId == Id || Reach.All || person.Projects.Any(Reach.Covers);

    /// <summary>
    /// Whom the caller may change: those who have no project that the caller hasn't. Only an admin acts on admins and leads, apart from themselves.
    /// </summary>
    public bool Manages(Person person) =>
        Sees(person) && Reach.Holds(person.Projects) && (Is(Roles.Admin) || person.PersonId == Id || !person.Roles.Any(role => role is Roles.Admin or Roles.Lead));

    /// <summary>From here on the request is this caller's.</summary>
    public AuthenticateResult Enter(HttpContext context, string scheme)
    {
        context.Features.Set(this);
        context.RequestServices.GetRequiredService<Entered>().Caller = this;
        var claims = Person.Roles.Select(role => new Claim(ClaimTypes.Role, role)).Prepend(new Claim(ClaimTypes.NameIdentifier, Id));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, scheme)), scheme));
    }
}

/// <summary>Who has entered with a request, for what is made for it.</summary>
internal sealed class Entered
{
    public Caller? Caller { get; set; }

    public static void AddTo(IServiceCollection services) => services
        .AddScoped<Entered>()
        .AddScoped(request => request.GetRequiredService<Entered>().Caller!)
        .AddScoped(request => request.GetRequiredService<Entered>().Caller?.Reach ?? Reach.None);
}

internal static class OwnProject
{
    /// <summary>Who is calling, what their role allows, and which projects are theirs, in this order.</summary>
    public static IApplicationBuilder UsePeople(this IApplicationBuilder app)
    {
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseTokenScopes();
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
