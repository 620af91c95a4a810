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

    public async Task LoadAsync(IEnumerable<ReadRecord> records, BatchTally tally, Func<Task> afterChunk, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var chunks = Channel.CreateBounded<List<ReadRecord>>(1);
        var reading = Task.Run(() => ReadAsync(records, chunks.Writer, stop.Token), stop.Token);
        try
        {
            await foreach (var chunk in chunks.Reader.ReadAllAsync(cancellation))
            {
                await StoreAsync(chunk, tally, cancellation);
                await afterChunk();
            }

            await reading;
        }
        finally
        {
            await stop.CancelAsync();
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

            await chunks.WriteAsync(chunk, cancellation);
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
        foreach (var record in chunk)
        {
            if (record.Built is { IsGroup: true } built && _claims.StateOf(built) is ClaimState.Known)
            {
                await StoreTogetherAsync(together, tally, cancellation);
                together.Clear();
                await AddMissingAsync(record, built, tally, cancellation);
            }
            else
            {
                together.Add(record);
            }
        }

        await StoreTogetherAsync(together, tally, cancellation);
    }

    private enum Outcome
    {
        New,
        Repeated,
        Conflict,
    }

    private async Task StoreTogetherAsync(IReadOnlyList<ReadRecord> records, BatchTally tally, CancellationToken cancellation)
    {
        var loading = records.Where(record => record is { IsKnown: false, Built: { } built } && _claims.ConflictOf(built) is null);
        Write[][] writes = [.. loading.SelectMany(record => record.Built!.Items.Select(item => Writes(item, record)))];
        var results = writes.Length == 0 ? [] : await documents.CommitManyAsync(writes, cancellation);
        var next = 0;
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
                foreach (var item in built.Items)
                {
                    outcomes.Add(results[next++].Succeeded ? Outcome.New : await CompareAsync(item, record, cancellation) ?? Outcome.Repeated);
                }

                Count(record, built, outcomes, tally);
            }
        }
    }

    /// <summary>A long record under a prompt that is known: is one of its responses another one than before, the record is refused as a whole.</summary>
    private async Task AddMissingAsync(ReadRecord record, BuiltRecord built, BatchTally tally, CancellationToken cancellation)
    {
        var found = new List<Outcome?>(built.Items.Count);
        foreach (var item in built.Items)
        {
            found.Add(await CompareAsync(item, record, cancellation));
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
            if (IsHeld(record))
            {
                tally.Hold();
            }
        }

        tally.Suspect(record.Suspicions);

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

    private bool IsHeld(ReadRecord record) => project.Privacy is "hold" && record.Suspicions.Count > 0;

    private Write[] Writes(EvalItem item, ReadRecord record) =>
        IsHeld(record) ? [new Write.Create(HeldItem.Key(item.ProjectId, item.TaskId), new HeldItem(item, record.Suspicions, HeldItem.Held))]
        : item.Responses.Count == 0 ? [new Write.Create(item.Key(), item)]
        : [new Write.Create(item.Key(), item), openTask(item, project)];

    /// <summary>With what is there under the item's id; null when there is nothing.</summary>
    private async Task<Outcome?> CompareAsync(EvalItem item, ReadRecord record, CancellationToken cancellation)
    {
        var existing = IsHeld(record)
            ? (await documents.FindAsync<HeldItem>(HeldItem.Key(item.ProjectId, item.TaskId), cancellation))?.Value.Item
            : (await documents.FindAsync<EvalItem>(item.Key(), cancellation))?.Value;
        return existing is null ? null
            : existing.ContentSha256 != item.ContentSha256 ? Outcome.Conflict
            : !isRepeat && existing.BatchId == batchId && existing.Line == record.Line ? Outcome.New // this batch brought it before it was interrupted
            : Outcome.Repeated;
    }
}
