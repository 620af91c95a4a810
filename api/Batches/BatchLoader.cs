using System.Threading.Channels;
using HealthEval.Batches.Privacy;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Writes what is read, in chunks, while the next chunk is being read. Every item is created together with its task or not at all,
/// and only if it is not there yet, so a load that is repeated after any interruption adds just what is missing.
/// </summary>
/// <param name="isRepeat">The batch was finished before: whatever is there counts as a duplicate, even if this batch brought it.</param>
internal sealed class BatchLoader(IDocumentStore documents, OpenTask openTask, Project project, string batchId, bool isRepeat)
{
    private const int Chunks = 3; // one is read into, one waits, one is stored
    public const string SameIdOtherContent = "Another record with this id was loaded before, with different content. Give a changed record a new id.";
    private readonly IdClaims _claims = new(documents, project.ProjectId);
    private readonly KnownItems _known = new(documents, project);

    /// <param name="afterChunk">Is told how many records have been stored since the last call, and says whether to go on.</param>
    /// <returns>False when it was stopped before the end.</returns>
    public async Task<bool> LoadAsync(IEnumerable<ReadRecord> records, BatchTally tally, Func<int, Task<bool>> afterChunk, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var empty = Channel.CreateUnbounded<LoadChunk>();
        var full = Channel.CreateUnbounded<LoadChunk>();
        for (var i = 1; i < Chunks; i++)
        {
            empty.Writer.TryWrite(new LoadChunk(openTask, project));
        }

        var reading = Task.Run(() => ReadAsync(records, empty.Reader, full.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in full.Reader.ReadAllAsync(cancellation))
            {
                await StoreAsync(chunk, tally, cancellation);
                var count = chunk.Records.Count;
                chunk.Clear();
                empty.Writer.TryWrite(chunk);
                if (!await afterChunk(count) && await full.Reader.WaitToReadAsync(cancellation))
                {
                    return false; // there is more
                }
            }

            return true;
        }
        finally
        {
            await stop.CancelAsync();
            await reading; // it holds the file; what went wrong in it has come through the channel
            while (empty.Reader.TryRead(out var chunk) || full.Reader.TryRead(out chunk))
            {
                chunk.Dispose();
            }
        }
    }

    private async Task ReadAsync(IEnumerable<ReadRecord> records, ChannelReader<LoadChunk> empty, ChannelWriter<LoadChunk> full, CancellationToken cancellation)
    {
        var chunk = new LoadChunk(openTask, project);
        try
        {
            foreach (var record in records)
            {
                chunk.Add(record);
                if (chunk.IsFull)
                {
                    full.TryWrite(chunk);
                    chunk = await empty.ReadAsync(cancellation);
                }
            }

            Pass(chunk, full);
            full.Complete();
        }
        catch (Exception failure)
        {
            if (failure is not OperationCanceledException)
            {
                Pass(chunk, full); // what was read before the failure is loaded
            }

            full.Complete(failure);
        }
    }

    private static void Pass(LoadChunk chunk, ChannelWriter<LoadChunk> full)
    {
        if (chunk.Records.Count > 0)
        {
            full.TryWrite(chunk);
        }
    }

    private async Task StoreAsync(LoadChunk chunk, BatchTally tally, CancellationToken cancellation)
    {
        await _claims.TakeAsync(chunk.Records.SelectMany(record => record.Claims), cancellation);
        var together = new List<LoadRecord>();
        var held = new Dictionary<string, bool>();
        foreach (var record in chunk.Records)
        {
            var isKnownGroup = record.Items?.Count > 1 && _claims.StateOf(record.Claims) is ClaimState.Known;
            if (isKnownGroup || IsHeldElsewhere(record, held))
            {
                await StoreTogetherAsync(chunk, together, tally, cancellation);
                together.Clear();
                held.Clear();
                _ = IsHeldElsewhere(record, held);
            }

            if (isKnownGroup)
            {
                await AddMissingAsync(chunk, record, tally, cancellation);
            }
            else
            {
                together.Add(record);
            }
        }

        await StoreTogetherAsync(chunk, together, tally, cancellation);
    }

    /// <summary>Two items with one id, one held and one not, are different documents: the store would take both if they came together.</summary>
    private bool IsHeldElsewhere(LoadRecord record, Dictionary<string, bool> held)
    {
        var elsewhere = false;
        foreach (var item in project.Privacy is "hold" ? record.Items ?? [] : [])
        {
            elsewhere |= !held.TryAdd(item.TaskId, item.IsHeld) && held[item.TaskId] != item.IsHeld;
        }

        return elsewhere;
    }

    private enum Outcome
    {
        New,
        Repeated,
        Conflict,
    }

    private async Task StoreTogetherAsync(LoadChunk chunk, IReadOnlyList<LoadRecord> records, BatchTally tally, CancellationToken cancellation)
    {
        var stored = await StoreNewAsync(chunk, records, cancellation);
        foreach (var record in records)
        {
            if (record.Read.IsKnown)
            {
                tally.Repeat();
            }
            else if (record.Items is not { } items)
            {
                tally.Reject(record.Read.Errors);
            }
            else if (_claims.ConflictOf(record.Claims) is { Path: var path })
            {
                Reject(record, path, path is "prompt_id" ? "This prompt_id was used before, for a prompt with other words. Give a changed prompt a new id." : SameIdOtherContent, tally);
            }
            else
            {
                var outcomes = new List<Outcome>(items.Count);
                foreach (var item in items)
                {
                    outcomes.Add(stored.Contains(item) ? Outcome.New : await CompareAsync(record, item, cancellation) ?? Outcome.Repeated);
                }

                Count(record, items, outcomes, tally);
            }
        }
    }

    /// <summary>Writes what is not there yet; returns the items that this has brought in.</summary>
    private async Task<HashSet<LoadItem>> StoreNewAsync(LoadChunk chunk, IReadOnlyList<LoadRecord> records, CancellationToken cancellation)
    {
        var items = new List<LoadItem>();
        foreach (var item in records.Where(record => !record.Read.IsKnown && _claims.ConflictOf(record.Claims) is null).SelectMany(record => record.Items ?? []))
        {
            if (await _known.BeforeWritingAsync(item.TaskId, item.ContentSha256, item.IsHeld, cancellation) is null)
            {
                items.Add(item);
            }

            if (item.IsHeld)
            {
                _known.Holding();
            }
        }

        var results = items.Count == 0 ? [] : await documents.CommitManyAsync([.. items.Select(chunk.Writes)], cancellation);
        return items.Where((_, i) => results[i].Succeeded).ToHashSet<LoadItem>(ReferenceEqualityComparer.Instance);
    }

    /// <summary>A long record under a prompt that is known: is one of its responses another one than before, the record is refused as a whole.</summary>
    private async Task AddMissingAsync(LoadChunk chunk, LoadRecord record, BatchTally tally, CancellationToken cancellation)
    {
        var found = new List<Outcome?>(record.Items!.Count);
        foreach (var item in record.Items)
        {
            found.Add(await CompareAsync(record, item, cancellation));
        }

        if (found.Contains(null) && !found.Contains(Outcome.Conflict))
        {
            await StoreTogetherAsync(chunk, [record], tally, cancellation);
        }
        else
        {
            Count(record, record.Items, [.. found.OfType<Outcome>()], tally);
        }
    }

    private static void Count(LoadRecord record, IReadOnlyList<LoadItem> items, IReadOnlyList<Outcome> outcomes, BatchTally tally)
    {
        if (outcomes.Contains(Outcome.Conflict))
        {
            Reject(record, items[0].IdPath, SameIdOtherContent, tally);
            return;
        }

        var added = items.Zip(outcomes).Where(pair => pair.Second is Outcome.New).Select(pair => pair.First).ToList();
        if (added.Count == 0 && items.Count > 0)
        {
            foreach (var _ in record.Read.Lines)
            {
                tally.Repeat();
            }

            return;
        }

        foreach (var line in record.Read.Lines)
        {
            tally.Accept(line == record.Read.Line ? added.Count : 0, line == record.Read.Line ? added.Sum(item => item.Responses) : 0);
        }

        tally.Suspect(record.Read.Suspicions);
        tally.Hold(added.Count(item => item.IsHeld));
        foreach (var warning in record.Read.Warnings)
        {
            tally.Warn(warning);
        }
    }

    private static void Reject(LoadRecord record, string path, string reason, BatchTally tally)
    {
        foreach (var line in record.Read.Lines)
        {
            tally.Reject([new RecordError(line, path, reason)]);
        }
    }

    /// <summary>With what is there under the item's id; null when there is nothing.</summary>
    private async Task<Outcome?> CompareAsync(LoadRecord record, LoadItem item, CancellationToken cancellation)
    {
        var known = await _known.FindAsync(item.TaskId, item.ContentSha256, item.IsHeld, cancellation);
        return known is null ? null
            : known.Sha256 != item.ContentSha256 ? Outcome.Conflict
            : !isRepeat && known.BatchId == batchId && known.Line == record.Read.Line ? Outcome.New // this batch brought it before it was interrupted
            : Outcome.Repeated;
    }
}
