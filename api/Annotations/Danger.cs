using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// A rater says that somebody may be in danger, or that the text is of a real person. The lead is told in the same commit, and nobody is handed the
/// item until the lead has decided. Whoever holds it may hand in what they have.
/// </summary>
internal static class Danger
{
    private static readonly Dictionary<string, string> Words = new Dictionary<string, string>
    {
        ["live_danger"] = "A rater says that somebody may be in danger now.",
        ["privacy"] = "A rater says that the text may identify a real person.",
    };

    /// <summary>The gravest flag of this kind; null when there is none, and in a corrected judgement that had one before: that has been told.</summary>
    public static string? In(Annotation made) => made.Earlier?.Any(earlier => FlagOf(earlier.Judgement) is not null) == true ? null : FlagOf(made.Judgement);

    private static string? FlagOf(Judgement judgement) => Words.Keys.FirstOrDefault(key => judgement.Flags.Contains(key));

    public static EvalTask Stopped(EvalTask task, Annotation by, DateTimeOffset now) => task with { Stopped = new Stop(Stop.Danger, by.Rater, now), OpenRank = null, NextExpiry = null };

    public static Write Told(Annotation made, string flag) => new Write.Put(Notice.Key(made.ProjectId, made.TaskId, IdOf(made)), Of(made, flag, "The item is stopped until a lead decides."));

    /// <summary>Of a task that lies aside: the lead is told, and nothing stops, since there is nobody else who waits for it.</summary>
    public static IReadOnlyList<Write> ToldAside(Annotation made) =>
        In(made) is { } flag ? [new Write.Put(Notice.Key(made.ProjectId, made.TaskId, IdOf(made)), Of(made, flag, "It is a gold item or a repeat."))] : [];

    private static string IdOf(Annotation made) => $"danger-{made.AnnotationId}";

    private static Notice Of(Annotation made, string flag, string then) => new(
        made.ProjectId, made.TaskId, IdOf(made), "danger", flag, made.SubmittedAt, $"{Words[flag]} {then}", made.TaskId, PersonId: made.Rater);
}
