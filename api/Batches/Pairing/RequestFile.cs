using System.Buffers;
using System.IO.Pipelines;
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

    public DocumentKey Key() => Key(ProjectId, BatchId);

    public static DocumentKey Key(string projectId, string batchId) => new(DocumentKind.Batch, new Partition(projectId, Scope), batchId);

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

    /// <summary>
    /// Erases the text of what has been answered; the rest stays for outputs to come. What stays is written aside first, and found there by the next call
    /// when this one is cut off.
    /// </summary>
    public async Task ForgetAnsweredAsync(IFileStore files, CancellationToken cancellation)
    {
        var aside = ContentPath + ".rest";
        if (await files.FindAsync(ContentPath, cancellation) is { Length: > 0 })
        {
            var keys = await KeysAsync(files, cancellation);
            var answered = keys.Where((_, request) => IsAnswered(request)).Select(key => key.Id).ToHashSet();
            if (await CopyAsync(files, Stream.Null, answered, cancellation) > 0)
            {
                await files.WriteAsync(aside, (target, token) => CopyAsync(files, target, answered, token), FileCondition.None, cancellation);
                await files.EraseAsync(ContentPath, cancellation);
            }
        }

        if (await files.FindAsync(aside, cancellation) is not null)
        {
            await files.WriteAsync(ContentPath, async (target, token) =>
            {
                await using var rest = await files.OpenAsync(aside, token);
                await rest!.CopyToAsync(target, token);
            }, FileCondition.None, cancellation);
            await files.EraseAsync(aside, cancellation);
        }
    }

    /// <summary>Each request is a line here, whatever file it came in. Returns how many were left out.</summary>
    private async Task<int> CopyAsync(IFileStore files, Stream target, HashSet<ulong> leftOut, CancellationToken cancellation)
    {
        var count = 0;
        await using var content = await files.OpenAsync(ContentPath, cancellation) ?? throw new StorageUnavailableException(StorageTrouble.Busy, $"{ContentPath} is missing.", TimeSpan.FromSeconds(10));
        var lines = PipeReader.Create(content);
        for (var isOver = false; !isOver;)
        {
            var read = await lines.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end).ToArray();
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (RequestKey.AnswerId(line) is { } id && leftOut.Contains(id))
                {
                    count++;
                    continue;
                }

                await target.WriteAsync(line, cancellation);
                await target.WriteAsync("\n"u8.ToArray(), cancellation);
            }

            lines.AdvanceTo(buffer.Start, buffer.End);
            isOver = read.IsCompleted;
        }

        return count;
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
