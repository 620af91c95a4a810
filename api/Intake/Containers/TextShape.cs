namespace HealthEval.Intake.Containers;

/// <summary>How a text file is divided into records.</summary>
/// <param name="Name">jsonl, json, csv, tsv: for the receipt.</param>
/// <param name="Survey">Reads the whole file before any record is used, where an error in one place makes the others unreliable.</param>
internal sealed record TextShape(string Name, Func<Stream, IngestOptions, IEnumerable<RawRecord>> Read, Action<Stream, IngestOptions>? Survey = null)
{
    private const int SniffBytes = 1 << 16;

    /// <summary>Where in the file the names of the columns were found, unless in the first line; for the receipt.</summary>
    public string? Header { get; init; }

    /// <summary>Something about the file as a whole that its sender should know.</summary>
    public string? Warning { get; init; }

    /// <summary>Looks at the first bytes. Throws <see cref="UnreadableFileException"/> for what is no text, or none that holds records.</summary>
    public static TextShape Detect(Func<Stream> open, IngestOptions options)
    {
        using var buffer = new RecordBuffer(open(), options.MaxRecordBytes);
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
            (byte)'{' => Objects(open, buffer, options),
            (byte)'[' when new DocumentScan(open, options).FindInList() is { } place => new("json", (_, limits) => WrappedList.Read(open, place, limits)),
            (byte)'[' => Document,
            (byte)'<' when XmlRecords.Find(open, options) is { } xml => new TextShape("xml", (stream, limits) => XmlRecords.Read(stream, xml, limits)),
            _ => NotJson(sniff, text, options),
        };
    }

    private static TextShape JsonLines { get; } = new("jsonl", Lines.Read);

    private static TextShape Document { get; } = new("json", JsonValues.Read);

    /// <summary>Objects one after the other are records. One alone is a record if a format knows it, and otherwise what the records lie in.</summary>
    private static TextShape Objects(Func<Stream> open, RecordBuffer buffer, IngestOptions options)
    {
        var scan = new ValueScan();
        var text = Text(buffer);
        var shape = IsLaidOut(text) ? Document : JsonLines;
        if (shape == JsonLines && HasSecondLine(text))
        {
            return shape;
        }

        while (!scan.Find(text) && !buffer.IsFull && buffer.Fill())
        {
            text = Text(buffer);
        }

        if (!scan.IsClosed)
        {
            return Within(open, options) ?? shape;
        }

        while (Behind(text, scan).IsEmpty && !buffer.IsFull && buffer.Fill())
        {
            text = Text(buffer);
        }

        using var document = Behind(text, scan).IsEmpty && Utf8Text.FirstInvalid(text[..scan.Length]) < 0 ? JsonRecord.Parse(text[..scan.Length].ToArray(), out _) : null;
        return document is null ? shape
            : ColumnLists.Is(document.RootElement, options.Formats) ? new TextShape("json", ColumnLists.Read)
            : options.Formats.Recognise(document.RootElement) is null ? Within(open, options) ?? shape
            : shape;
    }

    /// <summary>The first object goes on over several lines, as a pretty-printer leaves it.</summary>
    private static bool IsLaidOut(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return end >= 0 && !new ValueScan().Find(text[..end]) && text[end..].TrimStart(" \t\r\n"u8) is [not (byte)'{', ..];
    }

    private static bool HasSecondLine(ReadOnlySpan<byte> text) => text.IndexOf((byte)'\n') is >= 0 and var end && text[end..].TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'{', ..];

    private static TextShape? Within(Func<Stream> open, IngestOptions options) =>
        new DocumentScan(open, options).Find() is { } place
            ? new TextShape("json", (_, limits) => place.Beside.Prepend(place).SelectMany(one => WrappedList.Read(open, one, limits)))
            {
                Header = place.Beside.Count == 0 ? null : Formats.Excerpt.Of($"lists {string.Join(", ", place.Beside.Prepend(place).Select(one => one.Name))}",
                    120),
                Warning = place.HasOthers ? "another_list_was_not_read" : null,
            }
            : null;

    private static ReadOnlySpan<byte> Text(RecordBuffer buffer) => buffer.Unread.TrimStart(" \t\r\n"u8);

    private static ReadOnlySpan<byte> Behind(ReadOnlySpan<byte> text, ValueScan scan) => text[scan.Length..].TrimStart(" \t\r\n\uFEFF"u8);

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

        return Delimiter.Detect(text, options) is { } table && (table.IsKnown || !HasObjectLine(text)) ? new(table.Name, table.Read, table.Survey) { Header = table.Header }
            : HasObjectLine(text) ? JsonLines
            : throw Delimiter.NoTable();
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
