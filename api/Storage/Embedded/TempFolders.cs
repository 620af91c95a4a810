using System.Diagnostics;
using System.Globalization;

namespace HealthEval.Storage.Embedded;

/// <summary>Temporary folders and files, readable by this user only. Their names say whose they are, so that what a killed process has left is removed by the next.</summary>
internal static class TempFolders
{
    private const string Prefix = "healtheval-";
    private static readonly string[] Purposes = ["report", "earlier", "verify", "file"];
    private static readonly TimeSpan LongerThanAnyWork = TimeSpan.FromDays(1);

    public static string Create(string purpose) => Directory.CreateTempSubdirectory($"{Prefix}{purpose}-{Environment.ProcessId}-").FullName;

    /// <summary>Gone when it is closed.</summary>
    public static FileStream CreateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(Path.GetTempPath(), $"{Prefix}file-{Environment.ProcessId}-{Guid.NewGuid():N}"), options);
    }

    /// <summary>Removes what nobody uses any more. What cannot be removed is somebody else's.</summary>
    public static int RemoveAbandoned()
    {
        var removed = 0;
        foreach (var left in new DirectoryInfo(Path.GetTempPath()).EnumerateFileSystemInfos(Prefix + "*").Where(IsAbandoned))
        {
            try
            {
                if (left is DirectoryInfo folder)
                {
                    folder.Delete(recursive: true);
                }
                else
                {
                    left.Delete();
                }

                removed++;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // not ours, or somebody else was faster
            }
        }

        return removed;
    }

    private static bool IsAbandoned(FileSystemInfo left) =>
        left.Name[Prefix.Length..].Split('-') is [var purpose, var process, ..] && Purposes.Contains(purpose)
        && (DateTime.UtcNow - left.LastWriteTimeUtc > LongerThanAnyWork
            || (int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && (id == Environment.ProcessId ? left.CreationTimeUtc < Process.GetCurrentProcess().StartTime.ToUniversalTime() : !IsRunning(id))));

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
