using System.Runtime.CompilerServices;

namespace HealthEval.Storage.Embedded;

/// <summary>Files in a folder. A file is written under a temporary name beside its place and renamed when complete.</summary>
internal sealed class FolderFileStore : IFileStore
{
    private const string Unfinished = ".unfinished-";
    private readonly string _root;

    public FolderFileStore(string root)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar;
        Directory.CreateDirectory(_root);
    }

    public string Root => _root;

    public Task<FileEntry?> FindAsync(string path, CancellationToken cancellation)
    {
        var file = new FileInfo(Resolve(path));
        return Task.FromResult(file.Exists ? Entry(path, file) : null);
    }

    public Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(Resolve(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true));
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

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var unfinished = Path.Combine(Path.GetDirectoryName(target)!, Unfinished + Guid.NewGuid().ToString("N"));
        try
        {
            await using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await write(stream, cancellation);
                await stream.FlushAsync(cancellation);
                stream.Flush(flushToDisk: true);
            }

            return Holds(condition, path, target) && Moved(unfinished, target, overwrite: !condition.MustBeAbsent)
                ? Entry(path, new FileInfo(target))
                : null;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    public async IAsyncEnumerable<FileEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var folder = new DirectoryInfo(Resolve(prefix.TrimEnd('/')));
        if (!folder.Exists)
        {
            yield break;
        }

        var files = folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !file.Name.StartsWith(Unfinished, StringComparison.Ordinal))
            .Select(file => (Path: Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), File: file))
            .OrderBy(found => found.Path, StringComparer.Ordinal);
        foreach (var (path, file) in files)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Entry(path, file);
        }
    }

    public Task<bool> DeleteAsync(string path, CancellationToken cancellation)
    {
        var file = Resolve(path);
        var existed = File.Exists(file);
        File.Delete(file);
        return Task.FromResult(existed);
    }

    private string Resolve(string path)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\\') || path.Contains('\0') || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new UnsafePathException(path);
        }

        var full = Path.GetFullPath(Path.Combine(_root, path));
        return full.StartsWith(_root, StringComparison.Ordinal) ? full : throw new UnsafePathException(path);
    }

    private static bool Holds(FileCondition condition, string path, string target) => condition switch
    {
        { MustBeAbsent: true } => !File.Exists(target),
        { ETag: { } expected } => File.Exists(target) && Entry(path, new FileInfo(target)).ETag == expected,
        _ => true,
    };

    private static bool Moved(string from, string to, bool overwrite)
    {
        try
        {
            File.Move(from, to, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(to))
        {
            return false; // somebody else created it in between
        }
    }

    private static FileEntry Entry(string path, FileInfo file) =>
        new(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}");
}
