using System.Text.Json.Serialization;
using HealthEval.Batches.Pairing;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>Finds dropped files that were never brought to an end: lost events, a program that was stopped half-way.</summary>
internal sealed class SweepDrops(IDocumentStore documents, IFileStore files, IngestBatch ingest, Steps steps, TimeProvider clock, ILogger<SweepDrops> log)
{
    /// <summary>A file that is still growing must not be read; stores that show only whole files need no wait.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>Outputs that waited for their input: it has come, or their time is over.</summary>
    public Task<int> FinishWaitingAsync(CancellationToken cancellation) => ingest.FinishWaitingAsync(cancellation);

    public async IAsyncEnumerable<Dropped> UnfinishedAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var file in files.ListAsync(DropFolder.Root, cancellation))
        {
            if (file.Path.Split('/') is not [_, var projectId, var name] || name.StartsWith('.') || name.EndsWith(".part", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var isSettled = clock.GetUtcNow() - file.Modified >= Settled;
            if (isSettled && await documents.FindAsync<DropMark>(DropMark.Key(projectId, file), cancellation) is not { Value.IsFinal: true } && await documents.FindAsync<Project>(Project.Key(projectId), cancellation) is not null)
            {
                yield return new Dropped(projectId, name, name);
            }
        }
    }

    /// <summary>Loads one file to its end. False when it is gone, is being loaded, or the load could not end.</summary>
    public async Task<bool> LoadAsync(Dropped dropped, CancellationToken cancellation)
    {
        try
        {
            var step = await StepAsync(dropped, steps.BeginWithoutEnd(), cancellation);
            if (step.Woken.Count > 0)
            {
                await ingest.FinishWaitingAsync(cancellation);
            }

            return step.Outcome is StepOutcome.Done;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError("A file in the drop folder of {ProjectId} could not be loaded ({Failure}); it is tried again later", dropped.ProjectId, failure.GetType().Name);
            return false;
        }
    }

    /// <summary>Loads a file as far as the time allows, and marks it when it is done, so that no later sweep opens it again. What is no file here, or has been dealt with, is nothing to do.</summary>
    public async Task<LoadStep> StepAsync(Dropped dropped, StepTime time, CancellationToken cancellation)
    {
        var path = DropFolder.Path(dropped.ProjectId, dropped.Name);
        if (await files.FindAsync(path, cancellation) is not { } file || await documents.FindAsync<Project>(Project.Key(dropped.ProjectId), cancellation) is not { } project)
        {
            return new LoadStep(StepOutcome.Nothing, []);
        }

        var key = DropMark.Key(dropped.ProjectId, file);
        var mark = (await documents.FindAsync<DropMark>(key, cancellation))?.Value;
        if (mark is { IsFinal: true })
        {
            return new LoadStep(StepOutcome.Nothing, []);
        }

        var source = new BatchSource(dropped.ShownAs, () => files.OpenAsync(path, cancellation).GetAwaiter().GetResult() ?? throw new UnreadableFileException("The file was removed while it was read.")) { Known = mark?.Hash };
        if (mark is null)
        {
            var (sha256, bytes) = await Task.Run(() => source.Hash(cancellation), cancellation);
            mark = new DropMark(dropped.Name, Batch.IdOf(dropped.ProjectId, sha256), BatchState.Reading, sha256, bytes);
            source = source with { Known = mark.Hash };
            await documents.CommitAsync(new Write.Put(key, mark), cancellation);
        }

        var step = await StepAsync(project.Value, source, time, cancellation);
        if (step.Outcome is StepOutcome.Done)
        {
            var loaded = await documents.FindAsync<Batch>(Batch.Key(dropped.ProjectId, mark.BatchId), cancellation);
            await documents.CommitAsync(new Write.Put(key, mark with { State = loaded?.Value.State ?? BatchState.Failed }), cancellation);
        }

        return step;
    }

    /// <summary>The same for an output that waited for its input.</summary>
    public async Task<LoadStep> StepAsync(string projectId, string batchId, StepTime time, CancellationToken cancellation) =>
        await documents.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project } && await ingest.WaitingAsync(projectId, batchId, cancellation) is { } source
            ? await StepAsync(project, source, time, cancellation)
            : new LoadStep(StepOutcome.Nothing, []);

    private async Task<LoadStep> StepAsync(Project project, BatchSource source, StepTime time, CancellationToken cancellation) =>
        await ingest.StepAsync(project, source, time, _ => { }, again: false, cancellation) switch
        {
            null => new LoadStep(StepOutcome.Busy, []),
            { Batch: var batch } when BatchState.IsFinal(batch.State) => new LoadStep(StepOutcome.Done, await ingest.WakeAsync(batch, cancellation)),
            _ => new LoadStep(StepOutcome.MoreToDo, []),
        };
}

/// <param name="Woken">Outputs that may have waited for this file.</param>
internal sealed record LoadStep(StepOutcome Outcome, IReadOnlyList<Pending> Woken);

/// <summary>A dropped file, as it was at one time: which batch it is, and whether that has been dealt with.</summary>
internal sealed record DropMark(string Name, string BatchId, string State, string? Sha256 = null, long Bytes = 0)
{
    [JsonIgnore]
    public bool IsFinal => BatchState.IsFinal(State);

    /// <summary>Noted once, so that a load in many steps reads the file for it only once.</summary>
    [JsonIgnore]
    public (string Sha256, long Bytes)? Hash => Sha256 is { } hash ? (hash, Bytes) : null;

    public static DocumentKey Key(string projectId, FileEntry file) => new(DocumentKind.Batch, new Partition(projectId, "drops"), Sha.OfParts(file.Path, file.ETag)[..32]);
}
