using System.Net;
using HealthEval.Tests.Storage;

namespace HealthEval.Tests.Functions;

/// <summary>What the Functions host demands of a worker, checked on the executable.</summary>
public sealed class WorkerContractTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private Dictionary<string, string> Settings => new() { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = _folder["data"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_answers_what_is_forwarded_and_says_nothing_on_the_console()
    {
        using var rig = await HostRig.StartAsync(Settings);

        using var answer = await rig.ApiAsync(HttpMethod.Get, "health");
        using var nowhere = await rig.ApiAsync(HttpMethod.Get, "no-such-slice/x");
        using var wrong = await rig.ApiAsync(HttpMethod.Delete, "health");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"live":true,"ready":true}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (nowhere.StatusCode, nowhere.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "application/problem+json"), (wrong.StatusCode, wrong.Content.Headers.ContentType?.MediaType));
        Assert.Equal("", rig.Host.Console);
    }

    [Fact]
    public async Task Every_trigger_can_be_repeated_and_takes_what_is_not_for_it_for_nothing_to_do()
    {
        using var rig = await HostRig.StartAsync(Settings);

        for (var delivery = 0; delivery < 2; delivery++)
        {
            Assert.Empty(await rig.TimerAsync("SweepBatches"));
            Assert.Empty(await rig.TimerAsync("CompileWeeklyReports"));
            Assert.Empty(await rig.BlobAsync("drop/nobody/nothing.jsonl"));
            Assert.Empty(await rig.BlobAsync("receipts/p1/b1.json"));
            foreach (var function in new[] { "ContinueBatch", "ContinueBatchPoison", "IngestBatchPoison", "CompileProjectReports", "CompileProjectReportsPoison" })
            {
                foreach (var message in new[]
                {
                    HostRig.BlobCreated("drop/nobody/nothing.jsonl"), HostRig.BlobCreated("receipts/p1/b1.json"), HostRig.BlobCreated("pending/nobody/b1.output"), HostRig.BlobCreated("pending/nobody/.output"),
                    HostRig.BlobGivenUp("drop/nobody/nothing.jsonl"), "no event at all", "[]", "7", """{"subject":7,"BlobName":7,"projectId":7}""", """{"projectId":"nobody"}""",
                    """{"subject":"a","subject":"b","BlobName":"a","BlobName":"b","projectId":"a","projectId":"b"}""",
                })
                {
                    Assert.Empty(await rig.QueueAsync(function, message));
                }
            }
        }

        Assert.Equal("", rig.Host.Console);
    }

    /// <summary>What a busy machine looks like to the worker: it waits five seconds, by its own clock.</summary>
    [Fact]
    public async Task A_request_whose_call_does_not_come_in_time_is_told_to_come_again()
    {
        using var rig = await HostRig.StartAsync(Settings);

        using var late = await rig.ForwardedOnlyAsync("health");
        using var after = await rig.ApiAsync(HttpMethod.Get, "health/live");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json", "5"), (late.StatusCode, late.Content.Headers.ContentType?.MediaType, late.Headers.RetryAfter?.ToString()));
        Assert.Equal("busy", (string)System.Text.Json.Nodes.JsonNode.Parse(await late.Content.ReadAsStringAsync())!["code"]!);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not base64")]
    [InlineData("e30=")]
    [InlineData("W10=")]
    public async Task Who_has_no_principal_is_signed_out(string? principal)
    {
        using var rig = await HostRig.StartAsync(Settings);

        using var me = await rig.ApiAsync(HttpMethod.Get, "me", principal);

        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
    }

    [Fact]
    public async Task A_principal_of_forty_kilobytes_is_refused_before_it_is_read()
    {
        using var rig = await HostRig.StartAsync(Settings);

        using var me = await rig.ApiAsync(HttpMethod.Get, "me", new string('A', 40_000));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, me.StatusCode);
    }

    [Fact]
    public async Task It_is_live_without_storage_and_ready_only_with_it()
    {
        using var rig = await HostRig.StartAsync(new Dictionary<string, string>
        {
            ["Auth:Mode"] = "Platform",
            ["Storage:Kind"] = "Azure",
            ["Storage:CosmosEndpoint"] = "https://nowhere.invalid/",
            ["Storage:BlobEndpoint"] = "https://nowhere.invalid/",
        });

        using var live = await rig.ApiAsync(HttpMethod.Get, "health/live");
        using var ready = await rig.ApiAsync(HttpMethod.Get, "health");

        Assert.Equal((HttpStatusCode.OK, "{\"live\":true}"), (live.StatusCode, await live.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "{\"live\":true,\"ready\":false}"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        await rig.LineAsync("Storage does not answer");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stopping_is_never_exit_code_zero(bool byTheHost)
    {
        using var rig = await HostRig.StartAsync(Settings);

        if (byTheHost)
        {
            rig.Host.Terminate();
        }
        else
        {
            rig.Signal("TERM");
        }

        Assert.True(rig.Process.WaitForExit(TimeSpan.FromSeconds(40)));
        Assert.NotEqual(0, rig.Process.ExitCode);
    }

    [Theory]
    [InlineData("Auth:Mode", "Local", "set Auth__Mode = Platform")]
    [InlineData("Auth:Mode", "Anything", "set Auth__Mode = Platform")]
    [InlineData("Storage:Kind", "Azure", "Storage:Kind = Azure needs Storage:CosmosEndpoint")]
    [InlineData("Storage:Kind", "Floppy", "Allowed values: Embedded, Azure")]
    public async Task A_setting_that_cannot_be_is_named_and_ends_the_program(string setting, string value, string expected)
    {
        var settings = Settings;
        settings[setting] = value;

        var ended = await Assert.ThrowsAsync<WorkerLostException>(() => HostRig.StartAsync(settings));

        Assert.Contains(expected, ended.Message, StringComparison.Ordinal);
    }
}
