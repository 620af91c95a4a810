using System.Buffers.Binary;

namespace HealthEval.Storage.Embedded;

/// <summary>
/// The folder of an embedded store. Whoever opens it first looks whether what lies there is whole: SQLite takes an empty file for a new database,
/// and a fresh demo over somebody's damaged store would be the worst of all answers.
/// </summary>
internal static class StoreFolder
{
    public const string Database = "healtheval.db";
    public const string Files = "files";

    /// <summary>Left in a folder that has held a whole store.</summary>
    private const string Marker = Database + ".store";
    private const string InUse = Database + ".in-use";
    private const int HeaderBytes = 100;
    private static readonly string[] Kept = ["receipts", "reports"];

    /// <summary>Up to this size a database is read through when it is opened; larger ones by <c>healtheval check</c>.</summary>
    private const long SmallBytes = 32 << 20;

    public static string DatabaseIn(string folder) => Path.Combine(folder, Database);

    /// <summary>Throws <see cref="StoreDamagedException"/> rather than begin a new store where one has been.</summary>
    public static SqliteDocumentStore Open(string folder)
    {
        RequireWhole(folder);
        var use = Use(folder, alone: false) ?? throw new StorageUnavailableException(StorageTrouble.Busy, $"'{folder}' is being restored. Wait until that has ended.", TimeSpan.FromSeconds(10));
        SqliteDocumentStore? store = null;
        try
        {
            store = new SqliteDocumentStore(DatabaseIn(folder), use);
            if (new FileInfo(DatabaseIn(folder)).Length <= SmallBytes && store.Faults(quick: true) is [var fault, ..])
            {
                throw new StoreDamagedException(DatabaseIn(folder), fault);
            }

            if (!File.Exists(Path.Combine(folder, Marker)))
            {
                File.WriteAllText(Path.Combine(folder, Marker), "This folder holds a HealthEval store.\n");
            }

            return store;
        }
        catch
        {
            store?.Dispose();
            use.Dispose();
            throw;
        }
    }

    /// <summary>Looks at names, sizes and the first bytes, and changes nothing.</summary>
    public static void RequireWhole(string folder)
    {
        var file = DatabaseIn(folder);
        var bytes = File.Exists(file) ? new FileInfo(file).Length : -1;
        if (bytes <= 0)
        {
            if (HasHeldStore(folder))
            {
                throw new StoreDamagedException(file, bytes < 0 ? "it is missing, although this folder has held a store" : "it is empty, although this folder has held a store");
            }

            return;
        }

        var header = new byte[HeaderBytes];
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan().StartsWith("SQLite format 3\0"u8))
            {
                throw new StoreDamagedException(file, "it does not begin as a database does");
            }
        }

        // https://sqlite.org/fileformat.html#the_database_header
        var pageBytes = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) is 1 and var large ? large << 16 : BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16));
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(28));
        var isCurrent = header.AsSpan(24, 4).SequenceEqual(header.AsSpan(92, 4));
        if (isCurrent && bytes < (long)pages * pageBytes && !HasLog(file))
        {
            throw new StoreDamagedException(file, $"it was cut off: it has {bytes:N0} bytes of {(long)pages * pageBytes:N0}");
        }
    }

    /// <summary>Held by everybody who works on the store, together, or by one who replaces it, alone; null when that cannot be.</summary>
    public static IDisposable? Use(string folder, bool alone)
    {
        try
        {
            return new FileStream(Path.Combine(folder, InUse), FileMode.OpenOrCreate, FileAccess.ReadWrite, alone ? FileShare.None : FileShare.ReadWrite, bufferSize: 0);
        }
        catch (IOException failure) when (FolderFailures.Of(failure) is null && File.Exists(Path.Combine(folder, InUse)))
        {
            return null;
        }
    }

    /// <summary>Whoever was killed while bringing the log into the file leaves a file that is too short, and a log from which SQLite completes it.</summary>
    private static bool HasLog(string file) => new FileInfo(file + "-wal") is { Exists: true, Length: > 0 };

    private static bool HasHeldStore(string folder) =>
        File.Exists(Path.Combine(folder, Marker)) || Array.Exists(Kept, kept => Directory.Exists(Path.Combine(folder, Files, kept)));
}
