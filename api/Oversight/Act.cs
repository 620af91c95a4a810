using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Oversight;

/// <summary>Something that a lead did to an item, with the reason: it lies with the item, and is part of its history.</summary>
/// <param name="ActId">The same for all items that it was done to at once.</param>
/// <param name="About">The person it was given to, where there is one.</param>
/// <param name="Undoes">The act that this one takes back.</param>
internal sealed record Act(string ActId, string ProjectId, string TaskId, string Kind, string By, DateTimeOffset At, string Why, string? About = null, string? Undoes = null)
{
    public const int LongestWhy = 500;

    public static DocumentQuery OfTask(string projectId, string taskId) => new(DocumentKind.Act) { ProjectId = projectId, Scope = taskId };

    public static DocumentQuery OfProject(string projectId) => new(DocumentKind.Act) { ProjectId = projectId, OrderBy = "at", Descending = true };

    public static DocumentQuery Parts(string projectId, string actId) =>
        new(DocumentKind.Act) { ProjectId = projectId, Where = [new Filter.Equal("actId", actId)], OrderBy = "at", Top = ItemActs.MostAtOnce };

    public DocumentKey Key() => new(DocumentKind.Act, new Partition(ProjectId, TaskId), ActId);

    public static void RequireWhy(string? why, Faults faults) =>
        faults.Require(why?.Trim() is { Length: > 0 and <= LongestWhy }, "why", $"Say why, in 1 to {LongestWhy} characters; it is kept with what you do.");

    /// <summary>Of a request that goes on with one before it.</summary>
    public static void RequireActId(string? actId, Faults faults) =>
        faults.Require(actId is null || (actId.StartsWith("x-", StringComparison.Ordinal) && actId.Length < 40), "actId", "Send the one that the first answer gave, or none.");
}
