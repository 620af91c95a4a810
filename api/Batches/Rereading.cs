using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Another reading of a file that was loaded with its fields taken for something else than they are. The reading before has been withdrawn; this one is a batch
/// of its own, whose items are others whatever ids they have.
/// </summary>
internal sealed class Rereading(IDocumentStore documents, IFileStore files, Uploads uploads)
{
    /// <summary>
    /// The batch that the file is received as; null, and why, where there is no room; two nulls where its bytes are gone or it has been read too often.
    /// </summary>
    public async Task<(Batch? Batch, QuotaFull? Full)> ReceiveAsync(Project project, Batch before, string by, CancellationToken cancellation)
    {
        if (await NextAsync(before, cancellation) is not { } reading
            || await ReceivedFile.FindAsync(documents, files, project.ProjectId, before.BatchId, cancellation) is not { } received)
        {
            return (null, null);
        }

        await using var content = await files.OpenAsync(received.File.Path, cancellation);
        if (content is null)
        {
            return (null, null);
        }

        var (batch, full) = await uploads.ReceiveAsync(project, received.Name, by, before.Attested is not null, content, received.File.Length, cancellation,
            reading);
        if (batch is not null && await documents.FindAsync<Batch>(Batch.Key(project.ProjectId, before.BatchId), cancellation) is var (known, etag))
        {
            await documents.CommitAsync(new Write.Replace(Batch.Key(project.ProjectId, before.BatchId), known with { ReadAgainAs = batch.BatchId }, etag),
                cancellation);
        }

        return (batch, full);
    }

    /// <summary>The first number that no reading has, or one that failed.</summary>
    private async Task<int?> NextAsync(Batch before, CancellationToken cancellation)
    {
        for (var reading = 2; reading <= Batch.MostReadings; reading++)
        {
            var key = Batch.Key(before.ProjectId, Batch.IdOf(before.ProjectId, before.Sha256, reading));
            if (await documents.FindAsync<Batch>(key, cancellation) is not { Value.State: not BatchState.Failed })
            {
                return reading;
            }
        }

        return null;
    }
}
