namespace HealthEval.Storage.Embedded;

/// <summary>What is stored is read by whoever runs the program, and by no other account of the machine: folder 0700, database 0600.</summary>
internal static class OwnersOnly
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    public static void Folder(string folder) => Set(folder, FolderMode);

    /// <summary>A database with its two companions; SQLite makes later ones with the mode of the first.</summary>
    public static void Database(string file)
    {
        foreach (var part in (string[])[file, $"{file}-wal", $"{file}-shm"])
        {
            if (File.Exists(part))
            {
                Set(part, FileMode);
            }
        }
    }

    private static void Set(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // a folder in a user's profile is theirs alone there
        }

        try
        {
            File.SetUnixFileMode(path, mode);
        }
        catch (UnauthorizedAccessException)
        {
            // somebody else's folder, which we may write: its modes are theirs to choose
        }
    }
}
