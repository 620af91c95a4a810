using HealthEval.Reports.Workbook;

namespace HealthEval.Reports;

/// <summary>Export files in, workbook and manifest out. A pure function of the files: no store, no clock, seeds recorded.</summary>
internal static class Report
{
    public static async Task<Manifest> CompileAsync(string folder, CancellationToken cancellation)
    {
        File.Delete(Path.Combine(folder, ReportFiles.Manifest));
        var figures = await ComputeAsync(folder, folder, cancellation);
        var manifest = Manifest.Of(figures.Week);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Manifest), manifest, cancellation);
        return manifest;
    }

    /// <summary>Reads the exports of one folder and writes figures and workbook into another (or the same).</summary>
    public static async Task<Figures> ComputeAsync(string exports, string output, CancellationToken cancellation, int? threads = null)
    {
        var figures = new Figures(WeekData.Read(exports), threads);
        await JsonLines.WriteFileAsync(Path.Combine(output, ReportFiles.Figures), figures.Headlines, cancellation);
        await JsonLines.WriteFileAsync(Path.Combine(output, ReportFiles.Display), ReportDisplay.Of(figures), cancellation);
        await JsonLines.WriteAllAsync(Path.Combine(output, ReportFiles.Responses), figures.Totals, cancellation);
        await File.WriteAllTextAsync(Path.Combine(output, ReportFiles.DataCard), DataCard.Of(figures), cancellation);
        WeekWorkbook.Write(figures, Path.Combine(output, ReportFiles.Workbook), cancellation);
        return figures;
    }
}
