using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Tests.Storage;

namespace HealthEval.Tests.Functions;

/// <summary>What the Functions host demands of a custom handler, checked on the executable.</summary>
public sealed class HostContractTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private Dictionary<string, string> Settings => new() { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = _folder["data"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_listens_where_the_host_says_whatever_urls_it_inherits()
    {
        using var rig = HostRig.Start(Settings);

        await rig.ReadyAsync();

        using var answer = await rig.ApiAsync(HttpMethod.Get, "health");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"live":true,"ready":true}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Triggers_are_answered_with_an_object_and_repeating_them_is_harmless()
    {
        using var rig = HostRig.Start(Settings);
        await rig.ReadyAsync();

        foreach (var (function, data) in new (string, JsonNode?)[]
        {
            ("SweepBatches", JsonNode.Parse("""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":true}""")),
            ("IngestBatch", HostRig.BlobCreated("drop/nobody/nothing.jsonl")),
            ("IngestBatch", HostRig.BlobCreated("receipts/p1/b1.json")),
            ("IngestBatch", JsonValue.Create("no event at all")),
            ("IngestBatch", HostRig.BlobCreated("pending/nobody/b1.output")),
            ("IngestBatch", HostRig.BlobCreated("pending/nobody/.output")),
            ("IngestBatchPoison", HostRig.BlobCreated("drop/nobody/nothing.jsonl")),
            ("CompileWeeklyReports", JsonNode.Parse("""{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":true}""")),
            ("CompileProjectReports", JsonValue.Create("""{"projectId":"nobody"}""")),
            ("CompileProjectReports", JsonValue.Create("no project at all")),
            ("CompileProjectReports", JsonNode.Parse("""{"projectId":7}""")),
        })
        {
            for (var delivery = 0; delivery < 2; delivery++)
            {
                using var answer = await rig.TriggerAsync(function, function is "SweepBatches" or "CompileWeeklyReports" ? "timer" : function is "CompileProjectReports" ? "project" : "event", data);
                Assert.Equal(("application/json", HttpStatusCode.OK, "{}"), (answer.Content.Headers.ContentType?.MediaType, answer.StatusCode, await answer.Content.ReadAsStringAsync()));
            }
        }

        Assert.Equal("", rig.Errors.ToString().Trim());
    }

    [Theory]
    [InlineData("a=1,2", true)] // forwarding merges what a query names twice
    [InlineData("a=1&a=2", false)] // proxying does not, and the name of the host is then the program's own
    public async Task A_call_from_outside_is_answered_alike_whether_it_is_forwarded_or_proxied(string query, bool isForwarded)
    {
        using var rig = HostRig.Start(Settings);
        await rig.ReadyAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{rig.Port}/api/health?{query}");
        request.Headers.Host = isForwarded ? "healtheval.azurewebsites.net" : $"127.0.0.1:{rig.Port}";
        request.Headers.Add("X-Forwarded-Host", "healtheval.azurewebsites.net");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var answer = await http.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, """{"live":true,"ready":true}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_trigger_that_cannot_be_read_is_a_failure_so_that_it_is_delivered_again()
    {
        using var rig = HostRig.Start(Settings);
        await rig.ReadyAsync();
        using var http = new HttpClient();

        using var answer = await http.PostAsync($"http://127.0.0.1:{rig.Port}/SweepBatches", new StringContent("not json"));
        using var unknown = await http.PostAsync($"http://127.0.0.1:{rig.Port}/NoSuchFunction", new StringContent("{}"));

        Assert.False(answer.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("not base64", HttpStatusCode.Unauthorized)]
    [InlineData("e30=", HttpStatusCode.Unauthorized)]
    [InlineData("W10=", HttpStatusCode.Unauthorized)]
    public async Task Who_has_no_principal_is_signed_out(string? principal, HttpStatusCode expected)
    {
        using var rig = HostRig.Start(Settings);
        await rig.ReadyAsync();

        using var me = await rig.ApiAsync(HttpMethod.Get, "me", principal);

        Assert.Equal(expected, me.StatusCode);
    }

    [Fact]
    public async Task A_principal_of_forty_kilobytes_is_refused_before_it_is_read()
    {
        using var rig = HostRig.Start(Settings);
        await rig.ReadyAsync();

        using var me = await rig.ApiAsync(HttpMethod.Get, "me", new string('A', 40_000));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, me.StatusCode);
    }

    [Fact]
    public async Task It_is_live_without_storage_and_ready_only_with_it()
    {
        using var rig = HostRig.Start(new Dictionary<string, string>
        {
            ["Auth:Mode"] = "Platform",
            ["Storage:Kind"] = "Azure",
            ["Storage:CosmosEndpoint"] = "https://nowhere.invalid/",
            ["Storage:BlobEndpoint"] = "https://nowhere.invalid/",
        });
        await rig.ReadyAsync();

        using var live = await rig.ApiAsync(HttpMethod.Get, "health/live");
        using var ready = await rig.ApiAsync(HttpMethod.Get, "health");

        Assert.Equal((HttpStatusCode.OK, "{\"live\":true}"), (live.StatusCode, await live.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "{\"live\":true,\"ready\":false}"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        Assert.Contains("Storage does not answer", rig.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_is_never_exit_code_zero()
    {
        using var rig = HostRig.Start(Settings);
        await rig.ReadyAsync();

        Process.Start("kill", ["-TERM", $"{rig.Process.Id}"])!.WaitForExit();
        Assert.True(rig.Process.WaitForExit(TimeSpan.FromSeconds(40)));

        Assert.NotEqual(0, rig.Process.ExitCode);
    }

    [Theory]
    [InlineData("Auth:Mode", "Local", "set Auth__Mode = Platform")]
    [InlineData("Auth:Mode", "Anything", "set Auth__Mode = Platform")]
    [InlineData("Storage:Kind", "Azure", "Storage:Kind = Azure needs Storage:CosmosEndpoint")]
    [InlineData("Storage:Kind", "Floppy", "Allowed values: Embedded, Azure")]
    public void A_setting_that_cannot_be_is_named_and_ends_the_program_with_a_failure(string setting, string value, string expected)
    {
        var settings = Settings;
        settings[setting] = value;
        using var rig = HostRig.Start(settings);

        Assert.True(rig.Process.WaitForExit(TimeSpan.FromSeconds(40)));
        rig.Process.WaitForExit(); // until its output has been read

        Assert.NotEqual(0, rig.Process.ExitCode);
        Assert.Contains(expected, rig.Errors.ToString(), StringComparison.Ordinal);
    }
}
