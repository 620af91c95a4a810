using System.IO.Compression;
using System.Text;
using HealthEval.Batches;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Batches;

/// <summary>A load that is cut into steps, on purpose or by accident, is the same load.</summary>
public sealed class StepwiseLoadTests : IDisposable
{
    private const int MostSteps = 20;
    private readonly IngestRig _rig = new();
    private readonly IngestRig _whole = new();

    public void Dispose()
    {
        _rig.Dispose();
        _whole.Dispose();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("two files in a zip")]
    [InlineData("table")]
    [InlineData("much of little")]
    public async Task In_many_steps_a_file_leaves_the_receipt_and_the_items_of_one_without_interruption(string kind)
    {
        var content = kind switch { "table" => Table(4_800), "plain" => Mixed(1, 6_600), "much of little" => ManyResponses(12), _ => Zip(Mixed(1, 3_000), Mixed(3_001, 3_600)) };
        var expected = (await _whole.IngestAsync(content, "batch", again: false)).Batch;
        var (batch, steps) = await StepUntilDoneAsync(_ => content);

        Assert.InRange(steps, 3, MostSteps);
        Assert.Equal(Comparable(expected), Comparable(batch));
        Assert.Equal(Comparable(expected), Comparable(Json.Parse<Batch>(await FileAsync(_rig, Batch.ReceiptPath("p1", batch.BatchId)))));
        foreach (var path in new[] { Batch.RejectsPath("p1", batch.BatchId), Batch.SuspicionsPath("p1", batch.BatchId) })
        {
            Assert.Equal(await FileAsync(_whole, path), await FileAsync(_rig, path));
        }

        Assert.Equal((await _whole.ItemsAsync()).Select(item => (item.TaskId, item.Line)), (await _rig.ItemsAsync()).Select(item => (item.TaskId, item.Line)));
        Assert.Equal(await _whole.TasksAsync(), await _rig.TasksAsync());
        Assert.Null(await _rig.Documents.FindAsync<StepState<LoadPosition>>(Batch.StepKey("p1", batch.BatchId), default));
    }

    [Fact]
    public async Task What_an_earlier_step_has_dealt_with_is_passed_over_unread()
    {
        var content = Mixed(1, 2_500);
        var spoilt = Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(content).Split('\n').Select((line, i) => i is > 0 and < 1_000 ? "{spoilt" : line)));
        var expected = (await _whole.IngestAsync(content, "batch", again: false)).Batch;
        var (batch, _) = await StepUntilDoneAsync(step => step == 0 ? content : spoilt);

        Assert.Equal(Comparable(expected), Comparable(batch));
    }

    [Fact]
    public async Task Steps_of_one_file_at_once_and_again_afterwards_load_it_once()
    {
        var content = Mixed(1, 2_500);
        var expected = (await _whole.IngestAsync(content, "batch", again: false)).Batch;
        async Task<Batch> WorkerAsync()
        {
            using var ingest = _rig.Loader(_rig.Documents);
            Batch? loaded = null;
            async Task<bool> IsLoadedAsync()
            {
                try
                {
                    return await StepAsync(ingest, content) is { Batch: var batch } && BatchState.IsFinal((loaded = batch).State);
                }
                catch (StepLostException)
                {
                    return false; // who was too slow has been replaced, and tries again
                }
            }

            await Until.TrueAsync("the last step of the load", IsLoadedAsync, everyMilliseconds: 1);
            return loaded!;
        }

        var ends = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(WorkerAsync)));
        Assert.All(ends, end => Assert.Equal(Comparable(expected), Comparable(end)));
        Assert.Equal((expected.Items, expected.Items), ((await _rig.ItemsAsync()).Count, await _rig.TasksAsync()));
    }

    [Fact]
    public async Task A_receipt_keeps_the_time_of_the_first_step()
    {
        var content = Mixed(1, 2_100);
        var first = (await StepAsync(_rig.Ingest, content))!.Batch;
        await Task.Delay(20);
        var done = (await _rig.Ingest.RunAsync(_rig.Project, Source(content), _ => { }, again: false, default)).Batch;

        Assert.Equal(BatchState.Reading, first.State);
        Assert.NotNull(first.StartedAt);
        Assert.Equal((first.StartedAt, first.ReceivedAt), (done.StartedAt, done.ReceivedAt));
        Assert.True(done.FinishedAt > first.StartedAt);
    }

    [Fact]
    public async Task A_message_that_was_tried_too_often_does_not_end_a_load_that_goes_on()
    {
        var content = Mixed(1, 10);
        await _rig.Documents.CommitAsync(new Write.Put(HealthEval.Projects.Project.Key("p1"), _rig.Project), default);
        await _rig.Files.WriteBytesAsync("drop/p1/a.jsonl", content, FileCondition.None, default);
        var steps = _rig.StepsOf(_rig.Documents);
        var givenUp = new GivenUp(_rig.Documents, _rig.Files, steps, TimeProvider.System, NullLogger<GivenUp>.Instance);
        var id = Batch.IdOf("p1", Sha.Of(content));
        await using (await steps.TakeAsync<LoadPosition>(Batch.StepKey("p1", id), patient: false, default))
        {
            await givenUp.RecordAsync(new Dropped("p1", "a.jsonl", "a.jsonl"), default);
            Assert.Null(await _rig.Documents.FindAsync<Batch>(Batch.Key("p1", id), default));
        }

        await givenUp.RecordAsync(new Dropped("p1", "a.jsonl", "a.jsonl"), default);
        Assert.Equal(BatchState.Failed, (await _rig.Documents.FindAsync<Batch>(Batch.Key("p1", id), default))!.Value.State);
        Assert.Null(await _rig.Documents.FindAsync<StepState<LoadPosition>>(Batch.StepKey("p1", id), default));
    }

    private async Task<(Batch Batch, int Steps)> StepUntilDoneAsync(Func<int, byte[]> content)
    {
        var known = Source(content(0)).Hash(default);
        for (var step = 0; step < MostSteps; step++)
        {
            var result = await StepAsync(_rig.Ingest, content(step), known);
            if (BatchState.IsFinal(result!.Batch.State))
            {
                return (result.Batch, step + 1);
            }
        }

        throw new InvalidOperationException("It never came to an end.");
    }

    /// <summary>A step so short that it is over after its first chunk.</summary>
    private Task<IngestResult?> StepAsync(IngestBatch ingest, byte[] content, (string, long)? known = null) =>
        ingest.StepAsync(_rig.Project, Source(content) with { Known = known }, new StepTime(TimeProvider.System, TimeSpan.FromTicks(1)), _ => { }, again: false, default);

    private static BatchSource Source(byte[] content) => IngestRig.Source(content, "batch");

    private static string Comparable(Batch batch) => Encoding.UTF8.GetString(Json.Bytes(batch with { ReceivedAt = default, StartedAt = null, FinishedAt = null }));

    private static async Task<byte[]> FileAsync(IngestRig rig, string path)
    {
        using var copy = new MemoryStream();
        await using var stream = await rig.Files.OpenAsync(path, default);
        await (stream?.CopyToAsync(copy) ?? Task.CompletedTask);
        return copy.ToArray();
    }

    /// <summary>Good lines, and now and then a repeated, a broken, a suspicious one and one with a warning.</summary>
    private static byte[] Mixed(int first, int count) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(first, count).Select(n => (n % 50) switch
    {
        7 => "{broken",
        11 => $$"""{"item_id":"{{n - 1}}","prompt":"question {{n - 1}}","response":"answer {{n - 1}}"}""",
        13 => $$"""{"item_id":"{{n}}","prompt":"Write to jane.doe{{n}}@example.com","response":"answer {{n}}"}""",
        17 => $$"""{"item_id":"{{n}}","prompt":"question {{n}}","response":7}""",
        19 => $$"""{"item_id":"{{n}}","prompt":"question {{n}}","response":"answer {{n}}","risk_tier":"purple"}""",
        _ => $$"""{"item_id":"{{n}}","prompt":"question {{n}}","response":"answer {{n}}"}""",
    })));

    /// <summary>Each becomes two megabytes, so that what has been collected for one chunk is stored in several; the last prompts have ids of the first.</summary>
    private static byte[] ManyResponses(int count) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, count).Select(n =>
        $$"""{"prompt_id":"{{n % 10}}","prompt":"{{n}}{{new string('q', 20_000)}}","responses":[{{string.Join(',', Enumerable.Range(1, 100).Select(m => $"\"answer {m} to {n}\""))}}]}""")));

    private static byte[] Table(int count) => Encoding.UTF8.GetBytes("item_id,prompt,response\n" + string.Join('\n', Enumerable.Range(1, count).Select(n => n % 60 == 9 ? $"{n},question," : $"{n},question {n},answer {n}")));

    private static byte[] Zip(params byte[][] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (number, file) in files.Index())
            {
                using var entry = zip.CreateEntry($"part{number}.jsonl").Open();
                entry.Write(file);
            }
        }

        return packed.ToArray();
    }
}
