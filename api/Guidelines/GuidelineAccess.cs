using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Guidelines;

/// <summary>Ids of the guidelines that these projects work under, or have worked under. Projects, which come after guidelines, provide it.</summary>
internal delegate Task<IReadOnlySet<string>> GuidelinesInUse(IReadOnlyList<string> projectIds, CancellationToken cancellation);

/// <summary>Whose a guideline is: of the projects of whoever added its first version. With none named it is of those who have every project.</summary>
/// <param name="SharedWith">Projects that it was given to later; they work under it, and add no version.</param>
internal sealed record GuidelineOwner(string GuidelineId, IReadOnlyList<string> Projects, IReadOnlyList<string>? SharedWith = null)
{
    public static DocumentKey Key(string guidelineId) => new(DocumentKind.GuidelineOwner, Guideline.Partition, guidelineId);
}

/// <summary>
/// A customer's guideline is read by the people of the projects that have it or work under it, and versions are added by those who have all of its
/// projects. The default guideline is everybody's.
/// </summary>
internal sealed class GuidelineAccess(IDocumentStore store, GuidelinesInUse inUse)
{
    public async Task<bool> MayReadAsync(Reach reach, string id, CancellationToken cancellation) =>
        id == Guideline.DefaultId || reach.All || (await ReadableAsync(reach, cancellation)).Contains(id);

    /// <summary>For a caller with named projects: the ids of what they may read.</summary>
    public async Task<IReadOnlySet<string>> ReadableAsync(Reach reach, CancellationToken cancellation)
    {
        var readable = new HashSet<string>(await inUse(reach.Projects, cancellation), StringComparer.Ordinal) { Guideline.DefaultId };
        await foreach (var (owner, _) in store.AllAsync<GuidelineOwner>(new DocumentQuery(DocumentKind.GuidelineOwner) { ProjectId = "_" }, cancellation))
        {
            if (owner.Projects.Concat(owner.SharedWith ?? []).Any(reach.Covers))
            {
                readable.Add(owner.GuidelineId);
            }
        }

        return readable;
    }

    /// <summary>Whether a project may work under it: everybody's, one that is the project's own, or one that was shared with it.</summary>
    public async Task<bool> MayUseAsync(string projectId, string id, CancellationToken cancellation) =>
        id == Guideline.DefaultId || await store.FindAsync<GuidelineOwner>(GuidelineOwner.Key(id), cancellation) is not { Value: { Projects.Count: > 0 } owner }
        || owner.Projects.Concat(owner.SharedWith ?? []).Contains(projectId);

    /// <summary>True for an id that nobody has used.</summary>
    public async Task<bool> MayAddAsync(Reach reach, string id, bool isNew, CancellationToken cancellation) =>
        reach.All || isNew
        || (await store.FindAsync<GuidelineOwner>(GuidelineOwner.Key(id), cancellation) is { Value.Projects: { Count: > 0 } owners } && reach.Holds(owners));
}
