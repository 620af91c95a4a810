using HealthEval.Batches;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>One of a person's own items, which they are handed once more, unmarked. A copy under an id of its own, which lies aside as a gold item does.</summary>
/// <param name="TaskId">Of the copy.</param>
/// <param name="SourceTaskId">Of the item that the person judged before.</param>
/// <param name="AnnotationId">Of that judgement.</param>
internal sealed record Repeat(string ProjectId, string PersonId, string TaskId, string SourceTaskId, string AnnotationId, DateTimeOffset MadeAt)
{
    public static DocumentQuery Of(string projectId) => new(DocumentKind.Repeat) { ProjectId = projectId, Top = 500 };

    public static DocumentQuery Of(string projectId, string personId) => Of(projectId) with { Scope = ScopeOf(personId) };

    public DocumentKey Key() => new(DocumentKind.Repeat, new Partition(ProjectId, ScopeOf(PersonId)), TaskId);

    public static DocumentKey Key(string projectId, string personId, string taskId) => new(DocumentKind.Repeat, new Partition(projectId, ScopeOf(personId)), taskId);

    public static string TaskIdOf(string projectId, string personId, string sourceTaskId) => "t" + Sha.OfParts(projectId, Sha.OfParts("repeat", personId, sourceTaskId))[..24];

    public IReadOnlyList<Write> Writes(EvalItem source, DateTimeOffset now)
    {
        var item = source with { TaskId = TaskId };
        var task = EvalTask.New(ProjectId, TaskId, source.PromptId, source.BatchId, source.Subdomain, source.Language, overlap: 1, now) with { OpenRank = null, Mode = source.Mode };
        return [new Write.Create(item.Key(), item), new Write.Create(new DocumentKey(DocumentKind.Aside, new Partition(ProjectId, TaskId), TaskId), task)];
    }

    private static string ScopeOf(string personId) => $"repeats:{personId}";
}
