using HealthEval.Storage;

namespace HealthEval.Batches.Privacy;

/// <summary>An item that a project's privacy rule keeps from raters until a lead decides. It stays as the record of the decision.</summary>
/// <param name="State">held, released or dropped.</param>
internal sealed record HeldItem(
    EvalItem Item,
    IReadOnlyList<ReportedSuspicion> Suspicions,
    string State,
    string? DecidedBy = null,
    string? Why = null,
    DateTimeOffset? DecidedAt = null)
{
    public const string Held = "held";
    public const string Released = "released";
    public const string Dropped = "dropped";

    public static DocumentKey Key(string projectId, string taskId) => new(DocumentKind.Held, new Partition(projectId, taskId), taskId);
}
