using System.Globalization;
using System.Text.Json.Serialization;
using HealthEval.Guidelines;

namespace HealthEval.Annotations;

/// <summary>A place where a judgement seems to contradict itself or its evidence. It may be right all the same: then the rater confirms it.</summary>
/// <param name="Key">Rule and blinded response key, as in <c>critical_claim:A</c>, and the number of the claim where it is about one: what the rater confirms.</param>
/// <param name="NeedsReason">Confirmed only with a reason.</param>
internal sealed record Gate([property: JsonPropertyName("gate")] string Key, string Field, string Message, bool? NeedsReason = null);

/// <summary>Asks the gate table of a guideline version about a judgement. The form asks the same table in <c>web/src/logic/gates.ts</c>.</summary>
internal sealed class Gates
{
    private readonly Judgement _judgement;
    private readonly Guideline _guideline;
    private readonly Dictionary<string, string> _threeWay;
    private readonly Dictionary<string, string> _groups;

    private Gates(Judgement judgement, Guideline guideline)
    {
        (_judgement, _guideline) = (judgement, guideline);
        _threeWay = guideline.Verdicts.ToDictionary(verdict => verdict.Key, verdict => verdict.ThreeWay);
        _groups = guideline.Codes.ToDictionary(code => code.Code, code => code.Group);
    }

    public static IReadOnlyList<Gate> Fired(Judgement judgement, Guideline guideline)
    {
        var gates = new Gates(judgement, guideline);
        var rules = guideline.GatesInForce.Where(gates.IsAsked).ToList();
        return [.. gates.Responses().SelectMany(response => rules.SelectMany(rule => gates.Of(rule, response)))];
    }

    /// <summary>Every response that anything is said about: a fact-check rates none.</summary>
    private IEnumerable<string> Responses() =>
        _judgement.Ratings.Select(rating => rating.Response).Concat(_judgement.Claims.Select(claim => claim.Response)).Distinct(StringComparer.Ordinal);

    private bool IsAsked(GateRule rule) =>
        rule.Modes?.Contains(_judgement.Mode ?? Vocabulary.FullMode) != false && rule.UnlessFlags?.Any(_judgement.Flags.Contains) != true;

    private IEnumerable<Gate> Of(GateRule rule, string response)
    {
        if (rule.PerClaim == true)
        {
            return _judgement.Claims.Index()
                .Where(entry => entry.Item.Response == response && rule.When.Any(when => when.Claim is { } match && Matches(match, entry.Item)))
                .Select(entry => new Gate($"{rule.Key}:{response}:{entry.Index + 1}", $"judgement.claims[{entry.Index}].verdict", rule.Message, rule.NeedsReason));
        }

        return rule.When.Any(when => Holds(when, response)) ? [new Gate($"{rule.Key}:{response}", FieldOf(rule, response), rule.Message, rule.NeedsReason)] : [];
    }

    private bool Holds(GateCase when, string response)
    {
        var rating = _judgement.Ratings.FirstOrDefault(rating => rating.Response == response);
        var claims = _judgement.Claims.Where(claim => claim.Response == response);
        var spans = _judgement.Spans.Where(span => span.Response == response);
        return (when.Above is null || when.Above.All(limit => ScoreOf(rating, limit.Key) > limit.Value))
            && (when.Says is null || when.Says.All(said => Contains(said.Value, WordOf(rating, said.Key))))
            && (when.AnyScoreAtMost is not { } most || LowOf(rating, most) is not null)
            && (when.RationaleMissing is not { } missing || string.IsNullOrWhiteSpace(rating?.Rationale) == missing)
            && (when.Harm is null || _judgement.Harm.Any(harm => harm.Response == response && Matches(when.Harm, harm)))
            && (when.Span is null || spans.Any(span => Matches(when.Span, span)))
            && (when.NoSpan is null || !spans.Any(span => Matches(when.NoSpan, span)))
            && (when.Claim is null || claims.Any(claim => Matches(when.Claim, claim)))
            && (when.NoClaim is null || !claims.Any(claim => Matches(when.NoClaim, claim)))
            && (when.Check is null || _judgement.Behaviour.Any(check => check.Response == response && check.Check == when.Check.Check && check.Answer == when.Check.Answer));
    }

    private static bool Matches(HarmMatch match, Harm harm) => Contains(match.Extents, harm.Extent) && Contains(match.Likelihoods, harm.Likelihood);

    private bool Matches(SpanMatch match, Span span) =>
        Contains(match.Kinds, span.Kind) && Contains(match.Codes, span.Code) && Contains(match.Severities, span.Severity)
        && Contains(match.Groups, _groups.GetValueOrDefault(span.Code ?? ""));

    private bool Matches(ClaimMatch match, Claim claim) =>
        Contains(match.ThreeWay, claim.Verdict is null ? "open" : _threeWay.GetValueOrDefault(claim.Verdict)) && Contains(match.Verdicts, claim.Verdict)
        && Contains(match.Types, claim.Type) && Contains(match.Checkworthiness, claim.Checkworthiness)
        && (match.Critical is not { } critical || claim.Critical == critical) && (match.Lacks is null || !Meets(match.Lacks, claim));

    private bool Meets(SourceNeed need, Claim claim)
    {
        var all = claim.Evidence ?? [];
        var fitting = need.Stance == "fits"
            ? [.. all.Where(evidence => evidence.Stance == StanceFor(claim.Verdict) && !SourceRegistry.IsContested(_guideline, evidence.Url))]
            : all;
        return (need.AnyOf is null || need.AnyOf.Any(way => fitting.Count(evidence => Contains(way.Tiers, evidence.Tier)) >= way.Count))
            && (need.Sources is not { } sources || fitting.Count >= sources)
            && (need.Publishers is not { } publishers || Publishers(fitting) >= publishers)
            && (need.Stance != "both" || (all.Any(evidence => evidence.Stance == "supports") && all.Any(evidence => evidence.Stance == "refutes")));
    }

    private int Publishers(IReadOnlyList<Evidence> sources) =>
        sources.Select(evidence => SourceRegistry.PublisherOf(_guideline, evidence.Url, evidence.Publisher)).Distinct(StringComparer.Ordinal).Count();

    private string? StanceFor(string? verdict) => _threeWay.GetValueOrDefault(verdict ?? "") switch { "SUP" or "SUP*" => "supports", "REF" => "refutes", _ => null };

    private string FieldOf(GateRule rule, string response)
    {
        var rating = _judgement.Ratings.Index().FirstOrDefault(entry => entry.Item.Response == response);
        var harm = _judgement.Harm.Index().FirstOrDefault(entry => entry.Item.Response == response);
        return rule.Field switch
        {
            "harm" => $"judgement.harm[{harm.Index}].extent",
            "low" => $"judgement.ratings[{rating.Index}].{LowOf(rating.Item, 2) ?? Vocabulary.Dimensions[0]}",
            _ => $"judgement.ratings[{rating.Index}].{rule.Field}",
        };
    }

    private int? ScoreOf(Rating? rating, string name) =>
        name == "overall" ? rating?.Overall ?? _judgement.Overall : rating?.Scores.FirstOrDefault(score => score.Dimension == name).Score;

    private string? WordOf(Rating? rating, string name) => ScoreOf(rating, name)?.ToString(CultureInfo.InvariantCulture) ?? rating?.InsteadOf(name);

    private static string? LowOf(Rating? rating, int most) => rating?.Scores.FirstOrDefault(score => score.Score <= most).Dimension;

    private static bool Contains(IReadOnlyList<string>? allowed, string? value) => allowed is null || (value is not null && allowed.Contains(value));
}
