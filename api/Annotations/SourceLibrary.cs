using HealthEval.Storage;

namespace HealthEval.Annotations;

/// <summary>
/// A source that somebody has used in a project, for everybody there to attach again. It says neither who used it, nor for which claim, nor how it
/// stood to it.
/// </summary>
/// <param name="SourceId">Follows from the address, so that a source is in the library once.</param>
/// <param name="Retired">A lead has taken it out: it is not offered any more, and using it again does not bring it back.</param>
internal sealed record LibrarySource(
    string ProjectId, string SourceId, string Url, string? Title, string? Publisher, string? Tier, string? PublishedOn, string? Jurisdiction,
    DateTimeOffset AddedAt, bool Retired = false, string? CuratedBy = null)
{
    public static Partition Partition(string projectId) => new(projectId, "sources");

    public static string IdOf(string url) => "s" + Sha.Of(url)[..24];

    public static DocumentKey KeyOf(string projectId, string sourceId) => new(DocumentKind.Source, Partition(projectId), sourceId);

    public static LibrarySource Of(string projectId, Evidence evidence, DateTimeOffset now) => new(
        projectId, IdOf(evidence.Url!), evidence.Url!, evidence.Title, evidence.Publisher, evidence.Tier, evidence.PublishedOn, evidence.Jurisdiction, now);
}

internal sealed class SourceLibrary(IDocumentStore store, TimeProvider time)
{
    /// <summary>What is handed out at most; a library beyond that is for a lead to weed.</summary>
    public const int Most = 1_000;

    /// <summary>Adds what is new. A memory aid: where it cannot be written, the judgement stands all the same.</summary>
    public async Task NoteAsync(string projectId, Judgement judgement, CancellationToken cancellation)
    {
        var used = judgement.Claims.SelectMany(claim => claim.Evidence ?? [])
            .Where(evidence => !string.IsNullOrEmpty(evidence.Url)).DistinctBy(evidence => evidence.Url);
        try
        {
            foreach (var source in used.Select(evidence => LibrarySource.Of(projectId, evidence, time.GetUtcNow())))
            {
                var key = LibrarySource.KeyOf(projectId, source.SourceId);
                if (await store.FindAsync<LibrarySource>(key, cancellation) is null)
                {
                    await store.CommitAsync(new Write.Create(key, source), cancellation); // somebody else's was there first: as good
                }
            }
        }
        catch (StorageUnavailableException)
        {
            // it comes in when it is used again
        }
    }

    public async Task<IReadOnlyList<LibrarySource>> ListAsync(string projectId, bool withRetired, CancellationToken cancellation)
    {
        var all = new DocumentQuery(DocumentKind.Source) { ProjectId = projectId, Scope = LibrarySource.Partition(projectId).Scope, Top = 500 };
        var sources = await store.AllAsync<LibrarySource>(all, cancellation).Select(stored => stored.Value)
            .Where(source => withRetired || !source.Retired).ToListAsync(cancellation);
        return [.. sources.OrderByDescending(source => source.AddedAt).ThenBy(source => source.SourceId, StringComparer.Ordinal).Take(Most)];
    }

    /// <summary>False when there is no such source.</summary>
    public async Task<bool> CurateAsync(string projectId, string sourceId, SourceForm form, string by, CancellationToken cancellation)
    {
        if (await store.FindAsync<LibrarySource>(LibrarySource.KeyOf(projectId, sourceId), cancellation) is not { Value: var source })
        {
            return false;
        }

        var curated = source with { Title = form.Title, Publisher = form.Publisher, Tier = form.Tier, Retired = form.Retired, CuratedBy = by };
        await store.CommitAsync(new Write.Put(LibrarySource.KeyOf(projectId, sourceId), curated), cancellation);
        return true;
    }
}

internal sealed record SourceList(IReadOnlyList<SourceView> Sources);

internal sealed record SourceView(
    string SourceId, string Url, string? Title, string? Publisher, string? Tier, string? PublishedOn, string? Jurisdiction, bool Retired, bool Curated)
{
    public static SourceView Of(LibrarySource source) => new(
        source.SourceId, source.Url, source.Title, source.Publisher, source.Tier, source.PublishedOn, source.Jurisdiction, source.Retired,
        source.CuratedBy is not null);
}

internal sealed record SourceForm(string? Title, string? Publisher, string? Tier, bool Retired);
