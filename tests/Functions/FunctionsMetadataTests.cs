using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Batches;
using HealthEval.Http;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>functions.metadata and the approved page of routes say the same, and the host accepts what it is given.</summary>
public sealed class FunctionsMetadataTests
{
    private static readonly string[] Methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    private static readonly ILookup<string, string> Routes = Repository.Text("tests/Architecture/RouteTable.verified.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLookup(line => line[1].Split('/')[2], line => line[0]);

    public static TheoryData<string> Prefixes => [.. Routes.Select(route => route.Key)];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Every_route_has_a_function(string prefix) =>
        Assert.True(AppFunctions.Http.Any(function => function.Prefix == prefix), $"No function takes /api/{prefix}: add one to the slice's …Functions.cs, as api/Tasks/TasksFunctions.cs does, with Route = \"{prefix}/{{*path}}\".");

    [Fact]
    public void Every_HTTP_function_has_a_route_and_one_takes_the_rest()
    {
        Assert.Equal(["*"], AppFunctions.Http.Select(function => function.Prefix).Except(Routes.Select(route => route.Key)));
        Assert.Equal(AppFunctions.Http.Count(), AppFunctions.Http.Select(function => function.Prefix).Distinct().Count());
    }

    /// <summary>What a function does not declare the host answers itself, with an empty 404.</summary>
    [Fact]
    public void Every_HTTP_function_takes_every_method() => Assert.All(AppFunctions.Http, function =>
    {
        Assert.Equal(Methods, function.Methods.Order());
        Assert.Subset(function.Methods.ToHashSet(), Routes[function.Prefix].ToHashSet());
        Assert.Equal("Anonymous", (string)AppFunctions.Trigger(function.Name)["authLevel"]!); // the default would ask for a key
    });

    [Fact]
    public async Task The_worker_says_what_the_file_says()
    {
        using var folder = new Storage.TempFolder();
        using var rig = await HostRig.StartAsync(new Dictionary<string, string> { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = folder["data"] });

        Assert.Equal(AppFunctions.All.Keys.Order(), rig.Host.Functions.Keys.Order());
        Assert.All(AppFunctions.All, function => Assert.Equal(
            function.Value.Select(Fields).Order(),
            rig.Host.Functions[function.Key]["rawBindings"]!.AsArray().Select(binding => JsonNode.Parse((string)binding!)!)
                .Where(binding => (string)binding["type"]! != "http").Select(Fields).Order())); // what an HTTP function returns, said at run time only

        static string Fields(JsonNode binding) => string.Join(' ', binding.AsObject()
            .Where(field => field.Key is not ("properties" or "dataType" or "direction")).OrderBy(field => field.Key).Select(field => $"{field.Key}={field.Value!.ToJsonString()}"));
    }

    [Fact]
    public void The_host_accepts_every_name_path_and_schedule()
    {
        Assert.All(AppFunctions.All.Keys, name => Assert.Matches("^[a-zA-Z][a-zA-Z0-9_-]{0,127}$", name));
        Assert.All(AppFunctions.Http, function => Assert.Matches(@"^([a-z.]+|\*)$", function.Prefix));
        Assert.DoesNotContain(AppFunctions.Http, function => Regex.IsMatch(function.Prefix, "^(admin|runtime)"));
        Assert.Equal("EventGrid", (string)AppFunctions.Trigger("IngestBatch")["source"]!); // the only one that Flex Consumption takes
        Assert.All( // the host's templates know names only; "{*name}" makes it refuse the function
            Regex.Matches((string)AppFunctions.Trigger("IngestBatch")["path"]!, @"\{([^}]*)\}"), part => Assert.Matches("^[a-zA-Z_]+$", part.Groups[1].Value));
    }

    [Fact]
    public void One_machine_watches_the_folder_and_keeps_the_times_that_Azure_reads()
    {
        Assert.Equal($"{new StorageOptions().BlobContainer}/{DropFolder.Root}{{projectId}}/{{name}}", (string)AppFunctions.Trigger("IngestBatch")["path"]!);
        Assert.Equal(DropFolder.Root, $"{Triggers.FolderOf(typeof(DropFunctions), nameof(DropFunctions.BeginAsync))}/");
        Assert.Equal((string)AppFunctions.Trigger("CompileWeeklyReports")["schedule"]!, $"{Triggers.ScheduleOf(typeof(WeeklyFunctions), nameof(WeeklyFunctions.FindDueAsync))}");
    }

    [Theory]
    [InlineData("IngestBatch", "webjobs-blobtrigger")] // the host's own queue of new blobs
    [InlineData("ContinueBatch", "drops")]
    [InlineData("CompileProjectReports", "reports")]
    public void A_poison_function_listens_where_the_host_puts_what_failed_five_times(string function, string queue)
    {
        var host = JsonNode.Parse(Repository.Text("host.json"))!["extensions"]!;

        Assert.Equal($"{queue}-poison", (string)AppFunctions.Trigger($"{function}Poison")["queueName"]!);
        Assert.Equal((5, 5), ((int)host["queues"]!["maxDequeueCount"]!, (int)host["blobs"]!["poisonBlobThreshold"]!));
    }

    [Fact]
    public void What_is_handed_on_goes_into_the_queue_of_the_function_that_goes_on()
    {
        var outputs = AppFunctions.All.Keys.Where(function => AppFunctions.Output(function) is not null)
            .Select(function => (From: function, Queue: (string)AppFunctions.Output(function)!["queueName"]!))
            .Select(output => $"{output.From} -> {AppFunctions.All.Keys.Single(function => (string?)AppFunctions.Trigger(function)["queueName"] == output.Queue)}");

        Assert.Equal(
            ["CompileProjectReports -> CompileProjectReports", "CompileWeeklyReports -> CompileProjectReports", "ContinueBatch -> ContinueBatch", "IngestBatch -> ContinueBatch", "SweepBatches -> ContinueBatch"],
            outputs.Order());
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
        Assert.Equal(("2.0", "api"), ((string)host["version"]!, (string)host["extensions"]!["http"]!["routePrefix"]!));
    }

    [Fact]
    public void A_published_app_is_a_complete_script_root()
    {
        Assert.SkipUnless(HostRig.Published is not null, "HEALTHEVAL_PUBLISHED does not name a published folder.");
        string[] needed = ["host.json", "functions.metadata", "worker.config.json", "extensions.json", "healtheval", "healtheval.dll", ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.Storage.Blobs.dll"];

        Assert.All(needed, file => Assert.True(File.Exists(Path.Combine(HostRig.Folder, file)), file));
        Assert.Equal("dotnet", (string)JsonNode.Parse(File.ReadAllText(Path.Combine(HostRig.Folder, "worker.config.json")))!["description"]!["defaultExecutablePath"]!);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(HostRig.Folder, "healtheval")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(Directory.Exists(Path.Combine(HostRig.Folder, "web")));
    }
}
