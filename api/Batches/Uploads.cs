using System.Security.Cryptography;
using HealthEval.Audit;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>Streams an upload into the drop folder and puts it in line to be loaded; the sender does not wait for that.</summary>
internal sealed class Uploads(IDocumentStore documents, IFileStore files, IngestOptions options, Quotas quotas, AuditTrail trail, TimeProvider clock, IngestQueue? queue = null)
{
    public long Limit => options.MaxUploadBytes;

    /// <summary>The batch that the file is, received or already loaded; null, and why, when it is larger than there is room for.</summary>
    /// <param name="attested">Whether the sender states that the file holds no personal data.</param>
    /// <param name="length">About how much will come, where that is known: the room for it is taken at once.</param>
    /// <param name="reading">Of what was read otherwise before, from the second reading on.</param>
    public async Task<(Batch? Batch, QuotaFull? Full)> ReceiveAsync(
        Project project, string name, string by, bool attested, Stream body, long? length, CancellationToken cancellation, int? reading = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var safeName = DropFolder.SafeName(name);
        var arrived = DropFolder.Arrival(safeName, clock.GetUtcNow());
        var path = DropFolder.Path(project.ProjectId, arrived);
        var room = new Room(quotas, project.ProjectId, length ?? 0);
        FileEntry file;
        try
        {
            file = await files.WriteAsync(path, (target, token) => CopyAsync(body, target, hash, room, token), FileCondition.IfAbsent, cancellation)
                ?? throw new IOException("Another upload has the same name.");
            room.Use(file.Length);
        }
        catch (TooLargeException refused)
        {
            return (null, refused.Full);
        }
        finally
        {
            room.GiveBack();
        }

        var now = clock.GetUtcNow();
        var batch = Batch.Begin(project.ProjectId, safeName, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()), now,
            reading) with
        { Attested = attested ? new Attestation(by, now) : null };
        try
        {
            var isNew = await RecordAsync(file, DropMark.Of(project.ProjectId, arrived, file, batch.Sha256, batch.Bytes, BatchState.Received,
                reading) with
            { ShownAs = safeName }, batch, cancellation);
            await trail.RecordAsync(project.ProjectId, by, AuditActions.FileReceived, batch.BatchId, to: $"bytes={batch.Bytes};sha256={batch.Sha256}");
            var known = isNew ? batch : await KnownAsync(batch, cancellation);
            queue?.Add(new Dropped(project.ProjectId, arrived, safeName));
            return (known, null);
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

    /// <summary>As it was when it came before; one that failed is received anew, unless it is being read already.</summary>
    private async Task<Batch> KnownAsync(Batch batch, CancellationToken cancellation)
    {
        var key = Batch.Key(batch.ProjectId, batch.BatchId);
        if (await documents.FindAsync<Batch>(key, cancellation) is not var (known, etag))
        {
            return batch;
        }

        var anew = known with { State = BatchState.Received, Reason = null, Errors = [], MoreErrors = 0, StartedAt = null, FinishedAt = null };
        return known.State is BatchState.Failed && (await documents.CommitAsync(new Write.Replace(key, anew, etag), cancellation)).Succeeded ? anew : known;
    }

    private async Task CopyAsync(Stream from, Stream to, IncrementalHash hash, Room room, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        while (await from.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            total += read;
            if (total > options.MaxUploadBytes)
            {
                throw new TooLargeException(null);
            }

            if (!await room.TakeAsync(read, cancellation))
            {
                throw new TooLargeException(await quotas.BytesFullAsync(room.ProjectId, cancellation));
            }

            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }

    private sealed class TooLargeException(QuotaFull? full) : Exception
    {
        /// <summary>Null when it is the limit of one file that was met.</summary>
        public QuotaFull? Full => full;
    }

    /// <summary>What one upload takes of its project's room, given back unless it is used.</summary>
    private sealed class Room(Quotas quotas, string projectId, long expected)
    {
        private long _taken;
        private long _filled;

        public string ProjectId => projectId;

        public async ValueTask<bool> TakeAsync(long bytes, CancellationToken cancellation)
        {
            _filled += bytes;
            var more = Math.Max(_filled, expected) - _taken;
            if (more > 0 && !await quotas.TakeBytesAsync(projectId, more, cancellation))
            {
                return false;
            }

            _taken += more;
            return true;
        }

        public void Use(long bytes)
        {
            quotas.SettleBytes(projectId, _taken, bytes);
            _taken = 0;
        }

        public void GiveBack() => quotas.SettleBytes(projectId, _taken, 0);
    }
}
