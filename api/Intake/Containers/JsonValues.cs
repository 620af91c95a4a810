namespace HealthEval.Intake.Containers;

/// <summary>A JSON document: a list of records, or records one after the other however they are laid out. Streams; the nesting is never recursed into.</summary>
internal static class JsonValues
{
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

            yield return Record(buffer, scan, line, options);
            if (!scan.IsClosed)
            {
                yield break; // the file was cut off inside this record
            }

            line += scan.DiscardedLines + buffer.Unread[..scan.Length].Count((byte)'\n');
            buffer.Consume(scan.Length);
        }
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
            var blank = buffer.Unread.IndexOfAnyExcept(" \t\r\n"u8);
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
