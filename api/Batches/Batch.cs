using HealthEval.Storage;

namespace HealthEval.Batches;

internal static class BatchState
{
    public const string Received = "received";
    public const string Reading = "reading";
    public const string Loaded = "loaded";
    public const string LoadedWithRejects = "loaded_with_rejects";
    public const string Waiting = "waiting";
    public const string Failed = "failed";

    public static bool IsFinal(string state) => state is Loaded or LoadedWithRejects or Waiting or Failed;
}

/// <summary>One customer file and what became of it: the live progress while it is read, the receipt afterwards.</summary>
/// <param name="BatchId">Derived from the file's content: the same file dropped again is the same batch.</param>
/// <param name="Format">What was recognised in the content, with its container: <c>canonical, jsonl, gzip</c>.</param>
/// <param name="Mapping">Our field → where it was found, or the default that was taken.</param>
/// <param name="Read">Records, that is lines or rows; <c>accepted + duplicate + rejected</c> once the batch is final.</param>
/// <param name="Held">Records among the accepted that wait for a lead's decision before anybody sees them.</param>
/// <param name="Items">Tasks that this batch opened.</param>
/// <param name="WaitsUntil">Answers whose requests have not arrived are loaded as soon as they do, and fail then.</param>
/// <param name="Inputs">The batches that hold the requests to these answers.</param>
/// <param name="Errors">The first rejected records; <paramref name="MoreErrors"/> counts the others.</param>
internal sealed record Batch(
    string BatchId,
    string ProjectId,
    string File,
    long Bytes,
    string Sha256,
    string State,
    DateTimeOffset ReceivedAt,
    IReadOnlyDictionary<string, string> Mapping,
    long Read,
    long Accepted,
    long Duplicate,
    long Rejected,
    long Items,
    long Responses,
    IReadOnlyList<ClassCount> Suspicions,
    IReadOnlyList<ClassCount> Warnings,
    IReadOnlyList<RecordError> Errors,
    long MoreErrors,
    long BytesRead,
    long Held = 0,
    string? Format = null,
    string? Reason = null,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    DateTimeOffset? WaitsUntil = null,
    IReadOnlyList<string>? Inputs = null)
{
    public static Partition Partition(string projectId) => new(projectId, "batches");

    public static DocumentKey Key(string projectId, string batchId) => new(DocumentKind.Batch, Partition(projectId), batchId);

    public static string IdOf(string projectId, string sha256) => "b" + Sha.OfParts(projectId, sha256)[..24];

    public static string ReceiptPath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.json";

    public static string RejectsPath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.rejects.jsonl";

    public static string SuspicionsPath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.suspicions.jsonl";

    public static Batch Begin(string projectId, string file, long bytes, string sha256, DateTimeOffset now) => new(
        IdOf(projectId, sha256), projectId, file, bytes, sha256, BatchState.Received, now, new Dictionary<string, string>(), 0, 0, 0, 0, 0, 0, [], [], [], 0, 0);
}

internal sealed record ClassCount(string Class, long Count);

/// <summary>Why a record was not taken. The reason says what to do and quotes at most a few characters of structure, never content.</summary>
internal sealed record RecordError(long Line, string? Path, string Reason);
