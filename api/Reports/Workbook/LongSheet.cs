using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace HealthEval.Reports.Workbook;

/// <summary>A sheet with one row per judgement, claim or span: its rows are streamed into the package, never held in memory.</summary>
internal sealed record LongSheet(string Name, string Table, IReadOnlyList<Column> Columns, Func<IEnumerable<object?[]>> Rows, string WhenEmpty);

/// <summary>Writes rows as SpreadsheetML, straight to UTF-8. Text goes into inline strings, so nothing has to be remembered.</summary>
internal sealed class RowWriter(Stream stream, string[] styles)
{
    public const int LastRow = 1_048_576;
    private const int FlushAt = 1 << 16;
    private static readonly SearchValues<char> NeedsEscape = SearchValues.Create("&<>_");
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushAt);
    private readonly byte[][] _letters = [.. Enumerable.Range(1, styles.Length).Select(c => Encoding.ASCII.GetBytes(ClosedXML.Excel.XLHelper.GetColumnLetterFromNumber(c)))];
    private readonly byte[][] _styles = [.. styles.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Writes all rows from <paramref name="row"/> on and returns the number of the last. If they don't all fit, the last row says so.</summary>
    public int WriteAll(IEnumerable<object?[]> rows, int row, CancellationToken cancellation)
    {
        var lost = 0L;
        foreach (var values in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            if (row < LastRow)
            {
                Write(row++, values);
            }
            else
            {
                lost++;
            }
        }

        if (lost > 0)
        {
            Write(row++, [$"{lost:N0} more rows do not fit on a sheet; all of them are in the export files."]);
        }

        Flush();
        return row - 1;
    }

    private void Write(int row, object?[] values)
    {
        Raw("<x:row r=\""u8);
        Number(row);
        Raw("\">"u8);
        for (var c = 0; c < values.Length; c++)
        {
            if (values[c] is { } value)
            {
                Cell(row, c, value);
            }
        }

        Raw("</x:row>"u8);
        if (_buffer.WrittenCount > FlushAt)
        {
            Flush();
        }
    }

    private void Cell(int row, int column, object value)
    {
        Raw("<x:c r=\""u8);
        Raw(_letters[column]);
        Number(row);
        Raw("\" s=\""u8);
        Raw(_styles[column]);
        switch (value)
        {
            case string text:
                Raw("\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">"u8);
                Text(CellText.Clean(text));
                Raw("</x:t></x:is></x:c>"u8);
                return;
            case int number:
                Raw("\"><x:v>"u8);
                Number(number);
                break;
            case double number:
                Raw("\"><x:v>"u8);
                Number(number);
                break;
            case DateTimeOffset time:
                Raw("\"><x:v>"u8);
                Number(time.UtcDateTime.ToOADate());
                break;
            default:
                throw new ArgumentException($"A cell cannot hold a {value.GetType().Name}.", nameof(value));
        }

        Raw("</x:v></x:c>"u8);
    }

    private void Text(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny(NeedsEscape); at >= 0; at = text.IndexOfAny(NeedsEscape))
        {
            Encode(text[..at]);
            Raw(text[at] switch { '&' => "&amp;"u8, '<' => "&lt;"u8, '>' => "&gt;"u8, _ => IsEscape(text[at..]) ? "_x005F_"u8 : "_"u8 });
            text = text[(at + 1)..];
        }

        Encode(text);
    }

    /// <summary>A literal "_x0041_" would be read back as "A" (ECMA-376, ST_Xstring), so its first underscore is written as one of these itself.</summary>
    private static bool IsEscape(ReadOnlySpan<char> text) =>
        text.Length >= 7 && text[1] == 'x' && text[6] == '_' && char.IsAsciiHexDigit(text[2]) && char.IsAsciiHexDigit(text[3]) && char.IsAsciiHexDigit(text[4]) && char.IsAsciiHexDigit(text[5]);

    private void Encode(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, _buffer);

    private void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    private void Number(int value)
    {
        Utf8Formatter.TryFormat(value, _buffer.GetSpan(16), out var written);
        _buffer.Advance(written);
    }

    private void Number(double value)
    {
        value.TryFormat(_buffer.GetSpan(40), out var written);
        _buffer.Advance(written);
    }

    private void Flush()
    {
        stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
