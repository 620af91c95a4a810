using ClosedXML.Excel;

namespace HealthEval.Reports.Workbook;

/// <summary>A workbook in the making: what ClosedXML holds, and what is added to the package afterwards.</summary>
internal sealed class Book(XLWorkbook workbook, Figures figures)
{
    public Figures Figures { get; } = figures;

    public WeekData Week => Figures.Week;

    public WeekHeadlines Headlines => Figures.Headlines;

    public WeekChanges Changes => Figures.Changes;

    public Disagreements Disagreements => field ??= Disagreements.Of(Week);

    public (IReadOnlyList<SafetyCase> Shown, int All) Cases => Figures.Cases;

    /// <summary>Where a case stands on its sheet, by task and response.</summary>
    public Dictionary<string, string> CaseCells { get; } = new(StringComparer.Ordinal);

    public List<Chart> Charts { get; } = [];

    private readonly List<Pen> _pens = [];

    public List<LongSheet> LongSheets { get; } = [];

    public List<CachedValue> Cached { get; } = [];

    public Pen Sheet(string name, string tab = Look.AccentLight, bool freezeTitle = true)
    {
        var sheet = workbook.AddWorksheet(name);
        sheet.ShowGridLines = false;
        sheet.TabColor = Look.Color(tab);
        Printable(sheet);
        if (freezeTitle)
        {
            sheet.SheetView.FreezeRows(1);
        }

        var pen = new Pen(sheet);
        _pens.Add(pen);
        return pen;
    }

    public string? ExplanationOf(string sheet) => _pens.Find(pen => pen.Sheet.Name == sheet)?.Explanation;

    /// <summary>Once everything is written; Summary is laid out for its page already.</summary>
    public void FitPages() => _pens.Where(pen => pen.Sheet.Name != "Summary").ToList().ForEach(pen => pen.FitPage());

    /// <summary>The header and one styled row; the rows are streamed in when the package is written.</summary>
    public void Long(LongSheet sheet)
    {
        var worksheet = workbook.AddWorksheet(sheet.Name);
        worksheet.TabColor = Look.Color(Look.Line);
        Printable(worksheet);
        new Pen(worksheet).Table(sheet.Table, sheet.Columns, [[.. sheet.Columns.Select(c => c.Format is null ? "sample" : (object)1.0)]]);
        worksheet.Tables.First().ShowAutoFilter = true;
        worksheet.SheetView.FreezeRows(1);
        worksheet.PageSetup.SetRowsToRepeatAtTop(1, 1);
        LongSheets.Add(sheet);
    }

    /// <summary>A formula with the value it comes to.</summary>
    public void Formula(IXLCell cell, string formula, double value)
    {
        cell.FormulaA1 = formula;
        Cached.Add(new CachedValue(cell.Worksheet.Name, cell.Address.ToString()!, value));
    }

    private static void Printable(IXLWorksheet sheet)
    {
        sheet.PageSetup.PaperSize = XLPaperSize.A4Paper;
        sheet.PageSetup.PageOrientation = XLPageOrientation.Landscape;
        sheet.PageSetup.PagesWide = 1;
        sheet.PageSetup.PagesTall = 0;
        sheet.PageSetup.Margins.SetLeft(0.4).SetRight(0.4).SetTop(0.5).SetBottom(0.6);
        sheet.PageSetup.Footer.Left.AddText("HealthEval");
        sheet.PageSetup.Footer.Center.AddText(XLHFPredefinedText.SheetName);
        sheet.PageSetup.Footer.Right.AddText(XLHFPredefinedText.PageNumber);
    }
}
