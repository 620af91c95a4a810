using HealthEval.Http;

namespace HealthEval.Guidelines;

/// <summary>What every guideline version must have, so that judgements, gates and statistics can rely on it.</summary>
internal static class GuidelineRules
{
    private const int MostCustom = 6;
    private static readonly string[] ReservedKeys = ["response", "rationale", "overall", "confidence", "custom", "harm", "claim", "low"];

    public static Faults Check(Guideline guideline)
    {
        var faults = new Faults();
        faults.Require(guideline.Title is { Length: > 0 and <= 200 }, "title", "Give a title of 1 to 200 characters.");
        RequireExactly(faults, "dimensions", guideline.Dimensions.Take(Vocabulary.Dimensions.Count).Select(d => d.Key), Vocabulary.Dimensions);
        CheckCustom(guideline, faults);
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
        RequireDistinct(faults, "sources", guideline.Sources.Select(s => s.Address));
        RequireDistinct(faults, "gates", guideline.GatesInForce.Select(g => g.Key));
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
        foreach (var source in guideline.Sources.Where(source => source.Tier is { } tier ? !tiers.Contains(tier) : guideline.SourceMatch != "page"))
        {
            faults.Add($"sources.{source.Address}.tier", $"A tier is one of: {string.Join(", ", tiers)}.");
        }

        faults.Require(guideline.SourceMatch is null or "page", "sourceMatch", "Leave it out, or write page.");
        CheckModes(guideline, faults);
        CheckGates(guideline, faults);
        CheckTraining(guideline, faults);
        return faults;
    }

    /// <summary>They come behind the six, and their keys stand beside the six's in a rating.</summary>
    private static void CheckCustom(Guideline guideline, Faults faults)
    {
        var custom = guideline.CustomDimensions;
        faults.Require(custom.Count <= MostCustom, "dimensions", $"At most {MostCustom} dimensions beside the six.");
        RequireDistinct(faults, "dimensions", guideline.Dimensions.Select(dimension => dimension.Key));
        foreach (var dimension in custom)
        {
            faults.Require(
                Vocabulary.IsDimensionKey(dimension.Key) && !ReservedKeys.Contains(dimension.Key), $"dimensions.{dimension.Key}.key",
                "A key of your own has 2 to 30 lower-case letters and underscores, such as empathy, and is no other field of a rating.");
            faults.Require(dimension.Name is { Length: > 0 and <= 60 } && dimension.Question is { Length: > 0 }, $"dimensions.{dimension.Key}.name", "Give it a name of 1 to 60 characters and a question.");
            faults.Require(!dimension.NaAllowed && dimension.NotCheckedMeaning is null, $"dimensions.{dimension.Key}.naAllowed", "A dimension of your own is always scored from 1 to 5.");
        }
    }

    private static void CheckModes(Guideline guideline, Faults faults)
    {
        foreach (var mode in (guideline.Modes ?? []).Where(mode => !Vocabulary.Modes.Contains(mode.Key)))
        {
            faults.Add($"modes.{mode.Key}", $"A mode is one of: {string.Join(", ", Vocabulary.Modes)}.");
        }
    }

    /// <summary>A gate that names what the guideline does not have would never ask.</summary>
    private static void CheckGates(Guideline guideline, Faults faults)
    {
        var fields = Vocabulary.Dimensions.Concat(["overall", "rationale", "harm", "claim", "low"]).ToHashSet();
        var names = new GateNames(guideline);
        foreach (var gate in guideline.Gates ?? [])
        {
            faults.Require(fields.Contains(gate.Field), $"gates.{gate.Key}.field", $"A field is one of: {string.Join(", ", fields)}.");
            faults.Require(gate.When.Count > 0 && gate.Message.Length > 0, $"gates.{gate.Key}", "A gate has at least one case and a message.");
            faults.Require(gate.PerClaim != true || gate.When.All(when => when == new GateCase(Claim: when.Claim) && when.Claim is not null), $"gates.{gate.Key}.when", "A gate per claim looks at the claim alone.");
            var unknown = names.UnknownIn(gate).ToList();
            faults.Require(unknown.Count == 0, $"gates.{gate.Key}.when", $"This guideline does not know: {string.Join(", ", unknown)}.");
        }
    }

    private static void CheckTraining(Guideline guideline, Faults faults)
    {
        foreach (var question in (guideline.Quiz ?? []).Where(question => !question.Choices.Any(choice => choice.Key == question.Answer)))
        {
            faults.Add($"quiz.{question.Id}.answer", "The answer is the key of one of the choices.");
        }

        var codes = guideline.Codes.Select(code => code.Code).ToHashSet();
        var scales = Vocabulary.Dimensions.Append("overall").ToHashSet();
        foreach (var item in guideline.Calibration ?? [])
        {
            faults.Require(
                item.Ranges.All(range => scales.Contains(range.Key) && range.Value is { Low: >= 1, High: <= 5 } && range.Value.Low <= range.Value.High),
                $"calibration.{item.Id}.ranges", "A range goes from 1 to 5 at most, on a dimension or on overall.");
            faults.Require(
                item.Reference.All(score => item.Ranges.TryGetValue(score.Key, out var range) && score.Value >= range.Low && score.Value <= range.High),
                $"calibration.{item.Id}.reference", "Every score of the reference lies in the range of its dimension.");
            faults.Require(
                item.MustFind.All(finding => finding.Codes.All(codes.Contains) && (finding.Quote is null || item.Response.Contains(finding.Quote, StringComparison.Ordinal))),
                $"calibration.{item.Id}.mustFind", "A finding has codes of this guideline and quotes the response.");
        }

        RequireDistinct(faults, "quiz", (guideline.Quiz ?? []).Select(question => question.Id));
        RequireDistinct(faults, "calibration", (guideline.Calibration ?? []).Select(item => item.Id));
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
