namespace HealthEval.Storage.Embedded;

/// <param name="Path">Relative to the store, with forward slashes.</param>
/// <param name="File">Null when it cannot be read as a file.</param>
/// <param name="Problem">Why not, and what to do.</param>
internal sealed record FolderEntry(string Path, FileInfo? File, string? Problem);

/// <summary>Looks through a folder that others write into as well. Whatever lies there, it never fails, blocks or leads out, and an entry that is no usable file is named with the reason.</summary>
internal static class FolderWalk
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = default, IgnoreInaccessible = false, MatchType = MatchType.Simple };

    /// <summary>All entries below the folder, in no order; none when there is no such folder.</summary>
    public static IEnumerable<FolderEntry> Entries(string root, DirectoryInfo folder)
    {
        var open = new Stack<DirectoryInfo>([folder]);
        while (open.TryPop(out var next))
        {
            var entries = In(next, out var problem);
            foreach (var found in entries)
            {
                if (found is DirectoryInfo { LinkTarget: null } below)
                {
                    open.Push(below);
                }
                else if (Entry(Relative(root, found.FullName), found) is { } entry)
                {
                    yield return entry;
                }
            }

            if (problem is not null)
            {
                yield return new FolderEntry(Relative(root, next.FullName), null, problem);
            }
        }
    }

    private static List<FileSystemInfo> In(DirectoryInfo folder, out string? problem)
    {
        var found = new List<FileSystemInfo>();
        problem = null;
        try
        {
            found.AddRange(folder.EnumerateFileSystemInfos("*", Everything));
        }
        catch (DirectoryNotFoundException)
        {
            // it is gone by now, or was never there
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = "This folder cannot be read. Change its permissions.";
        }

        return found;
    }

    private static FolderEntry? Entry(string path, FileSystemInfo found)
    {
        var problem = found.LinkTarget is not null ? "This is a link, which could lead anywhere. Put the file itself here."
            : path.Contains('\uFFFD', StringComparison.Ordinal) && !found.Exists ? "The name is not UTF-8, so the file cannot be opened. Rename it."
            : !FilePath.IsAllowed(path) ? "The name cannot be used: too long, ending in a dot or a space, or with a backslash or a control character in it. Rename the file."
            : null;
        return problem is not null ? new FolderEntry(path, null, problem)
            : found is FileInfo { Exists: true } file ? new FolderEntry(path, file, null)
            : null;
    }

    private static string Relative(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
}
