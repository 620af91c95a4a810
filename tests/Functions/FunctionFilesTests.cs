using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Http;
using HealthEval.Storage;
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
        var prefixes = RouteTableTests.Routes(app).Select(route => route.Pattern.Split('/')[2]).Distinct().Order();

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

    [Theory]
    [InlineData("IngestBatch")]
    [InlineData("CompileProjectReports")]
    public void A_poison_function_listens_where_the_host_puts_what_failed_five_times(string function) =>
        Assert.Equal($"{Binding(Functions[function], "queueTrigger")["queueName"]}-poison", (string)Binding(Functions[$"{function}Poison"], "queueTrigger")["queueName"]!);

    [Fact]
    public void What_is_handed_on_goes_into_the_queue_of_the_function_that_goes_on()
    {
        var outputs = Functions.Where(function => function.Value["bindings"]!.AsArray().Any(binding => (string)binding!["type"]! == "queue")).ToDictionary(function => function.Key, function => Binding(function.Value, "queue"));

        Assert.Equal(new() { ["CompileProjectReports"] = "CompileProjectReports", ["CompileWeeklyReports"] = "CompileProjectReports", ["IngestBatch"] = "IngestBatch", ["SweepBatches"] = "IngestBatch" }, outputs.OrderBy(output => output.Key).ToDictionary(
            output => output.Key, output => Functions.Single(function => Trigger(function.Value) == "queueTrigger" && (string)Binding(function.Value, "queueTrigger")["queueName"]! == (string)output.Value["queueName"]!).Key));
        Assert.All(outputs.Values, output => Assert.Equal(("out", FunctionsTrigger.Next, "AzureWebJobsStorage"), ((string)output["direction"]!, (string)output["name"]!, (string)output["connection"]!)));
    }

    [Fact]
    public void A_step_ends_well_before_the_host_would_end_it_on_any_plan()
    {
        var host = JsonNode.Parse(Repository.Text("host.json"))!;
        var timeout = TimeSpan.Parse((string)host["functionTimeout"]!, System.Globalization.CultureInfo.InvariantCulture);
        var silence = TimeSpan.Parse((string)host["extensions"]!["queues"]!["visibilityTimeout"]!, System.Globalization.CultureInfo.InvariantCulture);
        var steps = new StepOptions();

        Assert.InRange(timeout, steps.Budget + TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)); // what the cheapest plan allows unless told otherwise
        Assert.InRange(steps.Lease, TimeSpan.FromSeconds(10), steps.Budget / 4); // a second delivery waits as long for the first, which may be dead
        Assert.InRange(silence, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2));
    }

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
