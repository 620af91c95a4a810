using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.Cosmos;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.Http;

namespace HealthEval.Tests.Functions;

/// <summary>A file whose load really fails, delivered as the host delivers it: again after every failure, as often as host.json says, and then to the function of the poison queue.</summary>
public sealed class TriesTests(AzuriteFixture azurite)
{
    private static readonly JsonNode HostJson = JsonNode.Parse(Repository.Text("host.json"))!["extensions"]!;
    private BlobFileStore _files = null!;

    [Theory]
    [InlineData("IngestBatch", "IngestBatchPoison")]
    [InlineData("ContinueBatch", "ContinueBatchPoison")]
    public async Task A_load_that_fails_every_time_ends_in_a_receipt_that_says_so(string function, string poison)
    {
        await using var server = await CosmosTestServer.StartAsync();
        using var rig = await StartAsync(server);
        server.Faults = Refused;

        for (var tries = 0; tries < Tries(function); tries++)
        {
            await Assert.ThrowsAsync<FunctionFailure>(() => DeliverAsync(rig, function));
            Assert.NotEqual("failed", (string?)(await BatchAsync(rig))?["state"]); // another try may do it
        }

        server.Faults = _ => null;
        await rig.QueueAsync(poison, function == "IngestBatch" ? HostRig.BlobGivenUp("drop/p1/a.jsonl") : HostRig.BlobCreated("drop/p1/a.jsonl"));

        var batch = await BatchAsync(rig);
        Assert.Equal("failed", (string?)batch!["state"]);
        Assert.Contains("could not be loaded after several tries", (string)batch["reason"]!, StringComparison.Ordinal);
        Assert.Equal((string?)batch["reason"], (string?)(await ReceiptAsync((string)batch["batchId"]!))["reason"]);
        Assert.DoesNotContain(rig.Lines, line => line.Contains("question 1", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_load_that_fails_every_time_but_the_last_is_whole()
    {
        await using var server = await CosmosTestServer.StartAsync();
        using var rig = await StartAsync(server);
        server.Faults = Refused;
        for (var tries = 1; tries < Tries("IngestBatch"); tries++)
        {
            await Assert.ThrowsAsync<FunctionFailure>(() => DeliverAsync(rig, "IngestBatch"));
        }

        server.Faults = _ => null;
        await rig.DeliverAsync("drop/p1/a.jsonl");

        var batch = await BatchAsync(rig);
        Assert.Equal(("loaded", 3, 0), ((string)batch!["state"]!, (int)batch["accepted"]!, (int)batch["duplicate"]!));
    }

    private static int Tries(string function) => function == "IngestBatch" ? (int)HostJson["blobs"]!["poisonBlobThreshold"]! : (int)HostJson["queues"]!["maxDequeueCount"]!;

    /// <summary>The work can be read but not written, however often. (What will not pass, such as a lost role, ends a load at its first try.)</summary>
    private static Fault? Refused(HttpRequest request) =>
        request.Method == HttpMethods.Post && request.Path.Value!.Contains("/colls/work/docs", StringComparison.Ordinal)
            && !string.Equals(request.Headers["x-ms-documentdb-isquery"], "true", StringComparison.OrdinalIgnoreCase)
            ? new Fault(503)
            : null;

    private static async Task DeliverAsync(HostRig rig, string function) =>
        _ = function == "IngestBatch" ? await rig.BlobAsync("drop/p1/a.jsonl") : await rig.QueueAsync(function, HostRig.BlobCreated("drop/p1/a.jsonl"));

    private async Task<JsonNode> ReceiptAsync(string batchId)
    {
        await using var stream = await _files.OpenAsync($"receipts/p1/{batchId}.json", default) ?? throw new FileNotFoundException(batchId);
        return (await JsonNode.ParseAsync(stream))!;
    }

    private static async Task<JsonNode?> BatchAsync(HostRig rig) =>
        (await rig.JsonAsync(HttpMethod.Get, "batches/p1", HostRig.Principal("admin@example.org", "admin")))["batches"]!.AsArray().SingleOrDefault();

    private async Task<HostRig> StartAsync(CosmosTestServer server)
    {
        var (name, blob) = ($"t{Guid.NewGuid():N}", await azurite.EndpointAsync());
        await BlobClients.Create(blob).GetBlobContainerClient(name).CreateAsync();
        var rig = await HostRig.StartAsync(new Dictionary<string, string>
        {
            ["Auth:Mode"] = "Platform",
            ["Storage:Kind"] = "Azure",
            ["Storage:CosmosEndpoint"] = server.Endpoint.ToString(),
            ["Storage:CosmosDatabase"] = name,
            ["Storage:BlobEndpoint"] = blob.ToString(),
            ["Storage:BlobContainer"] = name,
            ["Steps:Lease"] = "00:00:02",
        });
        var project = new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 } };
        await rig.JsonAsync(HttpMethod.Post, "projects", HostRig.Principal("admin@example.org", "admin"), project);
        var lines = string.Join('\n', Enumerable.Range(1, 3).Select(n => $$"""{"item_id":"{{n}}","prompt":"question {{n}}","response":"answer {{n}}"}"""));
        _files = new BlobFileStore(BlobClients.Create(blob), name);
        await _files.WriteBytesAsync("drop/p1/a.jsonl", Encoding.UTF8.GetBytes(lines), FileCondition.None, default);
        return rig;
    }
}
