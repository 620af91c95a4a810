using System.Text;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Batches;

/// <summary>What was to be erased is looked for in every byte of the store's folder.</summary>
public sealed class ErasureTests
{
    private const string Secret = "write to quentin.zephyrweather@example.org";

    [Theory]
    [InlineData("drop")]
    [InlineData("redact")]
    public async Task What_a_lead_drops_or_redacts_is_in_no_byte_of_the_store_any_more(string decision)
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the folder on disk.");
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", project => project with { Privacy = "hold" });
        using var lead = await app.SignedInAsync(Roles.Lead);
        var batchId = await UploadAsync(lead, $$"""
            {"item_id":"1","prompt":"q1","response":"Please {{Secret}} for an appointment."}
            {"item_id":"2","prompt":"q2","response":"Nothing to see."}
            """);
        Assert.NotEmpty(Holding(app.Folder));

        var decided = await lead.PostAsync($"batches/p1/{batchId}/held", Body.Of(new { decision, why = "a person's address" }));
        Assert.Equal(1, (int)(await decided.JsonAsync())["count"]!);

        Assert.Empty(Holding(app.Folder));
        var stone = Json.Parse<Tombstone>(await File.ReadAllBytesAsync(Path.Combine(app.Folder, "files", Erasure.TombstonePath("p1", batchId))));
        Assert.Equal((batchId, "a.jsonl", 64), (stone.BatchId, stone.File, stone.Sha256.Length));
        Assert.Equal(decision == "drop" ? 1 : 2, await app.Store.CountAsync(new DocumentQuery(DocumentKind.Item) { ProjectId = "p1" }, default));
    }

    [Fact]
    public async Task A_file_that_is_sent_again_after_the_decision_is_erased_again()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the folder on disk.");
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", project => project with { Privacy = "hold" });
        using var lead = await app.SignedInAsync(Roles.Lead);
        var content = $$"""{"item_id":"1","prompt":"q1","response":"Please {{Secret}}."}""";
        var batchId = await UploadAsync(lead, content);
        await lead.PostAsync($"batches/p1/{batchId}/held", Body.Of(new { decision = "drop", why = "no" }));

        (await lead.PostAsync("batches/p1?name=a.jsonl", new StringContent(content))).EnsureSuccessStatusCode();
        for (var tries = 0; tries < 200 && Holding(app.Folder).Count > 0; tries++)
        {
            await Task.Delay(50);
        }

        Assert.Empty(Holding(app.Folder));
    }

    [Fact]
    public async Task A_purge_leaves_no_byte_of_the_project_and_says_what_it_cannot_reach()
    {
        using var folder = new TempFolder();
        await File.WriteAllLinesAsync(folder["mine.jsonl"], Enumerable.Range(1, 300).Select(n => $$"""{"prompt":"Question {{n}}? {{Secret}}","response":"Answer {{n}}. {{Secret}}"}"""));
        var data = folder["data"];
        Assert.Equal(0, (await RealProcess.RunAsync("ingest", folder["mine.jsonl"], "--project", "mine", "--create", "--data", data)).ExitCode);
        Directory.CreateDirectory(Path.Combine(data, "files", "drop", "mine"));
        File.Copy(folder["mine.jsonl"], Path.Combine(data, "files", "drop", "mine", "mine.jsonl"));
        Assert.NotEmpty(Holding(data));

        var (exitCode, output, _) = await RealProcess.RunAsync("purge", "--project", "mine", "--confirm", "mine", "--data", data);

        Assert.Equal(0, exitCode);
        Assert.Contains("What is left, and why:", output, StringComparison.Ordinal);
        Assert.Contains("backups", output, StringComparison.Ordinal);
        Assert.Empty(Holding(data));
    }

    [Fact]
    public async Task What_is_not_worth_keeping_goes_after_the_period_of_its_kind()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "On Azure the stores do this themselves.");
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Retention:RawDrops"] = "30.00:00:00");
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead);
        var batchId = await UploadAsync(lead, """{"prompt":"q","response":"a"}""");
        await app.Store.CommitAsync(new Write.Put(HealthEval.Tasks.TaskDraft.Key("p1", "t1", "r1"), new { rater = "r1", revision = 1, judgement = new { }, savedAt = app.Time.GetUtcNow() }), default);
        var retention = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<Retention>(app.Services);
        app.Time.Set(DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(0, await retention.RunAsync(default));

        app.Time.Advance(TimeSpan.FromDays(200));
        Assert.True(await retention.RunAsync(default) >= 4); // a session, an invitation, a draft, a file
        Assert.Equal(0, await app.Store.CountAsync(new DocumentQuery(DocumentKind.Session), default) + await app.Store.CountAsync(new DocumentQuery(DocumentKind.Draft) { ProjectId = "p1" }, default));
        Assert.Empty(await app.Files.ListAsync("drop/p1/", default).ToListAsync());
        Assert.NotNull(await app.Files.FindAsync(Erasure.TombstonePath("p1", batchId), default));
        Assert.NotNull(await app.Store.FindAsync<Batch>(Batch.Key("p1", batchId), default));
    }

    [Fact]
    public void What_a_killed_process_left_in_the_temporary_folder_is_removed_by_the_next()
    {
        using var ended = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/true") { UseShellExecute = false })!;
        ended.WaitForExit();
        var left = Directory.CreateTempSubdirectory($"healtheval-report-{ended.Id}-").FullName;
        File.WriteAllText(Path.Combine(left, "annotations.jsonl"), "text");
        var mine = TempFolders.Create("report");

        TempFolders.RemoveAbandoned();

        Assert.Equal((false, true), (Directory.Exists(left), Directory.Exists(mine)));
        Directory.Delete(mine);
    }

    private static async Task<string> UploadAsync(HttpClient client, string content)
    {
        using var answer = await client.PostAsync("batches/p1?name=a.jsonl", new StringContent(content));
        var batchId = (string)(await answer.JsonAsync())["batchId"]!;
        for (var tries = 0; tries < 600 && !BatchState.IsFinal((string)(await (await client.GetAsync($"batches/p1/{batchId}")).JsonAsync())["state"]!); tries++)
        {
            await Task.Delay(50);
        }

        return batchId;
    }

    /// <summary>The files in which the secret stands.</summary>
    private static List<string> Holding(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Bytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes("zephyrweather")) >= 0)];

    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
