using System.Diagnostics;
using System.Net;
using System.Text;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.Functions;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Http;

/// <summary>What a collector gets from the deployed program, and what it never gets.</summary>
public sealed class TelemetryTests(AzuriteFixture azurite)
{
    private const string Content = "Is-this-mole-dangerous-4711";
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_collector_gets_traces_and_metrics_by_their_standard_names_and_nothing_of_what_was_said_or_who_said_it()
    {
        using var collector = new OtlpReceiver();
        var settings = (await TestStorage.AzureSettingsAsync()).ToDictionary(setting => setting.Key, setting => setting.Value!);
        settings["Auth:Mode"] = "Platform";
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        using var rig = await HostRig.StartAsync(settings);
        var taskId = await WorkAsync(rig, new BlobFileStore(BlobClients.Create(await azurite.EndpointAsync()), settings["Storage:BlobContainer"]));

        Assert.Contains("OpenTelemetry", await File.ReadAllTextAsync($"/proc/{rig.Process.Id}/maps"), StringComparison.Ordinal);
        Process.Start("kill", ["-TERM", $"{rig.Process.Id}"])!.WaitForExit();
        Assert.True(rig.Process.WaitForExit(TimeSpan.FromSeconds(40)));

        double Sum(string metric, string attribute, string value) => collector.Metric(metric).Where(series => series.Attributes.GetValueOrDefault(attribute) == value).Sum(series => series.Sum);
        Assert.Equal((2, 1), (Sum("healtheval.ingest.lines", "healtheval.outcome", "accepted"), Sum("healtheval.ingest.lines", "healtheval.outcome", "rejected")));
        Assert.Equal(1, Assert.Single(collector.Metric("healtheval.claims")).Sum);
        Assert.Equal((1, 1), (Sum("healtheval.submits", "healtheval.outcome", "recorded"), Sum("healtheval.submits", "healtheval.outcome", "recorded_before")));
        Assert.Equal(("done", 1), (Assert.Single(collector.Metric("healtheval.report.duration")).Attributes["healtheval.outcome"], collector.Metric("healtheval.report.duration")[0].Count));
        Assert.Contains(collector.Metric("http.server.request.duration"), series => series.Attributes.GetValueOrDefault("http.route") == "/api/tasks/next" && series.Attributes["http.response.status_code"] == "200" && series.Count == 1);
        var operations = collector.Metric("db.client.operation.duration");
        Assert.Superset(new HashSet<string> { "create_item", "execute_batch", "query_items", "read_item", "replace_item", "upsert_item" }, operations.Select(series => series.Attributes["db.operation.name"]).ToHashSet());
        Assert.All(operations, series => Assert.Equal(("azure.cosmosdb", settings["Storage:CosmosDatabase"]), (series.Attributes["db.system.name"], series.Attributes["db.namespace"])));
        Assert.InRange(Sum("azure.cosmosdb.client.operation.request_charge", "db.operation.name", "execute_batch"), 1, 1_000);

        var next = Assert.Single(collector.Spans, span => span.Name == "POST /api/tasks/next");
        Assert.Equal((Trace, 2L, "200"), (next.Trace, next.Kind, next.Attributes["http.response.status_code"]));
        Assert.Contains(collector.Spans, span => span.Trace == Trace && span.Parent == next.Id && span.Name == "query_items work" && span.Kind == 3);
        Assert.Equal("loaded_with_rejects", Assert.Single(collector.Spans, span => span.Name == "healtheval.ingest").Attributes["healtheval.outcome"]);
        Assert.Single(collector.Spans, span => span.Name == "healtheval.report");
        Assert.DoesNotMatch($"(?i){Content}|example\\.org|id-of-|secret-key|{taskId}|first\\.jsonl", collector.Raw);
    }

    [Fact]
    public async Task Without_a_collector_nothing_of_it_is_loaded()
    {
        using var folder = new TempFolder();
        using var rig = await HostRig.StartAsync(new Dictionary<string, string> { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = folder["data"] });

        Assert.DoesNotContain("OpenTelemetry", await File.ReadAllTextAsync($"/proc/{rig.Process.Id}/maps"), StringComparison.Ordinal);
    }

    /// <summary>A file is dropped, one task is judged, the week is compiled. Returns the task's id.</summary>
    private static async Task<string> WorkAsync(HostRig rig, BlobFileStore files)
    {
        var (admin, rater) = (HostRig.Principal("admin@example.org", "admin"), HostRig.Principal("rater@example.org"));
        var credential = new { degree = "MD", years = 9, subdomains = new[] { "general", "specialty", "diagnostics", "public_health" }, languages = new[] { "en" } };
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 }, overlap = 1 });
        await rig.JsonAsync(HttpMethod.Post, "people", admin, new { name = "R", email = "rater@example.org", roles = new[] { "annotator" }, projects = new[] { "p1" }, credential, active = true });
        var lines = $$"""
            {"item_id":"1","prompt":"{{Content}}?","response":"{{Content}}: no."}
            {"item_id":"2","prompt":"{{Content}}?","response":"{{Content}}: yes."}
            {"prompt":7}
            """;
        await rig.JsonAsync(HttpMethod.Get, "batches/p1", admin); // opens the store, which makes an emulator's container
        await rig.ApiAsync(HttpMethod.Get, "health?code=secret-key");
        await files.WriteBytesAsync("drop/p1/first.jsonl", Encoding.UTF8.GetBytes(lines), FileCondition.None, default);
        await rig.DeliverAsync("drop/p1/first.jsonl");

        var next = await rig.JsonAsync(HttpMethod.Post, "tasks/next", rater, new { }, ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));
        var taskId = (string)next["task"]!["taskId"]!;
        var path = $"annotations/p1/{taskId}/{Guid.NewGuid()}";
        var body = new { leaseId = (string)next["lease"]!["leaseId"]!, judgement = Work.Judgement(), acknowledged = Array.Empty<string>() };
        Assert.Equal(HttpStatusCode.Created, (await rig.ApiAsync(HttpMethod.Put, path, rater, body)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await rig.ApiAsync(HttpMethod.Put, path, rater, body)).StatusCode);
        await rig.JsonAsync(HttpMethod.Post, $"reports/p1/{HealthEval.Reports.IsoWeek.Of(DateTimeOffset.UtcNow)}", admin);
        return taskId;
    }
}
