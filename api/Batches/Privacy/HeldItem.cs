using HealthEval.Storage;

namespace HealthEval.Batches.Privacy;

/// <summary>
/// An item that a project's privacy rule keeps from raters until a lead decides. After that it stays, without the text, so that
/// the same record sent again is known.
/// </summary>
/// <param name="ContentSha256">Of the item as the customer sent it.</param>
/// <param name="Suspicions">The first of them.</param>
/// <param name="State">held, released, redacted or dropped.</param>
/// <param name="Item">Only while it is held.</param>
internal sealed record HeldItem(
    string ProjectId, string TaskId, string BatchId, long Line, string ContentSha256, IReadOnlyList<ReportedSuspicion> Suspicions, string State, EvalItem? Item = null)
{
    public const string Held = "held";
    public const string Released = "released";
    public const string Redacted = "redacted";
    public const string Dropped = "dropped";
    private const int MostSuspicions = 50;

    public static DocumentKey Key(string projectId, string taskId) => new(DocumentKind.Held, new Partition(projectId, taskId), taskId);

    public static HeldItem Of(EvalItem item, IReadOnlyList<ReportedSuspicion> suspicions) =>
        new(item.ProjectId, item.TaskId, item.BatchId, item.Line, item.ContentSha256, [.. suspicions.Take(MostSuspicions)], Held, item);

    public HeldItem Decided(string state) => this with { State = state, Item = null };
}

/// <summary>Who decided what about a held item, when and why. Written in the same commit as what it does, and never changed.</summary>
/// <param name="ContentSha256">Of the item as the customer sent it.</param>
/// <param name="Suspicions">What the lead was shown: class, place in the original, masked shape.</param>
/// <param name="Redacted">What was replaced: class and place in the original.</param>
internal sealed record PrivacyDecision(
    string TaskId, string BatchId, long Line, string ContentSha256, string Decision, string By, string Why, DateTimeOffset At,
    IReadOnlyList<ReportedSuspicion> Suspicions, IReadOnlyList<RedactedPlace>? Redacted = null)
{
    public DocumentKey Key(string projectId) => new(DocumentKind.Audit, new Partition(projectId, TaskId), TaskId);
}

internal sealed record RedactedPlace(string Path, int Start, int End, string Class);

/// <summary>How many of a batch's held items wait, and what became of the others.</summary>
internal sealed record HeldCounts(long Held, long Released, long Redacted, long Dropped);
