using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>Where a person stands in a project: the steps they took, what was waived, when they were paused and why. Nothing in it is removed: what is over has an end.</summary>
/// <param name="CapPerDay">The most judgements that they hand in on a day (UTC); null is as many as they like.</param>
internal sealed record Standing(
    string ProjectId, string PersonId, IReadOnlyList<StepResult> Steps, IReadOnlyList<Allowance> Allowances, IReadOnlyList<Pause> Pauses, int? CapPerDay = null)
{
    public static Standing New(string projectId, string personId) => new(projectId, personId, [], [], []);

    public static DocumentKey Key(string projectId, string personId) => new(DocumentKind.Standing, new Partition(projectId, "standing"), personId);

    public static DocumentQuery Of(string projectId) => new(DocumentKind.Standing) { ProjectId = projectId, Scope = "standing", Top = 500 };

    /// <summary>The pause that is in force; null when there is none.</summary>
    public Pause? Paused => Pauses.LastOrDefault(pause => pause.EndedAt is null);

    public Standing WithPause(Pause pause) => Paused is null ? this with { Pauses = [.. Pauses, pause] } : this;

    public Standing Resumed(string by, string why, DateTimeOffset now) =>
        this with { Pauses = [.. Pauses.Select(pause => pause.EndedAt is null ? pause with { EndedAt = now, EndedBy = by, EndedWhy = why } : pause)] };

    public Standing With(StepResult result) => this with { Steps = [.. Steps, result] };

    /// <summary>Of a step under these scales, since it was last asked for anew.</summary>
    public IEnumerable<StepResult> ResultsOf(string step, string scales)
    {
        var since = Allowances.LastOrDefault(allowance => allowance.Step == step && allowance.Kind == Allowance.Again)?.At;
        return Steps.Where(result => result.Step == step && result.Scales == scales && (since is null || result.At > since));
    }

    public bool IsWaived(string step, string scales) => Allowances.Any(allowance => allowance.Step == step && allowance.Kind == Allowance.Waived && allowance.Scales == scales);
}

/// <summary>One try at a step of the path to production.</summary>
/// <param name="Scales">Of the guideline version it was taken under: another version with the same scales does not ask again.</param>
/// <param name="Item">The calibration item.</param>
/// <param name="Passed">Of a calibration item: that it was done. It teaches, and is not passed or failed.</param>
/// <param name="Right">Answers, or scores, that are right.</param>
/// <param name="Given">What was answered, by question or dimension.</param>
internal sealed record StepResult(
    string Step, string GuidelineId, int GuidelineVersion, string Scales, DateTimeOffset At, bool Passed, int Right, int Of, string? Item = null,
    double? Alpha = null, int? CriticalsFound = null, int? CriticalsPlanted = null, IReadOnlyDictionary<string, string>? Given = null);

/// <summary>A lead's decision that a step is waived for a person, or may be tried anew, with the reason.</summary>
internal sealed record Allowance(string Step, string Kind, string Scales, string By, DateTimeOffset At, string Why)
{
    public const string Waived = "waived";
    public const string Again = "again";
}

/// <param name="Code">The rule that fired, or "lead".</param>
/// <param name="Words">Why, for the person who is paused.</param>
internal sealed record Pause(
    string Code, string Words, string By, DateTimeOffset At, NoticeFigure? Figure = null, DateTimeOffset? EndedAt = null, string? EndedBy = null, string? EndedWhy = null);

internal static class Scales
{
    /// <summary>A hash over everything that a rater chooses from: a version that only words its instructions anew has the same.</summary>
    public static string Of(Guideline guideline) => Sha.Of(Json.Bytes(new
    {
        guideline.Id,
        dimensions = guideline.Dimensions.Select(dimension => new { dimension.Key, dimension.Anchors, dimension.NaAllowed }),
        guideline.Harm,
        guideline.Overall,
        guideline.Confidence,
        guideline.Severities,
        verdicts = guideline.Verdicts.Select(verdict => new { verdict.Key, verdict.Meaning }),
    }))[..16];
}
