using System.Text.Json;
using HealthEval.Storage;

namespace HealthEval.Guidelines;

/// <summary>One edit of what raters were asked, or of the sources they may rely on.</summary>
internal sealed record GuidelineChange(string Part, string What, string Entry, string Before, string After);

internal static class GuidelineChanges
{
    /// <summary>Entry by entry: dimensions, taxonomy, trusted sources, checks and rules; each part's own name for an entry tells which is which.</summary>
    public static IEnumerable<GuidelineChange> Between(Guideline before, Guideline after) =>
    [
        .. Compare("Version", [before], [after], _ => "guideline", g => $"{g.Id} v{g.Version}"),
        .. Compare("Version", [before], [after], _ => "taxonomy", g => $"v{g.TaxonomyVersion}"),
        .. Compare("Instructions", before.Instructions, after.Instructions, i => i.Title, i => i.Text),
        .. Compare("Dimensions", before.Dimensions, after.Dimensions, d => d.Name, Words),
        .. Compare("Claim verdicts", before.Verdicts, after.Verdicts, v => v.Key, Words),
        .. Compare("Taxonomy: severities", before.Severities, after.Severities, s => s.Name, Words),
        .. Compare("Taxonomy: codes", before.Codes, after.Codes, c => c.Code, Words),
        .. Compare("Trusted sources", before.Sources, after.Sources, s => s.Address, Words),
        .. Compare("Paywalled sources", before.Paywalled, after.Paywalled, s => s.Domain, Words),
        .. Compare("Behaviour checks", before.Behaviour, after.Behaviour, b => b.Key, Words),
        .. Compare("Customer rules", before.Rules, after.Rules, r => r.Id, Words),
        .. Compare("Flags", before.Flags, after.Flags, f => f.Key, Words),
        .. Compare("Release reasons", before.ReleaseReasons, after.ReleaseReasons, r => r.Key, Words),
        .. Compare("Harm: extent", before.Harm.Extent, after.Harm.Extent, t => t.Key, Words),
        .. Compare("Harm: likelihood", before.Harm.Likelihood, after.Harm.Likelihood, t => t.Key, Words),
        .. Compare("Harm: mechanism", before.Harm.Mechanism, after.Harm.Mechanism, t => t.Key, Words),
        .. Compare("Harm: kinds", before.Harm.Kinds ?? [], after.Harm.Kinds ?? [], t => t.Key, Words),
        .. Compare("Harm: in between", before.Harm.Mediation ?? [], after.Harm.Mediation ?? [], t => t.Key, Words),
        .. Compare("Confidence", before.Confidence, after.Confidence, l => $"{l.Value}", Words),
        .. Compare("Overall", before.Overall, after.Overall, l => $"{l.Value}", Words),
        .. Compare("Kinds of marks", before.Kinds, after.Kinds, k => k.Key, Words),
        .. Compare("Claim types", before.ClaimTypes, after.ClaimTypes, t => t.Key, Words),
        .. Compare("Checkworthiness", before.Checkworthiness, after.Checkworthiness, t => t.Key, Words),
        .. Compare("Evidence tiers", before.EvidenceTiers, after.EvidenceTiers, t => t.Key, Words),
        .. Compare("Gates", before.Gates ?? [], after.Gates ?? [], g => g.Key, Words),
        .. Compare("Modes", before.Modes ?? [], after.Modes ?? [], m => m.Key, Words),
        .. Compare("Themes", before.Themes ?? [], after.Themes ?? [], t => t.Key, Words),
        .. Compare("Task types", before.TaskTypes ?? [], after.TaskTypes ?? [], t => t.Key, Words),
        .. Compare("Settings", Settings(before), Settings(after), s => s.Key, s => s.Value),
    ];

    /// <summary>What stands by itself in a guideline.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> Settings(Guideline guideline) =>
    [
        new("title", guideline.Title),
        new("summary", guideline.Summary),
        new("span limit per response", $"{guideline.SpanLimit}"),
        new("overall and confidence", guideline.PerResponse == true ? "for each response" : "once a task"),
        new("which entry an address belongs to", guideline.SourceMatch == "page" ? "longest path on the same host" : "longest domain"),
        new("equity", guideline.Equity?.Question ?? "not asked"),
        new("quiz questions", $"{guideline.Quiz?.Count ?? 0}"),
        new("calibration items", $"{guideline.Calibration?.Count ?? 0}"),
    ];

    private static IEnumerable<GuidelineChange> Compare<T>(string part, IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> name, Func<T, string> words)
    {
        var (old, now) = (Words(before), Words(after));
        foreach (var entry in old.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            var (was, isNow) = (old.GetValueOrDefault(entry), now.GetValueOrDefault(entry));
            if (was != isNow)
            {
                yield return new GuidelineChange(part, was is null ? "added" : isNow is null ? "removed" : "changed", entry, was ?? "", isNow ?? "");
            }
        }

        Dictionary<string, string> Words(IReadOnlyList<T> entries) => entries.GroupBy(name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => string.Join("\n", g.Select(words)), StringComparer.Ordinal);
    }

    /// <summary>The fields of an entry, one on each line.</summary>
    private static string Words<T>(T entry) => string.Join("\n", JsonSerializer.SerializeToElement(entry, Json.Options).EnumerateObject().Select(p => $"{p.Name}: {p.Value}"));
}
