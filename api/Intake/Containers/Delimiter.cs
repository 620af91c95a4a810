using System.Text;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Containers;

/// <summary>Tables as text: which character separates the cells is seen from the header, or told by a line <c>sep=;</c>.</summary>
/// <param name="HeaderRow">Rows above the header, such as titles.</param>
/// <param name="HeaderLine">The line on which it begins.</param>
/// <param name="IsKnown">Some format is a table with these columns.</param>
internal sealed record Delimiter(byte Character, int HeaderRow, long HeaderLine, bool IsKnown)
{
    private static readonly byte[] Candidates = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];

    public string Name => Character == '\t' ? "tsv" : "csv";

    public string? Header => HeaderRow == 0 ? null : $"header in line {HeaderLine}";

    /// <summary>Null when no separator makes a table of it. Columns that no format knows may still be told what they are.</summary>
    public static Delimiter? Detect(ReadOnlySpan<byte> text, IngestOptions options)
    {
        if (text.Length > 4 && text[..4].SequenceEqual("sep="u8))
        {
            return new Delimiter(text[4], 1, 2, IsKnown: true);
        }

        var begin = text.ToArray();
        Delimiter? shaped = null;
        foreach (var candidate in Candidates)
        {
            var rows = Rows(begin, candidate);
            if (candidate is (byte)'|' && rows.Exists(row => row.Cells.Count > 1 && row.Cells.TrueForAll(IsRule) && row.Cells.Exists(cell => cell.Contains("--", StringComparison.Ordinal))))
            {
                throw new UnreadableFileException("The file is a Markdown table, whose cells cannot hold every text. Save it as CSV or JSON Lines.");
            }

            if (Tables.HeaderAt(rows.ConvertAll(row => row.Cells), options.Formats) is >= 0 and var at)
            {
                return new Delimiter(candidate, at, rows[at].Line, IsKnown: true);
            }

            var isTable = rows.Count > 1 && rows[0].Cells.Count > 1 && rows.Count(row => row.Cells.Count == rows[0].Cells.Count) * 10 >= rows.Count * 8; // single rows may be broken
            shaped ??= isTable ? new Delimiter(candidate, 0, rows[0].Line, IsKnown: false) : null;
        }

        return shaped;
    }

    /// <summary>What stands between header and rows of a Markdown table.</summary>
    private static bool IsRule(string cell) => cell.Trim() is var rule && (rule.Length == 0 || (rule.Trim(':').Length > 0 && rule.Trim(':').All(c => c is '-')));

    public static UnreadableFileException NoTable() => new("No known format: neither JSON nor a table with a header. Send JSON Lines, a JSON list, CSV, TSV or XLSX.");

    public IEnumerable<RawRecord> Read(Stream stream, IngestOptions options)
    {
        var rows = new DelimitedRows(Character, options);
        IReadOnlyList<string>? header = null;
        var writer = new RowWriter();
        var above = 0;
        foreach (var row in rows.Read(stream))
        {
            if (header is null && row.Problem is null && above++ < HeaderRow)
            {
                continue;
            }

            if (row.Problem is { } problem)
            {
                yield return RawRecord.Bad(row.Line, problem);
            }
            else if (header is null)
            {
                header = Tables.Header(row.Cells);
            }
            else if (TableRows.NamesAgain(row.Cells, header, options.Formats) is { } again)
            {
                header = again;
            }
            else if (row.Cells.Count > header.Count && row.Cells.Skip(header.Count).Any(cell => cell.Length > 0))
            {
                yield return RawRecord.Bad(row.Line, $"The row has {row.Cells.Count} cells, the header {header.Count}. Is a cell with a '{(char)Character}' in it not quoted?");
            }
            else if (row.Cells.Count < header.Count)
            {
                yield return RawRecord.Bad(row.Line, $"The row has {row.Cells.Count} cells, the header {header.Count}.") with { IsUnterminated = row.IsUnterminated };
            }
            else if (TableRows.Fault(row.Cells, header) is { } fault)
            {
                yield return RawRecord.Bad(row.Line, fault);
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

    /// <summary>The first rows; names may go on over several lines. What cannot be read here is not among them.</summary>
    private static List<(long Line, List<string> Cells)> Rows(byte[] begin, byte delimiter)
    {
        using var text = new MemoryStream(begin);
        return [.. new DelimitedRows(delimiter, new IngestOptions()).Read(text).Take(Tables.RowsToLookAt).Where(row => row.Problem is null).Select(row => (row.Line, row.Cells.ToList()))];
    }
}
