using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>
/// A pool of work that is claimed in one way: tasks that ask for judgements, and cases that ask for a decision between them.
/// Both are kept as <see cref="EvalTask"/>; where they lie differs.
/// </summary>
internal sealed record WorkQueue(DocumentKind Kind, string Desk)
{
    public static readonly WorkQueue Tasks = new(DocumentKind.Task, "desk");

    public static readonly WorkQueue Cases = new(DocumentKind.Case, "cases");

    public DocumentKey Key(string projectId, string taskId) => new(Kind, new Partition(projectId, taskId), taskId);

    public DocumentKey DeskKey(string projectId, string personId) => new(DocumentKind.Desk, new Partition(projectId, $"{Desk}:{personId}"), personId);
}
