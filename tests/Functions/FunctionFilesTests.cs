using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Tests.Architecture;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Functions;

/// <summary>Every function.json, every route and every trigger endpoint belong together, and the host accepts what it is given.</summary>
public sealed class FunctionFilesTests
{
    private static readonly Dictionary<string, JsonNode> Functions = Directory.EnumerateFiles(Path.Combine(Repository.Root, "api"), "*.function.json", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileName(file).Replace(".function.json", "", StringComparison.Ordinal), file => JsonNode.Parse(File.ReadAllText(file))!);

    private static IEnumerable<(string Name, string Prefix)> HttpFunctions =>
        Functions.Where(function => Trigger(function.Value) == "httpTrigger").Select(function => (function.Key, ((string)Binding(function.Value, "httpTrigger")["route"]!).Replace("/{*path}", "", StringComparison.Ordinal)));

    [Fact]
    public void The_host_accepts_every_function()
    {
        Assert.NotEmpty(Functions);
        Assert.All(Functions, function =>
        {
            Assert.Matches("^[a-zA-Z][a-zA-Z0-9_-]{0,127}$", function.Key);
            var bindings = function.Value["bindings"]!.AsArray();
            Assert.Single(bindings, binding => ((string)binding!["type"]!).EndsWith("Trigger", StringComparison.Ordinal));
            if (Trigger(function.Value) == "httpTrigger")
            {
                Assert.Equal(["http", "httpTrigger"], bindings.Select(binding => (string)binding!["type"]!).Order()); // only then is the request itself forwarded
                Assert.Equal("anonymous", (string)Binding(function.Value, "httpTrigger")["authLevel"]!); // the default would ask for a key
            }
        });
    }

    [Fact]
    public void Routes_do_not_overlap_and_are_not_the_hosts_own()
    {
        Assert.Equal(HttpFunctions.Count(), HttpFunctions.Select(function => function.Prefix).Distinct().Count());
        Assert.All(HttpFunctions, function =>
        {
            Assert.Matches("^[a-z.]+$", function.Prefix);
            Assert.False(function.Prefix.StartsWith("admin", StringComparison.Ordinal) || function.Prefix.StartsWith("runtime", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Every_route_has_its_function_and_every_function_its_routes()
    {
        await using var app = await TestApp.StartAsync();
        var prefixes = RouteTableTests.Routes(app).Select(route => route.Pattern.Split('/')[2]).Distinct().Except(["session"]).Order(); // sign-in links are for local mode

        Assert.Equal(prefixes, HttpFunctions.Select(function => function.Prefix).Order());
    }

    [Fact]
    public async Task Every_trigger_has_its_endpoint_which_exists_only_behind_the_host()
    {
        await using var local = await TestApp.StartAsync();
        await using var hosted = await TestApp.StartAsync(builder => builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1");
        static IEnumerable<string> Endpoints(TestApp app) => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/')).Where(pattern => !pattern.StartsWith("api/", StringComparison.Ordinal)).Order();

        Assert.Empty(Endpoints(local));
        Assert.Equal(Functions.Where(function => Trigger(function.Value) != "httpTrigger").Select(function => function.Key).Order(), Endpoints(hosted));
    }

    [Fact]
    public async Task A_trigger_cannot_be_called_from_elsewhere()
    {
        await using var hosted = await TestApp.StartAsync(builder => builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1");
        using var outside = hosted.Anonymous(); // the in-memory server has no remote address: not this machine's

        Assert.Equal(404, (int)(await outside.PostAsync("/SweepBatches", Body.Text("{}"))).StatusCode);
        Assert.Equal(404, (int)(await outside.GetAsync("/")).StatusCode);
        Assert.Equal(200, (int)(await outside.GetAsync("health")).StatusCode);
    }

    [Fact]
    public void The_host_file_is_as_the_host_wants_it()
    {
        var host = JsonNode.Parse(Repository.Text("host.json"))!;

        Assert.Equal("2.0", (string)host["version"]!);
        Assert.Equal(("Microsoft.Azure.Functions.ExtensionBundle", "[4.*, 5.0.0)"), ((string)host["extensionBundle"]!["id"]!, (string)host["extensionBundle"]!["version"]!));
        Assert.Equal("healtheval", (string)host["customHandler"]!["description"]!["defaultExecutablePath"]!);
        Assert.True((bool)host["customHandler"]!["enableForwardingHttpRequest"]! && (bool)host["customHandler"]!["enableProxyingHttpRequest"]!);
        Assert.Equal("api", (string)host["extensions"]!["http"]!["routePrefix"]!);
    }

    [Fact]
    public void The_poison_function_listens_where_the_host_puts_what_failed_five_times() =>
        Assert.Equal($"{Binding(Functions["IngestBatch"], "queueTrigger")["queueName"]}-poison", (string)Binding(Functions["IngestBatchPoison"], "queueTrigger")["queueName"]!);

    [Fact]
    public void A_published_app_is_a_complete_script_root()
    {
        var published = Environment.GetEnvironmentVariable("HEALTHEVAL_PUBLISHED");
        Assert.SkipUnless(published is { Length: > 0 }, "HEALTHEVAL_PUBLISHED does not name a published folder.");

        Assert.True(File.Exists(Path.Combine(published!, "host.json")));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(published!, "healtheval")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal(Functions.Keys.Order(), Directory.EnumerateDirectories(published!).Where(folder => File.Exists(Path.Combine(folder, "function.json"))).Select(folder => Path.GetFileName(folder)!).Order());
        Assert.All(Functions.Keys, name => Assert.Equal(["function.json"], Directory.EnumerateFileSystemEntries(Path.Combine(published!, name)).Select(Path.GetFileName)));
        Assert.False(Directory.Exists(Path.Combine(published!, "web")));
    }

    private static string Trigger(JsonNode function) => function["bindings"]!.AsArray().Select(binding => (string)binding!["type"]!).Single(type => Regex.IsMatch(type, "Trigger$"));

    private static JsonNode Binding(JsonNode function, string type) => function["bindings"]!.AsArray().Single(binding => (string)binding!["type"]! == type)!;
}
