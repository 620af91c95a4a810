using System.Text.Json.Serialization;
using HealthEval.Annotations;
using HealthEval.Projects;

namespace HealthEval.Reports;

/// <summary>The names of the files in a report's folder. All but the last are the exports that those are computed from.</summary>
internal static class ReportFiles
{
    public const string Project = "project.json";
    /// <summary>The guidelines that the judgements were made under, the one with most judgements first.</summary>
    public const string Guidelines = "guidelines.json";
    public const string Items = "items.jsonl";
    public const string Adjudications = "adjudications.jsonl";
    public const string Annotations = "annotations.jsonl";
    public const string Claims = "claims.jsonl";
    public const string Raters = "raters.json";
    public const string History = "history.json";
    public const string Context = "context.json";

    /// <summary>Readings of the runs of benchmarks, those of weeks before too; empty where there is none.</summary>
    public const string Benchmarks = "benchmarks.jsonl";

    /// <summary>The headline figures of all weeks up to this one together; an empty list in the first week, and in a campaign.</summary>
    public const string Cumulative = "cumulative.json";

    /// <summary>What <see cref="Responses"/> is for this report, for the week before; empty where nothing was judged in it.</summary>
    public const string Previous = "previous.jsonl";
    public const string Responses = "responses.jsonl";
    public const string Figures = "figures.json";

    /// <summary>What a page shows of the report: every number as the workbook has it.</summary>
    public const string Display = "display.json";
    public const string DataCard = "README.md";
    public const string Workbook = "workbook.xlsx";
    public const string Manifest = "manifest.json";

    /// <summary>Beside the manifest, where there is a key: no part of what is hashed.</summary>
    public const string Signature = "manifest.sig.json";

    public static readonly IReadOnlyList<string> Exports = [Adjudications, Annotations, Benchmarks, Claims, Context, Cumulative, Guidelines, History, Items, Previous, Project, Raters];

    /// <summary>What is computed from the exports.</summary>
    public static readonly IReadOnlyList<string> Computed = [DataCard, Display, Figures, Responses, Workbook];

    /// <summary>What the manifest lists, in its order.</summary>
    public static readonly IReadOnlyList<string> Listed = [.. Exports.Concat(Computed).Order(StringComparer.Ordinal)];
}

/// <param name="Week">The ISO week, or what a campaign covers, in words.</param>
/// <param name="Open">The week had not ended when its data were gathered, so more may come.</param>
/// <param name="Scope">Of a campaign; null for a week.</param>
/// <param name="Revision">Null for the first report of a week.</param>
internal sealed record ProjectExport(
    string ProjectId,
    string Name,
    string Customer,
    string Week,
    DateTimeOffset From,
    DateTimeOffset Until,
    bool Open,
    bool Demo,
    IReadOnlyList<GuidelineUse> Guidelines,
    int Overlap,
    IReadOnlyList<string> Subdomains,
    IReadOnlyList<string> Languages,
    bool Comparison,
    double GoldShare = 0,
    ReportSettings? Report = null,
    CampaignScope? Scope = null,
    ManifestRevision? Revision = null);

/// <summary>A guideline version under which judgements of the report were made, and how many.</summary>
internal sealed record GuidelineUse(string Id, int Version, int TaxonomyVersion, string Sha256, int Judgements)
{
    public override string ToString() => $"{Id} v{Version}";

    /// <summary>"healtheval v1", or each with its number of judgements when there are several.</summary>
    public static string Words(IReadOnlyList<GuidelineUse> used) => used.Count switch
    {
        0 => "no guideline: no judgements",
        1 => used[0].ToString(),
        _ => string.Join(", ", used.Select(g => $"{g} ({g.Judgements:N0} judgement{(g.Judgements == 1 ? "" : "s")})")),
    };
}

/// <summary>A judgement as it is delivered: with the rater's pseudonym, without the person's id and the lease.</summary>
internal sealed record AnnotationExport(
    string AnnotationId,
    string TaskId,
    string Rater,
    IReadOnlyList<string> ResponseOrder,
    string OrderSeed,
    GuidelineReference Guideline,
    string GuidelineSha256,
    string ItemSha256,
    IReadOnlyList<string> Acknowledged,
    bool Simulated,
    DateTimeOffset LeasedAt,
    DateTimeOffset SubmittedAt,
    string ContentSha256,
    Judgement Judgement,
    IReadOnlyDictionary<string, string>? Reasons = null)
{
    public static AnnotationExport Of(Annotation a, Delivery delivery) => new(
        a.AnnotationId, a.TaskId, delivery.Pseudonym(a.Pseudonym), a.ResponseOrder, a.OrderSeed, a.Guideline, a.GuidelineSha256, a.ItemSha256,
        a.Acknowledged, a.Simulated, delivery.Time(a.LeasedAt), delivery.Time(a.SubmittedAt), a.ContentSha256,
        a.Judgement with { FlagNotes = null }, a.Reasons); // those are for the leads

    /// <summary>The blinded keys, in the order in which the responses were shown.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Keys => [.. ResponseOrder.Select((_, at) => Tasks.ResponseOrder.Key(at))];

    /// <summary>The response id behind a blinded key, or null when the key is none.</summary>
    public string? ResponseId(string key) => key.Length == 1 && key[0] - 'A' is var at && at >= 0 && at < ResponseOrder.Count ? ResponseOrder[at] : null;
}

/// <summary>An adjudication as it is delivered: with the adjudicator's pseudonym. Its rulings say what each judgement held and what stands.</summary>
internal sealed record AdjudicationExport(
    string AdjudicationId,
    string TaskId,
    string Adjudicator,
    IReadOnlyList<string> Judgements,
    string OrderSeed,
    GuidelineReference Guideline,
    string GuidelineSha256,
    string ItemSha256,
    bool Simulated,
    DateTimeOffset LeasedAt,
    DateTimeOffset SubmittedAt,
    string ContentSha256,
    IReadOnlyList<Ruling> Rulings)
{
    public static AdjudicationExport Of(Adjudication a, Delivery delivery) => new(
        a.AdjudicationId, a.TaskId, delivery.Pseudonym(a.Pseudonym), a.Judgements, a.OrderSeed, a.Guideline, a.GuidelineSha256, a.ItemSha256,
        a.Simulated, delivery.Time(a.LeasedAt), delivery.Time(a.SubmittedAt), a.ContentSha256, a.Rulings);
}

/// <summary>One claim as one rater recorded it, with the response and model it is about.</summary>
internal sealed record ClaimExport(string AnnotationId, int Number, string TaskId, string PromptId, string? ResponseId, string? Model, string Rater, bool Simulated, Claim Claim);

/// <param name="Years">A band, so that nobody is recognised by the exact number.</param>
internal sealed record RaterExport(string Rater, string? Degree, string? Years, IReadOnlyList<string> Subdomains, bool Simulated)
{
    public static string Band(int years) => years switch
    {
        < 5 => "under 5",
        < 10 => "5–9",
        < 20 => "10–19",
        _ => "20 or more",
    };
}
