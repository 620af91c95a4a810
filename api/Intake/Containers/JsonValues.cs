namespace HealthEval.Intake.Containers;

/// <summary>A JSON document: a list of records, or records one after the other however they are laid out. Streams; the nesting is never recursed into.</summary>
internal static class JsonValues
{
    /// <summary>Files that were joined have a byte order mark where the next one begins; no value begins with one of its bytes.</summary>
    private static readonly System.Buffers.SearchValues<byte> Blank = System.Buffers.SearchValues.Create(" \t\r\n\uFEFF"u8);

    public static IEnumerable<RawRecord> Read(Stream stream, IngestOptions options) => Read(stream, options, closesWithList: false);

    /// <param name="closesWithList">The list is part of something larger: what comes after it is none of ours.</param>
    public static IEnumerable<RawRecord> Read(Stream stream, IngestOptions options, bool closesWithList)
    {
        using var buffer = new RecordBuffer(stream, options.MaxRecordBytes);
        buffer.SkipByteOrderMark();
        var line = 1L;
        if (!SkipBlank(buffer, ref line))
        {
            yield break;
        }

        var isList = buffer.Unread[0] == '[';
        if (isList)
        {
            buffer.Consume(1);
        }

        for (var first = true; ; first = false)
        {
            if (isList && Separator(buffer, ref line, first) is not Next.Value and var end)
            {
                if (end is Next.Broken)
                {
                    yield return RawRecord.Bad(line, "Expected ',' or ']' between the records of the list; what follows was not read.");
                }
                else if (end is Next.Nothing)
                {
                    yield return RawRecord.Bad(line, "The file ends before the list is closed by ']'. It was probably cut off.");
                }
                else if (!closesWithList && SkipBlank(buffer, ref line))
                {
                    yield return RawRecord.Bad(line, "There is something after the end of the list; it was not read.");
                }

                yield break;
            }

            if (!SkipBlank(buffer, ref line))
            {
                yield break;
            }

            var scan = Scan(buffer);
            yield return Record(buffer, scan, line, options);
            if (!scan.IsClosed)
            {
                yield break; // the file was cut off inside this record
            }

            line += scan.DiscardedLines + buffer.Unread[..scan.Length].Count((byte)'\n');
            buffer.Consume(scan.Length);
        }
    }

    /// <summary>One value, whatever it is; null when it is not whole or longer than a record may be.</summary>
    public static string? One(Stream stream, IngestOptions options)
    {
        using var buffer = new RecordBuffer(stream, options.MaxRecordBytes);
        var scan = Scan(buffer);
        return scan is { IsClosed: true, IsTooLong: false } && Utf8Text.FirstInvalid(buffer.Unread[..scan.Length]) < 0 ? System.Text.Encoding.UTF8.GetString(buffer.Unread[..scan.Length]) : null;
    }

    /// <summary>An object of objects: each as a record that has its name as its id.</summary>
    public static IEnumerable<RawRecord> ReadById(Stream stream, IngestOptions options)
    {
        using var buffer = new RecordBuffer(stream, options.MaxRecordBytes);
        var line = 1L;
        if (!SkipBlank(buffer, ref line) || buffer.Unread[0] != '{')
        {
            yield break;
        }

        for (buffer.Consume(1); SkipBlank(buffer, ref line) && buffer.Unread[0] != '}';)
        {
            var key = Scan(buffer);
            var name = key.IsClosed && buffer.Unread[0] == '"' ? System.Text.Encoding.UTF8.GetString(buffer.Unread[..key.Length]) : null;
            buffer.Consume(key.IsClosed ? key.Length : 0);
            if (name is null || !SkipBlank(buffer, ref line) || buffer.Unread[0] != ':')
            {
                yield return RawRecord.Bad(line, "Expected a name and a record behind it; what follows was not read.");
                yield break;
            }

            buffer.Consume(1);
            SkipBlank(buffer, ref line);
            var scan = Scan(buffer);
            var record = Record(buffer, scan, line, options);
            yield return record.Problem is null && record.Json.Span is [(byte)'{', ..] ? record with { Json = WithId(name, record.Json.Span) } : record;
            if (!scan.IsClosed)
            {
                yield break;
            }

            line += scan.DiscardedLines + buffer.Unread[..scan.Length].Count((byte)'\n');
            buffer.Consume(scan.Length);
            if (SkipBlank(buffer, ref line) && buffer.Unread[0] == ',')
            {
                buffer.Consume(1);
            }
        }
    }

    /// <summary>Unless the record has an id of its own.</summary>
    private static byte[] WithId(string name, ReadOnlySpan<byte> record)
    {
        var inner = record[1..].TrimStart(" \t\r\n"u8);
        return record.IndexOf("\"item_id\""u8) >= 0 ? record.ToArray()
            : [.. System.Text.Encoding.UTF8.GetBytes($"{{\"item_id\":{name}"), .. inner is [(byte)'}', ..] ? ""u8 : ","u8, .. inner];
    }

    private static ValueScan Scan(RecordBuffer buffer)
    {
        var scan = new ValueScan();
        while (!scan.Find(buffer.Unread))
        {
            scan.IsTooLong |= buffer.IsFull;
            if (scan.IsTooLong)
            {
                scan.Discard(buffer);
            }

            if (!buffer.Fill())
            {
                break;
            }
        }

        return scan;
    }

    private enum Next
    {
        Value,
        End,
        Nothing,
        Broken,
    }

    private static RawRecord Record(RecordBuffer buffer, ValueScan scan, long line, IngestOptions options)
    {
        if (scan.IsTooLong)
        {
            return RawRecord.Bad(line, $"The record is longer than {options.MaxRecordBytes:N0} bytes, the most that one record may have.");
        }

        if (!scan.IsClosed)
        {
            scan.Length = buffer.Unread.Length;
        }

        var text = buffer.Slice(0, scan.Length);
        var invalid = Utf8Text.FirstInvalid(text.Span);
        return invalid < 0
            ? new RawRecord(line, text, null)
            : RawRecord.Bad(line, $"Not valid UTF-8 at byte {buffer.Consumed + invalid + 1} of the file. Save the file as UTF-8.");
    }

    private static Next Separator(RecordBuffer buffer, ref long line, bool first)
    {
        if (!SkipBlank(buffer, ref line))
        {
            return Next.Nothing;
        }

        var found = buffer.Unread[0];
        if (found == ']')
        {
            buffer.Consume(1);
            return Next.End;
        }

        if (first)
        {
            return Next.Value;
        }

        if (found != ',')
        {
            return Next.Broken;
        }

        buffer.Consume(1);
        return SkipBlank(buffer, ref line) ? Next.Value : Next.Nothing;
    }

    /// <summary>False at the end of the file.</summary>
    private static bool SkipBlank(RecordBuffer buffer, ref long line)
    {
        do
        {
            var blank = buffer.Unread.IndexOfAnyExcept(Blank);
            var skipped = blank < 0 ? buffer.Unread.Length : blank;
            line += buffer.Unread[..skipped].Count((byte)'\n');
            buffer.Consume(skipped);
            if (blank >= 0)
            {
                return true;
            }
        }
        while (buffer.Fill());
        return false;
    }
}
