using ClosedXML.Excel;

namespace HealthEval.Reports.Workbook;

/// <summary>What is where: every sheet with a sentence, one click away.</summary>
internal static class ContentsSheet
{
    private const string Name = "Contents";

    private static readonly Dictionary<string, string> OfLongSheets = new(StringComparer.Ordinal)
    {
        ["Critical findings"] = "Every single finding that a rater called critical, as it was made; cases put together are on sheet Cases.",
        ["Refuted claims"] = "Claims that were refuted or outdated, with correction and source.",
        ["Items"] = "One row per response: consensus, spread, harm, claims, codes.",
        ["Raw ratings"] = "One row per rater and response.",
        ["Claims"] = "One row per claim that a rater recorded.",
        ["Annotations"] = "One row per marked passage.",
    };

    public static void Write(Book book, XLWorkbook workbook)
    {
        var pen = book.Sheet(Name, Look.Ink);
        pen.Title(Name, "Every sheet and what it shows. A click on its name goes there.");
        var sheets = workbook.Worksheets.Where(sheet => sheet.Name is not (Name or "Summary")).Select(sheet => sheet.Name).ToList();
        var block = pen.Table("Contents", [Column.Text("Sheet", 24, wrap: false), Column.Text("What it shows", 130)], sheets.Prepend("Summary").Select(name => (object?[])
            [name, name == "Summary" ? "The headline figures on one page." : book.ExplanationOf(name) ?? OfLongSheets.GetValueOrDefault(name)]));
        foreach (var (name, i) in sheets.Prepend("Summary").Select((name, i) => (name, i)))
        {
            CasesSheet.Link(pen.Sheet.Cell(block.FirstRow + i, 1), name, $"'{name}'!A1");
        }

        pen.Sheet.Position = 2;
    }
}
