using System.Runtime.CompilerServices;

namespace HealthEval.Storage.Embedded;

/// <summary>Files in a folder. A file is written under a temporary name beside its place and renamed when complete.</summary>
internal sealed class FolderFileStore : IFileStore
{
    private const string Unfinished = ".unfinished-";

    /// <summary>Whoever writes holds the file; between its last byte and its rename only for a moment nobody does.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(1);
    private readonly string _root;

    public FolderFileStore(string root)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar;
        Directory.CreateDirectory(_root);
        EraseAbandonedAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public string Root => _root;

    public Task<FileEntry?> FindAsync(string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var file = new FileInfo(Resolve(path));
        return Task.FromResult(file.Exists ? Entry(path, file) : null);
    }

    /// <summary>What has no bytes is not opened: a pipe or a device looks like an empty file, and opening it could wait for ever.</summary>
    public Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            var file = new FileInfo(Resolve(path));
            return Task.FromResult<Stream?>(!file.Exists ? null : file.Length == 0 ? new MemoryStream([], writable: false)
                : new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public async Task<FileEntry?> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, FileCondition condition, CancellationToken cancellation)
    {
        var target = Resolve(path);
        if (!Holds(condition, path, target))
        {
            return null;
        }

        var unfinished = Path.Combine(Path.GetDirectoryName(target)!, Unfinished + Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await write(stream, cancellation);
                await stream.FlushAsync(cancellation);
                stream.Flush(flushToDisk: true);
            }

            return await PutInPlaceAsync(unfinished, path, target, condition, cancellation);
        }
        catch (Exception failure) when (FolderFailures.Of(failure) is not null)
        {
            throw FolderFailures.Explain(failure, target);
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    public async IAsyncEnumerable<FileEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var (path, file, _) in Entries(prefix).Where(entry => entry.File is not null).OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryEntry(path, file!) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Also what others put here and cannot be read as a file, with the reason.</summary>
    public IEnumerable<FolderEntry> Entries(string prefix) =>
        FolderWalk.Entries(_root, Folder(prefix)).Where(entry => !IsUnfinished(entry.Path) && entry.Path.Split('/')[^1] != FolderLock.FileName);

    public async Task<bool> DeleteAsync(string path, CancellationToken cancellation)
    {
        var file = Resolve(path);
        using var alone = await FolderLock.TakeAsync(_root, cancellation);
        var existed = File.Exists(file);
        if (existed)
        {
            File.Delete(file);
        }

        return existed;
    }

    /// <summary>Overwrites the content where it lies before the name is removed.</summary>
    public async Task<bool> EraseAsync(string path, CancellationToken cancellation)
    {
        var file = new FileInfo(Resolve(path));
        if (file is { Exists: true, Length: > 0 })
        {
            await using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var nothing = new byte[1 << 16];
            for (var left = file.Length; left > 0; left -= nothing.Length)
            {
                await content.WriteAsync(nothing.AsMemory(0, (int)Math.Min(left, nothing.Length)), cancellation);
            }

            content.Flush(flushToDisk: true);
        }

        return await DeleteAsync(path, cancellation);
    }

    /// <summary>The same for everything in a folder, also what a killed process has left half-written there. Returns how many files there were.</summary>
    public async Task<long> EraseFolderAsync(string prefix, CancellationToken cancellation)
    {
        var erased = 0L;
        foreach (var (path, _, _) in FolderWalk.Entries(_root, Folder(prefix)).Where(entry => entry.File is not null).ToList())
        {
            erased += await EraseAsync(path, cancellation) ? 1 : 0;
        }

        return erased;
    }

    /// <summary>Erases what a killed process has left half-written.</summary>
    public async Task<long> EraseAbandonedAsync(CancellationToken cancellation)
    {
        var erased = 0L;
        foreach (var (path, _, _) in FolderWalk.Entries(_root, new DirectoryInfo(_root)).Where(entry => IsUnfinished(entry.Path) && IsAbandoned(entry.File)).ToList())
        {
            erased += await EraseAsync(path, cancellation) ? 1 : 0;
        }

        return erased;
    }

    /// <summary>The check and the rename are one step for all processes that use the folder, and every write gets a time of its own: it is the ETag.</summary>
    private async Task<FileEntry?> PutInPlaceAsync(string unfinished, string path, string target, FileCondition condition, CancellationToken cancellation)
    {
        using var alone = await FolderLock.TakeAsync(_root, cancellation);
        if (!Holds(condition, path, target))
        {
            return null;
        }

        var before = File.Exists(target) ? File.GetLastWriteTimeUtc(target) : DateTime.MinValue;
        var now = DateTime.UtcNow;
        File.SetLastWriteTimeUtc(unfinished, now > before ? now : before.AddTicks(1));
        File.Move(unfinished, target, overwrite: true);
        return Entry(path, new FileInfo(target));
    }

    private string Resolve(string path)
    {
        var full = Path.GetFullPath(Path.Combine(_root, FilePath.Require(path)));
        if (!full.StartsWith(_root, StringComparison.Ordinal))
        {
            throw new UnsafePathException(path);
        }

        for (var place = full; place.Length > _root.Length; place = Path.GetDirectoryName(place)!)
        {
            if (new FileInfo(place).LinkTarget is not null)
            {
                throw new UnsafePathException(path); // a link could lead anywhere
            }
        }

        return full;
    }

    private DirectoryInfo Folder(string prefix) => new(FilePath.RequireFolder(prefix) is "" ? _root : Resolve(prefix[..^1]));

    private static bool IsUnfinished(string path) => path.Split('/')[^1].StartsWith(Unfinished, StringComparison.Ordinal);

    private static bool IsAbandoned(FileInfo? file)
    {
        if (file is null || DateTime.UtcNow - file.LastWriteTimeUtc < AbandonedAfter)
        {
            return false;
        }

        try
        {
            using var alone = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return true;
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Holds(FileCondition condition, string path, string target) => condition switch
    {
        { MustBeAbsent: true } => !File.Exists(target),
        { ETag: { } expected } => File.Exists(target) && Entry(path, new FileInfo(target)).ETag == expected,
        _ => true,
    };

    /// <summary>Null when it has been removed meanwhile.</summary>
    private static FileEntry? TryEntry(string path, FileInfo file)
    {
        try
        {
            return Entry(path, file);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static FileEntry Entry(string path, FileInfo file) =>
        new(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}");
}
