using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>
/// What a report consists of. It is written last, so a folder with a manifest is complete. It holds no time of making: that would differ
/// between two compilations of the same data. The workbook's own properties carry the end of the week.
/// </summary>
/// <param name="Runtime">Where the files were made; another platform may compress the same workbook to other bytes.</param>
/// <param name="Guideline">In manifests from before <paramref name="Guidelines"/>: the project's guideline of that time.</param>
/// <param name="Guidelines">Those that the judgements were made under.</param>
/// <param name="Revision">Null for the first report of a week.</param>
/// <param name="Open">The week had not ended: this report will be replaced.</param>
/// <param name="Scope">Of a campaign; null for a week.</param>
internal sealed record Manifest(
    string ProjectId,
    string Week,
    DateTimeOffset From,
    DateTimeOffset Until,
    bool Open,
    string Program,
    string Runtime,
    ManifestGuideline? Guideline,
    ManifestSeeds Seeds,
    ManifestCounts Counts,
    IReadOnlyList<ManifestFile> Files,
    IReadOnlyList<GuidelineUse>? Guidelines = null,
    ManifestRevision? Revision = null,
    CampaignScope? Scope = null)
{
    public static readonly string ThisProgram = "healtheval " + HealthEval.Program.Version;

    public static Manifest Of(WeekData week)
    {
        var p = week.Project;
        return new Manifest(
            p.ProjectId, p.Week, p.From, p.Until, p.Open, ThisProgram, $"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}",
            Guideline: null,
            new ManifestSeeds(Figures.Resampling.Seed, Figures.Resampling.Draws),
            new ManifestCounts(week.Prompts, week.Tasks, week.Rows.Count, week.Judgements, week.RaterTallies.Count, week.Verdicts.Total, week.SpanCount, week.Simulated),
            [.. ReportFiles.Listed.Select(name => ManifestFile.Of(week.Folder, name))],
            p.Guidelines, p.Revision, p.Scope);
    }
}

/// <summary>A report that replaces a delivered one. Both are kept.</summary>
/// <param name="Number">2 for the first that replaces another.</param>
/// <param name="Replaces">SHA-256 of the manifest it replaces.</param>
internal sealed record ManifestRevision(int Number, string Replaces, string Reason);

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
