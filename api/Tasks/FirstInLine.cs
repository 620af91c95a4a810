using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>The tasks of a project that a lead wants judged before all others, in this order.</summary>
internal sealed record FirstInLine(string ProjectId, IReadOnlyList<string> TaskIds)
{
    /// <summary>Each is looked at whenever somebody asks for work.</summary>
    public const int Most = 50;

    public static DocumentKey Key(string projectId) => new(DocumentKind.FirstInLine, new Partition(projectId, "first"), "first");

    public FirstInLine With(string taskId) => this with { TaskIds = [.. TaskIds.Where(other => other != taskId), taskId] };

    public FirstInLine Without(IReadOnlyCollection<string> taskIds) => this with { TaskIds = [.. TaskIds.Where(other => !taskIds.Contains(other))] };
}
