using System.Text;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Batches.Pairing;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
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

        await Until.TrueAsync("the end of what was sent again", () => Task.FromResult(Holding(app.Folder).Count == 0));
    }

    [Fact]
    public async Task Of_an_answered_request_no_byte_is_left_and_of_one_that_waits_for_its_answer_all_are()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the folder on disk.");
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", project => project with { Privacy = "hold" });
        using var lead = await app.SignedInAsync(Roles.Lead);
        static string Ask(string id, string text) => $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"{{{text}}}"}]}}""" + "\n";
        static string Answer(string id, string text) => $$$"""{"custom_id":"{{{id}}}","response":{"status_code":200,"body":{"model":"m-1","choices":[{"message":{"role":"assistant","content":"{{{text}}}"}}]}},"error":null}""" + "\n";
        await UploadAsync(lead, Ask("c1", $"Whom do I ask? {Secret}") + Ask("c2", "How much rest?"), "in.jsonl");
        var batchId = await UploadAsync(lead, Answer("c1", $"Please {Secret}."), "out.jsonl");
        Assert.Contains(Holding(app.Folder), file => file.Contains("/pending/", StringComparison.Ordinal));

        await lead.PostAsync($"batches/p1/{batchId}/held", Body.Of(new { decision = "drop", why = "a person's address" }));

        Assert.Empty(Holding(app.Folder));
        var late = await UploadAsync(lead, Answer("c2", "Enough."), "late.jsonl");
        Assert.Equal((BatchState.Loaded, 1L), (await app.Store.FindAsync<Batch>(Batch.Key("p1", late), default))!.Value is var batch ? (batch.State, batch.Accepted) : default);
    }

    [Fact]
    public async Task An_erasure_that_was_cut_off_between_its_two_files_loses_no_request()
    {
        using var rig = new IngestRig();
        await rig.Documents.CommitAsync(new Write.Create(HealthEval.Projects.Project.Key("p1"), rig.Project), default);
        var receipt = (await rig.IngestAsync("""{"custom_id":"c1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"q"}]}}""" + "\n", "in.jsonl")).Batch;
        var requests = (await rig.Documents.FindAsync<RequestFile>(RequestFile.Key("p1", receipt.BatchId), default))!.Value;
        var content = await File.ReadAllBytesAsync(Path.Combine(rig.Files.Root, requests.ContentPath));
        await rig.Files.WriteBytesAsync(requests.ContentPath + ".rest", content, FileCondition.None, default);
        await rig.Files.EraseAsync(requests.ContentPath, default);

        await requests.ForgetAnsweredAsync(rig.Files, default);

        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(rig.Files.Root, requests.ContentPath)));
        Assert.Null(await rig.Files.FindAsync(requests.ContentPath + ".rest", default));
    }

    [Fact]
    public async Task Who_is_forgotten_is_in_no_byte_of_the_store_and_their_judgement_stays_under_the_pseudonym()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the folder on disk.");
        using var folder = new TempFolder();
        var person = Someone.With(Roles.Annotator, "mine") with { Name = "Quentin Zephyrweather", Email = "quentin@zephyrweather.example" };
        string session;
        using (var store = new SqliteDocumentStore(folder["healtheval.db"]))
        {
            var (trail, item) = (new AuditTrail(store, TimeProvider.System), Work.Item("mine", 1));
            var signIn = new SignIn(store, TimeProvider.System, trail, new ConfigurationBuilder().Build());
            await store.CommitAsync(new Write.Create(HealthEval.Projects.Project.Key("mine"), HealthEval.Projects.Project.Default("mine", new("healtheval", 1), DateTimeOffset.UtcNow)), default);
            await store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), default);
            session = (await signIn.UseAsync((await signIn.InviteAsync(person, by: null, Invite.Lifetime, default)).Token, default))!;
            await store.CommitAsync(new Write.Put(Account.Key("a1"), new Account("a1", person.PersonId, DateTimeOffset.UtcNow)), default);
            await store.CommitAsync(new Write.Put(HealthEval.Tasks.TaskDraft.Key("mine", item.TaskId, person.PersonId), new { rater = person.PersonId, revision = 1, judgement = new { }, savedAt = DateTimeOffset.UtcNow }), default);
            await store.CommitAsync(new Write.Put(Annotation.Key("mine", item.TaskId, "j1"), new { rater = person.PersonId, pseudonym = person.Pseudonym }), default);
        }

        Assert.NotEmpty(Holding(folder.Path));
        Assert.Equal(2, (await RealProcess.RunAsync("forget", "--person", person.PersonId, "--data", folder.Path)).ExitCode);
        Assert.NotEmpty(Holding(folder.Path));
        var (exitCode, output, _) = await RealProcess.RunAsync("forget", "--person", person.PersonId, "--confirm", person.PersonId, "--data", folder.Path);

        Assert.Equal((0, ""), (exitCode, string.Join(' ', Holding(folder.Path))));
        Assert.Contains("judgements and adjudications stay, under the pseudonym", output, StringComparison.Ordinal);
        using var after = new SqliteDocumentStore(folder["healtheval.db"]);
        var kept = (await after.FindAsync<Person>(Person.Key(person.PersonId), default))!.Value;
        Assert.Equal((person.Pseudonym, null, false, 0), (kept.Name, kept.Email, kept.Active, kept.Projects.Count));
        Assert.NotNull(await after.FindAsync<System.Text.Json.Nodes.JsonObject>(Annotation.Key("mine", Work.Item("mine", 1).TaskId, "j1"), default));
        Assert.Null(await after.FindAsync<Session>(Session.Key(session), default));
        Assert.Null(await after.FindAsync<Account>(Account.Key("a1"), default));
        Assert.Equal(0, await after.CountAsync(new DocumentQuery(DocumentKind.Draft) { ProjectId = "mine" }, default) + await after.CountAsync(Invite.Of(person.PersonId), default));
        Assert.Contains(await new AuditTrail(after, TimeProvider.System).EntriesAsync("mine", default).ToListAsync(), entry => entry.Action == AuditActions.PersonForgotten && entry.About == person.PersonId);
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
        using var store = new SqliteDocumentStore(Path.Combine(data, "healtheval.db"));
        var purged = await new AuditTrail(store, TimeProvider.System).EntriesAsync(AuditTrail.Platform, default).SingleAsync(entry => entry.Action == AuditActions.ProjectPurged);
        Assert.Equal(("mine", AuditTrail.CommandLine, true), (purged.About, purged.By, purged.From!.Contains(':', StringComparison.Ordinal))); // where the project's own chain ended
    }

    [Fact]
    public async Task A_purge_takes_half_an_upload_of_a_killed_program_along()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["mine.jsonl"], """{"prompt":"q","response":"a"}""");
        var data = folder["data"];
        Assert.Equal(0, (await RealProcess.RunAsync("ingest", folder["mine.jsonl"], "--project", "mine", "--create", "--data", data)).ExitCode);
        Directory.CreateDirectory(Path.Combine(data, "files", "drop", "mine"));
        await File.WriteAllTextAsync(Path.Combine(data, "files", "drop", "mine", ".unfinished-0123456789abcdef"), Secret);

        Assert.Equal(0, (await RealProcess.RunAsync("purge", "--project", "mine", "--confirm", "mine", "--data", data)).ExitCode);

        Assert.Empty(Holding(data));
    }

    [Fact]
    public async Task Whoever_had_a_purged_project_does_not_have_the_next_one_of_that_name()
    {
        using var folder = new TempFolder();
        var (one, both) = (Someone.With(Roles.Customer, "mine"), Someone.With(Roles.Lead, "mine", "theirs"));
        using (var store = new SqliteDocumentStore(folder["healtheval.db"]))
        {
            foreach (var project in new[] { "mine", "theirs" })
            {
                await store.CommitAsync(new Write.Create(HealthEval.Projects.Project.Key(project), HealthEval.Projects.Project.Default(project, new("healtheval", 1), DateTimeOffset.UtcNow)), default);
                var token = new ApiToken($"k-{project}", project, "a program", ["batches:read"], both.PersonId, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(9), Sha256: Sha.Of(project));
                await store.CommitAsync(new Write.Create(token.Key(), token), default);
            }

            await store.CommitAsync([new Write.Create(Person.Key(one.PersonId), one), new Write.Create(Person.Key(both.PersonId), both)], default);
            await store.CommitAsync(new Write.Create(GuidelineOwner.Key("own"), new GuidelineOwner("own", ["mine", "theirs"])), default);
        }

        var (exitCode, output, _) = await RealProcess.RunAsync("purge", "--project", "mine", "--confirm", "mine", "--data", folder.Path);

        Assert.Equal(0, exitCode);
        Assert.Contains("2 people who were entered for this project", output, StringComparison.Ordinal);
        using var after = new SqliteDocumentStore(folder["healtheval.db"]);
        Assert.Empty((await after.FindAsync<Person>(Person.Key(one.PersonId), default))!.Value.Projects);
        Assert.Equal(["theirs"], (await after.FindAsync<Person>(Person.Key(both.PersonId), default))!.Value.Projects);
        Assert.Equal(["theirs"], (await after.FindAsync<GuidelineOwner>(GuidelineOwner.Key("own"), default))!.Value.Projects);
        Assert.Equal("theirs", (await after.AllAsync<ApiToken>(new DocumentQuery(DocumentKind.Token), default).SingleAsync()).Value.ProjectId);
    }

    [Fact]
    public async Task Who_is_forgotten_while_the_program_runs_is_in_no_byte_either()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the folder on disk.");
        await using var app = await TestApp.StartAsync();
        var person = Someone.With(Roles.Annotator, "p1") with { Name = "Quentin Zephyrweather", Email = "quentin@zephyrweather.example" };
        using var client = await app.SignedInAsync(person);
        Assert.NotEmpty(Holding(app.Folder));

        Assert.Equal(0, (await RealProcess.RunAsync("forget", "--person", person.PersonId, "--confirm", person.PersonId, "--data", app.Folder)).ExitCode);

        Assert.Empty(Holding(app.Folder));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await client.GetAsync("me")).StatusCode);
    }

    [Fact]
    public async Task On_Azure_too_dropped_files_go_after_their_period_and_others_stay()
    {
        var azure = await TestStorage.AzureSettingsAsync();
        await using var app = await TestApp.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(azure);
            builder.Configuration["Retention:RawDrops"] = "30.00:00:00";
        });
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead);
        var batchId = await UploadAsync(lead, """{"prompt":"q","response":"a"}""");
        await app.Files.WriteBytesAsync("drop/p1/new.part", new byte[10], FileCondition.None, default); // has not been dealt with
        var functions = ActivatorUtilities.CreateInstance<DropFunctions>(app.Services);
        var drops = new List<int>();
        foreach (var at in new[] { DateTime.UtcNow.Date.AddDays(29).AddHours(3), DateTime.UtcNow.Date.AddDays(32).AddHours(2), DateTime.UtcNow.Date.AddDays(32).AddHours(3) })
        {
            app.Time.Set(new DateTimeOffset(at.AddMinutes(7), TimeSpan.Zero));
            await functions.SweepAsync(new Microsoft.Azure.Functions.Worker.TimerInfo(), default); // removes at three in the night
            drops.Add(await app.Files.ListAsync("drop/p1/", default).CountAsync());
        }

        Assert.Equal([2, 2, 1], drops);
        Assert.Equal(["drop/p1/new.part"], await app.Files.ListAsync("drop/p1/", default).Select(file => file.Path).ToListAsync());
        Assert.NotNull(await app.Files.FindAsync(Erasure.TombstonePath("p1", batchId), default));
        Assert.Contains(await app.Services.GetRequiredService<AuditTrail>().EntriesAsync("p1", default).ToListAsync(), entry => entry.Action == AuditActions.FileErased && entry.By == AuditTrail.Timer);
    }

    [Fact]
    public async Task What_is_not_worth_keeping_goes_after_the_period_of_its_kind()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "On Azure the stores do this themselves.");
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Retention:RawDrops"] = "30.00:00:00");
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead);
        var batchId = await UploadAsync(lead, """{"prompt":"q","response":"a"}""");
        await UploadAsync(lead, """{"custom_id":"c1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"q"}]}}""", "in.jsonl");
        await app.Store.CommitAsync(new Write.Put(HealthEval.Tasks.TaskDraft.Key("p1", "t1", "r1"), new { rater = "r1", revision = 1, judgement = new { }, savedAt = app.Time.GetUtcNow() }), default);
        var retention = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<Retention>(app.Services);
        app.Time.Set(DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(0, await retention.RunAsync(default));

        app.Time.Advance(TimeSpan.FromDays(200));
        Assert.True(await retention.RunAsync(default) >= 6); // a session, an invitation, a draft, two files, the requests of one
        Assert.Equal(0, await app.Store.CountAsync(new DocumentQuery(DocumentKind.Session), default) + await app.Store.CountAsync(new DocumentQuery(DocumentKind.Draft) { ProjectId = "p1" }, default));
        Assert.Empty(await app.Files.ListAsync("drop/p1/", default).ToListAsync());
        Assert.Empty(await app.Files.ListAsync("pending/p1/", default).ToListAsync());
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

    private static async Task<string> UploadAsync(HttpClient client, string content, string name = "a.jsonl")
    {
        using var answer = await client.PostAsync($"batches/p1?name={name}", new StringContent(content));
        var batchId = (string)(await answer.JsonAsync())["batchId"]!;
        await Until.TrueAsync("an end of the batch", async () => BatchState.IsFinal((string)(await (await client.GetAsync($"batches/p1/{batchId}")).JsonAsync())["state"]!));
        return batchId;
    }

    /// <summary>The files in which the secret stands.</summary>
    private static List<string> Holding(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Bytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes("zephyrweather")) >= 0)];

    private static byte[] Bytes(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        catch (IOException gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return []; // the program removed it after it was listed
        }
    }
}
