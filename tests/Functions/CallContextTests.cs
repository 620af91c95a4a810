using System.Text.Json.Nodes;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>A function runs on the flow of the host's message, not of the request: whatever is taken from the flow must be right all the same.</summary>
public sealed class CallContextTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{Trace}-b7ad6b7169203331-01";
    private readonly TempFolder _folder = new();

    private Dictionary<string, string> Settings => new() { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = _folder["data"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_of_the_log_belongs_to_the_call_and_the_trace_of_a_message()
    {
        using var rig = await HostRig.StartAsync(Settings);

        await rig.QueueAsync("CompileProjectReportsPoison", """{"projectId":"p1"}""", "call-1", Parent);

        var line = await rig.LineAsync("was given up after all tries");
        Assert.Equal(Trace, (string)JsonNode.Parse(line)!["trace"]!);
        Assert.Equal(("call-1", "Error"), CallOf(rig, line));
    }

    [Fact]
    public async Task A_line_of_the_log_belongs_to_the_call_and_the_trace_of_a_request()
    {
        var settings = Settings;
        settings["Storage:Kind"] = "Azure";
        settings["Storage:CosmosEndpoint"] = settings["Storage:BlobEndpoint"] = "https://nowhere.invalid/";
        using var rig = await HostRig.StartAsync(settings);

        using var answer = await rig.ApiAsync(HttpMethod.Get, "health", principal: null, body: null, ("traceparent", Parent));

        var line = await rig.LineAsync("Storage does not answer");
        Assert.Equal(Trace, (string)JsonNode.Parse(line)!["trace"]!);
        Assert.Equal((answer.RequestMessage!.Headers.GetValues("x-ms-invocation-id").Single(), "Warning"), CallOf(rig, line));
    }

    [Fact]
    public async Task Whoever_calls_at_the_same_time_as_others_is_who_they_are()
    {
        using var rig = await HostRig.StartAsync(Settings);
        var callers = Enumerable.Range(0, 40).Select(n => $"lead-{n}@example.org").ToList();
        await Task.WhenAll(callers.Select(caller => rig.JsonAsync(HttpMethod.Get, "me", HostRig.Principal(caller, "admin"))));

        var names = await Task.WhenAll(callers.Concat(callers).Select(async caller => (caller, Name: (string)(await rig.JsonAsync(HttpMethod.Get, "me", HostRig.Principal(caller, "admin")))["name"]!)));

        Assert.Equal(callers.Count, names.Select(name => name.Name).Distinct().Count());
        Assert.All(names.GroupBy(name => name.caller), own => Assert.Single(own.Select(name => name.Name).Distinct()));
        Assert.All(names, name => Assert.Contains(name.caller.Split('@')[0], name.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_an_exception_only_its_type_leaves_the_program()
    {
        Directory.CreateDirectory(_folder["data-canary"]);
        await File.WriteAllTextAsync(_folder["data-canary/healtheval.db"], "canary: this is no database, and long enough to be looked at as one".PadRight(8192, '.'));
        var settings = Settings;
        settings["Storage:DataFolder"] = _folder["data-canary"];
        using var rig = await HostRig.StartAsync(settings);

        foreach (var call in (Func<Task>[])
        [
            () => rig.QueueAsync("ContinueBatch", HostRig.BlobCreated("pending/canary-project/canary.output")),
            () => rig.QueueAsync("CompileProjectReports", """{"projectId":"canary"}"""),
            () => rig.TimerAsync("CompileWeeklyReports"),
        ])
        {
            var failure = await Assert.ThrowsAsync<FunctionFailure>(call);
            Assert.DoesNotContain("canary", failure.Message.Replace("ContinueBatch", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
            Assert.Matches("Exception", failure.Message);
        }

        await rig.LineAsync("The function CompileWeeklyReports failed");
        rig.Kill();
        Assert.DoesNotContain("canary", string.Join('\n', rig.Host.Logs.Select(log => log.ToJsonString())), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", rig.Host.Console);
    }

    private static (string? Call, string? Level) CallOf(HostRig rig, string line)
    {
        var log = rig.Host.Logs.First(log => (string?)log["message"] == line);
        return ((string?)log["invocationId"], (string?)log["level"]);
    }
}
