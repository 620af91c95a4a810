using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using HealthEval.Annotations;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Tests.Functions;

/// <summary>The executable as it is deployed: driven by the host's protocol, documents in Cosmos DB, files in Blob Storage, people from the platform.</summary>
public sealed class DeployedAppTests(CosmosFixture cosmos, AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Now = CancellationToken.None;
    private readonly string _name = $"h{Guid.NewGuid():N}";
    private Dictionary<string, string> _settings = null!;
    private CosmosClient _client = null!;
    private BlobFileStore _files = null!;

    public async ValueTask InitializeAsync()
    {
        var blob = await azurite.EndpointAsync();
        var server = await cosmos.ServerAsync();
        _client = await cosmos.ClientAsync();
        _files = new BlobFileStore(BlobClients.Create(blob), _name);
        await BlobClients.Create(blob).GetBlobContainerClient(_name).CreateAsync(cancellationToken: Now);
        _settings = new()
        {
            ["Auth:Mode"] = "Platform",
            ["Storage:Kind"] = "Azure",
            ["Storage:CosmosEndpoint"] = server.Endpoint.ToString(),
            ["Storage:CosmosDatabase"] = _name,
            ["Storage:BlobEndpoint"] = blob.ToString(),
            ["Storage:BlobContainer"] = _name,
            ["Steps:Lease"] = "00:00:02", // a killed program is noticed sooner
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task From_a_dropped_file_to_the_weekly_workbook()
    {
        using var rig = await HostRig.StartAsync(_settings);
        Tell($"the host starts the worker; its {rig.Host.Functions.Count} functions are loaded after {rig.Host.Times.Loaded.TotalMilliseconds:F0} ms");
        var (admin, rater) = (HostRig.Principal("admin@example.org", "admin"), HostRig.Principal("rater@example.org"));
        var credential = new { degree = "MD", years = 9, subdomains = new[] { "general", "specialty", "diagnostics", "public_health" }, languages = new[] { "en" } };
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 }, overlap = 1 });
        await rig.JsonAsync(HttpMethod.Post, "people", admin, new { name = "R", email = "rater@example.org", roles = new[] { "annotator" }, projects = new[] { "p1" }, credential, active = true });

        await DropAsync("week.jsonl", Lines(3));
        Tell($"blob drop/p1/week.jsonl -> IngestBatch, {await DeliverAsync(rig, "week.jsonl")} call");
        var batch = (await rig.JsonAsync(HttpMethod.Get, "batches/p1", admin))["batches"]![0]!;
        Tell($"blob receipts/p1/{batch["batchId"]}.json: {batch["state"]}, read {batch["read"]}, accepted {batch["accepted"]}, rejected {batch["rejected"]}");
        for (var judged = 0; judged < 3; judged++)
        {
            var next = await rig.JsonAsync(HttpMethod.Post, "tasks/next", rater, new { });
            using var answer = await rig.ApiAsync(HttpMethod.Put, $"annotations/p1/{next.TaskId()}/{Guid.NewGuid()}", rater, new { leaseId = next.LeaseId(), judgement = Work.Judgement(), acknowledged = Array.Empty<string>() });
            Tell($"POST /api/tasks/next 200 (task {next.TaskId()[..8]}…); PUT /api/annotations/… {(int)answer.StatusCode}");
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }

        var week = IsoWeek.Of(DateTimeOffset.UtcNow).Add(-1);
        await LetAWeekPassAsync(week);
        Tell("(a week passes: the judgements are dated a week back)");
        var messages = await rig.TimerAsync("CompileWeeklyReports");
        Tell($"timer -> CompileWeeklyReports -> queue reports: [{string.Join(", ", messages)}]");
        Tell($"queue reports -> CompileProjectReports, {await rig.DrainAsync("CompileProjectReports", messages)} call");

        using var folder = new TempFolder();
        var report = await DownloadAsync(week, folder);
        using var workbook = new OpenedWorkbook(SpreadsheetDocument.Open(folder[ReportFiles.Workbook], isEditable: false));
        Tell($"blob reports/p1/{week}/workbook.xlsx: sheets {string.Join(", ", workbook.Sheets)}");
        Tell($"blob reports/p1/{week}/manifest.json: {report.Files.Count} files, {report.Counts.Judgements} judgements; computed again: {((await Verification.OfAsync(folder.Path, Now)).Same ? "every byte the same" : "different")}");
        Assert.Equal((3, 0), (report.Counts.Judgements, workbook.Errors.Count));
        Assert.Empty((await Verification.OfAsync(folder.Path, Now)).Differences);
    }

    [Fact]
    public async Task A_dropped_file_becomes_tasks_that_invited_clinicians_judge()
    {
        using var rig = await HostRig.StartAsync(_settings);
        var admin = HostRig.Principal("admin@example.org", "admin");
        var rater = HostRig.Principal("Rater@Example.org");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 }, overlap = 1 });
        Assert.Equal(HttpStatusCode.Unauthorized, (await rig.ApiAsync(HttpMethod.Get, "me", rater)).StatusCode);
        var credential = new { degree = "MD", years = 9, subdomains = new[] { "general", "specialty", "diagnostics", "public_health" }, languages = new[] { "en" } };
        await rig.JsonAsync(HttpMethod.Post, "people", admin, new { name = "R", email = "rater@example.org", roles = new[] { "annotator" }, projects = new[] { "p1" }, credential, active = true });

        await DropAsync("first.jsonl", Lines(3) + "\n{\"prompt\":7}");
        await DeliverAsync(rig, "first.jsonl");
        await DeliverAsync(rig, "first.jsonl");
        var batch = (await rig.JsonAsync(HttpMethod.Get, "batches/p1", admin))["batches"]!.AsArray().Single()!;
        Assert.Equal(("loaded_with_rejects", 3, 1), ((string)batch["state"]!, (int)batch["accepted"]!, (int)batch["rejected"]!));
        Assert.NotNull(await _files.FindAsync($"receipts/p1/{batch["batchId"]}.rejects.jsonl", Now));

        for (var judged = 0; judged < 3; judged++)
        {
            var next = await rig.JsonAsync(HttpMethod.Post, "tasks/next", rater, new { });
            var path = $"annotations/p1/{next["task"]!["taskId"]}/{Guid.NewGuid()}";
            var body = new { leaseId = (string)next["lease"]!["leaseId"]!, judgement = Work.Judgement(), acknowledged = Array.Empty<string>() };
            Assert.Equal(HttpStatusCode.Created, (await rig.ApiAsync(HttpMethod.Put, path, rater, body)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await rig.ApiAsync(HttpMethod.Put, path, rater, body)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NoContent, (await rig.ApiAsync(HttpMethod.Post, "tasks/next", rater, new { })).StatusCode);
        Assert.Equal(3, await Documents().CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, Now));
        Assert.DoesNotContain("question 1", rig.Output.ToString(), StringComparison.OrdinalIgnoreCase); // no content in logs
        Assert.DoesNotContain("example.org", rig.Output.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("host")]
    public async Task A_program_ended_in_the_middle_of_a_load_leaves_nothing_wrong_and_the_next_delivery_completes_it(string by)
    {
        const int Items = 3_400;
        var admin = HostRig.Principal("admin@example.org", "admin");
        _settings["Ingest:RecordsAtOnce"] = "200"; // so many steps that none comes to its end before it is stopped
        using (var rig = await HostRig.StartAsync(_settings))
        {
            await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 }, overlap = 1 });
            await DropAsync("large.jsonl", Lines(Items) + "\n{\"prompt\":7}");
            var delivery = rig.BlobAsync("drop/p1/large.jsonl");
            await Until.TrueAsync("the first items", async () => await ItemsAsync() > 0);

            await Task.Delay(Random.Shared.Next(0, 200));
            Stop(rig, by);
            if (by == "KILL")
            {
                await Assert.ThrowsAsync<WorkerLostException>(() => delivery);
            }
            else
            {
                Assert.Contains("drop/p1/large.jsonl", Assert.Single(await delivery), StringComparison.Ordinal); // saved, and the rest handed on
                Assert.True(rig.Process.WaitForExit(TimeSpan.FromSeconds(20)));
            }
        }

        _settings["Steps:Budget"] = "00:00:00.0000001"; // over after every chunk
        using var again = await HostRig.StartAsync(_settings);
        Assert.InRange(await DeliverAsync(again, "large.jsonl"), 2, (Items / 200) + 1);
        Assert.Equal(1, await DeliverAsync(again, "large.jsonl"));

        var batch = (await again.JsonAsync(HttpMethod.Get, "batches/p1", admin))["batches"]!.AsArray().Single()!;
        Assert.Equal(("loaded_with_rejects", Items + 1, Items, 0, 1), ((string)batch["state"]!, (int)batch["read"]!, (int)batch["accepted"]!, (int)batch["duplicate"]!, (int)batch["rejected"]!));
        Assert.Equal((Items, Items), (await ItemsAsync(), await Documents().CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = "p1" }, Now)));
        Assert.Equal(batch["accepted"]!.ToJsonString(), (await FileAsync($"receipts/p1/{batch["batchId"]}.json"))["accepted"]!.ToJsonString());
        Assert.Equal(Items + 1, (int)(await FileAsync($"receipts/p1/{batch["batchId"]}.rejects.jsonl"))["line"]!);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_and_events_that_come_twice_and_late_change_nothing()
    {
        const int Items = 3_400;
        _settings["Ingest:RecordsAtOnce"] = "200"; // so many steps that none comes to its end before it is stopped
        using var rig = await HostRig.StartAsync(_settings);
        var admin = HostRig.Principal("admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 } });
        await DropAsync("large.jsonl", Lines(Items));
        var call = $"{Guid.NewGuid()}";
        var cancelled = rig.BlobAsync("drop/p1/large.jsonl", call);
        await Until.TrueAsync("the first items", async () => await ItemsAsync() > 0);

        using (var meanwhile = await rig.ApiAsync(HttpMethod.Get, "health"))
        {
            Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
        }

        rig.Host.Cancel(call);
        await Assert.ThrowsAsync<FunctionFailure>(() => cancelled);
        await Task.WhenAll(DeliverAsync(rig, "large.jsonl"), DeliverAsync(rig, "large.jsonl"));
        await rig.DrainAsync("ContinueBatch", HostRig.BlobCreated("drop/p1/large.jsonl")); // the other intake's event, late
        await rig.QueueAsync("IngestBatchPoison", HostRig.BlobGivenUp("drop/p1/large.jsonl")); // an old failure, later still

        var batch = (await rig.JsonAsync(HttpMethod.Get, "batches/p1", admin))["batches"]!.AsArray().Single()!;
        Assert.Equal(("loaded", Items, Items, 0), ((string)batch["state"]!, (int)batch["read"]!, (int)batch["accepted"]!, (int)batch["duplicate"]!));
        Assert.Equal(Items, await ItemsAsync());
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task A_program_ended_in_the_middle_of_a_report_leaves_none_or_all_and_the_next_delivery_completes_it(string by)
    {
        const int Tasks = 300; // 600 judgements: two pages of them, one of items
        var week = IsoWeek.Of(DateTimeOffset.UtcNow).Add(-1);
        await new WeekSample(tasks: Tasks) { Annotation = judgement => judgement with { SubmittedAt = judgement.SubmittedAt + (week.Start - WeekSample.Monday) } }.StoreAsync(await StoreAsync());
        _settings["Steps:Budget"] = "00:00:00.0000001"; // over after every page
        string message;
        using (var rig = await HostRig.StartAsync(_settings))
        {
            message = Assert.Single(await rig.TimerAsync("CompileWeeklyReports"));
            Assert.Single(await rig.QueueAsync("CompileProjectReports", message));
            var delivery = rig.QueueAsync("CompileProjectReports", message);
            await Task.Delay(Random.Shared.Next(5, 60));
            Stop(rig, by);
            await Task.WhenAny(delivery);
            Assert.True(rig.Process.WaitForExit(TimeSpan.FromSeconds(20)));
            Assert.Null(await _files.FindAsync(ReportArchive.PathOf(WeekSample.ProjectId, week, ReportFiles.Manifest), Now));
        }

        using var again = await HostRig.StartAsync(_settings);
        await again.DrainAsync("CompileProjectReports", message, message);

        using var folder = new TempFolder();
        var report = await DownloadAsync(week, folder);
        Assert.Equal((2 * Tasks, Tasks), (report.Counts.Judgements, report.Counts.Tasks));
        Assert.Empty((await Verification.OfAsync(folder.Path, Now)).Differences);
        Assert.Empty(await again.TimerAsync("CompileWeeklyReports"));
        Assert.DoesNotContain(await _files.ListAsync(ReportArchive.Folder(WeekSample.ProjectId, week), Now).ToListAsync(), file => file.Path.Contains(".staged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("IngestBatchPoison")]
    [InlineData("ContinueBatchPoison")]
    public async Task A_file_whose_tries_are_used_up_is_marked_as_failed_where_the_customer_looks(string function)
    {
        using var rig = await HostRig.StartAsync(_settings);
        var admin = HostRig.Principal("admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 } });
        await DropAsync("poison.jsonl", Lines(2));

        await rig.QueueAsync(function, function == "IngestBatchPoison" ? HostRig.BlobGivenUp("drop/p1/poison.jsonl") : HostRig.BlobCreated("drop/p1/poison.jsonl"));

        var batch = (await rig.JsonAsync(HttpMethod.Get, "batches/p1", admin))["batches"]!.AsArray().Single()!;
        Assert.Equal("failed", (string)batch["state"]!);
        Assert.Contains("Send the file again", (string)batch["reason"]!, StringComparison.Ordinal);
        Assert.NotNull(await _files.FindAsync($"receipts/p1/{batch["batchId"]}.json", Now));
    }

    [Fact]
    public async Task A_lost_event_is_made_good_by_the_hourly_sweep()
    {
        using var rig = await HostRig.StartAsync(_settings);
        var admin = HostRig.Principal("admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 } });
        await DropAsync("lost.jsonl", Lines(2));
        await Task.Delay(TimeSpan.FromSeconds(3)); // a file that may still be growing is left alone

        var found = await rig.TimerAsync("SweepBatches");
        Assert.Equal(1, await rig.DrainAsync("ContinueBatch", found));
        Assert.Empty(await rig.TimerAsync("SweepBatches"));

        Assert.Equal(2, await ItemsAsync());
    }

    [Fact]
    public async Task A_large_file_goes_straight_into_the_drop_folder_by_a_link()
    {
        using var rig = await HostRig.StartAsync(_settings);
        var admin = HostRig.Principal("admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 } });
        var link = await rig.JsonAsync(HttpMethod.Post, "batches/p1/uploads", admin, new { name = "../large.jsonl" });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod((string)link["method"]!), (string)link["url"]!) { Content = new StringContent(Lines(4)) };
        foreach (var header in link["headers"]!.AsObject())
        {
            request.Headers.Add(header.Key, (string)header.Value!);
        }

        Assert.Equal(HttpStatusCode.Created, (await http.SendAsync(request)).StatusCode);
        var dropped = new List<FileEntry>();
        await foreach (var file in _files.ListAsync("drop/p1/", Now))
        {
            dropped.Add(file);
        }

        await DeliverAsync(rig, Assert.Single(dropped).Path["drop/p1/".Length..]);
        Assert.Equal(4, await ItemsAsync());
    }

    [Fact]
    public async Task Where_nobody_can_reach_the_files_address_no_link_is_given_and_the_program_hands_the_workbook_out_itself()
    {
        using var rig = await HostRig.StartAsync(new Dictionary<string, string>(_settings) { ["Storage:Links"] = "false" });
        var admin = HostRig.Principal("admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C", guideline = new { id = "healtheval", version = 1 } });
        var week = IsoWeek.Of(DateTimeOffset.UtcNow).Add(-1);

        using var link = await rig.ApiAsync(HttpMethod.Post, "batches/p1/uploads", admin, new { name = "large.jsonl" });
        using var sent = await rig.ApiAsync(HttpMethod.Post, "batches/p1?name=small.jsonl", admin, new StringContent(Lines(2)));
        using var compiled = await rig.ApiAsync(HttpMethod.Post, $"reports/p1/{week}", admin);
        using var workbook = await rig.ApiAsync(HttpMethod.Get, $"reports/p1/{week}/workbook", admin);

        Assert.Equal((HttpStatusCode.Conflict, "no_upload_links"), (link.StatusCode, (string)JsonNode.Parse(await link.Content.ReadAsStringAsync())!["code"]!));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        Assert.True(compiled.IsSuccessStatusCode, rig.Output);
        Assert.Equal((HttpStatusCode.OK, "PK"), (workbook.StatusCode, Encoding.ASCII.GetString(await workbook.Content.ReadAsByteArrayAsync(), 0, 2)));
    }

    private static void Stop(HostRig rig, string by)
    {
        if (by == "host")
        {
            rig.Host.Terminate();
        }
        else
        {
            rig.Signal(by);
        }
    }

    private CosmosDocumentStore Documents() => new(_client, _name);

    private Task<long> ItemsAsync() => Documents().CountAsync(new DocumentQuery(DocumentKind.Item) { ProjectId = "p1" }, Now);

    private Task<FileEntry?> DropAsync(string name, string text) => _files.WriteBytesAsync($"drop/p1/{name}", Encoding.UTF8.GetBytes(text), FileCondition.None, Now);

    private static Task<int> DeliverAsync(HostRig rig, string name) => rig.DeliverAsync($"drop/p1/{name}");

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private async Task LetAWeekPassAsync(IsoWeek week)
    {
        var judgements = await Documents().AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, Now).Select(stored => stored.Value).ToListAsync();
        foreach (var judgement in judgements)
        {
            await Documents().CommitAsync(new Write.Put(Annotation.Key("p1", judgement.TaskId, judgement.AnnotationId), judgement with { SubmittedAt = week.Start.AddDays(1) }), Now);
        }
    }

    /// <summary>The program's own database, made here when nothing has been started yet.</summary>
    private async Task<CosmosDocumentStore> StoreAsync()
    {
        await CosmosContainers.CreateAsync(_client, _name, Now);
        return Documents();
    }

    /// <summary>The first line of a file.</summary>
    private async Task<JsonNode> FileAsync(string path)
    {
        await using var stream = await _files.OpenAsync(path, Now) ?? throw new FileNotFoundException(path);
        using var reader = new StreamReader(stream);
        return JsonNode.Parse((await reader.ReadLineAsync())!)!;
    }

    private async Task<Manifest> DownloadAsync(IsoWeek week, TempFolder folder)
    {
        foreach (var name in ReportFiles.Listed.Append(ReportFiles.Manifest))
        {
            await using var from = await _files.OpenAsync(ReportArchive.PathOf(WeekSample.ProjectId, week, name), Now) ?? throw new FileNotFoundException(name);
            await using var to = File.Create(folder[name]);
            await from.CopyToAsync(to);
        }

        return JsonLines.ReadFile<Manifest>(folder[ReportFiles.Manifest]);
    }

    private static string Lines(int count) => string.Join('\n', Enumerable.Range(1, count).Select(n => $$"""{"item_id":"{{n}}","prompt":"question {{n}}","response":"answer {{n}}"}"""));
}
