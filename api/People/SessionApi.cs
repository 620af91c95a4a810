using System.Text.Json.Serialization;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.People;

internal static class SessionApi
{
    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapGet("/session", Ways).AllowAnonymous().WithName("WaysToSignIn").Reaches(RouteScope.Nothing);
        api.MapPost("/session", SignInAsync).AllowAnonymous().WithName("SignIn").Reaches(RouteScope.Own);
        api.MapDelete("/session", SignOutAsync).RequireAuthorization(Policies.SignedIn).WithName("SignOut").Reaches(RouteScope.Own);
        api.MapGet("/me", MeAsync).RequireAuthorization(Policies.SignedIn).WithName("Me").Reaches(RouteScope.Own);
    }

    private static Ok<SignInWays> Ways(IConfiguration configuration) => TypedResults.Ok(SignInWays.Of(configuration));

    private static async Task<Results<NoContent, ProblemHttpResult>> SignInAsync(
        SignInRequest request, SignIn signIn, LinkGuesses guesses, IConfiguration configuration, HttpContext http)
    {
        if (SignInWays.Of(configuration).ByAccount)
        {
            return SignInWays.NoLinks();
        }

        if (!guesses.MayTry(http))
        {
            return RateLimits.TooMany(http);
        }

        if (await signIn.UseAsync(request.Token ?? "", http.RequestAborted) is not { } session)
        {
            guesses.Failed(http);
            return Problems.Of(401, "link_used", "This link no longer works", "A sign-in link works once, until it expires. Ask your lead for a new one.");
        }

        http.Response.Cookies.Append(LocalAuthentication.Cookie, session, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            MaxAge = Session.Lifetime,
            IsEssential = true,
        });
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> SignOutAsync(Caller caller, SignIn signIn, HttpContext http)
    {
        http.Response.Cookies.Delete(LocalAuthentication.Cookie);
        if (http.Request.Cookies[LocalAuthentication.Cookie] is { } token)
        {
            await signIn.EndAsync(token, caller.Person, http.RequestAborted);
        }

        return TypedResults.NoContent();
    }

    private static async Task<Ok<MeView>> MeAsync(Caller caller, IConfiguration configuration, IDocumentStore store, CancellationToken cancellation)
    {
        var ways = SignInWays.Of(configuration);
        var links = ways.ByAccount ? [] : await LinkView.OfAsync(caller.Id, store, cancellation);
        return TypedResults.Ok(new MeView(
            caller.Id, caller.Person.Name, caller.Person.Pseudonym, caller.Person.Roles, caller.Person.Projects, caller.Person.Credential, ways.AuthMode, ways.SignOut, links));
    }
}

/// <param name="SignIn">Where the platform signs people in; null where one-time links do.</param>
internal sealed record SignInWays(string AuthMode, string? SignIn, string? SignOut)
{
    private static readonly SignInWays Platform = new("platform", "/.auth/login/aad?post_login_redirect_uri=/", "/.auth/logout?post_logout_redirect_uri=/");
    private static readonly SignInWays Local = new("local", null, null);

    [JsonIgnore]
    public bool ByAccount => SignIn is not null;

    public static SignInWays Of(IConfiguration configuration) => configuration["Auth:Mode"] == PeopleSetup.PlatformMode ? Platform : Local;

    public static ProblemHttpResult NoLinks() =>
        Problems.Conflict("no_links", "There are no sign-in links here", "People sign in with their own account. Enter the e-mail address they sign in with under People, and give them the address of this site.");
}

internal sealed record SignInRequest(string? Token);

/// <param name="Links">Sign-in links that were made for this person lately, and whether somebody came in with them.</param>
internal sealed record MeView(
    string PersonId, string Name, string Pseudonym, IReadOnlyList<string> Roles, IReadOnlyList<string> Projects, Credential? Credential, string AuthMode, string? SignOut,
    IReadOnlyList<LinkView> Links);
