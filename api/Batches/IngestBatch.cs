using System.Xml;
using HealthEval.Audit;
using HealthEval.Batches.Pairing;
using HealthEval.Batches.Privacy;
using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>Loads one file into a project and leaves a receipt, whatever the file holds. Safe to repeat at any point.</summary>
/// <remarks>
/// The way of a file. In the slice Intake, which knows no store:
/// bytes → <see cref="Intake.Unpacking"/> (container, encoding, layout) → parts of raw records → <see cref="Intake.Recognition"/> (which format) → drafts.
/// Here, from this class on:
/// 1. the file is hashed: what was loaded before is not loaded again, and one worker at a time is at a file;
/// 2. <see cref="BatchStep"/> works on it until it is at its end or the time is over, and leaves the receipt;
/// 3. <see cref="BatchPairs"/> puts answers together with requests from another file, <see cref="Grouping.LineGroups"/> lines about one prompt;
/// 4. <see cref="ChunkReader"/> has chunks of records made ahead of the store: <see cref="RecordReader"/> makes items of drafts, screens them and writes their JSON;
/// 5. <see cref="BatchLoader"/> stores each item with its task, or finds it there, or finds another one under its id, and counts.
/// </remarks>
internal sealed class IngestBatch(
    IDocumentStore documents, IFileStore files, OpenTask openTask, IngestOptions options, Quotas quotas, HeldItems held, Steps steps, AuditTrail trail, TimeProvider clock,
    ILogger<IngestBatch> log) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _atOnce = new(2);
    private readonly BatchPairs _pairs = new(documents, files, options, clock);
    private readonly BatchStep _step = new(documents, files, openTask, options, quotas, new BatchPairs(documents, files, options, clock), held, trail, clock, log);

    /// <summary>To its end, however long it takes; waits for whoever else is at it.</summary>
    /// <param name="again">Read a file that was loaded before once more, and report what is there as duplicates; its receipt stays.</param>
    public async Task<IngestResult> RunAsync(Project project, BatchSource source, Action<Batch> progress, bool again, CancellationToken cancellation)
    {
        var result = await RunOneAsync(project, source, progress, again, cancellation);
        await FinishAsync(await WakeAsync(result.Batch, cancellation), cancellation);
        return result;
    }

    /// <summary>Loads the outputs whose input has come, and gives up those whose time is over. Returns how many there were.</summary>
    public async Task<int> FinishWaitingAsync(CancellationToken cancellation)
    {
        var due = await DueAsync(cancellation);
        await FinishAsync(due, cancellation);
        return due.Count;
    }

    public Task<List<Pending>> DueAsync(CancellationToken cancellation) => _pairs.DueAsync(cancellation);

    /// <summary>The outputs that may have waited for this file.</summary>
    public Task<List<Pending>> WakeAsync(Batch batch, CancellationToken cancellation) =>
        batch.Format?.Contains("-batch-input", StringComparison.Ordinal) == true ? _pairs.WakeAsync(batch.ProjectId, cancellation) : Task.FromResult<List<Pending>>([]);

    /// <summary>What a waiting output holds; null when it waits no longer.</summary>
    public async Task<BatchSource?> WaitingAsync(string projectId, string batchId, CancellationToken cancellation) =>
        await documents.FindAsync<Pending>(Pending.Key(projectId, batchId), cancellation) is { Value: var pending } ? _pairs.SourceOf(pending, cancellation) : null;

    /// <summary>
    /// Goes on where the last step ended, until the file is loaded or the time is over; the batch is not final then. Null while somebody else is
    /// at it. Throws when somebody else has taken over: they may be dead by now, so it is to be tried again.
    /// </summary>
    public async Task<IngestResult?> StepAsync(Project project, BatchSource source, StepTime time, Action<Batch> progress, bool again, CancellationToken cancellation)
    {
        var (sha256, bytes) = await Task.Run(() => source.Hash(cancellation), cancellation);
        var begun = Batch.Begin(project.ProjectId, source.Name, bytes, sha256, clock.GetUtcNow(), source.Reading);
        if (await LoadedAsync(begun, cancellation) is { } loaded)
        {
            return again
                ? await RunAsync(new BatchRun(project, source, Begin(begun, loaded, source), null, time, progress), cancellation)
                : new IngestResult(loaded, loaded.Errors);
        }

        await using var lease = await steps.TakeAsync<LoadPosition>(Batch.StepKey(project.ProjectId, begun.BatchId), patient: true, cancellation);
        if (lease is null)
        {
            return null;
        }

        if (await LoadedAsync(begun, cancellation) is { } meanwhile)
        {
            await lease.EndAsync([], cancellation);
            return new IngestResult(meanwhile, meanwhile.Errors);
        }

        var before = await documents.FindAsync<Batch>(Batch.Key(project.ProjectId, begun.BatchId), cancellation);
        return await RunAsync(new BatchRun(project, source, Begin(begun, before?.Value ?? begun, source), lease, time, progress), cancellation);
    }

    /// <summary>Not too many at once; who waits for a dead worker's lease keeps nobody from it.</summary>
    private async Task<IngestResult> RunAsync(BatchRun run, CancellationToken cancellation)
    {
        await _atOnce.WaitAsync(cancellation);
        try
        {
            return await _step.RunAsync(run, cancellation);
        }
        finally
        {
            _atOnce.Release();
        }
    }

    /// <summary>Whether this is the output of an OpenAI batch, which had better be loaded after its input.</summary>
    public bool HoldsAnswers(BatchSource source)
    {
        try
        {
            return Unpacking.Inspect(source.Name, source.Open, source.Encoding, options).Any(part => Recognition.Of(part, options.Formats).Format?.Side is PairSide.Answer);
        }
        catch (Exception failure) when (failure is UnreadableFileException or XmlException or System.Text.DecoderFallbackException)
        {
            return false; // loading it will say why
        }
    }

    public void Dispose() => _atOnce.Dispose();

    private async Task FinishAsync(List<Pending> waiting, CancellationToken cancellation)
    {
        foreach (var pending in waiting)
        {
            try
            {
                if (await documents.FindAsync<Project>(Project.Key(pending.ProjectId), cancellation) is { } project)
                {
                    await RunOneAsync(project.Value, _pairs.SourceOf(pending, cancellation), _ => { }, again: false, cancellation);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogError("An output of {ProjectId} that waited for its input could not be loaded ({Failure}); it is tried again later", pending.ProjectId, failure.GetType().Name);
            }
        }
    }

    private async Task<IngestResult> RunOneAsync(Project project, BatchSource source, Action<Batch> progress, bool again, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await StepAsync(project, source, steps.BeginWithoutEnd(), progress, again, cancellation) is { } result)
                {
                    return result;
                }
            }
            catch (StepLostException)
            {
                // whoever took over is waited for
            }

            await Task.Delay(LookAgain, clock, cancellation);
        }
    }

    private async Task<Batch?> LoadedAsync(Batch begun, CancellationToken cancellation) =>
        await documents.FindAsync<Batch>(Batch.Key(begun.ProjectId, begun.BatchId), cancellation) is { Value: { WaitsUntil: null, State: not BatchState.Failed } stored } && BatchState.IsFinal(stored.State) ? stored : null;

    /// <summary>It may have been received, or begun, before.</summary>
    private Batch Begin(Batch begun, Batch first, BatchSource source) => begun with
    {
        File = first.File,
        ReceivedAt = first.ReceivedAt,
        Attested = first.Attested ?? source.Attested,
        WaitsUntil = first.WaitsUntil,
        Inputs = first.Inputs,
        Identity = first.Identity,
        State = BatchState.Reading,
        StartedAt = (first.State is BatchState.Reading ? first.StartedAt : null) ?? clock.GetUtcNow(),
    };
}

/// <param name="Errors">More of them than the receipt holds, when there are many.</param>
internal sealed record IngestResult(Batch Batch, IReadOnlyList<RecordError> Errors);
