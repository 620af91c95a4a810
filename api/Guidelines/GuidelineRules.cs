using HealthEval.Http;

namespace HealthEval.Guidelines;

/// <summary>What every guideline version must have, so that judgements, gates and statistics can rely on it.</summary>
internal static class GuidelineRules
{
    public static Faults Check(Guideline guideline)
    {
        var faults = new Faults();
        faults.Require(guideline.Title is { Length: > 0 and <= 200 }, "title", "Give a title of 1 to 200 characters.");
        RequireExactly(faults, "dimensions", guideline.Dimensions.Select(d => d.Key), Vocabulary.Dimensions);
        RequireExactly(faults, "harm.extent", guideline.Harm.Extent.Select(t => t.Key), Vocabulary.HarmExtents);
        RequireExactly(faults, "harm.likelihood", guideline.Harm.Likelihood.Select(t => t.Key), Vocabulary.HarmLikelihoods);
        RequireExactly(faults, "harm.mechanism", guideline.Harm.Mechanism.Select(t => t.Key), Vocabulary.HarmMechanisms);
        RequireExactly(faults, "severities", guideline.Severities.Select(s => s.Key), Vocabulary.Severities);
        foreach (var dimension in guideline.Dimensions)
        {
            RequireExactly(faults, $"dimensions.{dimension.Key}.anchors", dimension.Anchors.Keys.Order(StringComparer.Ordinal), ["1", "2", "3", "4", "5"]);
        }

        RequireDistinct(faults, "codes", guideline.Codes.Select(c => c.Code));
        RequireDistinct(faults, "verdicts", guideline.Verdicts.Select(v => v.Key));
        RequireDistinct(faults, "rules", guideline.Rules.Select(r => r.Id));
        RequireDistinct(faults, "behaviour", guideline.Behaviour.Select(b => b.Key));
        RequireDistinct(faults, "sources", guideline.Sources.Select(s => s.Domain));
        var kinds = guideline.Kinds.Select(k => k.Key).ToHashSet();
        foreach (var code in guideline.Codes.Where(code => code.Kinds.Count == 0 || code.Kinds.Any(kind => !kinds.Contains(kind))))
        {
            faults.Add($"codes.{code.Code}.kinds", $"Every code goes with at least one of: {string.Join(", ", kinds)}.");
        }

        foreach (var rule in guideline.Rules.Where(rule => rule.Level is not ("must" or "must_not" or "should")))
        {
            faults.Add($"rules.{rule.Id}.level", "A rule's level is must, must_not or should.");
        }

        var tiers = guideline.EvidenceTiers.Select(tier => tier.Key).ToHashSet();
        foreach (var source in guideline.Sources.Where(source => !tiers.Contains(source.Tier)))
        {
            faults.Add($"sources.{source.Domain}.tier", $"A tier is one of: {string.Join(", ", tiers)}.");
        }

        return faults;
    }

    private static void RequireExactly(Faults faults, string field, IEnumerable<string> found, IEnumerable<string> wanted) =>
        faults.Require(found.SequenceEqual(wanted), field, $"Exactly these, in this order: {string.Join(", ", wanted)}.");

    private static void RequireDistinct(Faults faults, string field, IEnumerable<string> keys)
    {
        foreach (var twice in keys.GroupBy(key => key).Where(group => group.Count() > 1))
        {
            faults.Add(field, $"'{twice.Key}' is there {twice.Count()} times.");
        }
    }
}
