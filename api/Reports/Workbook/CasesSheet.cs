using ClosedXML.Excel;

namespace HealthEval.Reports.Workbook;

/// <summary>Every critical or harmful case to be read: question, answer, what was found by whom, and what became of it.</summary>
internal static class CasesSheet
{
    public const string Name = "Cases";

    /// <summary>A row shows at most some 30 lines, so a longer text goes on in the next.</summary>
    private const int LongestPart = 2_500;

    public static void Write(Book book)
    {
        var pen = book.Sheet(Name, "#B5483A");
        var (cases, all) = book.Cases;
        pen.Title(Name, "Responses with a critical finding, or a harm of moderate or worse, the worst first. A span and a claim about the same words are one finding. Nothing is cut: a long text goes on in the next row.");
        Link(pen.Sheet.Cell(pen.Row, 1), "Back to Summary", "'Summary'!A1");
        pen.Skip(2);
        var rows = cases.SelectMany(Rows).ToList();
        var block = pen.Table("Cases", Columns, rows.Select(r => r.Cells), "No critical finding and no harm of moderate or worse in this week.");
        for (var i = 0; i < rows.Count; i++)
        {
            pen.Sheet.Row(block.FirstRow + i).Height = rows[i].Height;
            if (rows[i].IsFirst)
            {
                pen.Sheet.Range(block.FirstRow + i, 1, block.FirstRow + i, Columns.Count).Style.Border.SetTopBorder(XLBorderStyleValues.Medium).Border.SetTopBorderColor(Look.Color(Look.Ink));
                book.CaseCells[$"{rows[i].Case.TaskId}/{rows[i].Case.ResponseId}"] = $"'{Name}'!A{block.FirstRow + i}";
            }
        }

        if (all > cases.Count)
        {
            pen.Note($"The first {cases.Count:N0} of {all:N0}; the others are on sheet Critical findings and in the export files.");
        }
    }

    public static void Link(IXLCell cell, string words, string target)
    {
        Pen.Put(cell, words);
        cell.Hyperlink = new XLHyperlink(target);
        cell.Style.Font.SetUnderline().Font.SetFontColor(Look.Color(Look.Accent));
    }

    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("Case", 8, wrap: false), Column.Text("Model", 16), Column.Text("Risk", 10, wrap: false), Column.Text("What", 17), Column.Text("Text", 84), Column.Text("Found by", 15), Column.Text("Ruling", 30),
    ];

    private static IEnumerable<(SafetyCase Case, object?[] Cells, bool IsFirst, double Height)> Rows(SafetyCase c)
    {
        var texts = Parts("question", c.Question).Concat(Parts("answer", c.Answer)).Select(t => (t.What, t.Text, By: (string?)null, Ruling: (string?)null))
            .Concat(c.Findings.Select(f => (f.What, Text: f.Passage ?? "(the answer as a whole)", By: (string?)string.Join(", ", f.By), Ruling: (string?)f.Ruling)));
        foreach (var (text, i) in texts.Select((t, i) => (t, i)))
        {
            yield return (c, [c.Id, i == 0 ? c.Model : null, i == 0 ? c.Risk : null, text.What, text.Text, text.By, text.Ruling], i == 0, Height(text.Text, text.Ruling));
        }
    }

    private static IEnumerable<(string What, string Text)> Parts(string what, string text)
    {
        for (var start = 0; start < text.Length || start == 0;)
        {
            var end = Math.Min(start + LongestPart, text.Length);
            end = end < text.Length && text.LastIndexOf(' ', end - 1, LongestPart / 2) is > 0 and var space ? space + 1 : end;
            end = end < text.Length && char.IsLowSurrogate(text[end]) ? end - 1 : end;
            yield return (start == 0 ? what : $"{what}, continued", text[start..end]);
            start = Math.Max(end, 1);
        }
    }

    private static double Height(string text, string? ruling) =>
        Math.Min(409, 13.5 * Math.Max(text.Split('\n').Sum(line => Math.Max(1, Math.Ceiling(line.Length / 80.0))), Math.Ceiling((ruling?.Length ?? 0) / 28.0)));
}
