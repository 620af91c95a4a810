using System.IO.Compression;
using System.IO.Hashing;
using HealthEval.Intake.Formats;
using HealthEval.Intake.Sheets;

namespace HealthEval.Intake.Containers;

/// <summary>Zip files: several batches in one, or an Excel workbook. Nothing is ever unpacked to disk.</summary>
internal static class Archive
{
    public static IReadOnlyList<Part> Parts(string name, Func<Stream> open, string? encoding, IngestOptions options)
    {
        using var archive = Open(open);
        var entries = Entries(archive, options);
        if (entries.Exists(entry => entry.FullName is "content.xml") && entries.Exists(entry => entry.FullName is "mimetype"))
        {
            throw new UnreadableFileException("The file is an OpenDocument table or text. Save it as XLSX or CSV and send that.");
        }

        var names = entries.GroupBy(entry => Plain(entry.FullName), StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First().FullName, StringComparer.OrdinalIgnoreCase);
        if (Worksheet.Part(name, path => names.TryGetValue(Plain(path), out var entry) ? Entry(open, entry, options) : null, options) is { } sheet)
        {
            return [sheet];
        }

        if (InspectLog.IsOne(entries))
        {
            return [InspectLog.Part(name, open, options)];
        }

        var files = entries.Where(IsBatch).Select(entry => entry.FullName).ToList();
        if (files.Count == 0)
        {
            throw new UnreadableFileException("The zip file has no files in it.");
        }

        var parts = new List<Part>(files.Count);
        var unpacked = 0L;
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            parts.Add(Text(open, file, encoding, ref unpacked, options));
        }

        return parts;
    }

    private static string Plain(string path) => path.Replace('\\', '/').TrimStart('/');

    private static Part Text(Func<Stream> open, string file, string? encoding, ref long total, IngestOptions options)
    {
        Stream Content() => Entry(open, file, options) ?? throw new UnreadableFileException("The zip file changed while it was read.");
        total += Unpacking.Drain(Content);
        if (total > options.MaxUnpackedBytes)
        {
            throw new UnreadableFileException($"Unpacks to more than {options.MaxUnpackedBytes:N0} bytes, the limit. Split the file.");
        }

        try
        {
            var part = Unpacking.Text(file, Content, encoding, options, layer: 1);
            return part with { Container = $"{part.Container}, zip" };
        }
        catch (UnreadableFileException failure)
        {
            throw new UnreadableFileException($"{Excerpt.Of(file, 60)}: {failure.Message}");
        }
    }

    /// <summary>An entry of an archive that stays open.</summary>
    public static Stream Checked(ZipArchiveEntry entry, IngestOptions options)
    {
        try
        {
            return new UnpackLimit(new CheckedEntry(entry.Open(), entry.Crc32, entry.Length, null), () => entry.CompressedLength, options);
        }
        catch (InvalidDataException)
        {
            throw new UnreadableFileException("The zip file is damaged, or packed with a method that is not supported. Pack it again with the usual method (deflate).");
        }
    }

    /// <summary>The content of one entry, which checks its length and checksum at the end; null when there is no such entry.</summary>
    private static UnpackLimit? Entry(Func<Stream> open, string name, IngestOptions options)
    {
        var archive = Open(open);
        if (archive.GetEntry(name) is not { } entry)
        {
            archive.Dispose();
            return null;
        }

        try
        {
            return new UnpackLimit(new CheckedEntry(entry.Open(), entry.Crc32, entry.Length, archive), () => entry.CompressedLength, options);
        }
        catch (InvalidDataException)
        {
            archive.Dispose();
            throw new UnreadableFileException("The zip file is damaged, or packed with a method that is not supported. Pack it again with the usual method (deflate).");
        }
    }

    public static ZipArchive Open(Func<Stream> open)
    {
        var stream = open();
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read);
        }
        catch (InvalidDataException)
        {
            stream.Dispose();
            throw new UnreadableFileException("The zip file is damaged or was cut off: its directory at the end is missing. Send it again.");
        }
    }

    private static List<ZipArchiveEntry> Entries(ZipArchive archive, IngestOptions options)
    {
        List<ZipArchiveEntry> entries;
        try
        {
            entries = [.. archive.Entries];
        }
        catch (InvalidDataException)
        {
            throw new UnreadableFileException("The zip file is damaged: its directory cannot be read. Send it again.");
        }

        if (entries.Count > (InspectLog.IsOne(entries) ? InspectLog.MostSamples : options.MaxArchiveEntries))
        {
            throw new UnreadableFileException($"The zip file has {entries.Count:N0} entries; the limit is {options.MaxArchiveEntries:N0}.");
        }

        foreach (var entry in entries)
        {
            Require(entry, options);
        }

        return entries;
    }

    private static void Require(ZipArchiveEntry entry, IngestOptions options)
    {
        var parts = entry.FullName.TrimStart('/').Split('/', '\\');
        if (parts.Contains("..") || parts[0].Length == 0 || (entry.FullName.StartsWith('/') && !IsOfWorkbook(entry.FullName)) || entry.FullName.Contains(':', StringComparison.Ordinal) || entry.FullName.Contains('\0', StringComparison.Ordinal))
        {
            throw new UnreadableFileException("The zip file has an entry whose path leads out of it; it is refused as a whole.");
        }

        if (entry.IsEncrypted)
        {
            throw new UnreadableFileException("The zip file is encrypted. Send it without a password.");
        }

        if (entry.Length > options.MaxUnpackedBytes)
        {
            throw new UnreadableFileException($"Unpacks to more than {options.MaxUnpackedBytes:N0} bytes, the limit. Split the file.");
        }
    }

    /// <summary>Folders, what operating systems add unasked, and what is written about data for people are no batches.</summary>
    private static bool IsBatch(ZipArchiveEntry entry) => !IsAbout(entry.Name)
        && !entry.FullName.EndsWith('/') && !entry.Name.StartsWith('.') && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) && entry.Name is not "Thumbs.db";

    private static bool IsAbout(string name) =>
        name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)
        || (System.IO.Path.GetFileNameWithoutExtension(name).ToUpperInvariant() is "README" or "LICENSE" or "LICENCE" or "CHANGELOG" or "NOTICE"
            && System.IO.Path.GetExtension(name).ToLowerInvariant() is ("" or ".txt"));

    /// <summary>Some programs write the parts of a workbook with a slash in front.</summary>
    private static bool IsOfWorkbook(string path) => path is "/[Content_Types].xml" || path.StartsWith("/xl/", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/_rels/", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/docProps/", StringComparison.OrdinalIgnoreCase);

    private sealed class CheckedEntry(Stream content, uint checksum, long length, ZipArchive? archive) : ReadOnlyStream
    {
        private readonly Crc32 _crc = new();
        private long _read;

        public override int Read(Span<byte> buffer)
        {
            var read = Inflate(buffer);
            _crc.Append(buffer[..read]);
            _read += read;
            return _read > length || (read == 0 && !buffer.IsEmpty && (_read != length || _crc.GetCurrentHashAsUInt32() != checksum)) ? throw Damaged() : read;
        }

        protected override void Dispose(bool disposing)
        {
            content.Dispose();
            archive?.Dispose();
            base.Dispose(disposing);
        }

        private int Inflate(Span<byte> buffer)
        {
            try
            {
                return content.Read(buffer);
            }
            catch (InvalidDataException)
            {
                throw Damaged();
            }
        }

        private static UnreadableFileException Damaged() => new("The zip file is damaged: its data do not match their checksum. Pack and send it again.");
    }
}
