using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>The bytes of a batch, as long as they lie in the drop folder.</summary>
internal sealed record ReceivedFile(FileEntry File, string Name)
{
    public BatchSource Open(IFileStore files, CancellationToken cancellation) =>
        new(Name, () => files.OpenAsync(File.Path, cancellation).GetAwaiter().GetResult() ?? throw new UnreadableFileException("The file has been removed."));

    public static async Task<ReceivedFile?> FindAsync(IDocumentStore documents, IFileStore files, string projectId, string batchId,
        CancellationToken cancellation)
    {
        await foreach (var (mark, _) in documents.AllAsync<DropMark>(DropMark.Of(projectId, new Filter.Equal("batchId", batchId)), cancellation))
        {
            if (await files.FindAsync(DropFolder.Path(projectId, mark.Name), cancellation) is { } file && (mark.ETag is null || mark.ETag == file.ETag))
            {
                return new ReceivedFile(file, mark.ShownAs ?? mark.Name);
            }
        }

        return null;
    }
}
