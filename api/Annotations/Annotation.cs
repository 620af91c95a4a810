using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Annotations;

/// <summary>A submitted judgement; it carries what it was based on. Its own writer may correct it for a while, which keeps what it said before.</summary>
/// <param name="AnnotationId">Made by the client, so that sending it twice makes one record.</param>
/// <param name="Rater">The person's id; delivered files carry only <paramref name="Pseudonym"/>.</param>
/// <param name="ResponseOrder">Response ids in the order this rater saw them: the first is "A".</param>
/// <param name="OrderSeed">What the order was drawn from.</param>
/// <param name="ItemSha256">Hash of the item's content as the rater saw it.</param>
/// <param name="Acknowledged">Consistency gates that fired and that the rater confirmed.</param>
/// <param name="Reasons">Why the rater stands by a gate, where its rule wants a reason, by gate.</param>
/// <param name="Simulated">Made by <c>healtheval simulate</c>, not by a person.</param>
/// <param name="ContentSha256">Hash of the judgement as it was sent, for telling a repeated submit from a different one.</param>
/// <param name="Session">The session that handed it in, and so which link it began with; never delivered.</param>
/// <param name="PromptId">What was asked; null in records made before it was kept.</param>
/// <param name="Earlier">What it said before it was corrected, oldest first; null when it never was.</param>
internal sealed record Annotation(
    string AnnotationId,
    string ProjectId,
    string TaskId,
    string Rater,
    string Pseudonym,
    string LeaseId,
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
    string? Session = null,
    IReadOnlyList<EarlierVersion>? Earlier = null,
    IReadOnlyDictionary<string, string>? Reasons = null,
    string? PromptId = null)
{
    /// <summary>Where judgements lie; a person's own work is in both, and looks alike.</summary>
    public static readonly IReadOnlyList<DocumentKind> Kinds = [DocumentKind.Annotation, DocumentKind.AsideAnnotation];

    public static DocumentKey Key(string projectId, string taskId, string annotationId) =>
        new(DocumentKind.Annotation, new Partition(projectId, taskId), annotationId);

    /// <summary>Of a task that lies aside: it enters no figure of the customer.</summary>
    public static DocumentKey AsideKey(string projectId, string taskId, string annotationId) =>
        new(DocumentKind.AsideAnnotation, new Partition(projectId, taskId), annotationId);

    /// <summary>The response id behind a blinded key.</summary>
    public string ResponseId(string key) => ResponseOrder[key[0] - 'A'];
}

/// <summary>A version of a judgement that its writer has replaced.</summary>
/// <param name="Reason">Why it was replaced, in the writer's words.</param>
internal sealed record EarlierVersion(Judgement Judgement, IReadOnlyList<string> Acknowledged, string ContentSha256, DateTimeOffset ReplacedAt, string Reason);
