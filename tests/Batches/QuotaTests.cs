using System.Net;
using System.Text;
using HealthEval.Batches;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Batches;

/// <summary>A project has its room and no more, by whichever way things come in, and is told when it is used up.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task Uploads_stop_where_the_projects_bytes_are_used_up_and_another_project_goes_on()
    {
        await using var app = await WithAsync("BytesOfProject", 1_000);
        using var lead = await app.SignedInAsync(Roles.Lead);

        Assert.Equal(HttpStatusCode.Accepted, (await lead.PostAsync("batches/p1?name=a.txt", Text(600))).StatusCode);
        var refused = await lead.PostAsync("batches/p1?name=b.txt", Text(600));
        Assert.Equal("quota_bytes", await refused.ProblemAsync(413));
        var detail = (string)(await refused.JsonAsync())["detail"]!;
        Assert.Contains("1,000 bytes", detail, StringComparison.Ordinal);
        Assert.Contains("Nothing of this file was stored", detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await lead.PostAsync("batches/p1?name=c.txt", Text(300))).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await lead.PostAsync("batches/p2?name=a.txt", Text(600))).StatusCode);

        Assert.Equal(900, await BytesAsync(app, "p1"));
        var usage = await (await lead.GetAsync("batches/p1/usage")).JsonAsync();
        Assert.Equal((900, 1_000), ((int)usage["bytes"]!, (int)usage["mostBytes"]!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sixteen_uploads_at_once_do_not_share_one_place(bool isLengthKnown)
    {
        await using var app = await WithAsync("BytesOfProject", 1_050_000);
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n =>
            lead.PostAsync($"batches/p1?name={n}.txt", isLengthKnown ? new StringContent($"{n:D6}" + new string('x', 199_994)) : new StreamContent(new Endless(200_000)))));

        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted), isLengthKnown ? 5 : 0, 5); // whoever says it gets it whole or not
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.RequestEntityTooLarge }));
        Assert.InRange(await BytesAsync(app, "p1"), isLengthKnown ? 1_000_000 : 0, 1_050_000);
        Assert.Equal(HttpStatusCode.Accepted, (await lead.PostAsync("batches/p1?name=small.txt", Text(10))).StatusCode); // what was refused gave its place back
        await Until.TrueAsync("the files are dealt with", async () =>
            (await (await lead.GetAsync("batches/p1")).JsonAsync())["batches"]!.AsArray().All(batch => BatchState.IsFinal((string)batch!["state"]!)));
    }

    [Fact]
    public async Task Room_that_was_made_is_there_again()
    {
        await using var app = await WithAsync("BytesOfProject", 1_000);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await lead.PostAsync("batches/p1?name=a.txt", Text(900));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await lead.PostAsync("batches/p1?name=b.txt", Text(900))).StatusCode);

        await app.Files.EraseFolderAsync("drop/p1/", default);
        app.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Accepted, (await lead.PostAsync("batches/p1?name=b.txt", Text(900))).StatusCode);
    }

    [Fact]
    public async Task One_project_can_be_given_more_than_the_others()
    {
        await using var app = await TestApp.StartAsync(builder =>
            (builder.Configuration["Limits:BytesOfProject"], builder.Configuration["Limits:OfProject:p2:Bytes"], builder.Configuration["Limits:OfProject:p2:Items"]) = ("100", "1000", "7"));
        await app.AddProjectAsync("p1");
        await app.AddProjectAsync("p2");
        using var lead = await app.SignedInAsync(Roles.Lead);

        Assert.Equal("quota_bytes", await (await lead.PostAsync("batches/p1?name=a.txt", Text(600))).ProblemAsync(413));
        Assert.Equal(HttpStatusCode.Accepted, (await lead.PostAsync("batches/p2?name=a.txt", Text(600))).StatusCode);
        Assert.Equal(7, (int)(await (await lead.GetAsync("batches/p2/usage")).JsonAsync())["mostItems"]!);
    }

    [Fact]
    public async Task A_file_with_more_items_than_there_is_room_for_fails_with_the_number_and_is_loaded_when_there_is()
    {
        using var rig = await RigAsync();
        rig.Options.RecordsAtOnce = 4;
        rig.Limits.ItemsOfProject = 10;

        var receipt = (await rig.IngestAsync(Lines(25))).Batch;
        var there = await rig.ItemsAsync();
        Assert.Equal((BatchState.Failed, 8, 8L), (receipt.State, there.Count, receipt.Accepted)); // whole chunks, and never one too many
        Assert.Contains("may hold 10 items and holds 8", receipt.Reason, StringComparison.Ordinal);
        Assert.Contains("send the file again", receipt.Reason, StringComparison.Ordinal);

        rig.Limits.ItemsOfProject = 25;
        receipt = (await rig.IngestAsync(Lines(25))).Batch;
        Assert.Equal((BatchState.Loaded, 25, 25L, 0L), (receipt.State, (await rig.ItemsAsync()).Count, receipt.Accepted, receipt.Duplicate));
    }

    [Fact]
    public async Task What_a_full_project_has_already_can_be_sent_again()
    {
        using var rig = await RigAsync();
        rig.Limits.ItemsOfProject = 25;
        await rig.IngestAsync(Lines(25));

        var receipt = (await rig.IngestAsync(Lines(24))).Batch;

        Assert.Equal((BatchState.Loaded, 24L), (receipt.State, receipt.Duplicate));
    }

    [Fact]
    public async Task Loads_at_the_same_time_stay_within_the_items_together()
    {
        using var rig = await RigAsync();
        rig.Options.RecordsAtOnce = 5;
        rig.Limits.ItemsOfProject = 100;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => rig.IngestAsync(Lines(50, $"file{n}-"), $"{n}.jsonl")));

        Assert.InRange((await rig.ItemsAsync()).Count, 90, 100);
    }

    [Fact]
    public async Task A_project_that_has_all_its_items_takes_no_upload()
    {
        await using var app = await WithAsync("ItemsOfProject", 1);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await app.AddItemsAsync((await app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value, [Work.Item("p1", 1)]);

        Assert.Equal("quota_items", await (await lead.PostAsync("batches/p1?name=a.txt", Text(10))).ProblemAsync(413));
    }

    [Fact]
    public async Task Of_dropped_files_the_first_have_the_room_and_the_others_a_receipt_that_says_so_once()
    {
        using var rig = await RigAsync();
        rig.Limits.BytesOfProject = 100;
        foreach (var (name, age) in new[] { ("a.jsonl", 30), ("b.jsonl", 20), ("c.jsonl", 10) })
        {
            await rig.Files.WriteBytesAsync($"drop/p1/{name}", Encoding.UTF8.GetBytes(Lines(1, name)), FileCondition.None, default);
            File.SetLastWriteTimeUtc(Path.Combine(rig.Files.Root, "drop", "p1", name), DateTime.UtcNow.AddMinutes(-age));
        }

        var sweep = rig.Sweep(TimeProvider.System);
        for (var round = 0; round < 3; round++)
        {
            await SweepAsync(sweep);
        }

        var batches = await BatchesAsync(rig);
        Assert.Equal(["a.jsonl loaded", "b.jsonl loaded", "c.jsonl failed"], batches.Select(batch => $"{batch.File} {batch.State}").Order(StringComparer.Ordinal));
        Assert.Contains("may take 100 bytes", batches.Single(batch => batch.State is BatchState.Failed).Reason, StringComparison.Ordinal);

        rig.Limits.BytesOfProject = 1_000;
        await SweepAsync(sweep);
        Assert.Equal(3, (await BatchesAsync(rig)).Count(batch => batch.State is BatchState.Loaded));
    }

    private static async Task SweepAsync(SweepDrops sweep)
    {
        await foreach (var dropped in sweep.UnfinishedAsync(default))
        {
            await sweep.LoadAsync(dropped, default);
        }
    }

    private static async Task<List<Batch>> BatchesAsync(IngestRig rig) => await rig.Documents
        .AllAsync<Batch>(new DocumentQuery(DocumentKind.Batch) { ProjectId = "p1", Scope = Batch.Partition("p1").Scope }, default).Select(batch => batch.Value).ToListAsync();

    private static async Task<IngestRig> RigAsync()
    {
        var rig = new IngestRig();
        await rig.Documents.CommitAsync(new Write.Create(Project.Key("p1"), rig.Project), default);
        return rig;
    }

    private static async Task<TestApp> WithAsync(string limit, long value)
    {
        var app = await TestApp.StartAsync(builder => builder.Configuration[$"Limits:{limit}"] = $"{value}");
        await app.AddProjectAsync("p1");
        await app.AddProjectAsync("p2");
        return app;
    }

    private static async Task<long> BytesAsync(TestApp app, string projectId) => await app.Files.ListAsync($"drop/{projectId}/", default).Select(file => file.Length).SumAsync();

    private static StringContent Text(int bytes) => new(new string('x', bytes));

    private static string Lines(int count, string prefix = "q") =>
        string.Concat(Enumerable.Range(1, count).Select(n => $$"""{"prompt":"{{prefix}}{{n}}","response":"a{{n}}"}""" + "\n"));

    /// <summary>So many bytes, of which nobody knows how many will come.</summary>
    private sealed class Endless(int bytes) : Stream
    {
        private int _left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(count, _left);
            buffer.AsSpan(offset, read).Fill((byte)'x');
            _left -= read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
