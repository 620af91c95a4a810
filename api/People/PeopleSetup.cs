using System.Net;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace HealthEval.People;

internal static class PeopleSetup
{
    public const string LocalMode = "Local";
    public const string PlatformMode = "Platform";

    /// <summary>People by the mode, programs by their token.</summary>
    private const string Either = "PersonOrProgram";

    public static IServiceCollection AddPeople(this IServiceCollection services, IConfiguration configuration)
    {
        var mode = configuration["Auth:Mode"] ?? LocalMode;
        if (mode is not (LocalMode or PlatformMode))
        {
            throw new StartupException($"Auth:Mode is '{mode}'. Allowed values: {LocalMode}, {PlatformMode}.");
        }

        services.AddSingleton<SignIn>().AddSingleton<Tokens>().AddSingleton<KnownTokens>().AddSingleton<PlatformPeople>();
        Entered.AddTo(services);
        services.AddAuthenticationCore(options => options.DefaultScheme = Either).AddWebEncoders(); // and no data protection: sessions are documents, no keys are kept anywhere
        var authentication = new AuthenticationBuilder(services)
            .AddPolicyScheme(Either, null, either => either.ForwardDefaultSelector = context => TokenAuthentication.Of(context.Request) is null ? mode : TokenAuthentication.Mode)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Mode, null);
        _ = mode == LocalMode
            ? authentication.AddScheme<AuthenticationSchemeOptions, LocalAuthentication>(LocalMode, null)
            : authentication.AddScheme<AuthenticationSchemeOptions, PlatformAuthentication>(PlatformMode, null);
        services.AddSingleton<IAuthorizationPolicyProvider, PoliciesByName>();
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

    /// <summary>
    /// In local mode whoever can reach the port can try to sign in, so the port is this machine's alone; and nobody but the platform puts the
    /// principal's header there, so without the platform there is only local mode.
    /// </summary>
    /// <param name="urls">Where the program is told to listen, or listens.</param>
    public static void RequireThisMachine(IConfiguration configuration, IEnumerable<string> urls)
    {
        if (configuration["Auth:Mode"] == PlatformMode)
        {
            throw new StartupException($"Auth:Mode = {PlatformMode} believes the headers of the platform, so it runs only behind the Functions host. On one machine use Auth:Mode = {LocalMode}.");
        }

        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        foreach (var url in urls.Concat(endpoints))
        {
            var host = BindingAddress.Parse(url).Host;
            if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
            {
                throw new StartupException(
                    $"Auth:Mode = Local serves this machine only, but the address is {url}. Use http://127.0.0.1:PORT, or deploy with platform sign-in.");
            }
        }
    }
}

/// <summary>The framework's own, except that it keeps no policy per route: to make that list, it would have every route described before the port opens.</summary>
internal sealed class PoliciesByName(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
{
    public override bool AllowsCachingPolicies => false;
}
