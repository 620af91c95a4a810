namespace HealthEval.Intake.Containers;

/// <summary>How a text file is divided into records.</summary>
/// <param name="Name">jsonl, json, csv, tsv: for the receipt.</param>
/// <param name="Survey">Reads the whole file before any record is used, where an error in one place makes the others unreliable.</param>
internal sealed record TextShape(string Name, Func<Stream, IngestOptions, IEnumerable<RawRecord>> Read, Action<Stream, IngestOptions>? Survey = null)
{
    private const int SniffBytes = 1 << 16;

    /// <summary>Looks at the first bytes. Throws <see cref="UnreadableFileException"/> for what is no text, or none that holds records.</summary>
    public static TextShape Detect(Stream stream, IngestOptions options)
    {
        using var buffer = new RecordBuffer(stream, options.MaxRecordBytes);
        buffer.SkipByteOrderMark();
        while (buffer.Unread.Length < SniffBytes && buffer.Fill())
        {
        }

        var sniff = buffer.Unread[..Math.Min(buffer.Unread.Length, SniffBytes)];
        var text = sniff.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            throw new UnreadableFileException("The file has no records.");
        }

        return text[0] switch
        {
            (byte)'{' when text.Length > 1 && text[1] == 0 => throw NulBytes(),
            (byte)'[' when text.Length > 1 && text[1] == 0 => throw NulBytes(),
            (byte)'{' when WrappedList.Begins(text) => Wrapped,
            (byte)'{' => IsLaidOut(text) ? Document : JsonLines,
            (byte)'[' => Document,
            _ => NotJson(sniff, text, options),
        };
    }

    private static TextShape JsonLines { get; } = new("jsonl", Lines.Read);

    private static TextShape Document { get; } = new("json", JsonValues.Read);

    private static TextShape Wrapped { get; } = new("json", WrappedList.Read);

    private static TextShape NotJson(ReadOnlySpan<byte> sniff, ReadOnlySpan<byte> text, IngestOptions options)
    {
        if (text[0] == 0)
        {
            throw NulBytes();
        }

        if (IsBinary(sniff))
        {
            throw new UnreadableFileException("This is not a text file. Send JSON Lines, a JSON list, CSV, TSV or XLSX, as it is or packed with gzip or zip.");
        }

        return Delimiter.Detect(text, options.Formats) is { } table ? new(table.Name, table.Read, table.Survey)
            : HasObjectLine(text) ? JsonLines
            : throw Delimiter.NoColumns(text);
    }

    /// <summary>The first object goes on over several lines, as a pretty-printer leaves it.</summary>
    private static bool IsLaidOut(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        if (end < 0 || new ValueScan().Find(text[..end]))
        {
            return false;
        }

        var rest = text[end..].TrimStart(" \t\r\n"u8);
        return !rest.IsEmpty && rest[0] is not (byte)'{';
    }

    private static bool IsBinary(ReadOnlySpan<byte> sniff)
    {
        var controls = 0;
        foreach (var b in sniff[..Math.Min(sniff.Length, 4096)])
        {
            controls += b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r') ? 1 : 0;
        }

        return controls > Math.Min(sniff.Length, 4096) / 50;
    }

    private static bool HasObjectLine(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].Trim(" \t\r"u8);
            if (line.StartsWith("{\""u8) && line.EndsWith("}"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static UnreadableFileException NulBytes() =>
        new("The file contains NUL bytes where text should be; it is probably UTF-16 without a byte order mark. Save it as UTF-8.");
}
