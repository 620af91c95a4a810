using HealthEval.Audit;
using HealthEval.People;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Audit;

/// <summary>What is done is on record, whoever does it: a person, the timer, the drop folder, the command line.</summary>
public sealed class RecordedTests
{
    [Fact]
    public async Task What_comes_in_is_on_record_with_its_hash()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", project => project with { Privacy = "warn" });
        var person = Someone.With(Roles.Lead);
        using var lead = await app.SignedInAsync(person);

        var batchId = (string)(await (await lead.PostAsync("batches/p1?name=a.jsonl", Body.Text("""{"prompt":"q","response":"a"}"""))).JsonAsync())["batchId"]!;

        var entry = await OnlyAsync(app, AuditActions.FileReceived);
        Assert.Equal((person.PersonId, batchId), (entry.By, entry.About));
        Assert.Matches("^bytes=29;sha256=[0-9a-f]{64}$", entry.To!);
    }

    [Fact]
    public async Task What_is_dropped_is_on_record_once_however_often_it_is_looked_at()
    {
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Ingest:SettleFor"] = "00:00:00");
        await app.AddProjectAsync("p1");
        await app.Files.WriteBytesAsync("drop/p1/a.jsonl", """{"prompt":"q","response":"a"}"""u8.ToArray(), FileCondition.None, default);
        var sweep = app.Services.GetRequiredService<HealthEval.Batches.SweepDrops>();
        for (var round = 0; round < 3; round++)
        {
            await sweep.LoadAsync(new HealthEval.Batches.Dropped("p1", "a.jsonl", "a.jsonl"), default);
        }

        Assert.Equal(AuditTrail.DropFolder, (await OnlyAsync(app, AuditActions.FileReceived)).By);
    }

    [Fact]
    public async Task What_is_taken_away_is_on_record_with_what_of_it()
    {
        await using var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 6).StoreAsync(app.Store);
        var person = Someone.With(Roles.Lead, WeekSample.ProjectId);
        using var lead = await app.SignedInAsync(person);
        (await lead.PostAsync($"reports/{WeekSample.ProjectId}/2026-W47", null)).EnsureSuccessStatusCode();
        foreach (var part in new[] { "workbook", "data", "manifest" })
        {
            (await lead.GetAsync($"reports/{WeekSample.ProjectId}/2026-W47/{part}")).EnsureSuccessStatusCode();
        }

        (await lead.GetAsync($"exports/{WeekSample.ProjectId}/consensus")).EnsureSuccessStatusCode();
        await lead.GetAsync($"exports/{WeekSample.ProjectId}/nonsense"); // refused: nothing was taken

        var taken = await app.Services.GetRequiredService<AuditTrail>().EntriesAsync(WeekSample.ProjectId, default).Where(entry => entry.By == person.PersonId).ToListAsync();
        Assert.Equal(
            ["report.compiled 2026-W47", "report.taken 2026-W47/workbook", "report.taken 2026-W47/data", "report.taken 2026-W47/manifest", "export.taken consensus"],
            taken.Where(entry => entry.Action is not (AuditActions.SignedIn or AuditActions.LinkMade)).Select(entry => $"{entry.Action} {entry.About}"));
    }

    [Fact]
    public async Task Whoever_reads_a_text_that_is_held_back_is_on_record()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", project => project with { Privacy = "hold" });
        var person = Someone.With(Roles.Lead, "p1");
        using var lead = await app.SignedInAsync(person);
        var batchId = (string)(await (await lead.PostAsync("batches/p1?name=a.jsonl", Body.Text("""{"prompt":"q","response":"Write to jane.roe@example.org."}"""))).JsonAsync())["batchId"]!;
        await Until.TrueAsync("a held item", async () => (await (await lead.GetAsync($"batches/p1/{batchId}/held")).JsonAsync())["held"]!.AsArray().Count == 1);
        var taskId = (string)(await (await lead.GetAsync($"batches/p1/{batchId}/held")).JsonAsync())["held"]![0]!["taskId"]!;

        (await lead.GetAsync($"batches/p1/{batchId}/held/{taskId}")).EnsureSuccessStatusCode();
        (await lead.PostAsync($"batches/p1/{batchId}/preview", null)).EnsureSuccessStatusCode();

        Assert.Equal((person.PersonId, $"{batchId}/{taskId}"), await OnlyAsync(app, AuditActions.HeldTextRead) is var read ? (read.By, read.About) : default);
        Assert.Equal((person.PersonId, batchId), await OnlyAsync(app, AuditActions.FileLookedAt) is var seen ? (seen.By, seen.About) : default);
        Assert.DoesNotContain(AuditActions.All, action => AuditActions.All.Count(one => one == action) > 1);
    }

    [Fact]
    public async Task The_timers_reports_are_on_record_and_only_those_it_made()
    {
        await using var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 6).StoreAsync(app.Store);
        app.Time.Set(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
        var reports = app.Services.GetRequiredService<WeeklyReports>();
        await Task.WhenAll(reports.CompileDueAsync(default), reports.CompileDueAsync(default));
        await reports.CompileDueAsync(default);

        Assert.Equal((AuditTrail.Timer, "2026-W47"), await OnlyAsync(app, AuditActions.ReportCompiled, WeekSample.ProjectId) is var entry ? (entry.By, entry.About) : default);
    }

    [Fact]
    public async Task The_command_lines_loads_reports_exports_backups_and_restores_are_on_record()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "The command line works on the embedded store here.");
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["a.jsonl"], """{"prompt":"q","response":"a"}""");
        var data = folder["data"];
        foreach (string[] verb in (string[][])
            [
                ["ingest", folder["a.jsonl"], "--project", "mine", "--create"],
                ["simulate", "--project", "mine", "--raters", "1", "--seed", "3"],
                ["report", "--project", "mine", "--week", "2026-W47", "--out", folder["week"]],
                ["export", "--project", "mine", "--format", "claims", "--out", folder["claims.jsonl"]],
                ["backup", folder["backup"]],
                ["restore", folder["backup"], "--replace"],
            ])
        {
            var (exitCode, _, error) = await RealProcess.RunAsync([.. verb, "--data", data]);
            Assert.True(exitCode == 0, $"{verb[0]}: {error}");
        }

        using var store = new SqliteDocumentStore(Path.Combine(data, StoreFolder.Database));
        var trail = new AuditTrail(store, TimeProvider.System);
        Assert.Equal(
            [AuditActions.ProjectAdded, AuditActions.FileReceived, AuditActions.JudgementsSimulated, AuditActions.JudgementsSimulated, AuditActions.ReportTaken, AuditActions.ExportTaken],
            await trail.EntriesAsync("mine", default).Select(entry => entry.Action).ToListAsync());
        Assert.Equal([AuditActions.StoreBackedUp, AuditActions.StoreRestored], await trail.EntriesAsync(AuditTrail.Platform, default).Select(entry => entry.Action).ToListAsync());
        Assert.True((await trail.CheckAsync("mine", default)).Whole && (await trail.CheckAsync(AuditTrail.Platform, default)).Whole);
    }

    private static async Task<AuditEntry> OnlyAsync(TestApp app, string action, string projectId = "p1") =>
        Assert.Single(await app.Services.GetRequiredService<AuditTrail>().EntriesAsync(projectId, default).Where(entry => entry.Action == action).ToListAsync());
}
