using HealthEval.Annotations;
using HealthEval.Projects;
using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

public sealed class VerificationTests
{
    [Fact]
    public async Task A_report_that_nobody_touched_is_the_same()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 8));
        var verification = await Verification.OfAsync(week.Folder, default);
        Assert.Empty(verification.Differences);
        Assert.Equal(ReportFiles.Listed.Count, verification.FilesChecked);
    }

    [Theory]
    [InlineData("annotations.jsonl")]
    [InlineData("adjudications.jsonl")]
    [InlineData("claims.jsonl")]
    [InlineData("guidelines.json")]
    [InlineData("history.json")]
    [InlineData("items.jsonl")]
    [InlineData("project.json")]
    [InlineData("raters.json")]
    [InlineData("figures.json")]
    [InlineData("workbook.xlsx")]
    [InlineData("manifest.json")]
    public async Task One_changed_byte_in_any_file_is_noticed_and_named(string file)
    {
        var settled = new Adjudication(
            "a1", WeekSample.ProjectId, "t00003", "senior-1", "A-12345678", "l1", ["j1", "j2"], "seed", new GuidelineReference("healtheval", 1), "g", "i", Simulated: false,
            WeekSample.Monday, WeekSample.Monday.AddDays(1), "c", [new Ruling(new Dispute("case", null, "flag", null, null, null, "Flagged: privacy", ["privacy", null]), Dispute.Stands, null, false, "Because.")]);
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 8) { Adjudications = [settled] });
        var bytes = week.Bytes(file);
        bytes[file == ReportFiles.Manifest ? bytes.AsSpan().IndexOf((byte)':') + 2 : bytes.Length / 2] ^= 1; // a changed hash in the manifest would accuse the file it is of
        await File.WriteAllBytesAsync(week[file], bytes);
        var verification = await Verification.OfAsync(week.Folder, default);
        Assert.Contains(verification.Differences, d => d.StartsWith(file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_whose_exports_and_hashes_were_both_changed_is_found_by_computing_it_again()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 8));
        var text = await File.ReadAllTextAsync(week[ReportFiles.Annotations]);
        await File.WriteAllTextAsync(week[ReportFiles.Annotations], text.Replace("\"accuracy\":2", "\"accuracy\":5", StringComparison.Ordinal));
        var listed = week.Manifest.Files.Select(f => f.Path == ReportFiles.Annotations ? ManifestFile.Of(week.Folder, f.Path) : f).ToList();
        await JsonLines.WriteFileAsync(week[ReportFiles.Manifest], week.Manifest with { Files = listed }, default);
        var verification = await Verification.OfAsync(week.Folder, default);
        Assert.Contains(verification.Differences, d => d.StartsWith("workbook.xlsx, computed again", StringComparison.Ordinal) && d.Contains("xl/worksheets/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_files_and_a_missing_manifest_are_named()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 8));
        File.Delete(week[ReportFiles.Claims]);
        Assert.Contains((await Verification.OfAsync(week.Folder, default)).Differences, d => d == "claims.jsonl is missing.");
        File.Delete(week[ReportFiles.Manifest]);
        Assert.Contains("not a finished report", Assert.Single((await Verification.OfAsync(week.Folder, default)).Differences), StringComparison.Ordinal);
    }
}
