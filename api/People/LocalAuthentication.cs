using System.Net;
using System.Text.Encodings.Web;
using HealthEval.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace HealthEval.People;

/// <summary>Who is calling, from the session cookie.</summary>
internal sealed class LocalAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SignIn signIn)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Cookie = "healtheval_session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[Cookie] is not { Length: > 0 } token || await signIn.FindAsync(token, Context.RequestAborted) is not { } person)
        {
            return AuthenticateResult.NoResult();
        }

        var caller = new Caller(person);
        Context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(Scheme.Name), Scheme.Name));
    }
}

internal static class PeopleSetup
{
    public const string LocalMode = "Local";
    public const string PlatformMode = "Platform";

    public static IServiceCollection AddPeople(this IServiceCollection services, IConfiguration configuration)
    {
        var mode = configuration["Auth:Mode"] ?? LocalMode;
        if (mode is not (LocalMode or PlatformMode))
        {
            throw new StartupException($"Auth:Mode is '{mode}'. Allowed values: {LocalMode}, {PlatformMode}.");
        }

        services.AddSingleton<SignIn>().AddSingleton<PlatformPeople>();
        services.AddDataProtection().UseEphemeralDataProtectionProvider(); // sessions are documents; no keys are kept anywhere
        var authentication = services.AddAuthentication(mode);
        _ = mode == LocalMode
            ? authentication.AddScheme<AuthenticationSchemeOptions, LocalAuthentication>(LocalMode, null)
            : authentication.AddScheme<AuthenticationSchemeOptions, PlatformAuthentication>(PlatformMode, null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var (policy, roles) in Policies.RolesOf)
        {
            authorization.AddPolicy(policy, requirement => requirement.RequireAuthenticatedUser().RequireRole(roles));
        }

        authorization.AddPolicy(Policies.Nobody, requirement => requirement.RequireAssertion(_ => false));
        return services;
    }

    /// <summary>A route that was given no policy is closed.</summary>
    public static void CloseTheRest(this IEndpointConventionBuilder api) => api.Finally(endpoint =>
    {
        if (!endpoint.Metadata.Any(data => data is IAuthorizeData or IAllowAnonymous))
        {
            endpoint.Metadata.Add(new AuthorizeAttribute(Policies.Nobody));
        }
    });

    /// <summary>In local mode whoever can reach the port can try to sign in, so the port is this machine's alone.</summary>
    public static void RequireLoopback(IEnumerable<string> urls)
    {
        foreach (var url in urls)
        {
            var host = BindingAddress.Parse(url).Host;
            if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
            {
                throw new StartupException($"Auth:Mode = Local serves this machine only, but the address is {url}. Use http://127.0.0.1:PORT, or deploy with platform sign-in.");
            }
        }
    }
}
