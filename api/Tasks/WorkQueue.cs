using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>
/// A pool of work that is claimed in one way: tasks that ask for judgements, and cases that ask for a decision between them.
/// Both are kept as <see cref="EvalTask"/>; where they lie differs.
/// </summary>
/// <param name="AsideKind">
/// Where tasks lie that are handed out in between and enter no figure of the customer. They are of the same form and are held, drafted and given
/// back in the same way; that they lie apart is what keeps them out of every count and report that does not ask for them.
/// </param>
internal sealed record WorkQueue(DocumentKind Kind, string Desk, DocumentKind? AsideKind = null)
{
    public static readonly WorkQueue Tasks = new(DocumentKind.Task, "desk", DocumentKind.Aside);

    public static readonly WorkQueue Cases = new(DocumentKind.Case, "cases");

    public DocumentKey Key(string projectId, string taskId) => new(Kind, new Partition(projectId, taskId), taskId);

    public DocumentKey? AsideKey(string projectId, string taskId) => AsideKind is null ? null : new DocumentKey(AsideKind, new Partition(projectId, taskId), taskId);

    public DocumentKey DeskKey(string projectId, string personId) => new(DocumentKind.Desk, new Partition(projectId, $"{Desk}:{personId}"), personId);
}
