using System.Text.Json.Serialization;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>A dropped file, as it was at one time: which batch it is, and whether that has been dealt with.</summary>
internal sealed record DropMark(string Name, string BatchId, string State, string? Sha256 = null, long Bytes = 0)
{
    private const string Scope = "drops";

    /// <summary>What the customer called it, where that is another name.</summary>
    public string? ShownAs { get; init; }

    public string? ProjectId { get; init; }

    /// <summary>Which reading of its content it is here for, from the second on.</summary>
    public int? Reading { get; init; }

    /// <summary>Of the file, at that time.</summary>
    public string? ETag { get; init; }

    [JsonIgnore]
    public bool IsFinal => BatchState.IsFinal(State);

    /// <summary>Noted once, so that a load in many steps reads the file for it only once.</summary>
    [JsonIgnore]
    public (string Sha256, long Bytes)? Hash => Sha256 is { } hash ? (hash, Bytes) : null;

    public static DocumentKey Key(string projectId, FileEntry file) => Key(projectId, file.Path, file.ETag);

    public static DocumentKey Key(string projectId, string path, string etag) => new(DocumentKind.Batch, new Partition(projectId, Scope), Sha.OfParts(path, etag)[..32]);

    /// <summary>Of all projects, or of one.</summary>
    public static DocumentQuery Of(string? projectId, params IReadOnlyList<Filter> where) => new(DocumentKind.Batch) { ProjectId = projectId, Scope = Scope, Where = where };

    public static DropMark Of(string projectId, string name, FileEntry file, string sha256, long bytes, string state, int? reading = null) =>
        new(name, Batch.IdOf(projectId, sha256, reading), state, sha256, bytes) { ProjectId = projectId, ETag = file.ETag, Reading = reading };
}
