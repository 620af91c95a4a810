using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>What lies in the drop folder and cannot be loaded: its customer gets a receipt that says why; where there is none, the operator a line in the log, once.</summary>
internal sealed class Refusals(IDocumentStore documents, IFileStore files, TimeProvider clock, ILogger<Refusals> log)
{
    private readonly HashSet<(string, string)> _noticed = [];

    /// <param name="path">In the drop folder.</param>
    public async Task RefuseAsync(string path, string reason, CancellationToken cancellation)
    {
        if (!IsNew(path, reason))
        {
            return;
        }

        if (path.Split('/') is not [var projectId, .. { Length: > 0 } rest] || await documents.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            log.LogWarning("Something in the drop folder belongs to no project and is left alone; 'healtheval check' names it");
            return;
        }

        var now = clock.GetUtcNow();
        var batch = Batch.Begin(projectId, string.Join('/', rest), 0, "", now) with
        {
            BatchId = Batch.IdOf(projectId, Sha.OfParts(path, reason)),
            State = BatchState.Failed,
            Reason = reason,
            Errors = [new RecordError(0, null, reason)],
            FinishedAt = now,
        };
        if ((await documents.CommitAsync(new Write.Create(Batch.Key(projectId, batch.BatchId), batch), cancellation)).Succeeded)
        {
            await files.WriteBytesAsync(Batch.ReceiptPath(projectId, batch.BatchId), Json.Bytes(batch), FileCondition.None, cancellation);
        }
    }

    /// <summary>A file that was acknowledged and is gone before it was loaded: whoever sent it has to know.</summary>
    public async Task LostAsync(DropMark mark, string projectId, CancellationToken cancellation)
    {
        if (await documents.FindAsync<Batch>(Batch.Key(projectId, mark.BatchId), cancellation) is not { } stored || BatchState.IsFinal(stored.Value.State))
        {
            return;
        }

        const string Reason = "The file was removed from the drop folder before it could be loaded to its end. Send it again; what was loaded before is not loaded twice.";
        var failed = stored.Value with { State = BatchState.Failed, Reason = Reason, Errors = [new RecordError(0, null, Reason), .. stored.Value.Errors], FinishedAt = clock.GetUtcNow() };
        await files.WriteBytesAsync(Batch.ReceiptPath(projectId, failed.BatchId), Json.Bytes(failed), FileCondition.None, cancellation);
        await documents.CommitAsync(new Write.Replace(Batch.Key(projectId, failed.BatchId), failed, stored.ETag), cancellation);
    }

    private bool IsNew(string path, string reason)
    {
        lock (_noticed)
        {
            return _noticed.Add((path, reason));
        }
    }
}
