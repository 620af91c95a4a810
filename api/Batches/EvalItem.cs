using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// What one task is about: a conversation and the responses to judge. Written once and never edited; every text is exactly
/// what the customer sent, unless <paramref name="OriginalSha256"/> says otherwise. Raters see messages, responses and rubric; everything else stays behind.
/// </summary>
/// <param name="TaskId">Derived from the customer's id, or from the content where there is none.</param>
/// <param name="Line">Where the record begins in the customer's file, counted from 1.</param>
/// <param name="ContentSha256">Over everything here except <paramref name="BatchId"/>, <paramref name="Line"/> and the task id, which follows from the rest.</param>
/// <param name="Chosen">The response that a preference file calls the better one; never shown.</param>
/// <param name="Meta">Fields that the format does not define, as they came.</param>
/// <param name="Bookkeeping">Of the metadata what makes the item no other one: latency, cost, who exported it when. It is not part of the hash.</param>
/// <param name="Claims">That came with the answers, so that every rater checks the same ones.</param>
/// <param name="Theme">What the conversation is a case of, in HealthBench's seven themes.</param>
/// <param name="TaskType">What kind of work it is, in MedHELM's five.</param>
/// <param name="Mode">How it is to be judged, where that differs from the project.</param>
/// <param name="Benchmark">Whose prompt it is, so that answers of many models and days are compared.</param>
/// <param name="Statements">What the reference says that an answer must or may hold; shown where the project says so. The reference is in the hash.</param>
/// <param name="OriginalSha256">Of the item as the customer sent it, when a lead has redacted it; the one exception to keeping every text.</param>
internal sealed record EvalItem(
    string ProjectId,
    string TaskId,
    string PromptId,
    IReadOnlyList<EvalMessage> Messages,
    IReadOnlyList<EvalResponse> Responses,
    string Subdomain,
    string Audience,
    string Jurisdiction,
    string Language,
    string RiskTier,
    string BatchId,
    long Line,
    string ContentSha256,
    IReadOnlyList<RubricCriterion> Rubric,
    IReadOnlyList<string> Tags,
    string? ItemId = null,
    string? Specialty = null,
    string? Chosen = null,
    JsonElement? Reference = null,
    IReadOnlyDictionary<string, JsonElement>? Meta = null,
    string? OriginalSha256 = null,
    IReadOnlyDictionary<string, JsonElement>? Bookkeeping = null,
    IReadOnlyList<GivenClaim>? Claims = null,
    string? Theme = null,
    string? TaskType = null,
    string? Mode = null,
    BenchmarkStamp? Benchmark = null,
    IReadOnlyList<RubricCriterion>? Statements = null)
{
    /// <summary>What each answer is held against, one by one.</summary>
    [JsonIgnore]
    public IReadOnlyList<RubricCriterion> Criteria => Rubric.Count > 0 ? Rubric : Statements ?? [];

    public static DocumentKey KeyOf(string projectId, string taskId) => new(DocumentKind.Item, new Partition(projectId, taskId), taskId);

    public DocumentKey Key() => KeyOf(ProjectId, TaskId);

    public string ContentHash()
    {
        using var parts = new ShaParts();
        parts.Add([ProjectId, PromptId, Subdomain, Audience, Jurisdiction, Language, RiskTier]);
        foreach (var optional in (ReadOnlySpan<string?>)[ItemId, Specialty, Chosen])
        {
            parts.Add(optional);
        }

        EvalMessage.AddAll(Messages, parts);
        parts.AddCount(Responses.Count);
        foreach (var response in Responses)
        {
            parts.Add(response.ResponseId);
            parts.Add(response.Sha256);
            parts.Add(response.Model);
        }

        parts.AddCount(Rubric.Count);
        foreach (var criterion in Rubric)
        {
            parts.Add([criterion.Id, criterion.Criterion, criterion.Points.ToString("R", CultureInfo.InvariantCulture)]);
            parts.Add(criterion.Tags);
        }

        parts.Add(Tags);
        parts.AddJson(Reference);
        parts.AddJson(Meta);
        foreach (var response in Responses.Where(response => response.Reasoning is not null))
        {
            parts.Add(response.ResponseId);
            parts.Add(response.Reasoning);
        }

        if (Claims is { Count: > 0 })
        {
            parts.AddJson(Claims);
        }

        if ((Theme ?? TaskType ?? Mode) is not null)
        {
            parts.Add(["theme", Theme ?? "", "task_type", TaskType ?? "", "mode", Mode ?? ""]); // only then: older items keep their hash
        }

        if (Benchmark is { } of)
        {
            parts.Add(["benchmark", of.BenchmarkId, of.Version.ToString(CultureInfo.InvariantCulture), of.PromptId]);
        }

        if (Reference is null && Statements is { Count: > 0 })
        {
            parts.AddJson(Statements); // what a redacted reference left; a whole one has them in it
        }

        return parts.ToHex();
    }
}

/// <param name="Sha256">Of the content's UTF-8 bytes.</param>
/// <param name="Reasoning">What the model thought before it answered; shown only where a project asks to judge it.</param>
internal sealed record EvalResponse(string ResponseId, string Content, string Sha256, string? Model = null, string? Reasoning = null);

/// <summary>A claim that came with an answer: verbatim, with its place in Unicode code points, or in other words, without one.</summary>
/// <param name="Importance">must, should or not.</param>
internal sealed record GivenClaim(string ClaimId, string ResponseId, string Text, int? Start = null, int? End = null, string? Importance = null);
