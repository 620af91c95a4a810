using System.Runtime.CompilerServices;

namespace HealthEval.Storage;

internal static class StoreExtensions
{
    /// <summary>All matching documents, page by page, as a stream.</summary>
    public static async IAsyncEnumerable<Stored<T>> AllAsync<T>(this IDocumentStore store, DocumentQuery query, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync<T>(query, continuation, cancellation);
            foreach (var document in page.Documents)
            {
                yield return document;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    public static Task<CommitResult> CommitAsync(this IDocumentStore store, Write write, CancellationToken cancellation) => store.CommitAsync([write], cancellation);

    /// <summary>Removes a file so that, as far as the store can see to it, its content is gone too; false when there was none.</summary>
    public static Task<bool> EraseAsync(this IFileStore files, string path, CancellationToken cancellation) =>
        files is Embedded.FolderFileStore folder ? folder.EraseAsync(path, cancellation) : files.DeleteAsync(path, cancellation);

    /// <summary>A file with these bytes; null when the condition does not hold.</summary>
    public static Task<FileEntry?> WriteBytesAsync(this IFileStore files, string path, ReadOnlyMemory<byte> content, FileCondition condition, CancellationToken cancellation) =>
        files.WriteAsync(path, (stream, token) => stream.WriteAsync(content, token).AsTask(), condition, cancellation);
}
