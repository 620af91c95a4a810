using System.Text.Json.Serialization;
using HealthEval.Storage;

namespace HealthEval.Guidelines;

/// <summary>
/// What raters are asked and in which words: one immutable version. Its hash is stamped on every judgement made under it.
/// </summary>
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
    IReadOnlyList<Term> ReleaseReasons)
{
    public const string DefaultId = "healtheval";

    public static readonly Partition Partition = new("_", "guidelines");

    /// <summary>SHA-256 of the canonical JSON of everything above.</summary>
    [JsonIgnore]
    public string Sha256 => Sha.Of(Json.Bytes(this));

    public static DocumentKey Key(string id, int version) =>
        new(DocumentKind.Guideline, Partition, $"{id}@{version:D6}");
}

internal sealed record Instruction(string Title, string Text);

internal sealed record Dimension(string Key, string Name, string Question, string Scope, bool NaAllowed, IReadOnlyDictionary<string, string> Anchors);

internal sealed record HarmScales(IReadOnlyList<Term> Extent, IReadOnlyList<Term> Likelihood, IReadOnlyList<Term> Mechanism);

internal sealed record Level([property: JsonPropertyName("level")] int Value, string Name, string Description);

internal sealed record Term(string Key, string Name, string? Description = null);

internal sealed record Verdict(string Key, string Name, string Meaning, string ThreeWay);

internal sealed record EvidenceTier(string Key, string Name, string Evidence, IReadOnlyList<string> DefaultSources);

internal sealed record TrustedSource(string Domain, string Name, string Tier, string Jurisdiction, string Kind);

internal sealed record PaywalledSource(string Domain, string Name);

internal sealed record SpanKind(string Key, string Name, string Description, string Shortcut);

internal sealed record Severity(string Key, string Name, int Weight, string Definition);

internal sealed record ErrorCode(string Code, string Group, string Name, string Description, IReadOnlyList<string> Kinds, string HealthBenchAxis);

internal sealed record BehaviourItem(string Key, string Text, string Help);

internal sealed record CustomerRule(string Id, string Level, string Text, string? AppliesTo = null, string? ExampleOk = null, string? ExampleBad = null);
