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
    public static async Task<bool> EraseAsync(this IFileStore files, string path, CancellationToken cancellation) => files switch
    {
        Embedded.FolderFileStore folder => await folder.EraseAsync(path, cancellation),
        Azure.BlobFileStore blobs => await blobs.EraseAsync(path, folder: false, cancellation) > 0,
        _ => await files.DeleteAsync(path, cancellation),
    };

    /// <summary>The same for all files of a folder, also those that are there only as earlier versions. Returns how many there were.</summary>
    public static async Task<long> EraseFolderAsync(this IFileStore files, string prefix, CancellationToken cancellation)
    {
        if (files is Azure.BlobFileStore blobs)
        {
            return await blobs.EraseAsync(FilePath.RequireFolder(prefix), folder: true, cancellation);
        }

        if (files is Embedded.FolderFileStore folder)
        {
            return await folder.EraseFolderAsync(prefix, cancellation);
        }

        var erased = 0L;
        await foreach (var file in files.ListAsync(prefix, cancellation))
        {
            erased += await files.EraseAsync(file.Path, cancellation) ? 1 : 0;
        }

        return erased;
    }

    /// <summary>A file with these bytes; null when the condition does not hold.</summary>
    public static Task<FileEntry?> WriteBytesAsync(this IFileStore files, string path, ReadOnlyMemory<byte> content, FileCondition condition, CancellationToken cancellation) =>
        files.WriteAsync(path, (stream, token) => stream.WriteAsync(content, token).AsTask(), condition, cancellation);
}
