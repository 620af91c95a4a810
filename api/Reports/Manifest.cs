using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>
/// What a report consists of. It is written last, so a folder with a manifest is complete. It holds no time of making: that would differ
/// between two compilations of the same data. The workbook's own properties carry the end of the week.
/// </summary>
/// <param name="Runtime">Where the files were made; another platform may compress the same workbook to other bytes.</param>
/// <param name="Open">The week had not ended: this report will be replaced.</param>
internal sealed record Manifest(
    string ProjectId,
    string Week,
    DateTimeOffset From,
    DateTimeOffset Until,
    bool Open,
    string Program,
    string Runtime,
    ManifestGuideline Guideline,
    ManifestSeeds Seeds,
    ManifestCounts Counts,
    IReadOnlyList<ManifestFile> Files)
{
    public static readonly string ThisProgram = "healtheval " + HealthEval.Program.Version;

    public static Manifest Of(WeekData week)
    {
        var p = week.Project;
        return new Manifest(
            p.ProjectId, p.Week, p.From, p.Until, p.Open, ThisProgram, $"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}",
            new ManifestGuideline(p.Guideline.Id, p.Guideline.Version, week.Guideline.TaxonomyVersion, week.Guideline.Sha256),
            new ManifestSeeds(Figures.Resampling.Seed, Figures.Resampling.Draws),
            new ManifestCounts(week.Prompts, week.Tasks, week.Rows.Count, week.Judgements, week.RaterTallies.Count, week.Verdicts.Total, week.SpanCount, week.Simulated),
            [.. ReportFiles.Listed.Select(name => ManifestFile.Of(week.Folder, name))]);
    }
}

internal sealed record ManifestGuideline(string Id, int Version, int TaxonomyVersion, string Sha256);

internal sealed record ManifestSeeds(ulong Bootstrap, int Draws);

internal sealed record ManifestCounts(int Prompts, int Tasks, int Ratings, int Judgements, int Raters, int Claims, int Spans, int SimulatedJudgements);

internal sealed record ManifestFile(string Path, long Bytes, string Sha256)
{
    public static ManifestFile Of(string folder, string name)
    {
        using var stream = File.OpenRead(System.IO.Path.Combine(folder, name));
        return new ManifestFile(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
