using HealthEval.Storage;

namespace HealthEval.Projects;

/// <summary>
/// Something that a lead should know of, or decide. It waits in the inbox until somebody has dealt with it, and is kept. Ids follow from what it is
/// about, so that the same thing is told once.
/// </summary>
/// <param name="Scope">Where it lies: with the task that it is about, so that it is written in one commit with what caused it, or among the project's notices.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Code">What it is, for programs: a rule of the watch, a flag, a step.</param>
/// <param name="Words">What it is, in a sentence for the lead.</param>
/// <param name="PersonId">Whom it is about, or who asks.</param>
/// <param name="Paused">Whether the person was paused for it.</param>
/// <param name="State">open, snoozed or done; a snoozed one is open again when its time has come.</param>
internal sealed record Notice(
    string ProjectId, string Scope, string NoticeId, string Kind, string Code, DateTimeOffset At, string Words,
    string? TaskId = null, string? BatchId = null, string? PersonId = null, NoticeFigure? Figure = null, bool Paused = false,
    string State = Notice.Open, string? AssignedTo = null, DateTimeOffset? SnoozedUntil = null, string? DoneBy = null, DateTimeOffset? DoneAt = null, string? Outcome = null)
{
    public const string Open = "open";
    public const string Snoozed = "snoozed";
    public const string Done = "done";
    public const string Project = "notices";

    /// <summary>The code of a question, whose notice ends with its answer. Notices from before questions had threads are done when the lead says so.</summary>
    public const string Unanswered = "unanswered";

    /// <summary>A rule of the watch; somebody in danger, or a real person in the text; a rater's question; a file that failed; items held back; a disagreement.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["notice", "danger", "question", "failed_batch", "held", "case"];

    public static DocumentKey Key(string projectId, string scope, string noticeId) => new(DocumentKind.Notice, new Partition(projectId, scope), noticeId);

    /// <summary>A notice that was put off is open again when its time has come.</summary>
    public Notice AsOf(DateTimeOffset now) => State == Snoozed && SnoozedUntil <= now ? this with { State = Open, SnoozedUntil = null } : this;

    /// <summary>It is there as long as something waits, and gone when nothing does: nobody says that it is done.</summary>
    public bool EndsByItself => Kind is "case" or "held" || Code == Unanswered;

    public DocumentKey Key() => Key(ProjectId, Scope, NoticeId);

    public static DocumentQuery Of(string projectId) => new(DocumentKind.Notice) { ProjectId = projectId, OrderBy = "at", Descending = true, Top = 500 };
}

/// <summary>The figure that fired a rule: its value with interval and n, and the limit it went beyond.</summary>
internal sealed record NoticeFigure(string Measure, double Value, double? Low, double? High, int N, double Limit);
