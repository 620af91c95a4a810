using System.Text;
using HealthEval.Intake.Containers;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake;

/// <summary>From bytes to records: what the file is shows in its first bytes; its name only has to not contradict them.</summary>
internal static class Unpacking
{
    private const int MaxLayers = 2;

    /// <summary>A JSON record ends where its bracket closes; a cell of a table looks the same whether it is whole or not.</summary>
    private const string CutRow = "The file ends without a line break behind this row, so the row may have been cut off; it was not loaded. If the file is whole, end it with a line break and drop it again.";

    private static readonly (byte[] Magic, string What)[] Refused =
    [
        ([0x28, 0xB5, 0x2F, 0xFD], "packed with zstd"), ("BZh"u8.ToArray(), "packed with bzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "packed with xz"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"), ("Rar!"u8.ToArray(), "a RAR archive"), ("%PDF"u8.ToArray(), "a PDF"), ("PAR1"u8.ToArray(), "a Parquet file"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel or encrypted Office file"), ("SQLite format"u8.ToArray(), "a database"),
    ];

    /// <summary>The parts of the file, checked to be whole. Throws <see cref="UnreadableFileException"/> when it cannot be read at all.</summary>
    /// <param name="mayBeCut">Somebody may have been writing it still. What is packed has a checksum, so that it is whole or refused.</param>
    public static IReadOnlyList<Part> Inspect(string name, Func<Stream> open, string? encoding, IngestOptions options, bool mayBeCut = false)
    {
        var magic = Magic(open);
        RequireHonestName(name, magic);
        return magic.AsSpan().StartsWith("PK\x3\x4"u8) || magic.AsSpan().StartsWith("PK\x5\x6"u8)
            ? Archive.Parts(name, open, encoding, options)
            : [Text(name, open, encoding, options, layer: 0, mayBeCut)];
    }

    public static Part Text(string name, Func<Stream> open, string? encoding, IngestOptions options, int layer, bool mayBeCut = false)
    {
        var magic = Magic(open);
        if (magic.AsSpan().StartsWith((byte[])[0x1F, 0x8B]))
        {
            if (layer == MaxLayers)
            {
                throw new UnreadableFileException($"Packed more than {MaxLayers} times over. Unpack it and send it again.");
            }

            Stream Unpacked() => Gunzip(open, options);
            Drain(Unpacked);
            var inner = Text(name, Unpacked, encoding, options, layer + 1);
            return inner with { Container = $"{inner.Container}, gzip" };
        }

        if (layer > 0 && magic.AsSpan().StartsWith("PK\x3\x4"u8))
        {
            throw new UnreadableFileException("There is an archive inside the archive. Unpack it and send its files.");
        }

        RequireKnown(magic);
        var (decoded, note) = Decoded(open, magic, encoding);
        var shape = TextShape.Detect(decoded, options);
        string? warning = null;
        if (shape.Survey is not null && note.Length == 0 && WesternText.Is(decoded))
        {
            (decoded, note) = Decoded(open, magic, WesternText.Name);
            warning = "not_utf8_read_as_windows_1252";
        }

        if (shape.Survey is not null)
        {
            using var whole = decoded();
            shape.Survey(whole, options);
        }

        return new Part(name, shape.Name + note, () => Records(decoded, shape, options, mayBeCut)) { Warning = warning ?? shape.Warning, Header = shape.Header, Model = ModelNames.OfFile(name), IsTable = shape.Survey is not null };
    }

    /// <summary>Reads everything once, so that damage and bombs are found before the first record is used.</summary>
    public static long Drain(Func<Stream> open)
    {
        using var stream = open();
        var buffer = new byte[1 << 16];
        var bytes = 0L;
        while (stream.Read(buffer) is > 0 and var read)
        {
            bytes += read;
        }

        return bytes;
    }

    private static IEnumerable<RawRecord> Records(Func<Stream> open, TextShape shape, IngestOptions options, bool mayBeCut)
    {
        using var stream = open();
        var read = 0L;
        foreach (var record in shape.Read(stream, options))
        {
            if (++read > options.MaxRecords)
            {
                throw new UnreadableFileException($"More than {options.MaxRecords:N0} records in one file, the limit. The records before line {record.Line:N0} are loaded; send the others in another file.");
            }

            if (record.IsUnterminated && mayBeCut)
            {
                yield return RawRecord.Bad(record.Line, CutRow);
                continue;
            }

            yield return record.Problem is null && TooMuch(record.Json.Span, options) is { } problem ? RawRecord.Bad(record.Line, problem)
                : record.Json.Span.StartsWith("[{"u8) ? record with { Json = (byte[])[.. "{\"messages\":"u8, .. record.Json.Span, (byte)'}'] } // a conversation and nothing beside it
                : record;
        }
    }

    /// <summary>Said before anything is made of the record, so that it costs no memory.</summary>
    private static string? TooMuch(ReadOnlySpan<byte> json, IngestOptions options) =>
        JsonRecord.HasMoreValues(json, options.MaxValues) ? $"The record has more than {options.MaxValues:N0} fields and list entries, the most that one may have."
        : JsonRecord.HasLongerText(json, options.MaxItemBytes) ? options.TextTooLong
        : null;

    private static UnpackLimit Gunzip(Func<Stream> open, IngestOptions options)
    {
        var packed = 0L;
        return new UnpackLimit(new GzipMembers(new CountingStream(open(), read => packed += read)), () => packed, options);
    }

    private static (Func<Stream> Open, string Note) Decoded(Func<Stream> open, byte[] magic, string? encoding)
    {
        var (from, note) = magic switch
        {
            [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), ", utf-16"),
            [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true), ", utf-16"),
            _ when encoding is WesternText.Name => ((Encoding?)CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback), ", windows-1252"),
            _ => (null, ""),
        };
        return from is null ? (open, "") : (() => Encoding.CreateTranscodingStream(open(), from, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)), note);
    }

    private static byte[] Magic(Func<Stream> open)
    {
        using var stream = open();
        var magic = new byte[16];
        return magic[..stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false)];
    }

    private static void RequireKnown(byte[] magic)
    {
        var found = Refused.FirstOrDefault(refused => magic.AsSpan().StartsWith(refused.Magic));
        if (found.What is not null)
        {
            throw new UnreadableFileException($"The file is {found.What}. Send JSON Lines, a JSON list, CSV, TSV or XLSX, as it is or packed with gzip or zip.");
        }
    }

    /// <summary>A name that promises a container which is not there usually means that something went wrong on the way.</summary>
    private static void RequireHonestName(string name, byte[] magic)
    {
        var (promise, kept) = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".xlsx" or ".zip" => ("zip", magic.AsSpan().StartsWith("PK"u8)),
            ".gz" or ".gzip" => ("gzip", magic.AsSpan().StartsWith((byte[])[0x1F, 0x8B])),
            _ => ("", true),
        };
        if (!kept && magic.Length > 0)
        {
            throw new UnreadableFileException($"The name ends in {Path.GetExtension(name)}, but the content is not {promise}. Send the file again, or rename it if it is text.");
        }
    }
}
