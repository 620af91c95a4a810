using HealthEval.Batches;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Batches;

public sealed class DropFolderTests : IAsyncLifetime
{
    private readonly IngestRig _rig = new();
    private readonly IngestQueue _queue = new();
    private readonly ManualTime _clock = new(DateTimeOffset.UtcNow);
    private SweepDrops _sweep = null!;

    public async ValueTask InitializeAsync()
    {
        _sweep = _rig.Sweep(_clock);
        await _rig.Documents.CommitAsync(new Write.Put(HealthEval.Projects.Project.Key("p1"), _rig.Project), default);
    }

    public ValueTask DisposeAsync()
    {
        _rig.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_sweep_loads_what_has_no_receipt_and_the_next_one_finds_nothing()
    {
        Drop("p1/a.jsonl", """{"prompt":"q","response":"a"}""");
        Drop("p1/bad.jsonl", "{bad");

        Assert.Equal((2, 0), (await SweepAsync(), await SweepAsync()));
        Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_rig.Files.Root, "receipts", "p1"), "b*.json").Length);
    }

    [Fact]
    public async Task A_file_that_is_dropped_again_corrected_is_loaded_again()
    {
        Drop("p1/a.jsonl", """{"item_id":"1","prompt":"q","response":5}""");
        await SweepAsync();
        Drop("p1/a.jsonl", """{"item_id":"1","prompt":"q","response":"5"}""");

        Assert.Equal(1, await SweepAsync());
        Assert.Equal("5", Assert.Single(await _rig.ItemsAsync()).Responses[0].Content);
    }

    [Fact]
    public async Task A_file_that_is_still_being_written_waits()
    {
        Drop("p1/growing.jsonl", """{"prompt":"q","response":"a"}""", TimeSpan.Zero);
        Drop("p1/upload.jsonl.part", """{"prompt":"q","response":"a"}""");
        Drop("p1/.hidden", "x");
        Drop("unknown/a.jsonl", """{"prompt":"q","response":"a"}""");

        Assert.Equal(0, await SweepAsync());
        Assert.Empty(await _rig.ItemsAsync());
    }

    [Fact]
    public async Task A_batch_that_the_last_process_left_half_read_is_finished()
    {
        const string Content = """{"prompt":"q","response":"a"}""";
        Drop("p1/a.jsonl", Content);
        var abandoned = Batch.Begin("p1", "a.jsonl", Content.Length, Sha.Of(Content), DateTimeOffset.UnixEpoch) with { State = BatchState.Reading };
        await _rig.Documents.CommitAsync(new Write.Put(Batch.Key("p1", abandoned.BatchId), abandoned), default);
        await SweepAsync();

        var batch = (await _rig.Documents.FindAsync<Batch>(Batch.Key("p1", abandoned.BatchId), default))!.Value;
        Assert.Equal((BatchState.Loaded, 1L, DateTimeOffset.UnixEpoch), (batch.State, batch.Accepted, batch.ReceivedAt));
    }

    [Fact]
    public async Task A_file_is_whole_when_it_has_kept_its_size_and_time_for_the_interval_that_is_set()
    {
        _rig.Options.SettleFor = TimeSpan.FromMinutes(2);
        Drop("p1/growing.jsonl", """{"prompt":"q","response":"a"}""", TimeSpan.FromSeconds(100));
        Assert.Equal(0, await SweepAsync());
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(0, await SweepAsync());
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await SweepAsync());
    }

    [Fact]
    public async Task A_file_from_a_clock_that_is_ahead_is_loaded_when_it_has_not_changed_for_a_while()
    {
        Drop("p1/future.jsonl", """{"prompt":"q","response":"a"}""", TimeSpan.FromDays(-400));
        Assert.Equal(0, await SweepAsync());
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await SweepAsync());
    }

    [Fact]
    public async Task A_completion_marker_says_that_a_file_is_whole_and_is_no_batch_itself()
    {
        Drop("p1/fresh.csv", "prompt,response\nq1,a1\nq2,a2", TimeSpan.Zero);
        Assert.Equal(0, await SweepAsync());
        Drop("p1/fresh.csv.done", "", TimeSpan.Zero);

        Assert.Equal(1, await SweepAsync());
        Assert.Equal(["a1", "a2"], (await _rig.ItemsAsync()).Select(item => item.Responses[0].Content));
        Assert.Equal("loaded", (await BatchAsync("fresh.csv")).State);
    }

    [Fact]
    public async Task The_last_row_of_a_dropped_table_is_not_loaded_when_no_line_break_shows_that_it_is_whole()
    {
        Drop("p1/cut.csv", "prompt,response\nHow much?,One a day.\nHow much more?,\"Fine.\"\nAnd at most?,take no more than 9");
        await SweepAsync();

        var batch = await BatchAsync("cut.csv");
        Assert.Equal((BatchState.LoadedWithRejects, 2L, 1L, 4L), (batch.State, batch.Accepted, batch.Rejected, batch.Errors[0].Line));
        Assert.Contains("may have been cut off", batch.Errors[0].Reason, StringComparison.Ordinal);

        Drop("p1/cut.csv", "prompt,response\nHow much?,One a day.\nHow much more?,\"Fine.\"\nAnd at most?,take no more than 9 mg of it\n");
        await SweepAsync();
        Assert.Equal(["One a day.", "Fine.", "take no more than 9 mg of it"], (await _rig.ItemsAsync()).Select(item => item.Responses[0].Content));
    }

    [Theory]
    [InlineData("last.jsonl", "{\"prompt\":\"q1\",\"response\":\"a1\"}\n{\"prompt\":\"q2\",\"response\":\"a2\"}", 2)]
    [InlineData("cut.jsonl", "{\"prompt\":\"q1\",\"response\":\"a1\"}\n{\"prompt\":\"q2\",\"response\":\"a", 1)]
    [InlineData("list.json", "[{\"prompt\":\"q1\",\"response\":\"a1\"},{\"prompt\":\"q2\",\"response\":\"a2\"}", 2)]
    [InlineData("table.tsv", "prompt\tresponse\nq1\ta1\nq2\ta", 1)]
    [InlineData("short.csv", "prompt,response,model\nq1,a1,m\nq2,a", 1)]
    [InlineData("quote.csv", "prompt,response\nq1,\"a1\"\nq2,\"a", 0)]
    [InlineData("only.csv", "prompt,response\nq1,a", 0)]
    public async Task What_may_have_been_cut_off_is_not_loaded_and_what_shows_that_it_is_whole_is(string name, string content, int loaded)
    {
        Drop($"p1/{name}", content);
        await SweepAsync();

        Assert.Equal(loaded, (await _rig.ItemsAsync()).Count);
        Assert.True(BatchState.IsFinal((await BatchAsync(name)).State));
    }

    [Fact]
    public async Task What_is_written_to_a_file_while_it_is_loaded_is_another_file()
    {
        Drop("p1/a.csv", "prompt,response\nq1,a1\n");
        var due = await _sweep.UnfinishedAsync(default).ToListAsync();
        Drop("p1/a.csv", "prompt,response\nq1,a1\nq2,a2\n", TimeSpan.FromSeconds(30));
        await _sweep.LoadAsync(Assert.Single(due), default);
        await SweepAsync();

        Assert.Equal(["a1", "a2"], (await _rig.ItemsAsync()).Select(item => item.Responses[0].Content));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_loaded_has_its_own_receipt_and_keeps_no_other_from_being_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names in other encodings and named pipes are Linux's.");
        var folder = Path.Combine(_rig.Files.Root, "drop", "p1");
        Directory.CreateDirectory(folder);
        Shell(folder, "printf x > \"$(printf 'caf\\351.jsonl')\"; mkfifo pipe.jsonl; touch -d '1 minute ago' pipe.jsonl; ln -s /etc/passwd link.jsonl; printf x > 'dot.'; printf x > 'back\\slash'; mkdir -p deep/er");
        Drop("p1/deep/er/a.jsonl", """{"prompt":"q","response":"deep"}""");
        Drop("unknown/a.jsonl", """{"prompt":"q","response":"unknown"}""");
        Drop("beside.jsonl", """{"prompt":"q","response":"beside"}""");
        Drop("p1/zz.jsonl", """{"prompt":"q","response":"good"}""");

        await SweepAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await _sweep.RefuseAsync(default);

        Assert.Equal("good", Assert.Single(await _rig.ItemsAsync()).Responses[0].Content);
        var failed = await BatchesAsync().Where(batch => batch.State is BatchState.Failed).ToListAsync();
        Assert.Equal(["back\\slash", "caf\uFFFD.jsonl", "deep/er/a.jsonl", "dot.", "link.jsonl", "pipe.jsonl"], failed.Select(batch => batch.File).Order(StringComparer.Ordinal));
        Assert.All(failed, batch => Assert.True(File.Exists(Path.Combine(_rig.Files.Root, Batch.ReceiptPath("p1", batch.BatchId)))));
        Assert.Contains("not UTF-8", failed.Single(batch => batch.File.StartsWith("caf", StringComparison.Ordinal)).Reason!, StringComparison.Ordinal);

        await SweepAsync();
        await _sweep.RefuseAsync(default);
        Assert.Equal(7, await BatchesAsync().CountAsync());
        Shell(folder, "rm -r ./*"); // .NET cannot name all of it
    }

    [Theory]
    [InlineData("answers.jsonl")]
    [InlineData("answers.tmp")]
    [InlineData("answers.jsonl.PART")]
    [InlineData(".hidden")]
    [InlineData("answers.done")]
    public async Task An_acknowledged_upload_is_loaded_under_its_name_after_the_program_was_killed(string name)
    {
        using var content = new MemoryStream("""{"prompt":"q","response":"a"}"""u8.ToArray());
        var uploads = _rig.Uploads(_clock);
        var received = (await uploads.ReceiveAsync(_rig.Project, name, "p-1", false, content, null, default)).Batch!;

        await SweepAsync(); // the queue went with the program

        Assert.Equal((BatchState.Loaded, name.TrimStart('.')), ((await BatchAsync(received.File)).State, received.File));
    }

    [Fact]
    public async Task An_acknowledged_upload_whose_file_is_gone_ends_as_failed()
    {
        using var content = new MemoryStream("""{"prompt":"q","response":"a"}"""u8.ToArray());
        var received = (await _rig.Uploads(_clock).ReceiveAsync(_rig.Project, "a.jsonl", "p-1", false, content, null, default)).Batch!;
        File.Delete(Directory.GetFiles(Path.Combine(_rig.Files.Root, "drop", "p1"))[0]);

        await SweepAsync();
        await _sweep.RefuseAsync(default);

        var batch = await BatchAsync("a.jsonl");
        Assert.Equal((received.BatchId, BatchState.Failed), (batch.BatchId, batch.State));
        Assert.Contains("Send it again", batch.Reason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_waits_behind_all_files_of_another_project()
    {
        var queue = new IngestQueue();
        foreach (var file in new[] { "a1", "a2", "a3", "b1", "c1" })
        {
            queue.Add(new Dropped(file[..1], file, file));
        }

        queue.Add(new Dropped("a", "a2", "a2"));
        var order = new List<string>();
        await using var turns = queue.ReadAllAsync(default).GetAsyncEnumerator();
        while (order.Count < 5 && await turns.MoveNextAsync())
        {
            order.Add(turns.Current.Name);
            queue.Done(turns.Current);
        }

        Assert.Equal(["a1", "b1", "c1", "a2", "a3"], order);
    }

    [Fact]
    public async Task The_watcher_loads_a_file_by_its_event_or_at_the_latest_by_the_next_sweep()
    {
        _rig.Options.SettleFor = TimeSpan.FromMilliseconds(200);
        using var watcher = new DropFolderWatcher(_rig.Files, _rig.Sweep(TimeProvider.System), _queue, _rig.Options, new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), TimeProvider.System, NullLogger<DropFolderWatcher>.Instance);
        await watcher.StartAsync(default);
        await Task.Delay(300);
        Drop("p1/a.jsonl", """{"prompt":"q","response":"a"}""", TimeSpan.Zero);
        await Until.TrueAsync("the item", async () => (await _rig.ItemsAsync()).Count > 0);
        await watcher.StopAsync(default);
        Assert.Single(await _rig.ItemsAsync());
    }

    private async Task<int> SweepAsync()
    {
        var loaded = 0;
        foreach (var dropped in await _sweep.UnfinishedAsync(default).ToListAsync())
        {
            loaded += await _sweep.LoadAsync(dropped, default) is { Outcome: StepOutcome.Done } ? 1 : 0;
        }

        return loaded;
    }

    private IAsyncEnumerable<Batch> BatchesAsync() =>
        _rig.Documents.AllAsync<Batch>(new DocumentQuery(DocumentKind.Batch) { ProjectId = "p1", Scope = Batch.Partition("p1").Scope }, default).Select(batch => batch.Value);

    /// <summary>The last one of this name.</summary>
    private async Task<Batch> BatchAsync(string file) => await BatchesAsync().Where(batch => batch.File == file).OrderBy(batch => batch.ReceivedAt).LastAsync();

    private static void Shell(string folder, string script)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = folder })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Drop(string path, string content, TimeSpan? age = null)
    {
        var file = Path.Combine(_rig.Files.Root, "drop", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow - (age ?? TimeSpan.FromMinutes(1)));
    }
}
