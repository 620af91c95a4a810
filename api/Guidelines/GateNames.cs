namespace HealthEval.Guidelines;

/// <summary>The words that a gate may use: those of its guideline.</summary>
internal sealed class GateNames(Guideline guideline)
{
    private readonly HashSet<string> _scores = [.. Vocabulary.Dimensions, "overall"];
    private readonly HashSet<string> _said = ["1", "2", "3", "4", "5", "NA", "NOT_CHECKED"];
    private readonly HashSet<string> _kinds = [.. guideline.Kinds.Select(kind => kind.Key)];
    private readonly HashSet<string> _groups = [.. guideline.Codes.Select(code => code.Group)];
    private readonly HashSet<string> _codes = [.. guideline.Codes.Select(code => code.Code)];
    private readonly HashSet<string> _verdicts = [.. guideline.Verdicts.Select(verdict => verdict.Key)];
    private readonly HashSet<string> _threeWay = [.. guideline.Verdicts.Select(verdict => verdict.ThreeWay), "open"];
    private readonly HashSet<string> _types = [.. guideline.ClaimTypes.Select(type => type.Key)];
    private readonly HashSet<string> _checkworthiness = [.. guideline.Checkworthiness.Select(term => term.Key)];
    private readonly HashSet<string> _tiers = [.. guideline.EvidenceTiers.Select(tier => tier.Key)];
    private readonly HashSet<string> _checks = [.. guideline.Behaviour.Select(item => item.Key)];
    private readonly HashSet<string> _flags = [.. guideline.Flags.Select(flag => flag.Key)];

    public IEnumerable<string> UnknownIn(GateRule gate) =>
        [.. Not(_flags, gate.UnlessFlags), .. Not([.. Vocabulary.Modes], gate.Modes), .. gate.When.SelectMany(UnknownIn)];

    private IEnumerable<string> UnknownIn(GateCase when) =>
    [
        .. Not(_scores, when.Above?.Keys), .. Not(_scores, when.Says?.Keys), .. Not(_said, when.Says?.Values.SelectMany(words => words)),
        .. Not([.. Vocabulary.HarmExtents], when.Harm?.Extents),
        .. Not([.. Vocabulary.HarmLikelihoods], when.Harm?.Likelihoods),
        .. UnknownIn(when.Span), .. UnknownIn(when.NoSpan), .. UnknownIn(when.Claim), .. UnknownIn(when.NoClaim),
        .. Not(_checks, when.Check is { } check ? [check.Check] : null),
    ];

    private IEnumerable<string> UnknownIn(SpanMatch? match) =>
        match is null ? [] : [.. Not(_kinds, match.Kinds), .. Not(_groups, match.Groups), .. Not(_codes, match.Codes), .. Not([.. Vocabulary.Severities], match.Severities)];

    private IEnumerable<string> UnknownIn(ClaimMatch? match) => match is null ? [] :
    [
        .. Not(_threeWay, match.ThreeWay), .. Not(_verdicts, match.Verdicts), .. Not(_types, match.Types), .. Not(_checkworthiness, match.Checkworthiness),
        .. (match.Lacks?.AnyOf ?? []).SelectMany(way => Not(_tiers, way.Tiers)), .. Not(["fits", "both"], match.Lacks?.Stance is { } stance ? [stance] : null),
    ];

    private static IEnumerable<string> Not(HashSet<string> known, IEnumerable<string>? used) => (used ?? []).Where(word => !known.Contains(word));
}
