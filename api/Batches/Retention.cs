using HealthEval.Audit;
using HealthEval.Batches.Pairing;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Batches;

/// <summary>
/// Removes what is not worth keeping any longer, once a day: section <c>Retention</c> of the settings has a period for each kind. On Azure the database does it
/// itself for documents; files are left to this.
/// </summary>
internal sealed class Retention(IDocumentStore documents, IFileStore files, Erasure erasure, IConfiguration configuration, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    private const string RawDrops = "RawDrops";
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    /// <summary>Which time of a document its age counts from, and how long it is kept by default.</summary>
    private static readonly (DocumentKind Kind, string Setting, string Since, TimeSpan Default)[] Kinds =
    [
        (DocumentKind.Session, "ExpiredSessions", "expiresAt", TimeSpan.FromDays(7)),
        (DocumentKind.Invite, "ExpiredInvites", "expiresAt", TimeSpan.FromDays(30)),
        (DocumentKind.Draft, "Drafts", "savedAt", TimeSpan.FromDays(180)),
        (DocumentKind.Step, "Steps", "until", TimeSpan.FromDays(30)),
    ];

    /// <summary>Read at the start, which a setting that cannot be stops.</summary>
    private readonly Dictionary<string, TimeSpan?> _periods =
        Kinds.Select(kind => kind.Setting).Append(RawDrops).ToDictionary(setting => setting, setting => configuration.Period($"Retention:{setting}"));

    /// <summary>Returns how many documents and files are gone.</summary>
    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        var removed = 0L;
        var now = clock.GetUtcNow();
        foreach (var (kind, setting, since, otherwise) in documents is SqliteDocumentStore ? Kinds : [])
        {
            removed += await ((SqliteDocumentStore)documents).RemoveOlderAsync(kind, since, now - (_periods[setting] ?? otherwise), cancellation);
        }

        removed += files is FolderFileStore folder ? await folder.EraseAbandonedAsync(cancellation) : 0;
        if (_periods[RawDrops] is { } keep)
        {
            await foreach (var project in documents.AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation))
            {
                removed += await DropsAsync(project.Value.ProjectId, now - keep, keep, cancellation);
            }
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(CronLoop.Courtesy(configuration), stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogWarning("What is old could not be removed ({Failure}); it is tried again tomorrow", failure.GetType().Name);
            }

            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    private async Task<long> DropsAsync(string projectId, DateTimeOffset before, TimeSpan keep, CancellationToken cancellation)
    {
        var erased = 0L;
        await foreach (var (mark, _) in documents.AllAsync<DropMark>(DropMark.Of(projectId), cancellation))
        {
            if (mark.IsFinal && (await files.FindAsync(DropFolder.Path(projectId, mark.Name), cancellation))?.Modified < before)
            {
                erased += await erasure.OriginalAsync(projectId, mark, AuditTrail.Timer, $"Dropped files are kept for {keep.TotalDays:N0} days.", cancellation) ? 1 : 0;
            }
        }

        await foreach (var (requests, _) in documents.AllAsync<RequestFile>(RequestFile.Of(projectId), cancellation))
        {
            if (requests.ReceivedAt < before)
            {
                erased += await erasure.RequestsAsync(requests, cancellation) ? 1 : 0;
            }
        }

        return erased;
    }
}
