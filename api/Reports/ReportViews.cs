using System.Text.Json.Serialization;
using HealthEval.Storage;

namespace HealthEval.Reports;

internal sealed record ReportList(IReadOnlyList<ReportView> Weeks);

internal sealed record CampaignList(IReadOnlyList<ReportView> Campaigns);

/// <param name="Week">The ISO week, or the key of a campaign.</param>
/// <param name="State">compiled, damaged (to be compiled again), due (over, not compiled yet), open (running; what is there is provisional) or none (nothing was judged).</param>
internal sealed record ReportView(
    string Week,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? CompiledAt,
    long Judgements,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? WorkbookBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? WorkbookSha256,
    IReadOnlyList<ManifestFile>? Files)
{
    /// <summary>What is wrong with the stored report, in a sentence.</summary>
    public string? Damage { get; init; }

    /// <summary>What a campaign covers.</summary>
    public string? Name { get; init; }

    /// <summary>1 for the first report of a week, more for one that replaced another.</summary>
    public int? Revision { get; init; }

    /// <summary>Why it replaced the one before.</summary>
    public string? Reason { get; init; }

    /// <summary>Those it replaced, which are kept; the latest first.</summary>
    public IReadOnlyList<EarlierRevision>? Replaced { get; init; }

    /// <summary>What compiling came to: compiled, revised or unchanged.</summary>
    public string? Outcome { get; init; }
}

internal sealed record EarlierRevision(int Revision, DateTimeOffset CompiledAt, string WorkbookSha256, string? Reason);

/// <summary>What the program says about the report of a week or a campaign.</summary>
internal sealed class ReportViews(IDocumentStore store, ReportArchive archive, TimeProvider time)
{
    public async Task<ReportView> OfAsync(string projectId, Coverage week, CancellationToken cancellation)
    {
        var open = time.GetUtcNow() < week.End;
        var name = week.IsWeek ? null : week.Name;
        if (await archive.DamageAsync(projectId, week, cancellation) is { } damage)
        {
            return new ReportView(week.Key, "damaged", null, await JudgementsAsync(projectId, week, cancellation), null, null, null) { Damage = damage, Name = name };
        }

        if (await archive.FindAsync(projectId, week, cancellation) is ({ } manifest, { } entry))
        {
            var workbook = manifest.Files.First(f => f.Path == ReportFiles.Workbook);
            var state = !manifest.Open ? "compiled" : open ? "open" : "due";
            var (number, replaced) = (manifest.Revision?.Number ?? 1, new List<EarlierRevision>());
            foreach (var (n, kept, file) in await archive.KeptAsync(projectId, week, number, cancellation))
            {
                replaced.Add(new EarlierRevision(n, file.Modified, kept.Files.First(f => f.Path == ReportFiles.Workbook).Sha256, kept.Revision?.Reason));
            }

            return new ReportView(week.Key, state, entry.Modified, manifest.Counts.Judgements, workbook.Bytes, workbook.Sha256, manifest.Files)
            {
                Name = name,
                Revision = number,
                Reason = manifest.Revision?.Reason,
                Replaced = replaced.Count == 0 ? null : replaced,
            };
        }

        var judgements = await JudgementsAsync(projectId, week, cancellation);
        return new ReportView(week.Key, open ? "open" : judgements > 0 ? "due" : "none", null, judgements, null, null, null) { Name = name };
    }

    private Task<long> JudgementsAsync(string projectId, Coverage week, CancellationToken cancellation) => store.CountAsync(Gathering.Submitted(projectId, week), cancellation);
}
