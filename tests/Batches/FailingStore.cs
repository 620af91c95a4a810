using HealthEval.Storage;

namespace HealthEval.Tests.Batches;

/// <summary>Stops answering after some bulk commits, as a full disk or a lost network does.</summary>
internal sealed class FailingStore(IDocumentStore inner, int commits) : IDocumentStore
{
    private int _left = commits;

    public Task<Stored<T>?> FindAsync<T>(DocumentKey key, CancellationToken cancellation)
        where T : class => inner.FindAsync<T>(key, cancellation);

    public Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation) => inner.CommitAsync(writes, cancellation);

    public Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation) =>
        Interlocked.Decrement(ref _left) >= 0 ? inner.CommitManyAsync(commits, cancellation) : throw new StorageUnavailableException(StorageTrouble.Busy, "gone", TimeSpan.Zero);

    public Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
        where T : class => inner.QueryAsync<T>(query, continuation, cancellation);

    public Task<long> CountAsync(DocumentQuery query, CancellationToken cancellation) => inner.CountAsync(query, cancellation);

    public Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation) => inner.DeleteProjectAsync(projectId, cancellation);
}
