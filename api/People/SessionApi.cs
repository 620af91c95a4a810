using HealthEval.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.People;

internal static class SessionApi
{
    private const string PlatformSignOut = "/.auth/logout?post_logout_redirect_uri=/";

    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapPost("/session", SignInAsync).AllowAnonymous().WithName("SignIn");
        api.MapDelete("/session", SignOutAsync).RequireAuthorization(Policies.SignedIn).WithName("SignOut");
        api.MapGet("/me", Me).RequireAuthorization(Policies.SignedIn).WithName("Me");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SignInAsync(SignInRequest request, SignIn signIn, HttpContext http)
    {
        if (await signIn.UseAsync(request.Token ?? "", http.RequestAborted) is not { } session)
        {
            return Problems.Of(401, "link_used", "This link no longer works", "A sign-in link works once, for seven days. Ask your lead for a new one.");
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

    private static async Task<NoContent> SignOutAsync(SignIn signIn, HttpContext http)
    {
        if (http.Request.Cookies[LocalAuthentication.Cookie] is { } token)
        {
            await signIn.EndAsync(token, http.RequestAborted);
        }

        http.Response.Cookies.Delete(LocalAuthentication.Cookie);
        return TypedResults.NoContent();
    }

    private static Ok<MeView> Me(Caller caller, IConfiguration configuration) => configuration["Auth:Mode"] == PeopleSetup.PlatformMode
        ? View(caller, "platform", PlatformSignOut)
        : View(caller, "local", signOut: null);

    private static Ok<MeView> View(Caller caller, string authMode, string? signOut) => TypedResults.Ok(new MeView(
        caller.Id, caller.Person.Name, caller.Person.Pseudonym, caller.Person.Roles, caller.Person.Projects, caller.Person.Credential, authMode, signOut));
}

internal sealed record SignInRequest(string? Token);

internal sealed record MeView(string PersonId, string Name, string Pseudonym, IReadOnlyList<string> Roles, IReadOnlyList<string> Projects, Credential? Credential, string AuthMode, string? SignOut);
