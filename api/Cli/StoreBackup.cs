using System.Security.Cryptography;
using System.Text.Json;
using HealthEval.Audit;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Cli;

/// <summary>What a backup consists of; written last, so a folder without it is none.</summary>
/// <param name="Key">What reports are signed with, where there was one: without it a restored store would sign with another, and could not say what earlier reports were signed with.</param>
internal sealed record BackupContent(
    int Format, string Program, DateTimeOffset MadeAt, BackupFile Database, SortedDictionary<string, long> Documents, IReadOnlyList<BackupFile> Files, BackupFile? Key = null);

internal sealed record BackupFile(string Path, long Bytes, string Sha256);

/// <summary>The message says what to do.</summary>
internal sealed class BackupException(string message) : Exception(message);

/// <summary>
/// Copies of an embedded store. The documents are copied in one read transaction, the files after them: whatever a document speaks of was written before
/// it, so it is in the copy; what is written meanwhile may be there in addition.
/// </summary>
internal static class StoreBackup
{
    private const string Content = "backup.json";
    private const int Attempts = 5;

    public static async Task<BackupContent> MakeAsync(string data, string target, TimeProvider clock, CancellationToken cancellation)
    {
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new BackupException($"'{target}' is not empty. Name a folder that does not exist yet.");
        }

        if (!File.Exists(StoreFolder.DatabaseIn(data)))
        {
            throw new BackupException($"There is no store in '{data}'. Name its folder with --data DIR.");
        }

        var madeAt = clock.GetUtcNow();
        try
        {
            Directory.CreateDirectory(target);
            OwnersOnly.Folder(target);
            var database = Path.Combine(target, StoreFolder.Database);
            using (var store = StoreFolder.Open(data))
            {
                await RecordAsync(store, clock, AuditActions.StoreBackedUp, null);
                store.CopyTo(database);
            }

            var documents = Counts(database);
            OwnersOnly.Database(database);
            var key = await CopyKeyAsync(data, target, cancellation);
            var files = await CopyAllAsync(Path.Combine(data, StoreFolder.Files), Path.Combine(target, StoreFolder.Files), cancellation);
            var content = new BackupContent(1, Manifest.ThisProgram, madeAt, await HashAsync(target, StoreFolder.Database, cancellation), documents, files, key);
            await File.WriteAllBytesAsync(Path.Combine(target, Content), Json.Bytes(content), cancellation);
            return await VerifyAsync(target, cancellation);
        }
        catch (Exception failure) when (failure is not StoreDamagedException)
        {
            Directory.Delete(target, recursive: true);
            throw;
        }
    }

    /// <summary>Every file against its hash, the database as a whole, and how many documents there are.</summary>
    public static async Task<BackupContent> VerifyAsync(string folder, CancellationToken cancellation)
    {
        var content = await ReadAsync(folder, cancellation);
        IEnumerable<BackupFile> beside = content.Key is { } key ? [content.Database, key] : [content.Database];
        foreach (var file in beside.Concat(content.Files.Select(file => file with { Path = $"{StoreFolder.Files}/{file.Path}" })))
        {
            if (!FilePath.IsAllowed(file.Path) || !File.Exists(Path.Combine(folder, file.Path)) || await HashAsync(folder, file.Path, cancellation) != file)
            {
                throw new BackupException($"The backup is not whole: '{file.Path}' is missing or is not what was backed up. Use another backup.");
            }
        }

        return Counts(Path.Combine(folder, StoreFolder.Database)).SequenceEqual(content.Documents) ? content
            : throw new BackupException("The backup is not whole: its database has other numbers of documents than were backed up. Use another backup.");
    }

    public static async Task<(BackupContent Content, string? Aside)> RestoreAsync(string from, string data, bool replace, TimeProvider clock, CancellationToken cancellation)
    {
        await VerifyAsync(from, cancellation);
        var isThere = Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any();
        if (isThere && !replace)
        {
            throw new BackupException($"'{data}' is not empty. Add --replace to move what is there aside, or name another folder with --data DIR.");
        }

        using var alone = isThere ? StoreFolder.Use(data, alone: true) ?? throw new BackupException($"A program is working on '{data}'. Stop it, then repeat the call.") : null;
        var prepared = data + ".restoring";
        if (Directory.Exists(prepared))
        {
            Directory.Delete(prepared, recursive: true); // of an attempt that was stopped
        }

        Directory.CreateDirectory(prepared);
        OwnersOnly.Folder(prepared);
        Copy(from, prepared);
        var content = await VerifyAsync(prepared, cancellation);
        File.Delete(Path.Combine(prepared, Content));
        var aside = isThere ? $"{data}.replaced-{clock.GetUtcNow():yyyyMMdd-HHmmss}" : null;
        if (aside is not null)
        {
            Directory.Move(data, aside);
        }
        else if (Directory.Exists(data))
        {
            Directory.Delete(data);
        }

        Directory.Move(prepared, data);
        using (var store = StoreFolder.Open(data))
        {
            await RecordAsync(store, clock, AuditActions.StoreRestored, $"as-of={Json.Stamp(content.MadeAt)}");
        }

        return (content, aside);
    }

    /// <summary>On a full disk nothing can be recorded, and a backup is wanted all the more.</summary>
    private static async Task RecordAsync(SqliteDocumentStore store, TimeProvider clock, string action, string? to)
    {
        try
        {
            await new AuditTrail(store, clock).RecordAsync(AuditTrail.Platform, AuditTrail.CommandLine, action, to: to);
        }
        catch (StorageUnavailableException)
        {
            // see above
        }
    }

    private static async Task<BackupContent> ReadAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            return Json.Parse<BackupContent>(await File.ReadAllBytesAsync(Path.Combine(folder, Content), cancellation));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            throw new BackupException($"'{folder}' is no finished backup: {Content} is missing or cannot be read.");
        }
    }

    private static SortedDictionary<string, long> Counts(string database) => SqliteFile.Inspect(database) is ([], var documents) ? documents
        : throw new BackupException("The copy of the database is damaged. Run 'healtheval check' on the store, or use another backup.");

    private static async Task<IReadOnlyList<BackupFile>> CopyAllAsync(string from, string to, CancellationToken cancellation)
    {
        var source = new FolderFileStore(from);
        for (var attempt = 1; ; attempt++)
        {
            var copied = new List<BackupFile>();
            var etags = new Dictionary<string, string>();
            await foreach (var file in source.ListAsync("", cancellation))
            {
                etags[file.Path] = file.ETag;
                if (await CopyAsync(source, file, Path.Combine(to, file.Path), cancellation) is { } copy)
                {
                    copied.Add(copy);
                }
            }

            var moved = await source.ListAsync("reports/", cancellation).Where(file => etags.GetValueOrDefault(file.Path) != file.ETag).AnyAsync(cancellation);
            if (!moved || attempt == Attempts)
            {
                return copied;
            }

            Directory.Delete(to, recursive: true); // a report was being replaced: half of it may be the old one
        }
    }

    private static async Task<BackupFile?> CopyKeyAsync(string data, string target, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(data, FileSigner.FileName)))
        {
            return null;
        }

        File.Copy(Path.Combine(data, FileSigner.FileName), Path.Combine(target, FileSigner.FileName)); // with its mode, 0600
        return await HashAsync(target, FileSigner.FileName, cancellation);
    }

    /// <summary>Null when it is gone by now.</summary>
    private static async Task<BackupFile?> CopyAsync(FolderFileStore source, FileEntry file, string target, CancellationToken cancellation)
    {
        await using var from = await source.OpenAsync(file.Path, cancellation);
        if (from is null)
        {
            return null;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = 0L;
        await using (var to = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            var buffer = new byte[1 << 16];
            while (await from.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                bytes += read;
                await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            to.Flush(flushToDisk: true);
        }

        File.SetLastWriteTimeUtc(target, file.Modified.UtcDateTime); // its time tells a dropped file that was dealt with from a new one
        return new BackupFile(file.Path, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task<BackupFile> HashAsync(string folder, string path, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(Path.Combine(folder, path));
        return new BackupFile(path, stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
        }
    }
}
