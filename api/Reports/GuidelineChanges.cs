using System.Text.Json;
using HealthEval.Guidelines;
using HealthEval.Storage;

namespace HealthEval.Reports;

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
        .. Compare("Trusted sources", before.Sources, after.Sources, s => s.Domain, Words),
        .. Compare("Paywalled sources", before.Paywalled, after.Paywalled, s => s.Domain, Words),
        .. Compare("Behaviour checks", before.Behaviour, after.Behaviour, b => b.Key, Words),
        .. Compare("Customer rules", before.Rules, after.Rules, r => r.Id, Words),
        .. Compare("Flags", before.Flags, after.Flags, f => f.Key, Words),
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
