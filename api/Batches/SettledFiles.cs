using HealthEval.Intake;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Batches;

/// <summary>
/// Which dropped files are whole. Where a store shows only whole files they all are. In a folder a file is, once it has kept its size and time for
/// <see cref="IngestOptions.SettleFor"/>, or somebody has put a <c>.done</c> file beside it.
/// </summary>
internal sealed class SettledFiles(IFileStore files, IngestOptions options, TimeProvider clock)
{
    private readonly Dictionary<string, (string ETag, long Since)> _watched = [];

    /// <summary>Whether a file can be met while it is being written.</summary>
    public bool MayGrow => files is FolderFileStore;

    public async Task<bool> IsWholeAsync(FileEntry file, CancellationToken cancellation)
    {
        var age = clock.GetUtcNow() - file.Modified;
        if (!MayGrow || age >= options.SettleFor)
        {
            lock (_watched)
            {
                _watched.Remove(file.Path);
            }

            return true;
        }

        return (age < TimeSpan.Zero && HasKept(file)) || await IsMarkedAsync(file, cancellation); // a time ahead of ours says nothing
    }

    /// <summary>Somebody who wrote the file, or renamed it, has said that it is complete.</summary>
    public async Task<bool> IsMarkedAsync(FileEntry file, CancellationToken cancellation) =>
        await files.FindAsync(DropFolder.MarkerOf(file.Path), cancellation) is { } marker && marker.Modified >= file.Modified;

    private bool HasKept(FileEntry file)
    {
        lock (_watched)
        {
            if (!_watched.TryGetValue(file.Path, out var seen) || seen.ETag != file.ETag)
            {
                _watched[file.Path] = seen = (file.ETag, clock.GetTimestamp());
            }

            return clock.GetElapsedTime(seen.Since) >= options.SettleFor;
        }
    }
}
