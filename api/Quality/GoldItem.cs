using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>
/// An item whose right judgement is known. It is handed out unseen, as a copy of the item under an id of its own: nothing that a rater gets tells it
/// from work. A version is written once; another judgement of the same item is the next version, and what was judged against the old one stays so.
/// </summary>
/// <param name="TaskId">Of the copy that raters judge, which lies aside.</param>
/// <param name="SourceTaskId">Of the item that it copies; whoever has judged that one never gets the copy.</param>
/// <param name="Clean">A control without errors: what a rater finds in it is a false alarm.</param>
/// <param name="Reference">The right judgement, by the keys of <paramref name="Responses"/> in this order: the first is A.</param>
/// <param name="Guideline">The version that the reference was judged under; null in one from before that was noted.</param>
/// <param name="RetiredWhy">Null in one that its next version replaced, or that was retired before a reason was asked for.</param>
/// <param name="Acceptable">Scores that are right too, by key and dimension; a score that is not named is right as in the reference, or one beside it.</param>
internal sealed record GoldItem(
    string ProjectId, string GoldId, int Version, string TaskId, string SourceTaskId, string Lane, bool Clean, IReadOnlyList<string> Responses, Judgement Reference,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, ScoreRange>> Acceptable, string? Note, string Sha256, string AddedBy, DateTimeOffset AddedAt,
    DateTimeOffset? RetiredAt = null, string? RetiredBy = null, GuidelineReference? Guideline = null, string? RetiredWhy = null)
{
    public static Partition Partition(string projectId) => new(projectId, "gold");

    public static DocumentKey Key(string projectId, string goldId, int version) => new(DocumentKind.Gold, Partition(projectId), $"{goldId}:{version:D4}");

    public DocumentKey Key() => Key(ProjectId, GoldId, Version);

    public static DocumentKey TaskKey(GoldItem gold) => new(DocumentKind.Aside, new Partition(gold.ProjectId, gold.TaskId), gold.TaskId);

    public bool IsLive => RetiredAt is null;

    /// <summary>The copy, with an id that is made like every other.</summary>
    public static string TaskIdOf(string projectId, string goldId, int version) => "t" + Sha.OfParts(projectId, Sha.OfParts("gold", goldId, $"{version}"))[..24];

    public ScoreRange RangeOf(string key, string dimension, int reference) =>
        Acceptable.TryGetValue(key, out var ranges) && ranges.TryGetValue(dimension, out var range) ? range : new ScoreRange(Math.Max(1, reference - 1), Math.Min(5, reference + 1));

    public static DocumentQuery Of(string projectId) => new(DocumentKind.Gold) { ProjectId = projectId, Scope = Partition(projectId).Scope, Top = 500 };

    /// <summary>A reference for an item, which is not added yet.</summary>
    public static GoldItem Of(
        EvalItem item, GuidelineReference guideline, Judgement reference, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ScoreRange>> acceptable, string? note)
    {
        var clean = !reference.Spans.Any(span => span.Kind != "strength" && span.Severity is "major" or "critical");
        var sha = Sha.OfParts(Sha.Of(Json.Bytes(reference)), Sha.Of(Json.Bytes(acceptable)), item.ContentSha256, note);
        return new GoldItem(
            item.ProjectId, item.TaskId, 0, "", item.TaskId, EvalTask.LaneOf(item.Subdomain, item.Language), clean, [.. item.Responses.Select(response => response.ResponseId)],
            reference, acceptable, note, sha, "", default, Guideline: guideline);
    }

    /// <summary>The copy of the item and its task: open to everybody once, whatever the project's overlap.</summary>
    public (EvalItem Item, EvalTask Task) Copy(EvalItem source, DateTimeOffset now)
    {
        var item = source with { TaskId = TaskId };
        var task = EvalTask.New(ProjectId, TaskId, source.PromptId, source.BatchId, source.Subdomain, source.Language, overlap: int.MaxValue, now);
        return (item, task with { OpenRank = null, Mode = source.Mode });
    }
}

/// <summary>Both ends are acceptable.</summary>
internal sealed record ScoreRange(int Low, int High)
{
    public bool Holds(int score) => score >= Low && score <= High;
}
