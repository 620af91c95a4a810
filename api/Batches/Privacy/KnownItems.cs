using HealthEval.Batches.Grouping;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches.Privacy;

/// <summary>What is there under an item's id: loaded, held, or decided about.</summary>
/// <param name="Sha256">Of the content as the customer sent it.</param>
internal sealed record KnownItem(string Sha256, string BatchId, long Line);

internal sealed class KnownItems(IDocumentStore documents, Project project)
{
    private bool? _anyHeld;

    /// <summary>From now on, items of this project may be held.</summary>
    public void Holding() => _anyHeld = true;

    /// <summary>
    /// What a write would not notice. A decision outlasts the rule that led to it: what was dropped stays away although the project has only
    /// warned since, and what raters already see is not held.
    /// </summary>
    public Task<KnownItem?> BeforeWritingAsync(string taskId, string sha256, bool isHeld, CancellationToken cancellation) =>
        isHeld ? FindAsync(taskId, sha256, isHeld, cancellation) : HeldAsync(taskId, sha256, isHeld, cancellation);

    public async Task<KnownItem?> FindAsync(string taskId, string sha256, bool isHeld, CancellationToken cancellation) =>
        await HeldAsync(taskId, sha256, isHeld, cancellation) ?? await LoadedAsync(taskId, cancellation);

    private async Task<KnownItem?> LoadedAsync(string taskId, CancellationToken cancellation) =>
        (await documents.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, taskId), cancellation))?.Value is { } loaded
            ? new KnownItem(loaded.OriginalSha256 ?? loaded.ContentSha256, loaded.BatchId, loaded.Line)
            : null;

    private async Task<KnownItem?> HeldAsync(string taskId, string sha256, bool isHeld, CancellationToken cancellation)
    {
        if (!isHeld && !await AnyHeldAsync(cancellation))
        {
            return null;
        }

        var held = (await documents.FindAsync<HeldItem>(HeldItem.Key(project.ProjectId, taskId), cancellation))?.Value;
        var isMended = held?.State is HeldItem.Dropped && held.ContentSha256 != sha256 && !isHeld; // sent again without what it was dropped for
        return held is null || isMended ? await InGroupAsync(taskId, sha256, cancellation) : new KnownItem(held.ContentSha256, held.BatchId, held.Line);
    }

    /// <summary>The line was part of a group, and may have been decided about as such, when the project still asked for comparison.</summary>
    private async Task<KnownItem?> InGroupAsync(string taskId, string sha256, CancellationToken cancellation) =>
        !project.Comparison
        && (await documents.FindAsync<GroupedLine>(GroupedLine.KeyOf(project.ProjectId, taskId), cancellation))?.Value is { } line
        && line.ContentSha256 == sha256
        && (await documents.FindAsync<Batch>(Batch.Key(project.ProjectId, line.BatchId), cancellation))?.Value.State is not BatchState.Failed
            ? new KnownItem(line.ContentSha256, line.BatchId, line.Line)
            : null;

    private async Task<bool> AnyHeldAsync(CancellationToken cancellation) =>
        _anyHeld ??= (await documents.QueryAsync<HeldItem>(new DocumentQuery(DocumentKind.Held) { ProjectId = project.ProjectId, Top = 1 }, null, cancellation)).Documents.Count > 0;
}
