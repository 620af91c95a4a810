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
        var groups = await CreateGroupsAsync(chunk, cancellation);
        var loading = chunk.Where(record => record.Built is { } built && !(built.IsGroup && groups[record] is Outcome.Conflict)).ToList();
        var created = await documents.CommitManyAsync([.. loading.SelectMany(record => record.Built!.Items.Select(item => Writes(item, record)))], cancellation);
        var next = 0;
        foreach (var record in chunk)
        {
            if (record.Built is not { } built)
            {
                tally.Reject(record.Errors);
                continue;
            }

            var outcome = built.IsGroup ? groups[record] : await OutcomeAsync(created[next], built, record, cancellation);
            next += built.IsGroup && outcome is Outcome.Conflict ? 0 : built.Items.Count;
            Count(record, built, outcome, tally);
        }
    }

    private enum Outcome
    {
        New,
        Repeated,
        Conflict,
    }

    private void Count(ReadRecord record, BuiltRecord built, Outcome outcome, BatchTally tally)
    {
        if (outcome is Outcome.Conflict)
        {
            tally.Reject([new RecordError(record.Line, built.Items[0].ItemId is null ? "prompt_id" : "item_id", "Another record with this id was loaded before, with different content. Give a changed record a new id.")]);
            return;
        }

        if (outcome is Outcome.Repeated)
        {
            tally.Repeat();
            return;
        }

        tally.Accept(built.Items.Count, built.Items.Sum(item => item.Responses.Count));
        tally.Suspect(record.Suspicions);
        if (IsHeld(record))
        {
            tally.Hold();
        }

        foreach (var warning in record.Warnings)
        {
            tally.Warn(warning);
        }
    }

    private async Task<Dictionary<ReadRecord, Outcome>> CreateGroupsAsync(List<ReadRecord> chunk, CancellationToken cancellation)
    {
        var outcomes = new Dictionary<ReadRecord, Outcome>(ReferenceEqualityComparer.Instance);
        var groups = chunk.Where(record => record.Built is { IsGroup: true }).ToList();
        var results = groups.Count == 0 ? [] : await documents.CommitManyAsync([.. groups.Select(record => Group(record, record.Built!))], cancellation);
        foreach (var (record, result) in groups.Zip(results))
        {
            outcomes[record] = result.Succeeded ? Outcome.New : await GroupOutcomeAsync(record.Built!, record.Line, cancellation);
        }

        return outcomes;
    }

    private Write[] Group(ReadRecord record, BuiltRecord built) =>
        [new Write.Create(ItemGroup.Key(project.ProjectId, built.RecordId), new ItemGroup(built.RecordId, built.ContentSha256, built.Items.Count, batchId, record.Line))];

    private bool IsHeld(ReadRecord record) => project.Privacy is "hold" && record.Suspicions.Count > 0;

    private Write[] Writes(EvalItem item, ReadRecord record) =>
        IsHeld(record) ? [new Write.Create(HeldItem.Key(item.ProjectId, item.TaskId), new HeldItem(item, record.Suspicions, HeldItem.Held))]
        : item.Responses.Count == 0 ? [new Write.Create(item.Key(), item)]
        : [new Write.Create(item.Key(), item), openTask(item, project)];

    private async Task<Outcome> GroupOutcomeAsync(BuiltRecord built, long line, CancellationToken cancellation)
    {
        var existing = await documents.FindAsync<ItemGroup>(ItemGroup.Key(project.ProjectId, built.RecordId), cancellation);
        return Compare(existing?.Value.ContentSha256, existing?.Value.BatchId, existing?.Value.Line, built, line);
    }

    private async Task<Outcome> OutcomeAsync(CommitResult result, BuiltRecord built, ReadRecord record, CancellationToken cancellation)
    {
        if (result.Succeeded)
        {
            return Outcome.New;
        }

        var item = built.Items[0];
        var existing = IsHeld(record)
            ? (await documents.FindAsync<HeldItem>(HeldItem.Key(item.ProjectId, item.TaskId), cancellation))?.Value.Item
            : (await documents.FindAsync<EvalItem>(item.Key(), cancellation))?.Value;
        return Compare(existing?.ContentSha256, existing?.BatchId, existing?.Line, built, record.Line);
    }

    private Outcome Compare(string? hash, string? byBatch, long? atLine, BuiltRecord built, long line) =>
        hash != built.ContentSha256 ? Outcome.Conflict
        : !isRepeat && byBatch == batchId && atLine == line ? Outcome.New // this batch brought it before it was interrupted
        : Outcome.Repeated;
}
