using HealthEval.Intake;
using HealthEval.Intake.Formats;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>A file that could not be brought to an end after all tries is marked as failed, where its customer looks.</summary>
internal sealed class GivenUp(IDocumentStore documents, IFileStore files, Steps steps, TimeProvider clock, ILogger<GivenUp> log)
{
    private const string Reason = "The file could not be loaded after several tries. What was accepted so far is kept. Send the file again, or ask for help with the name of the batch.";

    public async Task RecordAsync(Dropped? dropped, CancellationToken cancellation)
    {
        if (dropped is null || await documents.FindAsync<Project>(Project.Key(dropped.ProjectId), cancellation) is null)
        {
            return;
        }

        var path = DropFolder.Path(dropped.ProjectId, dropped.Name);
        if (await files.FindAsync(path, cancellation) is not { } file)
        {
            return;
        }

        var source = new BatchSource(dropped.ShownAs, () => files.OpenAsync(path, cancellation).GetAwaiter().GetResult() ?? throw new UnreadableFileException("The file was removed while it was read."));
        var (sha256, bytes) = await Task.Run(() => source.Hash(cancellation), cancellation);
        var reading = (await documents.FindAsync<DropMark>(DropMark.Key(dropped.ProjectId, file), cancellation))?.Value.Reading;
        var begun = Batch.Begin(dropped.ProjectId, dropped.ShownAs, bytes, sha256, clock.GetUtcNow(), reading);
        var existing = (await documents.FindAsync<Batch>(Batch.Key(dropped.ProjectId, begun.BatchId), cancellation))?.Value ?? begun;
        var step = Batch.StepKey(dropped.ProjectId, begun.BatchId);
        if (BatchState.IsFinal(existing.State) || await steps.IsHeldAsync<LoadPosition>(step, cancellation)) // another message about it is being dealt with
        {
            return;
        }

        var failed = existing with { State = BatchState.Failed, Reason = Reason, Errors = [new RecordError(0, null, Reason), .. existing.Errors], FinishedAt = clock.GetUtcNow() };
        await files.WriteBytesAsync(Batch.ReceiptPath(failed.ProjectId, failed.BatchId), Json.Bytes(failed), FileCondition.None, cancellation);
        await documents.CommitAsync([new Write.Put(Batch.Key(failed.ProjectId, failed.BatchId), failed), new Write.Delete(step)], cancellation);
        await documents.CommitAsync(new Write.Put(DropMark.Key(failed.ProjectId, file),
            DropMark.Of(failed.ProjectId, dropped.Name, file, sha256, bytes, failed.State, reading)), cancellation);
        log.LogError("Batch {BatchId} of {ProjectId} was given up after all tries", failed.BatchId, failed.ProjectId);
    }
}
