namespace HealthEval.Guidelines;

/// <summary>
/// One row of the gate table: a place where a judgement may contradict itself or the evidence it gives. It asks when any of its cases holds
/// of a response (or of one claim, where <paramref name="PerClaim"/>); the rater changes something, or confirms.
/// </summary>
/// <param name="Field">What the question is put at: a dimension, "overall", "rationale", "harm", "claim", or "low" for the first score of 2 or lower.</param>
/// <param name="Message">What does not fit, as a sentence to the rater.</param>
/// <param name="NeedsReason">Confirmed only with a reason, which goes on the record.</param>
/// <param name="Modes">Asked only in these modes; null is every mode.</param>
/// <param name="UnlessFlags">Not asked while one of these flags is set.</param>
internal sealed record GateRule(
    string Key,
    string Field,
    string Message,
    IReadOnlyList<GateCase> When,
    bool? NeedsReason = null,
    bool? PerClaim = null,
    IReadOnlyList<string>? Modes = null,
    IReadOnlyList<string>? UnlessFlags = null);

/// <summary>One case of a rule: everything that is given here must hold.</summary>
/// <param name="Above">Scores, and "overall", that are higher than this.</param>
/// <param name="Says">What is said of a score, or of "overall", is one of these: a level, or what stands in its place ("NA", "NOT_CHECKED").</param>
/// <param name="AnyScoreAtMost">Some dimension has this score or a lower one.</param>
internal sealed record GateCase(
    IReadOnlyDictionary<string, int>? Above = null,
    int? AnyScoreAtMost = null,
    bool? RationaleMissing = null,
    HarmMatch? Harm = null,
    SpanMatch? Span = null,
    SpanMatch? NoSpan = null,
    ClaimMatch? Claim = null,
    ClaimMatch? NoClaim = null,
    CheckMatch? Check = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Says = null);

internal sealed record HarmMatch(IReadOnlyList<string> Extents, IReadOnlyList<string>? Likelihoods = null);

internal sealed record SpanMatch(
    IReadOnlyList<string>? Kinds = null, IReadOnlyList<string>? Groups = null, IReadOnlyList<string>? Codes = null, IReadOnlyList<string>? Severities = null);

/// <param name="ThreeWay">Values of the verdict in the guideline (SUP, SUP*, REF, NEI, none); "open" is a claim without a verdict.</param>
/// <param name="Lacks">The claim's sources do not meet this need.</param>
internal sealed record ClaimMatch(
    IReadOnlyList<string>? ThreeWay = null,
    IReadOnlyList<string>? Verdicts = null,
    IReadOnlyList<string>? Types = null,
    IReadOnlyList<string>? Checkworthiness = null,
    bool? Critical = null,
    SourceNeed? Lacks = null);

/// <param name="Stance">"fits": only sources whose stance goes with the verdict count; "both": one that supports and one that refutes.</param>
/// <param name="AnyOf">Enough sources of these tiers, in one way or another.</param>
/// <param name="Sources">So many sources.</param>
/// <param name="Publishers">Sources of so many independent publishers.</param>
internal sealed record SourceNeed(string? Stance = null, IReadOnlyList<TierCount>? AnyOf = null, int? Sources = null, int? Publishers = null);

internal sealed record TierCount(IReadOnlyList<string> Tiers, int Count);

internal sealed record CheckMatch(string Check, string Answer);
