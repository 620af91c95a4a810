using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace HealthEval.Storage.Embedded;

/// <summary>What SQLite's failures mean to the person who runs the program.</summary>
internal static class SqliteFailures
{
    private const int ReadOnlyFileSystem = 30; // EROFS: met before SQLite is, where nothing but a file's mode is to be written

    /// <summary>A whole database that is not one of ours, or not any more.</summary>
    private static bool IsAnothers(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: SQLITE_ERROR } && failure.Message.Contains("no such ", StringComparison.Ordinal);

    public static Exception Explain(Exception failure, string file)
    {
        if ((failure as SqliteException)?.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB || IsAnothers(failure))
        {
            return new StoreDamagedException(file, failure.Message, failure);
        }

        return (failure as SqliteException)?.SqliteErrorCode switch
        {
            SQLITE_FULL => Unavailable(StorageTrouble.DiskFull, "the disk is full. Free some space and try again."),
            SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN => Unavailable(StorageTrouble.ReadOnly, "the folder is read-only. Change its permissions and try again."),
            SQLITE_IOERR => Unavailable(StorageTrouble.Busy, "the disk reports an error. Check it, and its free space, and try again."),
            null when failure is IOException { HResult: ReadOnlyFileSystem } => Unavailable(StorageTrouble.ReadOnly, "the folder is read-only. Change its permissions and try again."),
            SQLITE_BUSY or SQLITE_LOCKED => Unavailable(StorageTrouble.Busy, "another process has held it for too long. Stop that process and try again."),
            _ => failure,
        };

        StorageUnavailableException Unavailable(StorageTrouble trouble, string advice) => new(
            trouble, $"'{file}' cannot be written: {advice} Nothing of this transaction was stored, and nothing stored before was lost.", TimeSpan.FromSeconds(10), failure);
    }
}
