using System.Security.Cryptography;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>What stays of a file that was erased.</summary>
internal sealed record Tombstone(string BatchId, string File, long Bytes, string Sha256, DateTimeOffset ErasedAt, string Why);

/// <summary>Takes a customer's file away when somebody has decided that text in it is not kept, or its time is over. What was loaded from it stays as decided; of the file itself, its hash.</summary>
internal sealed class Erasure(IDocumentStore documents, IFileStore files, TimeProvider clock)
{
    public const string Decided = "A lead decided that text in this file is not kept as it was sent.";

    public static string TombstonePath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.erased.json";

    /// <summary>Whether something of the batch was redacted or dropped, and everything of it has been read.</summary>
    public static bool IsDue(Batch batch) => batch.Decided is { Redacted: > 0 } or { Dropped: > 0 } && BatchState.IsFinal(batch.State);

    /// <summary>Erases every copy of the batch's file in the drop folder. Returns how many there were.</summary>
    public async Task<int> OriginalsAsync(string projectId, string batchId, string why, CancellationToken cancellation)
    {
        var erased = 0;
        await foreach (var (mark, _) in documents.AllAsync<DropMark>(DropMark.Of(projectId, new Filter.Equal("batchId", batchId)), cancellation))
        {
            erased += await OriginalAsync(projectId, mark, why, cancellation) ? 1 : 0;
        }

        return erased;
    }

    /// <summary>False when the file is gone, or is another one by now.</summary>
    public async Task<bool> OriginalAsync(string projectId, DropMark mark, string why, CancellationToken cancellation)
    {
        var path = DropFolder.Path(projectId, mark.Name);
        if (!mark.IsFinal || await files.FindAsync(path, cancellation) is not { } file || !(mark.ETag is { } etag ? etag == file.ETag : await HashAsync(path, cancellation) == mark.Sha256))
        {
            return false;
        }

        var stone = new Tombstone(mark.BatchId, mark.ShownAs ?? mark.Name, file.Length, mark.Sha256 ?? "", clock.GetUtcNow(), why);
        await files.WriteBytesAsync(TombstonePath(projectId, mark.BatchId), Json.Bytes(stone), FileCondition.None, cancellation);
        return await files.EraseAsync(path, cancellation);
    }

    private async Task<string?> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(path, cancellation);
        return stream is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
