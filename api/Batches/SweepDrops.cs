using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>Finds dropped files that were never brought to an end: lost events, a program that was stopped half-way.</summary>
internal sealed class SweepDrops(IDocumentStore documents, IFileStore files, IngestBatch ingest, TimeProvider clock, ILogger<SweepDrops> log)
{
    /// <summary>A file that is still growing must not be read; stores that show only whole files need no wait.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    /// <summary>Loads every dropped file without a receipt; returns how many there were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var loaded = 0;
        await foreach (var dropped in UnfinishedAsync(cancellation))
        {
            loaded += await LoadAsync(dropped, cancellation) ? 1 : 0;
        }

        return loaded + await ingest.FinishWaitingAsync(cancellation);
    }

    /// <summary>Outputs that waited for their input: it has come, or their time is over.</summary>
    public Task<int> FinishWaitingAsync(CancellationToken cancellation) => ingest.FinishWaitingAsync(cancellation);

    public async IAsyncEnumerable<Dropped> UnfinishedAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var file in files.ListAsync(DropFolder.Root, cancellation))
        {
            if (file.Path.Split('/') is not [_, var projectId, var name] || name.StartsWith('.') || name.EndsWith(".part", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var isSettled = clock.GetUtcNow() - file.Modified >= Settled;
            if (isSettled && await documents.FindAsync<DropMark>(DropMark.Key(projectId, file), cancellation) is null && await documents.FindAsync<Project>(Project.Key(projectId), cancellation) is not null)
            {
                yield return new Dropped(projectId, name, name);
            }
        }
    }

    /// <summary>Loads one file and marks it done, so that no later sweep opens it again. False when it is gone or the load could not end.</summary>
    public async Task<bool> LoadAsync(Dropped dropped, CancellationToken cancellation)
    {
        try
        {
            return await LoadOrThrowAsync(dropped, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError("A file in the drop folder of {ProjectId} could not be loaded ({Failure}); it is tried again later", dropped.ProjectId, failure.GetType().Name);
            return false;
        }
    }

    /// <summary>As <see cref="LoadAsync"/>, for a caller that tries again by itself. Nothing to do for what is no file here, or has been dealt with.</summary>
    public async Task<bool> LoadOrThrowAsync(Dropped? dropped, CancellationToken cancellation)
    {
        if (dropped is null
            || await files.FindAsync(DropFolder.Path(dropped.ProjectId, dropped.Name), cancellation) is not { } file
            || await documents.FindAsync<DropMark>(DropMark.Key(dropped.ProjectId, file), cancellation) is not null
            || await ingest.FromDropAsync(dropped, cancellation) is not { } batch)
        {
            return false;
        }

        await documents.CommitAsync(new Write.Put(DropMark.Key(dropped.ProjectId, file), new DropMark(dropped.Name, batch.BatchId, batch.State)), cancellation);
        return true;
    }
}

/// <summary>A dropped file, as it was at one time, has been dealt with.</summary>
internal sealed record DropMark(string Name, string BatchId, string State)
{
    public static DocumentKey Key(string projectId, FileEntry file) => new(DocumentKind.Batch, new Partition(projectId, "drops"), Sha.OfParts(file.Path, file.ETag)[..32]);
}
