using System.Reflection;
using System.Runtime.CompilerServices;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Architecture;

/// <summary>The one approved page of everything that can be reached from outside.</summary>
public sealed class RouteTableTests
{
    [Fact]
    public async Task The_routes_are_those_of_the_approved_page()
    {
        await using var app = await TestApp.StartAsync();
        var table = string.Join('\n', Routes(app).Select(route => route.ToString())) + "\n";
        var approved = Path.Combine(Folder(), "RouteTable.verified.txt");
        if (table != File.ReadAllText(approved))
        {
            await File.WriteAllTextAsync(Path.Combine(Folder(), "RouteTable.received.txt"), table);
            Assert.Fail($"The routes have changed. Compare RouteTable.received.txt with {approved}, and rename it over the approved page if the change is meant.\n{table}");
        }
    }

    [Fact]
    public async Task The_code_of_every_route_can_be_made_although_none_is_made_at_the_start()
    {
        await using var app = await TestApp.StartAsync();
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.Equal(["/api/openapi.json"], endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<LateRoute>() is null).Select(endpoint => endpoint.RoutePattern.RawText));
        Assert.All(endpoints, endpoint => endpoint.Metadata.GetMetadata<LateRoute>()?.Make());
    }

    [Fact]
    public async Task Every_route_has_a_policy_or_is_named_as_open()
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(["/api/health", "/api/health/live", "/api/keys", "/api/openapi.json", "/api/session", "/api/session"], Routes(app).Where(route => route.Policy == "open").Select(route => route.Pattern).Order());
        Assert.DoesNotContain(Routes(app), route => route.Policy == Policies.Nobody);
    }

    [Fact]
    public async Task Every_route_says_whose_objects_it_reaches()
    {
        await using var app = await TestApp.StartAsync();
        string[] scopes = [RouteScope.Project, RouteScope.Projects, RouteScope.People, RouteScope.Guidelines, RouteScope.Own, RouteScope.Nothing];

        Assert.Empty(Routes(app).Where(route => !scopes.Contains(route.Scope)).Select(route => route.ToString()));
        Assert.All(Routes(app), route => Assert.Equal(route.Pattern.Contains("{projectId", StringComparison.Ordinal), route.Scope == RouteScope.Project));
    }

    internal static IReadOnlyList<Route> Routes(TestApp app) =>
    [
        .. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => Route.Of(method, endpoint)))
            .OrderBy(route => route.Pattern, StringComparer.Ordinal).ThenBy(route => route.Method, StringComparer.Ordinal),
    ];

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    /// <param name="Token">The scope of the tokens that it is open to; null for none.</param>
    internal sealed record Route(string Method, string Pattern, string Policy, string Scope, string Handler, string? Token)
    {
        public static Route Of(string method, RouteEndpoint endpoint)
        {
            var policies = endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Policy).Distinct().ToList();
            var policy = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null ? "open" : string.Join(" and ", policies);
            var handler = endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault();
            var name = handler?.Name is { } known && !known.Contains('<', StringComparison.Ordinal) ? $"{handler.DeclaringType!.Name}.{known}" : endpoint.DisplayName?.Split(' ')[^1] ?? "";
            var pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            var scope = endpoint.Metadata.GetMetadata<RouteScope>()?.Name ?? (pattern.Contains("{projectId", StringComparison.Ordinal) ? RouteScope.Project : "?");
            return new Route(method, pattern, policy, scope, name, endpoint.Metadata.GetMetadata<TokenScope>()?.Name);
        }

        /// <summary>The roles that get past the policy.</summary>
        public IReadOnlyList<string> Allowed => Policy == "open" ? Roles.All : Policies.RolesOf[Policy];

        public override string ToString() => $"{Method,-7}{Pattern,-62}{Policy,-14}{(Policy == "open" ? "everybody" : string.Join(' ', Allowed)),-46}{Scope,-12}{Handler}{(Token is null ? "" : $"  token {Token}")}".TrimEnd();
    }
}
