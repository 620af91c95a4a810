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
    private const int RecordsPerChunk = 1_000;
    private const int CharactersPerChunk = 2_000_000;
    public const string SameIdOtherContent = "Another record with this id was loaded before, with different content. Give a changed record a new id.";
    private readonly IdClaims _claims = new(documents, project.ProjectId);
    private readonly KnownItems _known = new(documents, project);

    /// <param name="afterChunk">Is told how many records have been stored since the last call, and says whether to go on.</param>
    /// <returns>False when it was stopped before the end.</returns>
    public async Task<bool> LoadAsync(IEnumerable<ReadRecord> records, BatchTally tally, Func<int, Task<bool>> afterChunk, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var chunks = Channel.CreateBounded<List<ReadRecord>>(1);
        var reading = Task.Run(() => ReadAsync(records, chunks.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in chunks.Reader.ReadAllAsync(cancellation))
            {
                await StoreAsync(chunk, tally, cancellation);
                if (!await afterChunk(chunk.Count) && await chunks.Reader.WaitToReadAsync(cancellation))
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
        }
    }

    private static async Task ReadAsync(IEnumerable<ReadRecord> records, ChannelWriter<List<ReadRecord>> chunks, CancellationToken cancellation)
    {
        try
        {
            var chunk = new List<ReadRecord>();
            var characters = 0L;
            foreach (var record in records)
            {
                chunk.Add(record);
                characters += record.Built?.Characters ?? 100;
                if (chunk.Count == RecordsPerChunk || characters > CharactersPerChunk)
                {
                    await chunks.WriteAsync(chunk, cancellation);
                    (chunk, characters) = ([], 0);
                }
            }

            if (chunk.Count > 0)
            {
                await chunks.WriteAsync(chunk, cancellation);
            }

            chunks.Complete();
        }
        catch (Exception failure)
        {
            chunks.Complete(failure);
        }
    }

    private async Task StoreAsync(List<ReadRecord> chunk, BatchTally tally, CancellationToken cancellation)
    {
        await _claims.TakeAsync(chunk.SelectMany(record => record.Built?.Claims ?? []), cancellation);
        var together = new List<ReadRecord>();
        var held = new Dictionary<string, bool>();
        foreach (var record in chunk)
        {
            var isKnownGroup = record.Built is { IsGroup: true } built && _claims.StateOf(built) is ClaimState.Known;
            if (isKnownGroup || IsHeldElsewhere(record, held))
            {
                await StoreTogetherAsync(together, tally, cancellation);
                together.Clear();
                held.Clear();
                _ = IsHeldElsewhere(record, held);
            }

            if (isKnownGroup)
            {
                await AddMissingAsync(record, record.Built!, tally, cancellation);
            }
            else
            {
                together.Add(record);
            }
        }

        await StoreTogetherAsync(together, tally, cancellation);
    }

    /// <summary>Two items with one id, one held and one not, are different documents: the store would take both if they came together.</summary>
    private bool IsHeldElsewhere(ReadRecord record, Dictionary<string, bool> held)
    {
        var elsewhere = false;
        for (var i = 0; project.Privacy is "hold" && i < record.Built?.Items.Count; i++)
        {
            var taskId = record.Built.Items[i].TaskId;
            elsewhere |= !held.TryAdd(taskId, IsHeld(record, i)) && held[taskId] != IsHeld(record, i);
        }

        return elsewhere;
    }

    private enum Outcome
    {
        New,
        Repeated,
        Conflict,
    }

    private async Task StoreTogetherAsync(IReadOnlyList<ReadRecord> records, BatchTally tally, CancellationToken cancellation)
    {
        var stored = await StoreNewAsync(records, cancellation);
        foreach (var record in records)
        {
            if (record.IsKnown)
            {
                tally.Repeat();
            }
            else if (record.Built is not { } built)
            {
                tally.Reject(record.Errors);
            }
            else if (_claims.ConflictOf(built) is { Path: var path })
            {
                Reject(record, path, path is "prompt_id" ? "This prompt_id was used before, for a prompt with other words. Give a changed prompt a new id." : SameIdOtherContent, tally);
            }
            else
            {
                var outcomes = new List<Outcome>(built.Items.Count);
                for (var i = 0; i < built.Items.Count; i++)
                {
                    outcomes.Add(stored.Contains(built.Items[i]) ? Outcome.New : await CompareAsync(record, i, cancellation) ?? Outcome.Repeated);
                }

                Count(record, built, outcomes, tally);
            }
        }
    }

    /// <summary>Writes what is not there yet; returns the items that this has brought in.</summary>
    private async Task<HashSet<EvalItem>> StoreNewAsync(IReadOnlyList<ReadRecord> records, CancellationToken cancellation)
    {
        var items = new List<EvalItem>();
        var writes = new List<Write[]>();
        foreach (var record in records.Where(record => record is { IsKnown: false, Built: { } built } && _claims.ConflictOf(built) is null))
        {
            for (var i = 0; i < record.Built!.Items.Count; i++)
            {
                if (await _known.BeforeWritingAsync(record.Built.Items[i], IsHeld(record, i), cancellation) is null)
                {
                    items.Add(record.Built.Items[i]);
                    writes.Add(Writes(record, i));
                }
            }
        }

        var results = writes.Count == 0 ? [] : await documents.CommitManyAsync(writes, cancellation);
        return items.Where((_, i) => results[i].Succeeded).ToHashSet<EvalItem>(ReferenceEqualityComparer.Instance);
    }

    /// <summary>A long record under a prompt that is known: is one of its responses another one than before, the record is refused as a whole.</summary>
    private async Task AddMissingAsync(ReadRecord record, BuiltRecord built, BatchTally tally, CancellationToken cancellation)
    {
        var found = new List<Outcome?>(built.Items.Count);
        for (var i = 0; i < built.Items.Count; i++)
        {
            found.Add(await CompareAsync(record, i, cancellation));
        }

        if (found.Contains(null) && !found.Contains(Outcome.Conflict))
        {
            await StoreTogetherAsync([record], tally, cancellation);
        }
        else
        {
            Count(record, built, [.. found.OfType<Outcome>()], tally);
        }
    }

    private void Count(ReadRecord record, BuiltRecord built, IReadOnlyList<Outcome> outcomes, BatchTally tally)
    {
        if (outcomes.Contains(Outcome.Conflict))
        {
            Reject(record, built.Items[0] switch { { ItemId: not null } => "item_id", { Responses: [] } => "prompt_id", _ => "response_id" }, SameIdOtherContent, tally);
            return;
        }

        var added = built.Items.Zip(outcomes).Where(pair => pair.Second is Outcome.New).Select(pair => pair.First).ToList();
        if (added.Count == 0 && built.Items.Count > 0)
        {
            foreach (var _ in record.Lines)
            {
                tally.Repeat();
            }

            return;
        }

        foreach (var line in record.Lines)
        {
            tally.Accept(line == record.Line ? added.Count : 0, line == record.Line ? added.Sum(item => item.Responses.Count) : 0);
        }

        tally.Suspect(record.Suspicions);
        tally.Hold(outcomes.Where((outcome, i) => outcome is Outcome.New && IsHeld(record, i)).LongCount());
        foreach (var warning in record.Warnings)
        {
            tally.Warn(warning);
        }
    }

    private static void Reject(ReadRecord record, string path, string reason, BatchTally tally)
    {
        foreach (var line in record.Lines)
        {
            tally.Reject([new RecordError(line, path, reason)]);
        }
    }

    private bool IsHeld(ReadRecord record, int item) => project.Privacy is "hold" && record.Suspicions.Count > 0 && record.SuspicionsIn(item).Count > 0;

    private Write[] Writes(ReadRecord record, int index)
    {
        var item = record.Built!.Items[index];
        if (IsHeld(record, index))
        {
            _known.Holding();
            return [new Write.Create(HeldItem.Key(item.ProjectId, item.TaskId), HeldItem.Of(item, record.SuspicionsIn(index)))];
        }

        return item.Responses.Count == 0 ? [new Write.Create(item.Key(), item)] : [new Write.Create(item.Key(), item), openTask(item, project)];
    }

    /// <summary>With what is there under the item's id; null when there is nothing.</summary>
    private async Task<Outcome?> CompareAsync(ReadRecord record, int index, CancellationToken cancellation)
    {
        var item = record.Built!.Items[index];
        var known = await _known.FindAsync(item, IsHeld(record, index), cancellation);
        return known is null ? null
            : known.Sha256 != item.ContentSha256 ? Outcome.Conflict
            : !isRepeat && known.BatchId == batchId && known.Line == record.Line ? Outcome.New // this batch brought it before it was interrupted
            : Outcome.Repeated;
    }
}
