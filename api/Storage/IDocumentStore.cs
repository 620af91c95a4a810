namespace HealthEval.Storage;

/// <summary>
/// Keeps JSON documents. A document is addressed by its kind, its partition and its id; every write in one partition can be part
/// of one atomic commit. What can be expected to happen (missing, already there, changed by somebody else) is a value, never an
/// exception. Implementations are safe for concurrent callers and keep what they have acknowledged through a killed process.
/// </summary>
internal interface IDocumentStore
{
    /// <summary>The document at <paramref name="key"/> with its current ETag, or null when there is none.</summary>
    Task<Stored<T>?> FindAsync<T>(DocumentKey key, CancellationToken cancellation)
        where T : class;

    /// <summary>
    /// Applies all <paramref name="writes"/>, in order, or none of them. All keys lie in one partition (projectId, scope); at most
    /// 100 writes and about 2 MB. On success <see cref="Committed.ETags"/> holds one entry per write (empty for a deletion);
    /// otherwise the result names the first write that could not be applied and why, and nothing has changed.
    /// </summary>
    Task<CommitResult> CommitAsync(IReadOnlyList<Write> writes, CancellationToken cancellation);

    /// <summary>
    /// Applies many commits, each atomic by itself and each with its own result, in the order given. For bulk loading: cheaper than
    /// a loop over <see cref="CommitAsync"/>. When it throws, any of them may or may not have been applied: repeat with create-only writes.
    /// </summary>
    Task<IReadOnlyList<CommitResult>> CommitManyAsync(IReadOnlyList<IReadOnlyList<Write>> commits, CancellationToken cancellation);

    /// <summary>
    /// One page of the documents that match, in the order the query asks for (by id when it asks for none), at most
    /// <see cref="DocumentQuery.Top"/> of them. <see cref="Page{T}.Continuation"/> continues after the last one; null means no more.
    /// </summary>
    Task<Page<T>> QueryAsync<T>(DocumentQuery query, string? continuation, CancellationToken cancellation)
        where T : class;

    /// <summary>How many documents match; order and top are ignored.</summary>
    Task<long> CountAsync(DocumentQuery query, CancellationToken cancellation);

    /// <summary>Removes every document of a project, of all kinds. Returns how many there were. Safe to repeat.</summary>
    Task<long> DeleteProjectAsync(string projectId, CancellationToken cancellation);
}
