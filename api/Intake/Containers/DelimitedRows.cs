using System.Text;

namespace HealthEval.Intake.Containers;

/// <summary>RFC 4180 over bytes: quoted cells may hold separators, doubled quotes and line breaks. Lines are counted where a row begins.</summary>
internal sealed class DelimitedRows(byte delimiter, IngestOptions options)
{
    private readonly List<string> _cells = [];
    private int _scanned;
    private bool _inQuotes;
    private bool _justClosed; // a quote right after it is one that was doubled
    private bool _atCellStart = true;
    private long _line = 1;
    private long _quoteLine;

    /// <param name="IsFatal">The rest of the file cannot be trusted either.</param>
    internal readonly record struct Row(long Line, IReadOnlyList<string> Cells, string? Problem, bool IsFatal)
    {
        /// <summary>The file ends right behind it.</summary>
        public bool IsUnterminated { get; init; }
    }

    public IEnumerable<Row> Read(Stream stream)
    {
        using var buffer = new RecordBuffer(stream, options.MaxRecordBytes);
        buffer.SkipByteOrderMark();
        while (true)
        {
            var begun = _line;
            var tooLong = false;
            bool ended;
            while (!(ended = FindEnd(buffer.Unread)))
            {
                tooLong |= buffer.IsFull;
                if (tooLong)
                {
                    buffer.Consume(_scanned);
                    _scanned = 0;
                }

                if (!buffer.Fill())
                {
                    break;
                }
            }

            if (!ended && _inQuotes)
            {
                yield return new Row(begun, [], $"A quote opened on line {_quoteLine} is never closed; the rows after it cannot be told apart. Close it, or double a quote that belongs to the text.", IsFatal: true);
                yield break;
            }

            if (!ended && _scanned == 0 && !tooLong)
            {
                yield break;
            }

            if (tooLong)
            {
                yield return new Row(begun, [], $"The row is longer than {options.MaxRecordBytes:N0} bytes, the most that one record may have.", IsFatal: false);
            }
            else if (Parsed(buffer.Slice(0, _scanned).Span, begun, buffer.Consumed) is { } row)
            {
                yield return row with { IsUnterminated = !ended };
            }

            if (!ended)
            {
                yield break;
            }

            SkipLineEnd(buffer);
        }
    }

    /// <summary>Goes on to the line break that ends the row, if it is here.</summary>
    private bool FindEnd(ReadOnlySpan<byte> text)
    {
        for (; _scanned < text.Length; _scanned++)
        {
            var b = text[_scanned];
            if (_inQuotes)
            {
                _justClosed = b == '"';
                _inQuotes = !_justClosed;
                _line += b == '\n' ? 1 : 0;
                continue;
            }

            if (b == '"' && (_atCellStart || _justClosed))
            {
                (_inQuotes, _quoteLine) = (true, _justClosed ? _quoteLine : _line);
            }
            else if (b is (byte)'\n' or (byte)'\r')
            {
                return true;
            }

            (_atCellStart, _justClosed) = (b == delimiter || (_atCellStart && (b == ' ' || (_scanned < 3 && b == "\uFEFF"u8[_scanned]))), false);
        }

        return false;
    }

    private void SkipLineEnd(RecordBuffer buffer)
    {
        var isReturn = buffer.Unread[_scanned] == '\r';
        buffer.Consume(_scanned + 1);
        if (isReturn && (buffer.Unread.Length > 0 || buffer.Fill()) && buffer.Unread[0] == '\n')
        {
            buffer.Consume(1);
        }

        (_scanned, _atCellStart, _justClosed) = (0, true, false);
        _line++;
    }

    private Row? Parsed(ReadOnlySpan<byte> text, long line, long offset)
    {
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text; // where another file was joined
        if (text.Trim(" \t"u8).IsEmpty)
        {
            return null;
        }

        if (Utf8Text.FirstInvalid(text) is >= 0 and var invalid)
        {
            return new Row(line, [], $"The file is not UTF-8: line {line}, byte {offset + invalid + 1} of the file. Save it as UTF-8 (in Excel: 'CSV UTF-8'), or name its encoding when you send it (windows-1252).", IsFatal: true);
        }

        _cells.Clear();
        while (true)
        {
            if (!Cell(text, out var cell, out var length, out var isQuoted))
            {
                return new Row(line, [], $"There is text behind the closing quote of cell {_cells.Count + 1}.", IsFatal: false);
            }

            if (cell.Length > options.MaxItemBytes)
            {
                return new Row(line, [], options.TextTooLong, IsFatal: false);
            }

            _cells.Add(isQuoted ? Encoding.UTF8.GetString(cell).Replace("\"\"", "\"", StringComparison.Ordinal) : Encoding.UTF8.GetString(cell));
            if (length == text.Length)
            {
                return new Row(line, _cells, null, IsFatal: false);
            }

            text = text[(length + 1)..];
        }
    }

    /// <summary>Some programs put a blank between a separator and the quote that opens a cell, or behind the one that closes it.</summary>
    private bool Cell(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> cell, out int length, out bool isQuoted)
    {
        var blanks = delimiter == ' ' ? 0 : text.Length - text.TrimStart((byte)' ').Length;
        isQuoted = blanks < text.Length && text[blanks] == '"';
        if (!isQuoted)
        {
            length = text.IndexOf(delimiter);
            length = length < 0 ? text.Length : length;
            cell = text[..length];
            return true;
        }

        length = blanks + 1;
        while (length < text.Length && (text[length] != '"' || (length + 1 < text.Length && text[length + 1] == '"')))
        {
            length += text[length] == '"' ? 2 : 1;
        }

        cell = text[(blanks + 1)..Math.Min(length, text.Length)];
        length = Math.Min(length + 1, text.Length);
        while (length < text.Length && text[length] == ' ' && delimiter != ' ')
        {
            length++;
        }

        return length == text.Length || text[length] == delimiter;
    }
}
