using System.Net;
using System.Text;
using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Http;

/// <summary>Answers that were not true, or were no answers.</summary>
public sealed class AnswersTests
{
    [Theory]
    [InlineData("garbage")]
    [InlineData("AAAA")]
    [InlineData("W10=")] // []
    [InlineData("e30=")] // {}
    [InlineData("WzEsMiwzXQ==")] // [1,2,3]
    [InlineData("W251bGwsbnVsbCxudWxsXQ==")] // [null,null,null]
    [InlineData("WyJcdWQ4MDAiLCJhIiwxXQ==")] // a lone surrogate
    [InlineData("bnVsbA==")] // null
    public async Task A_continuation_that_no_page_gave_is_refused_everywhere(string continuation)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead);
        foreach (var list in new[] { "batches/p1", "batches/p1/b1/held", "batches/p1/b1/decisions" })
        {
            Assert.Equal("malformed", await (await lead.GetAsync($"{list}?continuation={Uri.EscapeDataString(continuation)}")).ProblemAsync(400));
        }
    }

    [Theory]
    [InlineData("PUT", "projects/p1", 400)]
    [InlineData("PATCH", "projects/p1", 400)]
    [InlineData("PUT", "people/p", 400)]
    [InlineData("POST", "quality/p1/gold", 200)] // which names its bad lines in a list
    public async Task A_name_that_is_there_twice_is_refused(string method, string path, int expected)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var admin = await app.SignedInAsync(Someone.With(Roles.Admin) with { PersonId = "p" });

        var answer = await admin.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = Body.Text("""{"name":"a","name":"b"}""") });

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"overall":"\ud800"}""", "judgement.overall")]
    [InlineData("""{"ratings":[{"rationale":"cut \udc00 off"}]}""", "judgement.ratings[0].rationale")]
    public async Task Half_a_character_in_a_draft_is_named_with_its_place(string judgement, string path)
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await RaterAsync(app);
        var next = (await rater.NextAsync())!;
        using var answer = await rater.PutAsync($"tasks/p1/{next.TaskId()}/draft", Body.Text($$"""{"leaseId":"{{next.LeaseId()}}","revision":0,"judgement":{{judgement}}}"""));

        Assert.Equal("invalid", await answer.ProblemAsync(422));
        Assert.NotNull((await answer.JsonAsync())["errors"]![path]);
        Assert.NotNull(await rater.NextAsync());
    }

    [Fact]
    public async Task No_draft_that_is_taken_can_block_the_task_it_belongs_to()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await RaterAsync(app);
        var next = (await rater.NextAsync())!;
        for (var depth = 1; depth <= 70; depth++)
        {
            var judgement = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
            var revision = (await rater.NextAsync())!["task"]!["draft"]?["revision"]?.GetValue<int>() ?? 0;
            using var answer = await rater.PutAsync($"tasks/p1/{next.TaskId()}/draft", Body.Text($$"""{"leaseId":"{{next.LeaseId()}}","revision":{{revision}},"judgement":{{judgement}}}"""));

            Assert.True(answer.StatusCode is HttpStatusCode.OK == depth <= 16 && (int)answer.StatusCode < 500, $"{depth} deep: {answer.StatusCode}");
            Assert.Equal(next.TaskId(), (await rater.NextAsync())!.TaskId());
        }
    }

    [Fact]
    public async Task A_deep_draft_from_before_can_still_be_handed_out()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await RaterAsync(app);
        var next = (await rater.NextAsync())!;
        var person = (await (await rater.GetAsync("me")).JsonAsync())["personId"]!.GetValue<string>();
        var deep = System.Text.Json.JsonDocument.Parse(string.Concat(Enumerable.Repeat("{\"a\":", 30)) + "1" + new string('}', 30)).RootElement;
        await app.Store.CommitAsync(new Write.Put(HealthEval.Tasks.TaskDraft.Key("p1", next.TaskId(), person), new HealthEval.Tasks.TaskDraft(person, 1, deep, app.Time.GetUtcNow())), default);

        Assert.Equal(next.TaskId(), (await rater.NextAsync())!.TaskId());
    }

    [Fact]
    public async Task One_judgement_sent_many_times_at_once_is_accepted_every_time()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await RaterAsync(app, items: 12);
        for (var round = 0; round < 12; round++)
        {
            var (next, id) = ((await rater.NextAsync())!, Guid.NewGuid());
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => rater.SubmitAsync(next, Work.Judgement(), id))));

            Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, $"{answer.StatusCode}"));
            Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        }

        Assert.Equal(12, await app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default));
    }

    [Fact]
    public async Task What_was_stored_is_acknowledged_although_the_disk_is_full_right_after()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await RaterAsync(app);
        var next = (await rater.NextAsync())!;
        var full = new FullFor(app.Store, DocumentKind.Desk);
        var assignment = new HealthEval.Tasks.Assignment(full, app.Time, HealthEval.Tasks.WorkQueue.Tasks);
        var submission = new Submission(full, assignment, app.Services.GetRequiredService<HealthEval.Guidelines.GuidelineLibrary>(), new SourceLibrary(full, app.Time), app.Time);
        var person = (await app.Store.FindAsync<Person>(Person.Key((await (await rater.GetAsync("me")).JsonAsync())["personId"]!.GetValue<string>()), default))!.Value;
        var judgement = Json.Parse<Judgement>(Encoding.UTF8.GetBytes(Work.Judgement().ToJsonString()));

        Assert.IsType<SubmitResult.Recorded>(await submission.SubmitAsync("p1", next.TaskId(), Guid.NewGuid().ToString(), next.LeaseId(), judgement, Confirmed.Nothing, person, session: null, default));
        Assert.NotNull(await assignment.NextAsync((await app.Store.FindAsync<HealthEval.Projects.Project>(HealthEval.Projects.Project.Key("p1"), default))!.Value, person, [], default));
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_keep_a_browser_safe_errors_too()
    {
        await using var app = await TestApp.StartAsync();
        app.App.MapGet("/api/fails", () => { throw new InvalidOperationException("on purpose"); }).AllowAnonymous();
        using var anonymous = app.Anonymous();
        foreach (var path in new[] { "fails", "health/live", "nothing", "me", "session" })
        {
            using var answer = await anonymous.GetAsync(path);
            Assert.All(["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cache-Control"], header => Assert.True(answer.Headers.Contains(header), $"{path}: {header}"));
        }

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "health/live") { Headers = { Host = "evil.example" } };
        using var refused = await anonymous.SendAsync(foreign);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.True(refused.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task The_program_is_not_ready_when_nothing_can_be_written()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This is about a disk.");
        var clock = new ManualTime(DateTimeOffset.UnixEpoch);
        using var disk = new SmallDisk("size=8m");
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Storage:DataFolder"] = disk.Path);
        using var anonymous = app.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync("health")).StatusCode);
        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(Path.Combine(disk.Path, "filler"), new byte[16 << 20]));
        app.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await anonymous.GetAsync("health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await anonymous.GetAsync("health/live")).StatusCode);
    }

    [Fact]
    public async Task Who_signs_out_while_the_disk_is_full_is_signed_out()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This is about a disk.");
        using var disk = new SmallDisk("size=8m");
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Storage:DataFolder"] = disk.Path);
        using var lead = await app.SignedInAsync(Roles.Lead);
        var full = new FullFor(app.Store, DocumentKind.Session);
        var signIn = ActivatorUtilities.CreateInstance<SignIn>(app.Services, full);
        var person = Someone.With(Roles.Lead);
        await app.Store.CommitAsync(new Write.Put(Person.Key(person.PersonId), person), default);
        var real = app.Services.GetRequiredService<SignIn>();
        var session = (await real.UseAsync((await real.InviteAsync(person, by: null, Invite.Lifetime, default)).Token, default))!;
        Assert.NotNull(await signIn.FindAsync(session, default));

        await signIn.EndAsync(session, person, default);

        Assert.Null(await signIn.FindAsync(session, default));
        Assert.Equal(HttpStatusCode.NoContent, (await lead.DeleteAsync("session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await lead.GetAsync("me")).StatusCode);
    }

    private static async Task<HttpClient> RaterAsync(TestApp app, int items = 3)
    {
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, items).Select(n => Work.Item("p1", n)));
        return await app.SignedInAsync(Roles.Annotator);
    }

    /// <summary>Takes no more documents of one kind.</summary>
    private sealed class FullFor(IDocumentStore inner, DocumentKind kind) : IDocumentStore
    {
        public Task<Stored<T>?> FindAsync<T>(DocumentKey key, CancellationToken cancellation)
            where T : class => inner.FindAsync<T>(key, cancellation);

        public Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation) =>
            writes.Any(write => write.Key.Kind == kind) ? throw new StorageUnavailableException(StorageTrouble.DiskFull, "full", TimeSpan.Zero) : inner.CommitAsync(writes, cancellation);

        public Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation) => inner.CommitManyAsync(commits, cancellation);

        public Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
            where T : class => inner.QueryAsync<T>(query, continuation, cancellation);

        public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellation) => inner.CountAsync(query, cancellation);

        public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) => inner.DeleteProjectAsync(projectId, cancellation);
    }
}
