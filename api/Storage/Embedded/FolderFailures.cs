namespace HealthEval.Storage.Embedded;

/// <summary>What the file system's failures mean to the person who runs the program.</summary>
internal static class FolderFailures
{
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    public static StorageTrouble? Of(Exception failure) => (failure, failure.HResult & 0xFFFF) switch
    {
        (IOException, NoSpaceLeft or QuotaExceeded) => StorageTrouble.DiskFull,
        (UnauthorizedAccessException, _) or (IOException, ReadOnlyFileSystem) => StorageTrouble.ReadOnly,
        _ => null,
    };

    public static StorageUnavailableException Explain(Exception failure, string target)
    {
        var trouble = Of(failure)!.Value;
        var advice = trouble == StorageTrouble.DiskFull ? "the disk is full. Free some space and try again." : "the folder is read-only. Change its permissions and try again.";
        return new(trouble, $"'{target}' cannot be written: {advice} The file that was there before, if any, is unchanged.", TimeSpan.FromSeconds(10), failure);
    }
}
