using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Spans from a long CSV.</summary>
internal static class StatsSpans
{
    public const string Columns = "spans: unit, rater, start, end, and if wanted category and length; a row with blank start and end says that the rater marked nothing";

    public static IReadOnlyList<SpanDocument> Read(StatsTable table, StatsRequest request)
    {
        var unit = Column(table, request.UnitColumn, "unit", "item", "document", "doc", "text", "id", "response");
        var rater = Column(table, request.RaterColumn, "rater", "coder", "annotator", "observer", "judge");
        var (start, end) = (Column(table, null, "start", "begin", "from"), Column(table, null, "end", "stop", "to"));
        var category = table.Find("category", "code", "label", "kind", "type", "class");
        var length = table.Find("length", "text_length", "characters");
        return [.. table.Rows.GroupBy(r => r.Cells[unit], StringComparer.Ordinal).Select(g => Document(table, request, [.. g], unit, rater, start, end, category, length))];
    }

    private static SpanDocument Document(StatsTable table, StatsRequest request, StatsRow[] rows, int unit, int rater, int start, int end, int category, int length)
    {
        var spans = new List<RatedSpan>();
        foreach (var row in rows.Where(r => r.Cells[start].Trim().Length > 0))
        {
            var (from, to) = (Offset(table, row, start), Offset(table, row, end));
            if (to <= from)
            {
                throw new StatsInputException($"{table.Name}, line {row.Line}: the span ends at {to}, not after its start at {from} (offsets are half-open).");
            }
            spans.Add(new RatedSpan(row.Cells[rater].Trim(), from, to, category < 0 ? "" : row.Cells[category].Trim()));
        }
        var last = spans.Count == 0 ? 0 : spans.Max(s => s.End);
        var stated = length >= 0 ? rows.Max(r => r.Cells[length].Trim().Length == 0 ? 0 : Offset(table, r, length)) : (int)(request.Setting("length") ?? last);
        return stated >= last
            ? new SpanDocument(rows[0].Cells[unit].Trim(), stated, [.. rows.Select(r => r.Cells[rater].Trim()).Distinct(StringComparer.Ordinal)], spans)
            : throw new StatsInputException($"{table.Name}, line {rows[0].Line}: a span of '{rows[0].Cells[unit]}' ends at {last}, beyond the text's length {stated}.");
    }

    private static int Offset(StatsTable table, StatsRow row, int column) => int.TryParse(row.Cells[column].Trim(), out var n) && n >= 0
        ? n
        : throw new StatsInputException($"{table.Name}, line {row.Line}: '{row.Cells[column]}' is not an offset (a whole number of 0 or more).");

    private static int Column(StatsTable table, string? named, params string[] standard) => named is not null ? table.Require(named) : table.Find(standard) is var at and >= 0
        ? at
        : throw new StatsInputException($"{table.Name} needs a column '{standard[0]}'. Expected {Columns}.");
}
