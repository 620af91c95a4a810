using HealthEval.Batches.Privacy;
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
/// <param name="Held">Items that wait for a lead's decision before anybody sees them.</param>
/// <param name="Decided">What has been decided about items that were held, once there is anything.</param>
/// <param name="Items">Items that this batch brought: those that are held, or were dropped, have no task.</param>
/// <param name="Attested">Who stated that the file holds no personal data; null when nobody was asked, as in the drop folder.</param>
/// <param name="WaitsUntil">Answers whose requests have not arrived are loaded as soon as they do, and fail then.</param>
/// <param name="Inputs">The batches that hold the requests to these answers.</param>
/// <param name="Identity">By which rules its records are told from others; null for the first ones.</param>
/// <param name="Reading">Which reading of the file's content this is, from the second on: the ones before were withdrawn.</param>
/// <param name="ReadAgainAs">The batch that is the next reading of the same content.</param>
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
    IReadOnlyList<string>? Inputs = null,
    HeldCounts? Decided = null,
    Attestation? Attested = null,
    int? Identity = null,
    int? Reading = null,
    string? ReadAgainAs = null)
{
    public const int MostReadings = 20;

    /// <summary>Since when bookkeeping makes a record no other one; batches from before have none (decision 0046).</summary>
    private const int IdentityWithoutBookkeeping = 2;

    public static Partition Partition(string projectId) => new(projectId, "batches");

    public static DocumentKey Key(string projectId, string batchId) => new(DocumentKind.Batch, Partition(projectId), batchId);

    /// <summary>Lies beside the batch, so that both are written together.</summary>
    public static DocumentKey StepKey(string projectId, string batchId) => new(DocumentKind.Step, Partition(projectId), batchId);

    /// <summary>The batch of the first reading, where this is a later one.</summary>
    public string? FirstReading => Reading is null ? null : IdOf(ProjectId, Sha256);

    /// <param name="reading">From the second on.</param>
    public static string IdOf(string projectId, string sha256, int? reading = null) =>
        "b" + (reading is { } number ? Sha.OfParts(projectId, sha256, $"reading {number}") : Sha.OfParts(projectId, sha256))[..24];

    /// <summary>Of all readings that there can be of a content.</summary>
    public static IReadOnlyList<string> IdsOf(string projectId, string sha256) =>
        [IdOf(projectId, sha256), .. Enumerable.Range(2, MostReadings - 1).Select(reading => IdOf(projectId, sha256, reading))];

    public static string ReceiptPath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.json";

    public static string RejectsPath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.rejects.jsonl";

    public static string SuspicionsPath(string projectId, string batchId) => $"receipts/{projectId}/{batchId}.suspicions.jsonl";

    public static string WaitsForDecisions(long held) => $"{held:N0} {(held == 1 ? "item" : "items")} may hold personal data and {(held == 1 ? "waits" : "wait")} for a lead's decision; everything else is loaded.";

    /// <summary>A batch that waits, after decisions about what it waits for; with the last of them it is loaded.</summary>
    public Batch After(HeldCounts counts) => counts with { Held = 0 } == (Decided ?? new HeldCounts(0, 0, 0, 0)) && counts.Held == Held ? this : this with
    {
        Held = counts.Held,
        Decided = counts with { Held = 0 },
        State = counts.Held > 0 ? State : Rejected == 0 ? BatchState.Loaded : BatchState.LoadedWithRejects,
        Reason = counts.Held > 0 ? WaitsForDecisions(counts.Held) : null,
    };

    public static Batch Begin(string projectId, string file, long bytes, string sha256, DateTimeOffset now, int? reading = null) => new(
        IdOf(projectId, sha256, reading), projectId, file, bytes, sha256, BatchState.Received, now, new Dictionary<string, string>(), 0, 0, 0, 0, 0, 0, [], [],
            [], 0, 0,
        Identity: IdentityWithoutBookkeeping, Reading: reading);
}

/// <param name="By">A person's id, or <c>command line</c>.</param>
internal sealed record Attestation(string By, DateTimeOffset At);

internal sealed record ClassCount(string Class, long Count);

/// <summary>Why a record was not taken. The reason says what to do and quotes at most a few characters of structure, never content.</summary>
internal sealed record RecordError(long Line, string? Path, string Reason);
