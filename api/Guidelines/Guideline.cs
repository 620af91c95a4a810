using System.Text.Json.Serialization;
using HealthEval.Storage;

namespace HealthEval.Guidelines;

/// <summary>
/// What raters are asked and in which words: one immutable version. Its hash is stamped on every judgement made under it.
/// What version 1 did not know is absent there, so that its hash stays what it was.
/// </summary>
/// <param name="PerResponse">Overall and confidence are given for each response, not once a task.</param>
/// <param name="SourceMatch">"page": an address belongs to the entry with its host and the longest path; absent: to the longest domain that it ends in.</param>
/// <param name="Gates">Where a judgement may contradict itself; absent: the table of version 1.</param>
/// <param name="Modes">How much may be asked of a task; absent: everything, always.</param>
internal sealed record Guideline(
    string Id,
    int Version,
    string Title,
    string Summary,
    string PublishedOn,
    int TaxonomyVersion,
    IReadOnlyList<Instruction> Instructions,
    IReadOnlyList<Dimension> Dimensions,
    HarmScales Harm,
    IReadOnlyList<Level> Confidence,
    IReadOnlyList<Level> Overall,
    IReadOnlyList<Term> ClaimTypes,
    IReadOnlyList<Term> Checkworthiness,
    IReadOnlyList<Verdict> Verdicts,
    IReadOnlyList<EvidenceTier> EvidenceTiers,
    IReadOnlyList<TrustedSource> Sources,
    IReadOnlyList<PaywalledSource> Paywalled,
    IReadOnlyList<SpanKind> Kinds,
    IReadOnlyList<Severity> Severities,
    IReadOnlyList<ErrorCode> Codes,
    IReadOnlyList<BehaviourItem> Behaviour,
    IReadOnlyList<CustomerRule> Rules,
    IReadOnlyList<Term> Flags,
    int SpanLimit,
    IReadOnlyList<Term> ReleaseReasons,
    bool? PerResponse = null,
    string? SourceMatch = null,
    IReadOnlyList<GateRule>? Gates = null,
    EquityQuestion? Equity = null,
    IReadOnlyList<Term>? Modes = null,
    IReadOnlyList<Term>? Themes = null,
    IReadOnlyList<Term>? TaskTypes = null,
    IReadOnlyList<QuizQuestion>? Quiz = null,
    IReadOnlyList<CalibrationItem>? Calibration = null)
{
    public const string DefaultId = "healtheval";

    public static readonly Partition Partition = new("_", "guidelines");

    /// <summary>SHA-256 of the canonical JSON of everything above.</summary>
    [JsonIgnore]
    public string Sha256 => Sha.Of(Json.Bytes(this));

    /// <summary>Those that a customer asks for beside the six: raters score them, reports and exports carry them, and no headline rests on them.</summary>
    [JsonIgnore]
    public IReadOnlyList<Dimension> CustomDimensions => [.. Dimensions.Skip(Vocabulary.Dimensions.Count)];

    [JsonIgnore]
    public IReadOnlyList<GateRule> GatesInForce => Gates ?? GuidelineLibrary.FirstGates;

    public static DocumentKey Key(string id, int version) =>
        new(DocumentKind.Guideline, Partition, $"{id}@{version:D6}");
}

internal sealed record Instruction(string Title, string Text);

internal sealed record Dimension(
    string Key, string Name, string Question, string Scope, bool NaAllowed, IReadOnlyDictionary<string, string> Anchors,
    string? NaMeaning = null, string? NotCheckedMeaning = null);

internal sealed record HarmScales(
    IReadOnlyList<Term> Extent, IReadOnlyList<Term> Likelihood, IReadOnlyList<Term> Mechanism, IReadOnlyList<Term>? Kinds = null, IReadOnlyList<Term>? Mediation = null);

/// <summary>Whether the answer would serve somebody else worse, and whom.</summary>
internal sealed record EquityQuestion(string Question, string Help, IReadOnlyList<Term> Answers, IReadOnlyList<Term> Groups);

internal sealed record Level([property: JsonPropertyName("level")] int Value, string Name, string Description);

internal sealed record Term(string Key, string Name, string? Description = null);

/// <param name="ThreeWay">SUP, SUP* (half, in the lenient count), REF, NEI or none.</param>
/// <param name="Searches">A verdict about what was not found: so many places were searched, and a search has no tier.</param>
internal sealed record Verdict(string Key, string Name, string Meaning, string ThreeWay, int? Searches = null);

internal sealed record EvidenceTier(string Key, string Name, string Evidence, IReadOnlyList<string> DefaultSources);

/// <param name="Tier">Of what lies there by default; null where each page or record has its own, and the rater says which.</param>
/// <param name="Path">Where the entry begins on its host, as in "/guidance"; null is the whole host.</param>
/// <param name="CheckedOn">When somebody saw that the entry is right; null is not yet.</param>
/// <param name="CheckedIn">"copy": in a stored public document that has the page, or names its address and owner; null: at the address itself.</param>
internal sealed record TrustedSource(
    string Domain, string Name, string? Tier, string Jurisdiction, string Kind, string? Path = null, string? Owner = null, string? CheckedOn = null,
    string? CheckedIn = null, string? Note = null)
{
    [JsonIgnore]
    public string Address => Domain + Path;
}

internal sealed record PaywalledSource(string Domain, string Name);

internal sealed record SpanKind(string Key, string Name, string Description, string Shortcut);

internal sealed record Severity(string Key, string Name, int Weight, string Definition);

internal sealed record ErrorCode(string Code, string Group, string Name, string Description, IReadOnlyList<string> Kinds, string HealthBenchAxis);

internal sealed record BehaviourItem(string Key, string Text, string Help);

internal sealed record CustomerRule(string Id, string Level, string Text, string? AppliesTo = null, string? ExampleOk = null, string? ExampleBad = null);
