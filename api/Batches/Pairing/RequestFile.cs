using System.Runtime.InteropServices;
using HealthEval.Storage;

namespace HealthEval.Batches.Pairing;

/// <summary>An input file that has arrived, kept for the outputs that belong to it.</summary>
/// <param name="Answered">One bit per request, in the order of their ids: an output has answered it.</param>
internal sealed record RequestFile(string ProjectId, string BatchId, string Name, int Requests, DateTimeOffset ReceivedAt, byte[] Answered)
{
    private const string Scope = "requests";

    public string ContentPath => $"{Pending.Folder(ProjectId)}{BatchId}.requests.jsonl";

    public string KeysPath => $"{Pending.Folder(ProjectId)}{BatchId}.requests.keys";

    public DocumentKey Key() => new(DocumentKind.Batch, new Partition(ProjectId, Scope), BatchId);

    public static DocumentQuery Of(string projectId) => new(DocumentKind.Batch) { ProjectId = projectId, Scope = Scope };

    public bool IsAnswered(int request) => (Answered[request / 8] & (1 << (request % 8))) != 0;

    /// <summary>Ids and what they ask, in the order of the ids.</summary>
    public async Task<RequestKey[]> KeysAsync(IFileStore files, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(KeysPath, cancellation) ?? throw new StorageUnavailableException(StorageTrouble.Busy, $"{KeysPath} is missing.", TimeSpan.FromSeconds(10));
        var keys = new RequestKey[Requests];
        stream.ReadExactly(MemoryMarshal.AsBytes(keys.AsSpan()));
        return keys;
    }

    public Task WriteKeysAsync(IFileStore files, RequestKey[] sorted, CancellationToken cancellation) =>
        files.WriteBytesAsync(KeysPath, MemoryMarshal.AsBytes(sorted.AsSpan()).ToArray(), FileCondition.None, cancellation);
}

/// <summary>An output that waits for its input. Its content is kept: the file it came in may be gone by then.</summary>
/// <param name="IsWoken">An input that it may belong to has arrived since.</param>
internal sealed record Pending(string ProjectId, string BatchId, string Name, DateTimeOffset Until, string? Encoding, bool IsWoken)
{
    private const string Scope = "pending";

    public string ContentPath => $"{Folder(ProjectId)}{BatchId}.output";

    public static string Folder(string projectId) => $"pending/{projectId}/";

    /// <summary>Whose content lies at this path.</summary>
    public static (string ProjectId, string BatchId)? Named(string? path) =>
        path?.Split('/') is ["pending", { Length: > 0 } projectId, var name] && name.EndsWith(".output", StringComparison.Ordinal) && name.Length > 7 ? (projectId, name[..^7]) : null;

    public static DocumentKey Key(string projectId, string batchId) => new(DocumentKind.Batch, new Partition(projectId, Scope), batchId);

    public static DocumentQuery Of(string? projectId) => new(DocumentKind.Batch) { ProjectId = projectId, Scope = Scope };
}
