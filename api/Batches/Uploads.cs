using System.Security.Cryptography;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>Streams an upload into the drop folder and puts it in line to be loaded; the sender does not wait for that.</summary>
internal sealed class Uploads(IDocumentStore documents, IFileStore files, IngestOptions options, IngestQueue queue, TimeProvider clock)
{
    public long Limit => options.MaxUploadBytes;

    /// <summary>The batch that the file is, received or already loaded; null when the body is larger than the limit.</summary>
    /// <param name="attestedBy">Who states that the file holds no personal data, if anybody does.</param>
    public async Task<Batch?> ReceiveAsync(Project project, string name, string? attestedBy, Stream body, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var safeName = DropFolder.SafeName(name);
        var arrived = DropFolder.Arrival(safeName, clock.GetUtcNow());
        var path = DropFolder.Path(project.ProjectId, arrived);
        FileEntry file;
        try
        {
            file = await files.WriteAsync(path, (target, token) => CopyAsync(body, target, hash, token), FileCondition.IfAbsent, cancellation)
                ?? throw new IOException("Another upload has the same name.");
        }
        catch (TooLargeException)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var batch = Batch.Begin(project.ProjectId, safeName, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()), now) with { Attested = attestedBy is null ? null : new Attestation(attestedBy, now) };
        try
        {
            var isNew = await RecordAsync(file, DropMark.Of(project.ProjectId, arrived, file, batch.Sha256, batch.Bytes, BatchState.Received) with { ShownAs = safeName }, batch, cancellation);
            queue.Add(new Dropped(project.ProjectId, arrived, safeName));
            return isNew ? batch : (await documents.FindAsync<Batch>(Batch.Key(project.ProjectId, batch.BatchId), cancellation))?.Value ?? batch;
        }
        catch (Exception failure) when (failure is StorageUnavailableException or OperationCanceledException)
        {
            await files.DeleteAsync(path, CancellationToken.None); // it is not acknowledged, so it must not be loaded either
            throw;
        }
    }

    /// <summary>The mark says that the file is whole and what it is called, whatever happens from now on.</summary>
    private async Task<bool> RecordAsync(FileEntry file, DropMark mark, Batch batch, CancellationToken cancellation)
    {
        await documents.CommitAsync(new Write.Put(DropMark.Key(batch.ProjectId, file), mark), cancellation);
        return (await documents.CommitAsync(new Write.Create(Batch.Key(batch.ProjectId, batch.BatchId), batch), cancellation)).Succeeded;
    }

    private async Task CopyAsync(Stream from, Stream to, IncrementalHash hash, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        while (await from.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            total += read;
            if (total > options.MaxUploadBytes)
            {
                throw new TooLargeException();
            }

            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private sealed class TooLargeException : Exception;
}
