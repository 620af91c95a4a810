using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;

namespace HealthEval.Tests.Cli;

/// <summary>The built program, killed while it takes uploads, loads what is dropped, publishes a report, and starts. Two hundred kills on request: dotnet run ci.cs -- --long.</summary>
public sealed class KilledTests : IDisposable
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("HEALTHEVAL_LONG") is { Length: > 0 } ? 50 : 2;
    private readonly TempFolder _folder = new();
    private readonly Random _random = new(11);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_uploads_none_that_was_acknowledged_is_lost_doubled_or_stuck()
    {
        var session = await PrepareAsync(store => store.CommitAsync(new Write.Create(Project.Key("kill"), New("kill")), default));
        var acknowledged = new ConcurrentBag<string>();
        var sent = 0;
        for (var round = 0; round < Rounds; round++)
        {
            using var program = await RealProcess.ServeAsync(_folder.Path);
            using var stop = new CancellationTokenSource();
            var clients = Task.WhenAll(Enumerable.Range(0, 8).Select(async client =>
            {
                using var http = Client(program, session);
                while (!stop.IsCancellationRequested)
                {
                    var prompt = $"upload-{Interlocked.Increment(ref sent)}";
                    try
                    {
                        if ((await http.PostAsync("batches/kill?name=same.jsonl", new StringContent(Line(prompt)))).StatusCode is HttpStatusCode.Accepted)
                        {
                            acknowledged.Add(prompt);
                        }
                    }
                    catch (Exception cut) when (cut is HttpRequestException or IOException or TaskCanceledException)
                    {
                        return;
                    }
                }
            }));
            var goal = acknowledged.Count + _random.Next(5, 40);
            await Until.TrueAsync("uploads", () => Task.FromResult(acknowledged.Count >= goal), everyMilliseconds: 1);
            await KillAsync(program, stop);
            await clients;
        }

        await VerifyAsync("kill", [.. acknowledged], "killed while uploads come");
    }

    [Fact]
    public async Task On_a_disk_that_fills_up_what_was_acknowledged_is_there_and_the_rest_was_refused()
    {
        using var disk = new SmallDisk("size=24m");
        var session = await PrepareAsync(store => store.CommitAsync(new Write.Create(Project.Key("kill"), New("kill")), default), disk.Path);
        var (acknowledged, refused) = (new ConcurrentBag<string>(), new ConcurrentBag<HttpStatusCode>());
        using (var program = await RealProcess.ServeAsync(disk.Path))
        {
            var (sent, padding) = (0, new string('x', 60_000));
            for (var phase = 0; phase < 2; phase++)
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(async client =>
                {
                    using var http = Client(program, session);
                    for (var n = 0; n < 40; n++)
                    {
                        var prompt = $"disk-{Interlocked.Increment(ref sent)}";
                        var answer = await http.PostAsync("batches/kill?name=same.jsonl", new StringContent($$"""{"prompt":"{{prompt}}","response":"{{padding}}"}"""));
                        if (answer.StatusCode is HttpStatusCode.Accepted)
                        {
                            acknowledged.Add(prompt);
                        }
                        else
                        {
                            refused.Add(answer.StatusCode);
                        }
                    }
                }));
                Assert.True(disk.Remount("size=200m"));
            }
        }

        Assert.NotEmpty(refused);
        Assert.All(refused, status => Assert.Contains(status, new[] { HttpStatusCode.InsufficientStorage, HttpStatusCode.ServiceUnavailable }));
        await VerifyAsync("kill", [.. acknowledged], $"uploads to a full disk ({refused.Count} refused)", disk.Path);
    }

    [Fact]
    public async Task Of_dropped_files_none_is_lost_doubled_or_stuck()
    {
        await PrepareAsync(store => store.CommitAsync(new Write.Create(Project.Key("kill"), New("kill")), default));
        var drop = Directory.CreateDirectory(Path.Combine(_folder.Path, "files", "drop", "kill")).FullName;
        var dropped = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            using var program = await RealProcess.ServeAsync(_folder.Path);
            using var stop = new CancellationTokenSource();
            for (var file = 0; file < 20; file++)
            {
                dropped.Add($"drop-{dropped.Count}");
                await File.WriteAllTextAsync(Path.Combine(drop, ".new"), Line(dropped[^1]));
                File.Move(Path.Combine(drop, ".new"), Path.Combine(drop, $"{dropped[^1]}.jsonl"));
                await File.WriteAllTextAsync(Path.Combine(drop, $"{dropped[^1]}.jsonl.done"), ""); // whole: it is loaded without waiting
            }

            await Task.Delay(_random.Next(0, 700));
            await KillAsync(program, stop);
        }

        await VerifyAsync("kill", dropped, "killed while files are dropped");
    }

    [Fact]
    public async Task A_report_that_was_being_published_is_whole_afterwards_or_is_made_again()
    {
        var session = await PrepareAsync(store => new WeekSample(tasks: 12).StoreAsync(store));
        var reports = Path.Combine(_folder.Path, "files", "reports");
        for (var round = 0; round < Rounds; round++)
        {
            if (round % 2 == 0 && Directory.Exists(reports))
            {
                Directory.Delete(reports, recursive: true);
            }

            using var program = await RealProcess.ServeAsync(_folder.Path);
            using var stop = new CancellationTokenSource();
            using var http = Client(program, session);
            var asked = http.PostAsync($"reports/{WeekSample.ProjectId}/2026-W47", null).ContinueWith(answer => answer.Exception, TaskScheduler.Default);
            await Task.Delay(_random.Next(0, 1_200));
            await KillAsync(program, stop);
            await asked;
        }

        using var last = await RealProcess.ServeAsync(_folder.Path);
        using var client = Client(last, session);
        await Until.TrueAsync("the report", async () => (await client.PostAsync($"reports/{WeekSample.ProjectId}/2026-W47", null)).IsSuccessStatusCode, everyMilliseconds: 300);
        foreach (var part in new[] { "workbook", "data", "manifest" })
        {
            Assert.Equal((part, HttpStatusCode.OK), (part, (await client.GetAsync($"reports/{WeekSample.ProjectId}/2026-W47/{part}")).StatusCode));
        }

        last.Kill();
        var (exitCode, output, error) = await RealProcess.RunAsync("check", "--data", _folder.Path);
        new Counted($"publishing a report, {Rounds} kills", 1, 0, 0, exitCode).Verify();
        Assert.True(exitCode == 0, output + error);
    }

    [Fact]
    public async Task A_program_that_was_killed_while_it_started_starts_again()
    {
        for (var round = 0; round < Rounds; round++)
        {
            using var starting = Process.Start(new ProcessStartInfo(RealProcess.Executable, ["serve", "--data", _folder.Path, "--port", "0"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            await Task.Delay(_random.Next(100, 3_000));
            Assert.False(starting.HasExited && starting.ExitCode != 0, await SaidAsync(starting));
            starting.Kill();
            await starting.WaitForExitAsync();
        }

        using var last = await RealProcess.ServeAsync(_folder.Path);
        last.Kill();
        var (exitCode, output, error) = await RealProcess.RunAsync("check", "--data", _folder.Path);
        new Counted($"starting, {Rounds} kills", Rounds, 0, 0, exitCode).Verify();
        Assert.True(exitCode == 0, output + error);
    }

    private static async Task<string> SaidAsync(Process process) => process.HasExited ? await process.StandardError.ReadToEndAsync() : "";

    private async Task KillAsync(RealProcess program, CancellationTokenSource stop)
    {
        await Task.Delay(_random.Next(0, 30));
        program.Kill();
        await stop.CancelAsync();
    }

    /// <summary>A started program brings everything to its end; each text is then there exactly once.</summary>
    private async Task VerifyAsync(string projectId, List<string> prompts, string what, string? at = null)
    {
        var (folder, open) = (at ?? _folder.Path, 0);
        using (await RealProcess.ServeAsync(folder))
        {
            using var store = new SqliteDocumentStore(Path.Combine(folder, StoreFolder.Database));
            async Task<bool> EndedAsync() => (open = await OpenAsync(store, projectId)) == 0 && await MissingAsync(store, projectId, prompts) == 0;
            try
            {
                // Half a minute for a dead program's lease and another for the next look of the sweep, and more on a machine that has other things to do.
                await Until.TrueAsync($"an end of all {what}", EndedAsync, everyMilliseconds: 200);
            }
            catch (Xunit.Sdk.TrueException)
            {
                // what is left is counted below
            }
        }

        using var after = new SqliteDocumentStore(Path.Combine(folder, StoreFolder.Database));
        var there = (await ItemsAsync(after, projectId)).CountBy(prompt => prompt).ToDictionary();
        Assert.True(prompts.Count >= 5 * Rounds, $"too little to prove anything: {prompts.Count}");
        new Counted( // a file that came whole and got no answer may be begun after the look that found everything ended: it is not stuck
            $"{what}, {Rounds} rounds", prompts.Count, prompts.Count(prompt => !there.ContainsKey(prompt)), there.Count(found => found.Value > 1), open).Verify();
        Assert.True((await new AuditTrail(after, TimeProvider.System).CheckAsync(projectId, default)).Whole);
    }

    private static async Task<int> OpenAsync(SqliteDocumentStore store, string projectId) => await store
        .AllAsync<Batch>(new DocumentQuery(DocumentKind.Batch) { ProjectId = projectId, Scope = Batch.Partition(projectId).Scope, Top = 1_000 }, default)
        .CountAsync(batch => !BatchState.IsFinal(batch.Value.State));

    private static async Task<int> MissingAsync(SqliteDocumentStore store, string projectId, List<string> prompts) =>
        prompts.Except(await ItemsAsync(store, projectId)).Count();

    private static async Task<List<string>> ItemsAsync(SqliteDocumentStore store, string projectId) => await store
        .AllAsync<EvalItem>(new DocumentQuery(DocumentKind.Item) { ProjectId = projectId, Top = 1_000 }, default).Select(item => item.Value.Messages[0].Content).ToListAsync();

    private static Project New(string projectId) => Project.Default(projectId, new GuidelineReference("healtheval", 1), DateTimeOffset.UtcNow);

    private static string Line(string prompt) => $$"""{"prompt":"{{prompt}}","response":"a"}""" + "\n";

    private static HttpClient Client(RealProcess program, string session)
    {
        var client = new HttpClient { BaseAddress = new Uri(program.Url + "/api/"), Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Add("Cookie", $"{LocalAuthentication.Cookie}={session}");
        return client;
    }

    /// <returns>An admin's session.</returns>
    private async Task<string> PrepareAsync(Func<SqliteDocumentStore, Task> fill, string? at = null)
    {
        using var store = new SqliteDocumentStore(Path.Combine(at ?? _folder.Path, StoreFolder.Database));
        await fill(store);
        var admin = Someone.With(Roles.Admin);
        await store.CommitAsync(new Write.Create(Person.Key(admin.PersonId), admin), default);
        var signIn = new SignIn(store, TimeProvider.System, new AuditTrail(store, TimeProvider.System), new ConfigurationBuilder().Build());
        return (await signIn.UseAsync((await signIn.InviteAsync(admin, by: null, Invite.Lifetime, default)).Token, default))!;
    }
}
