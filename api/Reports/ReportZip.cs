using System.IO.Compression;
using System.Security.Cryptography;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Reports;

/// <summary>A report's whole folder in one file, so that <c>healtheval verify</c> works on what was downloaded.</summary>
internal static class ReportZip
{
    private const int Attempts = 20;

    /// <summary>Packed into a temporary file that is gone once it has been sent: zip entries are written synchronously, which a response does not allow.
    /// Of a report that is replaced meanwhile, the old or the new one; null when there is none whose files have the hashes of its manifest.</summary>
    public static async Task<Stream?> PackAsync(ReportArchive archive, IFileStore files, string projectId, Coverage week, CancellationToken cancellation, int? revision = null)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await archive.PlaceAsync(projectId, week, revision, cancellation) is not { } place || await archive.FindAsync(projectId, week, cancellation) is null
                || await BytesAsync(files, place + ReportFiles.Manifest, cancellation) is not { } manifest)
            {
                continue;
            }

            var packed = TempFolders.CreateFile();
            if (await PackAsync(packed, place, manifest, files, cancellation))
            {
                packed.Position = 0;
                return packed;
            }

            await packed.DisposeAsync();
        }

        return null;
    }

    private static async Task<bool> PackAsync(FileStream packed, string place, byte[] manifest, IFileStore files, CancellationToken cancellation)
    {
        using var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var listed in Json.Parse<Manifest>(manifest.AsSpan().TrimEnd((byte)'\n')).Files.Where(file => ReportFiles.Listed.Contains(file.Path)))
        {
            await using var from = await files.OpenAsync(place + listed.Path, cancellation);
            if (from is null)
            {
                return false;
            }

            await using var into = Entry(zip, listed.Path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await CopyAsync(from, into, hash, cancellation);
            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != listed.Sha256)
            {
                return false;
            }
        }

        if (await BytesAsync(files, place + ReportFiles.Signature, cancellation) is { } signature)
        {
            await using var signed = Entry(zip, ReportFiles.Signature);
            signed.Write(signature);
        }

        await using var last = Entry(zip, ReportFiles.Manifest);
        last.Write(manifest);
        return true;
    }

    private static Stream Entry(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, name == ReportFiles.Workbook ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry.Open();
    }

    private static async Task<byte[]?> BytesAsync(IFileStore files, string path, CancellationToken cancellation)
    {
        await using var from = await files.OpenAsync(path, cancellation);
        if (from is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await from.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static async Task CopyAsync(Stream from, Stream into, IncrementalHash hash, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            into.Write(buffer, 0, read);
        }
    }
}
