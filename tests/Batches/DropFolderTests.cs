using HealthEval.Batches;
using HealthEval.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Batches;

public sealed class DropFolderTests : IAsyncLifetime
{
    private readonly IngestRig _rig = new();
    private readonly IngestQueue _queue = new();
    private SweepDrops _sweep = null!;

    public async ValueTask InitializeAsync()
    {
        _sweep = new SweepDrops(_rig.Documents, _rig.Files, _rig.Ingest, _rig.StepsOf(_rig.Documents), TimeProvider.System, NullLogger<SweepDrops>.Instance);
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
    public async Task The_watcher_loads_a_file_by_its_event_or_at_the_latest_by_the_next_sweep()
    {
        using var watcher = new DropFolderWatcher(_rig.Files, _sweep, _queue, TimeProvider.System, NullLogger<DropFolderWatcher>.Instance);
        await watcher.StartAsync(default);
        await Task.Delay(300);
        Drop("p1/a.jsonl", """{"prompt":"q","response":"a"}""", TimeSpan.Zero);
        for (var tries = 0; tries < 1_400 && (await _rig.ItemsAsync()).Count == 0; tries++)
        {
            await Task.Delay(50);
        }

        await watcher.StopAsync(default);
        Assert.Single(await _rig.ItemsAsync());
    }

    private async Task<int> SweepAsync()
    {
        var loaded = 0;
        foreach (var dropped in await _sweep.UnfinishedAsync(default).ToListAsync())
        {
            loaded += await _sweep.LoadAsync(dropped, default) ? 1 : 0;
        }

        return loaded;
    }

    private void Drop(string path, string content, TimeSpan? age = null)
    {
        var file = Path.Combine(_rig.Files.Root, "drop", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow - (age ?? TimeSpan.FromMinutes(1)));
    }
}
