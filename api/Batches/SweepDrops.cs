using HealthEval.Audit;
using HealthEval.Batches.Pairing;
using HealthEval.Intake;
using HealthEval.Intake.Containers;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Batches;

/// <summary>
/// Finds dropped files that were never brought to an end (lost events, a program that was stopped half-way) and loads them. Each entry is dealt with
/// alone: what is wrong with one is said in its own receipt and keeps no other from being loaded.
/// </summary>
internal sealed class SweepDrops(
    IDocumentStore documents, IFileStore files, IngestBatch ingest, SettledFiles settled, Refusals refusals, Quotas quotas, Erasure erasure, AuditTrail trail, Steps steps,
    ILogger<SweepDrops> log)
{
    private const string Removed = "The file was removed or changed while it was read. If it is still there, it is loaded as it is now.";

    /// <summary>Outputs that waited for their input: it has come, or their time is over.</summary>
    public Task<int> FinishWaitingAsync(CancellationToken cancellation) => ingest.FinishWaitingAsync(cancellation);

    public async IAsyncEnumerable<Dropped> UnfinishedAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var file in files.ListAsync(DropFolder.Root, cancellation))
        {
            if (await AloneAsync(file.Path, () => DueAsync(file, cancellation)) is { } dropped)
            {
                yield return dropped;
            }
        }
    }

    /// <summary>Says of everything that can never be loaded why not, and of every acknowledged file that is gone that it is.</summary>
    public async Task RefuseAsync(CancellationToken cancellation)
    {
        foreach (var entry in files is FolderFileStore folder ? folder.Entries(DropFolder.Root).Where(entry => entry.Problem is not null) : [])
        {
            await AloneAsync(entry.Path, async () =>
            {
                await RefuseAsync(entry.Path, entry.Problem!, cancellation);
                return null;
            });
        }

        await foreach (var (mark, _) in documents.AllAsync<DropMark>(DropMark.Of(projectId: null, new Filter.In("state", [BatchState.Received, BatchState.Reading])), cancellation))
        {
            if (mark is { ProjectId: { } projectId, ETag: { } etag } && DropFolder.Path(projectId, mark.Name) is var path && (await files.FindAsync(path, cancellation))?.ETag != etag)
            {
                await refusals.LostAsync(mark, projectId, cancellation);
                await documents.CommitAsync(new Write.Put(DropMark.Key(projectId, path, etag), mark with { State = BatchState.Failed }), cancellation);
            }
        }
    }

    /// <summary>Loads one file to its end. False when it is gone, is being loaded, or the load could not end.</summary>
    public async Task<LoadStep?> LoadAsync(Dropped dropped, CancellationToken cancellation)
    {
        try
        {
            return await StepAsync(dropped, steps.BeginWithoutEnd(), cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError("A file in the drop folder of {ProjectId} could not be loaded ({Failure}); it is tried again later", dropped.ProjectId, failure.GetType().Name);
            return null;
        }
    }

    /// <summary>Loads a file as far as the time allows, and marks it when it is done, so that no later sweep opens it again. What is no file here, or has been dealt with, is nothing to do.</summary>
    public async Task<LoadStep> StepAsync(Dropped dropped, StepTime time, CancellationToken cancellation)
    {
        var path = DropFolder.Path(dropped.ProjectId, dropped.Name);
        if (dropped.Name is ImportProfiles.DroppedName || await files.FindAsync(path, cancellation) is not { } file || await documents.FindAsync<Project>(Project.Key(dropped.ProjectId), cancellation) is not { } project)
        {
            return LoadStep.Nothing;
        }

        var key = DropMark.Key(dropped.ProjectId, file);
        var mark = (await documents.FindAsync<DropMark>(key, cancellation))?.Value;
        if (mark is { IsFinal: true })
        {
            return LoadStep.Nothing;
        }

        var source = new BatchSource(dropped.ShownAs, () => Open(file, cancellation))
        {
            Known = mark?.Hash,
            Reading = mark?.Reading,
            MayBeCut = mark?.ShownAs is null && settled.MayGrow && !await settled.IsMarkedAsync(file, cancellation)
        };
        if (mark is null)
        {
            if (await quotas.FullAsync(dropped.ProjectId, file, cancellation) is { } full)
            {
                await RefuseAsync(path, $"{full} The file stays where it is and is loaded by itself when there is room.", cancellation);
                return LoadStep.Nothing;
            }

            if (await HashAsync(source, file, cancellation) is not var (sha256, bytes))
            {
                return LoadStep.Nothing;
            }

            mark = DropMark.Of(dropped.ProjectId, dropped.Name, file, sha256, bytes, BatchState.Reading);
            source = source with { Known = mark.Hash };
            await trail.RecordAsync(dropped.ProjectId, AuditTrail.DropFolder, AuditActions.FileReceived, mark.BatchId, to: $"bytes={bytes};sha256={sha256}");
            await documents.CommitAsync(new Write.Put(key, mark), cancellation);
        }

        var step = await StepAsync(project.Value, source, time, cancellation);
        if (step.Outcome is StepOutcome.Done)
        {
            var loaded = await documents.FindAsync<Batch>(Batch.Key(dropped.ProjectId, mark.BatchId), cancellation);
            mark = mark with { State = loaded?.Value.State ?? BatchState.Failed };
            await documents.CommitAsync(new Write.Put(key, mark), cancellation);
            if (await documents.FindAsync<Batch>(Batch.Key(dropped.ProjectId, mark.BatchId), cancellation) is { Value: var batch } && Erasure.IsDue(batch))
            {
                await erasure.BatchAsync(batch, cancellation); // decided about before it was marked, or sent once more
            }
        }

        return step;
    }

    /// <summary>The same for an output that waited for its input.</summary>
    public async Task<LoadStep> StepAsync(string projectId, string batchId, StepTime time, CancellationToken cancellation) =>
        await documents.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project } && await ingest.WaitingAsync(projectId, batchId, cancellation) is { } source
            ? await StepAsync(project, source, time, cancellation)
            : LoadStep.Nothing;

    private async Task<LoadStep> StepAsync(Project project, BatchSource source, StepTime time, CancellationToken cancellation) =>
        await ingest.StepAsync(project, source, time, _ => { }, again: false, cancellation) switch
        {
            null => new LoadStep(StepOutcome.Busy, []),
            { Batch: var batch } when BatchState.IsFinal(batch.State) => new LoadStep(StepOutcome.Done, await ingest.WakeAsync(batch, cancellation)),
            _ => new LoadStep(StepOutcome.MoreToDo, []),
        };

    /// <summary>Null when there is nothing to load, or not yet.</summary>
    private async Task<Dropped?> DueAsync(FileEntry file, CancellationToken cancellation)
    {
        if (file.Path.Split('/') is not [_, var projectId, var name])
        {
            await RefuseAsync(file.Path, "Files are taken from a project's own folder only, not from a folder in it or beside it. Move this one.", cancellation);
            return null;
        }

        var mark = (await documents.FindAsync<DropMark>(DropMark.Key(projectId, file), cancellation))?.Value;
        if (name is ImportProfiles.DroppedName || mark is { IsFinal: true } || (mark is null && (DropFolder.IsUnfinished(name) || !await settled.IsWholeAsync(file, cancellation))))
        {
            return null;
        }

        if (DropFolder.MarkedBy(file.Path) is { } marked && (file.Length == 0 || await files.FindAsync(marked, cancellation) is not null))
        {
            return null;
        }

        if (await documents.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            await RefuseAsync(file.Path, "There is no such project.", cancellation);
            return null;
        }

        return new Dropped(projectId, name, mark?.ShownAs ?? name);
    }

    /// <summary>Null, with a receipt, when the file cannot be read; it is tried again with every sweep.</summary>
    private async Task<(string Sha256, long Bytes)?> HashAsync(BatchSource source, FileEntry file, CancellationToken cancellation)
    {
        try
        {
            return await Task.Run(() => source.Hash(cancellation), cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var why = failure is UnauthorizedAccessException ? "its permissions do not allow it" : "the disk reports an error";
            await RefuseAsync(file.Path, $"The file cannot be read: {why}. When it can be, it is loaded by itself.", cancellation);
            return null;
        }
    }

    /// <summary>As it was when its hash was taken: what is written to it meanwhile is another file.</summary>
    private Stream Open(FileEntry file, CancellationToken cancellation) =>
        files.FindAsync(file.Path, cancellation).GetAwaiter().GetResult()?.ETag == file.ETag && files.OpenAsync(file.Path, cancellation).GetAwaiter().GetResult() is { } content
            ? settled.MayGrow ? new FirstBytes(content, file.Length) : content
            : throw new UnreadableFileException(Removed);

    private Task RefuseAsync(string path, string reason, CancellationToken cancellation) => refusals.RefuseAsync(path[DropFolder.Root.Length..], reason, cancellation);

    private async Task<Dropped?> AloneAsync(string path, Func<Task<Dropped?>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or StorageUnavailableException))
        {
            log.LogError("An entry of the drop folder ({Length} characters of path) could not be looked at ({Failure})", path.Length, failure.GetType().Name);
            return null;
        }
    }
}

/// <param name="Woken">Outputs that may have waited for this file.</param>
internal sealed record LoadStep(StepOutcome Outcome, IReadOnlyList<Pending> Woken)
{
    public static readonly LoadStep Nothing = new(StepOutcome.Nothing, []);
}
