namespace HealthEval.Storage.Embedded;

/// <summary>What the file system's failures mean to the person who runs the program.</summary>
internal static class FolderFailures
{
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    public static string? Advice(Exception failure) => (failure, failure.HResult & 0xFFFF) switch
    {
        (IOException, NoSpaceLeft or QuotaExceeded) => "the disk is full. Free some space and try again.",
        (UnauthorizedAccessException, _) or (IOException, ReadOnlyFileSystem) => "the folder is read-only. Change its permissions and try again.",
        _ => null,
    };

    public static StorageUnavailableException Explain(Exception failure, string target) =>
        new($"'{target}' cannot be written: {Advice(failure)} The file that was there before, if any, is unchanged.", TimeSpan.FromSeconds(10), failure);
}
