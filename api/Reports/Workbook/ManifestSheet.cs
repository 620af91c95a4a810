namespace HealthEval.Reports.Workbook;

/// <summary>What this workbook was computed from, file by file.</summary>
internal static class ManifestSheet
{
    public static void Write(Book book)
    {
        var pen = book.Sheet("Manifest", Look.Muted);
        var (week, project) = (book.Week, book.Week.Project);
        pen.Title("Manifest", "The files this workbook was computed from. manifest.json beside it also holds the hash of this workbook.");
        pen.Table("ManifestFiles", [Column.Text("File", 28), Column.Number("Bytes", Look.Count, 14), Column.Text("SHA-256", 70, wrap: false)], ReportFiles.Exports.Select(name => ManifestFile.Of(week.Folder, name)).Select(f => (object?[])[f.Path, f.Bytes, f.Sha256]));
        pen.Table("ManifestFacts", [Column.Text("Fact", 28), Column.Text("Value", 14, wrap: false)], ((IEnumerable<(string, string)>)[
            ("Project", project.ProjectId),
            (week.Week.IsWeek ? "Week" : "Campaign", project.Week),
            .. project.Revision is { } revision ? [("Revision", $"{revision.Number}, replaces the manifest {revision.Replaces}: {revision.Reason}")] : Array.Empty<(string, string)>(),
            ("Program", Manifest.ThisProgram),
            .. project.Guidelines.Select(g => ("Guideline", $"{g}, taxonomy v{g.TaxonomyVersion}, {g.Judgements} judgements, SHA-256 {g.Sha256}")),
            ("Seed, resamples", $"{Figures.Resampling.Seed}, {Figures.Resampling.Draws}"),
            ("Judgements", $"{week.Judgements}"),
            ("of them simulated", $"{week.Simulated}"),
            ("Ratings", $"{week.Rows.Count}"),
            ("Claims", $"{week.Verdicts.Total}"),
            ("Spans", $"{week.SpanCount}"),
        ]).Select(f => (object?[])[f.Item1, f.Item2]));
    }
}
