using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Annotations;

/// <summary>A senior's decision on what the judgements of a task disagree about. A record of its own: the judgements stay as they were given.</summary>
/// <param name="AdjudicationId">Made by the client, so that sending it twice makes one record.</param>
/// <param name="Rater">The adjudicator's id; delivered files carry only <paramref name="Pseudonym"/>.</param>
/// <param name="Judgements">Ids of the judgements in the order in which they were shown: the first was "Judgement 1".</param>
/// <param name="OrderSeed">What that order was drawn from.</param>
/// <param name="ItemSha256">Hash of the item's content.</param>
/// <param name="ContentSha256">Hash of what was sent, for telling a repeated submit from a different one.</param>
/// <param name="Session">The session that settled it; never delivered.</param>
internal sealed record Adjudication(
    string AdjudicationId,
    string ProjectId,
    string TaskId,
    string Rater,
    string Pseudonym,
    string LeaseId,
    IReadOnlyList<string> Judgements,
    string OrderSeed,
    GuidelineReference Guideline,
    string GuidelineSha256,
    string ItemSha256,
    bool Simulated,
    DateTimeOffset LeasedAt,
    DateTimeOffset SubmittedAt,
    string ContentSha256,
    IReadOnlyList<Ruling> Rulings,
    string? Session = null)
{
    public static DocumentKey Key(string projectId, string taskId, string adjudicationId) => new(DocumentKind.Adjudication, new Partition(projectId, taskId), adjudicationId);

    /// <summary>A project's adjudications, in the order of their times.</summary>
    public static DocumentQuery Of(string projectId, params IReadOnlyList<Filter> where) => new(DocumentKind.Adjudication) { ProjectId = projectId, Where = where, OrderBy = "submittedAt", Top = 500 };
}

/// <summary>The decision on one point.</summary>
/// <param name="Final">The value that stands from now on; see <see cref="Dispute.Allows"/>.</param>
/// <param name="Confirmed">Which judgement was confirmed by name (1, 2, …), or null where the adjudicator gave a value.</param>
/// <param name="Overturned">No judgement had given this value. False where none had given any.</param>
internal sealed record Ruling(Dispute Point, string Final, int? Confirmed, bool Overturned, string Rationale);

/// <summary>Why a lead sent a task to adjudication by hand.</summary>
internal sealed record Referral(string TaskId, string By, string Why, DateTimeOffset At)
{
    public const int LongestWhy = 500;

    public static DocumentKey Key(string projectId, string taskId) => new(DocumentKind.Referral, new Partition(projectId, taskId), taskId);
}

/// <summary>What an adjudicator sends: a point's key, and a judgement to confirm or a value, with a sentence that says why.</summary>
internal sealed record Decision(string Point, string Rationale, int? Judgement = null, string? Value = null);
