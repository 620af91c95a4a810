using ClosedXML.Excel;

namespace HealthEval.Reports.Workbook;

/// <summary>The weekly workbook, sheet by sheet.</summary>
internal static class WeekWorkbook
{
    public static void Write(Figures figures, string path, CancellationToken cancellation)
    {
        using var workbook = new XLWorkbook();
        workbook.Style.Font.SetFontName("Calibri").Font.SetFontSize(10);
        var book = new Book(workbook, figures);
        SummarySheet.Write(book);
        ComparisonSheet.Write(book);
        ModelsSheet.Write(book);
        DimensionsSheet.Write(book);
        SafetySheet.Write(book);
        CasesSheet.Write(book);
        FactualitySheet.Write(book);
        ErrorsSheet.Write(book);
        BehaviourSheet.Write(book);
        BenchmarksSheet.Write(book);
        AgreementSheet.Write(book);
        RatersSheet.Write(book);
        OperationsSheet.Write(book);
        DisagreementsSheet.Write(book);
        ChangesSheet.Write(book);
        RowSheets.Items(book);
        RowSheets.RawRatings(book);
        RowSheets.Claims(book);
        RowSheets.Annotations(book);
        MethodsSheet.Write(book);
        ManifestSheet.Write(book);
        ContentsSheet.Write(book, workbook);
        book.FitPages();

        using var saved = new MemoryStream();
        workbook.SaveAs(saved);
        saved.Position = 0;
        var project = figures.Week.Project;
        var properties = new CoreProperties($"{CellText.Clean(project.Name)}, {figures.Week.Week.Words}", figures.Week.Week.IsWeek ? "Weekly evaluation report" : "Campaign report", project.Until);
        using var target = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        new Package(saved, book.LongSheets, book.Charts, book.Cached, properties).WriteTo(target, cancellation);
    }
}
