using HealthEval.Storage;

namespace HealthEval.Batches.Grouping;

/// <summary>A line that became part of an item with others: where it comes again, in whatever company, it is there already.</summary>
/// <param name="LineId">The id of the item that the line would be by itself.</param>
internal sealed record GroupedLine(string LineId, string ContentSha256, string BatchId, long Line)
{
    public DocumentKey Key(string projectId) => KeyOf(projectId, LineId);

    public static DocumentKey KeyOf(string projectId, string lineId) => new(DocumentKind.Group, new Partition(projectId, "l" + lineId), lineId);
}
