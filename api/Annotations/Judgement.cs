using System.Text.Json.Serialization;

namespace HealthEval.Annotations;

/// <summary>
/// What one rater says about one task. Responses are named by their blinded keys ("A", "B", …) while a judgement travels between
/// browser and server; <see cref="Annotation.ResponseOrder"/> maps them back. Offsets are Unicode code points, half-open, on the stored text.
/// </summary>
internal sealed record Judgement
{
    /// <summary>How much was asked: full, quick or fact_check; null is full, as it was before there were modes.</summary>
    public string? Mode { get; init; }

    public IReadOnlyList<Rating> Ratings { get; init; } = [];

    public IReadOnlyList<Harm> Harm { get; init; } = [];

    public IReadOnlyList<Claim> Claims { get; init; } = [];

    public IReadOnlyList<Span> Spans { get; init; } = [];

    public IReadOnlyList<BehaviourCheck> Behaviour { get; init; } = [];

    public IReadOnlyList<RuleCheck> Rules { get; init; } = [];

    public IReadOnlyList<CriterionCheck> Rubric { get; init; } = [];

    /// <summary>Whether a response would serve somebody else worse.</summary>
    public IReadOnlyList<Equity>? Equity { get; init; }

    public Preference? Preference { get; init; }

    public string? RefinedPrompt { get; init; }

    public string? IdealResponse { get; init; }

    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>What a lead should know about a flag, in the rater's own words, by flag.</summary>
    public IReadOnlyDictionary<string, string>? FlagNotes { get; init; }

    /// <summary>Once a task, under version 1; later each <see cref="Rating"/> has its own.</summary>
    public int? Confidence { get; init; }

    /// <summary>Once a task, under version 1; later each <see cref="Rating"/> has its own.</summary>
    public int? Overall { get; init; }

    public int ActiveSeconds { get; init; }

    /// <summary>Seconds with a source open beside the task, apart from <see cref="ActiveSeconds"/>; null in records made before they were counted.</summary>
    public int? CheckingSeconds { get; init; }

    /// <summary>The same judgement, with the responses under other keys.</summary>
    public Judgement Renamed(Func<string, string> to) => this with
    {
        Ratings = [.. Ratings.Select(rating => rating with { Response = to(rating.Response) })],
        Harm = [.. Harm.Select(harm => harm with { Response = to(harm.Response) })],
        Claims = [.. Claims.Select(claim => claim with { Response = to(claim.Response) })],
        Spans = [.. Spans.Select(span => span with { Response = to(span.Response) })],
        Behaviour = [.. Behaviour.Select(check => check with { Response = to(check.Response) })],
        Rules = [.. Rules.Select(check => check with { Response = to(check.Response) })],
        Rubric = [.. Rubric.Select(check => check with { Response = to(check.Response) })],
        Equity = Equity is null ? null : [.. Equity.Select(equity => equity with { Response = to(equity.Response) })],
        Preference = Preference?.Renamed(to),
    };
}

/// <summary>Scores 1–5, null where not given. Reasoning may be "NA"; accuracy, from version 2 on, "NA" or "NOT_CHECKED".</summary>
/// <param name="NoAccuracy">"NA" where the response says nothing that can be checked, "NOT_CHECKED" where the rater did not check it; else null.</param>
/// <param name="Custom">Scores of the dimensions that a guideline has beside the six, by their keys.</param>
[JsonConverter(typeof(RatingConverter))]
internal sealed record Rating(
    string Response,
    int? Accuracy,
    int? Reasoning,
    bool ReasoningNotApplicable,
    int? Completeness,
    int? Clarity,
    int? Tone,
    int? Appropriateness,
    string? Rationale,
    string? NoAccuracy = null,
    int? Overall = null,
    int? Confidence = null,
    IReadOnlyDictionary<string, int>? Custom = null)
{
    public const string NotApplicable = "NA";
    public const string NotChecked = "NOT_CHECKED";

    /// <summary>The scores in the order of <see cref="Guidelines.Vocabulary.Dimensions"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Dimension, int? Score)> Scores =>
        [("accuracy", Accuracy), ("reasoning", Reasoning), ("completeness", Completeness), ("clarity", Clarity), ("tone", Tone), ("appropriateness", Appropriateness)];

    /// <summary>The same with those of the guideline's own dimensions behind them: what people are compared on.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Dimension, int? Score)> AllScores => Custom is null ? Scores : [.. Scores, .. Custom.Select(own => (own.Key, (int?)own.Value))];

    public int? ScoreOf(string dimension) => AllScores.FirstOrDefault(score => score.Dimension == dimension).Score;

    /// <summary>With another score, or "NA" or "NOT_CHECKED" in its place.</summary>
    public Rating With(string dimension, string said)
    {
        int? score = int.TryParse(said, out var number) ? number : null;
        return dimension switch
        {
            "accuracy" => this with { Accuracy = score, NoAccuracy = score is null ? said : null },
            "reasoning" => this with { Reasoning = score, ReasoningNotApplicable = score is null },
            "completeness" => this with { Completeness = score },
            "clarity" => this with { Clarity = score },
            "tone" => this with { Tone = score },
            "appropriateness" => this with { Appropriateness = score },
            _ => this with { Custom = new SortedDictionary<string, int>(Custom?.ToDictionary() ?? [], StringComparer.Ordinal) { [dimension] = number } },
        };
    }

    /// <summary>What stands in place of a score of this dimension: "NA", "NOT_CHECKED" or nothing.</summary>
    public string? InsteadOf(string dimension) => dimension switch
    {
        "accuracy" => NoAccuracy,
        "reasoning" when ReasoningNotApplicable => NotApplicable,
        _ => null,
    };
}

/// <param name="Kinds">physical, psychological, financial_privacy, population: what is harmed.</param>
/// <param name="Mediation">direct, or mediated: whether a professional stands between the answer and what is done.</param>
internal sealed record Harm(
    string Response, string? Extent, string? Likelihood = null, string? Mechanism = null, IReadOnlyList<string>? Kinds = null, string? Mediation = null);

/// <param name="Answer">Whether the quality would differ for another group: no, possibly, yes.</param>
/// <param name="Groups">For whom, in the guideline's words.</param>
internal sealed record Equity(string Response, string Answer, IReadOnlyList<string>? Groups = null, string? Comment = null);

/// <param name="Given">The id of the claim that came with the answer, when this is a verdict on it.</param>
internal sealed record Claim(
    string Response,
    int? Start = null,
    int? End = null,
    string? Quote = null,
    string? Type = null,
    string? Checkworthiness = null,
    string? Verdict = null,
    bool Critical = false,
    string? Correction = null,
    IReadOnlyList<Evidence>? Evidence = null,
    string? Given = null);

internal sealed record Evidence(
    string? Url = null,
    string? Title = null,
    string? Publisher = null,
    string? Tier = null,
    string? PublishedOn = null,
    string? AccessedOn = null,
    string? Jurisdiction = null,
    string? Stance = null,
    string? Excerpt = null);

internal sealed record Span(
    string Response,
    string Kind,
    string? Code = null,
    string? Severity = null,
    int? Start = null,
    int? End = null,
    string? Quote = null,
    string? Comment = null,
    string? Suggestion = null,
    string? MissingText = null);

internal sealed record BehaviourCheck(string Response, string Check, string Answer, string? Comment = null);

internal sealed record RuleCheck(string Response, string Rule, string Answer, string? Comment = null);

/// <param name="NotApplicable">The criterion is about something that does not occur here: it neither earns nor costs points.</param>
internal sealed record CriterionCheck(string Response, string Criterion, bool? Met, string? Comment = null, bool? NotApplicable = null);
