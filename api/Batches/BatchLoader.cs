using HealthEval.Batches.Benchmarks;
using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Stores what is read, chunk by chunk, while the next ones are being read. Every item is created together with its task or not at all,
/// and only if it is not there yet, so a load that is repeated after any interruption adds just what is missing.
/// </summary>
/// <param name="isRepeat">The batch was finished before: whatever is there counts as a duplicate, even if this batch brought it.</param>
/// <param name="replacesClaims">What the customer's ids stand for was read wrongly from this very file.</param>
internal sealed class BatchLoader(IDocumentStore documents, Quotas quotas, Project project, string batchId, bool isRepeat, bool replacesClaims)
{
    public const string SameIdOtherContent = "Another record with this id was loaded before, with different content. Give a changed record a new id.";
    private readonly IdClaims _claims = new(documents, project.ProjectId, replacesClaims);
    private readonly KnownItems _known = new(documents, project);
    private readonly RepeatedAnswers _repeated = new(documents, project.ProjectId, batchId, isRepeat);

    /// <param name="afterChunk">Is told how many records have been stored since the last call, and says whether to go on.</param>
    /// <returns>False when it was stopped before the end.</returns>
    public async Task<bool> LoadAsync(ChunkReader chunks, BatchTally tally, Func<int, Task<bool>> afterChunk, CancellationToken cancellation)
    {
        var storing = Task.FromResult(true);
        try
        {
            await foreach (var chunk in chunks.ReadAsync(cancellation))
            {
                await _claims.TakeAsync(chunk, cancellation); // while the chunk before is being stored
                if (!await storing)
                {
                    return false;
                }

                var hasMore = chunk.HasMore; // it is not ours any more once it is being stored
                storing = StoreAllAsync(chunk, chunks, tally, afterChunk, cancellation);
                if (hasMore && !await storing)
                {
                    return false; // all ids of a chunk are taken before those of the next
                }
            }

            return await storing;
        }
        finally
        {
            await ((Task)storing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it reads from the chunk
        }
    }

    private async Task<bool> StoreAllAsync(LoadChunk chunk, ChunkReader chunks, BatchTally tally, Func<int, Task<bool>> afterChunk, CancellationToken cancellation)
    {
        while (true)
        {
            await StoreAsync(chunk, tally, cancellation);
            var isOver = !await afterChunk(chunk.Records.Count);
            if (!chunk.HasMore)
            {
                chunks.Return(chunk);
                return !isOver || !await chunks.HasMoreAsync(cancellation);
            }

            if (isOver)
            {
                return false;
            }

            await Task.Run(chunk.Make, cancellation);
            await _claims.TakeAsync(chunk, cancellation);
        }
    }

    private async Task StoreAsync(LoadChunk chunk, BatchTally tally, CancellationToken cancellation)
    {
        var together = new List<LoadRecord>(chunk.Records.Count);
        var held = new Dictionary<string, bool>();
        foreach (var record in chunk.Records)
        {
            var isKnownGroup = record is { Items.Length: > 1, ConflictPath: null, HasNewIds: false };
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
        await _repeated.KeepAsync(chunk.Records[0].Line, cancellation);
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
        await StoreNewAsync(chunk, records, cancellation);
        foreach (var record in records)
        {
            if (record.IsKnown)
            {
                tally.Repeat();
            }
            else if (record.Items is not { } items)
            {
                tally.Reject(record.Errors);
            }
            else if (record.ConflictPath is { } path)
            {
                Reject(record, path, path is "prompt_id" ? "This prompt_id was used before, for a prompt with other words. Give a changed prompt a new id." : SameIdOtherContent, tally);
            }
            else
            {
                var outcomes = new Outcome[items.Length];
                for (var i = 0; i < items.Length; i++)
                {
                    outcomes[i] = items[i].IsStored ? Outcome.New : await CompareAsync(record, items[i], cancellation) ?? Outcome.Repeated;
                }

                Count(record, items, outcomes, tally);
            }
        }
    }

    /// <summary>Writes what is not there yet.</summary>
    private async Task StoreNewAsync(LoadChunk chunk, IReadOnlyList<LoadRecord> records, CancellationToken cancellation)
    {
        var items = new List<LoadItem>(records.Count);
        foreach (var item in records.Where(record => record is { IsKnown: false, ConflictPath: null }).SelectMany(record => record.Items ?? []))
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

        if (items.Count == 0)
        {
            return;
        }

        var taken = await TakeRoomAsync(items, cancellation);
        var stored = 0;
        try
        {
            var results = await documents.CommitManyAsync([.. items.Select(chunk.Writes)], cancellation);
            for (var i = 0; i < results.Count; i++)
            {
                items[i].IsStored = results[i].Succeeded;
                stored += results[i].Succeeded ? 1 : 0;
            }
        }
        finally
        {
            quotas.SettleItems(project.ProjectId, taken, stored);
        }
    }

    /// <summary>For all of them; where that is too much, for those that are not there yet.</summary>
    private async Task<int> TakeRoomAsync(List<LoadItem> items, CancellationToken cancellation)
    {
        if (await quotas.TakeItemsAsync(project.ProjectId, items.Count, cancellation))
        {
            return items.Count;
        }

        var missing = 0;
        foreach (var item in items)
        {
            missing += await _known.FindAsync(item.TaskId, item.ContentSha256, item.IsHeld, cancellation) is null ? 1 : 0;
        }

        if (await quotas.TakeItemsAsync(project.ProjectId, missing, cancellation))
        {
            return missing;
        }

        var full = await quotas.ItemsFullAsync(project.ProjectId, cancellation);
        throw new UnreadableFileException($"{full.Why}, then send the file again: what has been loaded of it is not loaded twice.");
    }

    /// <summary>A long record under a prompt that is known: is one of its responses another one than before, the record is refused as a whole.</summary>
    private async Task AddMissingAsync(LoadChunk chunk, LoadRecord record, BatchTally tally, CancellationToken cancellation)
    {
        var found = new List<Outcome?>(record.Items!.Length);
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

    private void Count(LoadRecord record, LoadItem[] items, Outcome[] outcomes, BatchTally tally)
    {
        if (outcomes.Contains(Outcome.Conflict))
        {
            Reject(record, items[0].IdPath, SameIdOtherContent, tally);
            return;
        }

        var (added, responses, held) = (0, 0, 0);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is Outcome.New)
            {
                (added, responses, held) = (added + 1, responses + items[i].Responses, held + (items[i].IsHeld ? 1 : 0));
            }
        }

        if (added == 0 && items.Length > 0)
        {
            foreach (var _ in record.Lines)
            {
                tally.Repeat();
                if (record.HasBookkeeping && !isRepeat)
                {
                    tally.Warn("repeated_apart_from_bookkeeping");
                }
            }

            RepeatedAnswers.Say(items, tally);

            return;
        }

        tally.Accept(added, responses);
        foreach (var _ in record.MoreLines)
        {
            tally.Accept(0, 0);
        }

        tally.Suspect(record.Suspicions);
        tally.Hold(held);
        foreach (var warning in record.Warnings)
        {
            tally.Warn(warning);
        }
    }

    private static void Reject(LoadRecord record, string path, string reason, BatchTally tally)
    {
        foreach (var line in record.Lines)
        {
            tally.Reject([new RecordError(line, path, reason)]);
        }
    }

    /// <summary>With what is there under the item's id; null when there is nothing.</summary>
    private async Task<Outcome?> CompareAsync(LoadRecord record, LoadItem item, CancellationToken cancellation)
    {
        var known = await _known.FindAsync(item.TaskId, item.ContentSha256, item.IsHeld, cancellation);
        _repeated.Note(item, known);
        return known is null ? null
            : known.Sha256 != item.ContentSha256 ? Outcome.Conflict
            : !isRepeat && known.BatchId == batchId && known.Line == record.Line ? Outcome.New // this batch brought it before it was interrupted
            : Outcome.Repeated;
    }
}
