using System.Security.Cryptography;
using HealthEval.Audit;
using HealthEval.Batches.Pairing;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>What stays of a file that was erased.</summary>
internal sealed record Tombstone(string BatchId, string File, long Bytes, string Sha256, DateTimeOffset ErasedAt, string Why);

/// <summary>Takes a customer's file away when somebody has decided that text in it is not kept, or its time is over. What was loaded from it stays as decided; of the file itself, its hash.</summary>
internal sealed class Erasure(IDocumentStore documents, IFileStore files, AuditTrail trail, TimeProvider clock)
{
    public const string Decided = "A lead decided that text in this file is not kept as it was sent.";

    public static string TombstonePath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.erased.json";

    /// <summary>Whether something of the batch was redacted or dropped, and everything of it has been read.</summary>
    public static bool IsDue(Batch batch) => batch.Decided is { Redacted: > 0 } or { Dropped: > 0 } && BatchState.IsFinal(batch.State);

    /// <summary>
    /// Everything that a decision about the batch reaches: every copy of its file in the drop folder, of the files that its requests came in, and
    /// those requests themselves, as far as they have been answered.
    /// </summary>
    public async Task BatchAsync(Batch batch, CancellationToken cancellation)
    {
        await OriginalsAsync(batch.ProjectId, batch.Bytes > 0 ? Batch.IdsOf(batch.ProjectId, batch.Sha256) : [batch.BatchId], cancellation);
        foreach (var input in batch.Inputs ?? [])
        {
            await OriginalsAsync(batch.ProjectId, [input], cancellation);
            if (await documents.FindAsync<RequestFile>(RequestFile.Key(batch.ProjectId, input), cancellation) is { Value: var requests })
            {
                await requests.ForgetAnsweredAsync(files, cancellation);
            }
        }
    }

    /// <summary>Requests that are kept for outputs to come. Those that come later wait, and are refused with a reason.</summary>
    public async Task<bool> RequestsAsync(RequestFile requests, CancellationToken cancellation)
    {
        await files.EraseAsync(requests.ContentPath, cancellation);
        await files.EraseAsync(requests.KeysPath, cancellation);
        await trail.RecordAsync(requests.ProjectId, AuditTrail.Timer, AuditActions.FileErased, requests.BatchId, to: "requests");
        return (await documents.CommitAsync(new Write.Delete(requests.Key()), cancellation)).Succeeded;
    }

    private async Task OriginalsAsync(string projectId, IReadOnlyList<string> batches, CancellationToken cancellation)
    {
        await foreach (var (mark, _) in documents.AllAsync<DropMark>(DropMark.Of(projectId, new Filter.In("batchId", batches)), cancellation))
        {
            await OriginalAsync(projectId, mark, AuditTrail.Program, Decided, cancellation);
        }
    }

    /// <summary>False when the file is gone, or is another one by now.</summary>
    public async Task<bool> OriginalAsync(string projectId, DropMark mark, string by, string why, CancellationToken cancellation)
    {
        var path = DropFolder.Path(projectId, mark.Name);
        if (!mark.IsFinal || await files.FindAsync(path, cancellation) is not { } file || !(mark.ETag is { } etag ? etag == file.ETag : await HashAsync(path, cancellation) == mark.Sha256))
        {
            return false;
        }

        var stone = new Tombstone(mark.BatchId, mark.ShownAs ?? mark.Name, file.Length, mark.Sha256 ?? "", clock.GetUtcNow(), why);
        await files.WriteBytesAsync(TombstonePath(projectId, mark.BatchId), Json.Bytes(stone), FileCondition.None, cancellation);
        await trail.RecordAsync(projectId, by, AuditActions.FileErased, mark.BatchId, from: $"sha256={mark.Sha256}");
        return await files.EraseAsync(path, cancellation);
    }

    private async Task<string?> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(path, cancellation);
        return stream is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }
}
