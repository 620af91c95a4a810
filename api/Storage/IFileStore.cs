namespace HealthEval.Storage;

/// <summary>
/// Keeps files under forward-slash paths such as <c>reports/p1/2026-W47/manifest.json</c>. A file appears whole or not at all: nobody
/// ever reads one that is still being written. A path that <see cref="FilePath"/> does not take (empty, absolute, climbing out with <c>..</c>) throws <see cref="UnsafePathException"/>.
/// </summary>
internal interface IFileStore
{
    /// <summary>Size, time and ETag of a file, or null when there is none.</summary>
    Task<FileEntry?> FindAsync(string path, CancellationToken cancellation);

    /// <summary>A stream over the content from its beginning (not always seekable), which the caller disposes; null when there is no such file. A file that is replaced meanwhile
    /// is read on as it was, or fails: never half one, half the other.</summary>
    Task<Stream?> OpenAsync(string path, CancellationToken cancellation);

    /// <summary>
    /// Streams a file into place. With <see cref="FileCondition.IfAbsent"/> or an expected ETag the result is null, and the existing file
    /// untouched, when the condition does not hold. If <paramref name="write"/> throws, nothing is left behind.
    /// </summary>
    Task<FileEntry?> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, FileCondition condition, CancellationToken cancellation);

    /// <summary>All files whose path starts with <paramref name="prefix"/> (a folder, ending in a slash; "" for all), ordered by path.</summary>
    IAsyncEnumerable<FileEntry> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>Removes a file; false when there was none.</summary>
    Task<bool> DeleteAsync(string path, CancellationToken cancellation);
}

/// <param name="Path">The path as it was given.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">UTC.</param>
/// <param name="ETag">Changes whenever the content may have changed.</param>
internal sealed record FileEntry(string Path, long Length, DateTimeOffset Modified, string ETag);

internal sealed record FileCondition(bool MustBeAbsent, string? ETag)
{
    public static readonly FileCondition None = new(MustBeAbsent: false, null);
    public static readonly FileCondition IfAbsent = new(MustBeAbsent: true, null);

    public static FileCondition IfMatch(string etag) => new(MustBeAbsent: false, etag);
}
