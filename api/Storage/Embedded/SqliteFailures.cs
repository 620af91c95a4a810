using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace HealthEval.Storage.Embedded;

/// <summary>What SQLite's failures mean to the person who runs the program.</summary>
internal static class SqliteFailures
{
    public static Exception Explain(Exception failure, string file) => failure is SqliteException sqlite && Advice(sqlite.SqliteErrorCode) is { } advice
        ? new StorageUnavailableException($"'{file}' cannot be written: {advice} Nothing of this request was stored, and nothing stored before was lost.", TimeSpan.FromSeconds(10), failure)
        : failure;

    private static string? Advice(int code) => code switch
    {
        SQLITE_FULL => "the disk is full. Free some space and try again.",
        SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN => "the folder is read-only. Change its permissions and try again.",
        SQLITE_IOERR => "the disk reports an error. Check it, and its free space, and try again.",
        SQLITE_BUSY or SQLITE_LOCKED => "another process has held it for too long. Stop that process and try again.",
        _ => null,
    };
}
