using System.Text;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>Tables as text: which character separates the cells is seen from the header, or told by a line <c>sep=;</c>.</summary>
internal sealed record Delimiter(byte Character, bool HasSepLine)
{
    private static readonly byte[] Candidates = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];

    public string Name => Character == '\t' ? "tsv" : "csv";

    /// <summary>Null when no separator makes a header that we know of the first line.</summary>
    public static Delimiter? Detect(ReadOnlySpan<byte> text, FormatCatalog formats)
    {
        if (text.Length > 4 && text[..4].SequenceEqual("sep="u8))
        {
            return new Delimiter(text[4], HasSepLine: true);
        }

        foreach (var candidate in Candidates)
        {
            if (formats.SuitsColumns(Header(text, candidate)))
            {
                return new Delimiter(candidate, HasSepLine: false);
            }
        }

        return null;
    }

    public static UnreadableFileException NoColumns(ReadOnlySpan<byte> text)
    {
        var line = FirstLine(text).ToArray();
        var columns = Candidates.Select(candidate => Header(line, candidate)).MaxBy(header => header.Count)!;
        return new UnreadableFileException(columns.Count < 2
            ? "No known format: neither JSON nor a table with a header. Send JSON Lines, a JSON list, CSV, TSV or XLSX."
            : $"Required columns not found. {Tables.Needs} Found: {Excerpt.Of(string.Join(", ", columns), 120)}. Is the header line missing?");
    }

    public IEnumerable<RawRecord> Read(Stream stream, IngestOptions options)
    {
        var rows = new DelimitedRows(Character, options);
        IReadOnlyList<string>? header = null;
        var writer = new RowWriter();
        foreach (var row in rows.Read(stream))
        {
            if (row.Line == 1 && HasSepLine)
            {
                continue;
            }

            if (row.Problem is { } problem)
            {
                yield return RawRecord.Bad(row.Line, problem);
            }
            else if (header is null)
            {
                header = Tables.Header(row.Cells, options.Formats);
            }
            else if (row.Cells.Count > header.Count && row.Cells.Skip(header.Count).Any(cell => cell.Length > 0))
            {
                yield return RawRecord.Bad(row.Line, $"The row has {row.Cells.Count} cells, the header {header.Count}. Is a cell with a '{(char)Character}' in it not quoted?");
            }
            else if (row.Cells.Count < header.Count)
            {
                yield return RawRecord.Bad(row.Line, $"The row has {row.Cells.Count} cells, the header {header.Count}.") with { IsUnterminated = row.IsUnterminated };
            }
            else
            {
                yield return new RawRecord(row.Line, writer.Write(header, row.Cells), null) { IsUnterminated = row.IsUnterminated };
            }
        }
    }

    /// <summary>A quote that is never closed swallows the rows behind it, and a wrong encoding garbles them all: say so before any row is used.</summary>
    public void Survey(Stream stream, IngestOptions options)
    {
        foreach (var row in new DelimitedRows(Character, options).Read(stream))
        {
            if (row.IsFatal)
            {
                throw new UnreadableFileException(row.Problem!);
            }
        }
    }

    private static List<string> Header(ReadOnlySpan<byte> text, byte delimiter)
    {
        using var line = new MemoryStream(FirstLine(text).ToArray());
        return new DelimitedRows(delimiter, new IngestOptions()).Read(line).Select(row => row.Cells).FirstOrDefault() is { } cells ? [.. cells.Select(Tables.Normal)] : [];
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\n', (byte)'\r');
        return text[..Math.Min(end < 0 ? text.Length : end, 8192)];
    }
}
