namespace HealthEval.Intake.Containers;

/// <summary>JSON Lines: a record per line. LF or CRLF, with or without a last one; blank lines are nothing.</summary>
internal static class Lines
{
    public static IEnumerable<RawRecord> Read(Stream stream, IngestOptions options)
    {
        using var buffer = new RecordBuffer(stream, options.MaxRecordBytes);
        buffer.SkipByteOrderMark();
        var searched = 0;
        for (var line = 1L; ;)
        {
            var end = buffer.Unread[searched..].IndexOf((byte)'\n');
            if (end >= 0)
            {
                end += searched;
                if (Record(buffer, line, end) is { } record)
                {
                    yield return record;
                }

                buffer.Consume(end + 1);
                line++;
                searched = 0;
                continue;
            }

            searched = buffer.Unread.Length;
            if (buffer.IsFull)
            {
                yield return RawRecord.Bad(line, $"The line is longer than {options.MaxRecordBytes:N0} bytes, the most that one record may have.");
                SkipLine(buffer);
                line++;
                searched = 0;
            }
            else if (!buffer.Fill())
            {
                if (Record(buffer, line, searched) is { } last)
                {
                    yield return last;
                }

                yield break;
            }
        }
    }

    private static RawRecord? Record(RecordBuffer buffer, long line, int length)
    {
        var text = buffer.Slice(0, length);
        while (text.Span.StartsWith("\uFEFF"u8))
        {
            text = text[3..]; // files that were joined
        }

        if (text.Span.Trim(" \t\r"u8).IsEmpty)
        {
            return null;
        }

        if (text.Span.TrimEnd(" \t\r"u8) is [.., (byte)'}', (byte)','])
        {
            text = text[..(text.Span.TrimEnd(" \t\r"u8).Length - 1)]; // elements of a list without its brackets
        }

        var invalid = Utf8Text.FirstInvalid(text.Span);
        return invalid < 0
            ? new RawRecord(line, text, null)
            : RawRecord.Bad(line, $"Not valid UTF-8 at byte {invalid + 1} of the line (byte {buffer.Consumed + invalid + 1} of the file). Save the file as UTF-8.");
    }

    private static void SkipLine(RecordBuffer buffer)
    {
        while (true)
        {
            var end = buffer.Unread.IndexOf((byte)'\n');
            if (end >= 0)
            {
                buffer.Consume(end + 1);
                return;
            }

            buffer.Consume(buffer.Unread.Length);
            if (!buffer.Fill())
            {
                return;
            }
        }
    }
}
