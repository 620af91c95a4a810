using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// A case as its adjudicator sees it: the responses in an order of their own, the judgements as 1, 2, … in a seeded order. No rater, no
/// model, no id of a response or a judgement.
/// </summary>
internal sealed record CaseView(
    string ProjectId, string ProjectName, string TaskId, bool SimulatedProject, ItemView Item, GuidelineStamp Guideline,
    IReadOnlyList<CriterionView> Rubric, IReadOnlyList<RuleView> Rules, IReadOnlyList<PointView> Points, IReadOnlyList<JudgementView> Judgements)
{
    public static CaseView Of(Project project, OpenCase open, Guideline guideline) => new(
        project.ProjectId, project.Name, open.Item.TaskId, project.Demo, ItemView.Of(open.Item, open.Adjudicator, project.ShowReasoning),
        new GuidelineStamp(guideline.Id, guideline.Version, guideline.Sha256),
        CriterionView.Of(open.Item, project),
        [.. guideline.Rules.Select(rule => new RuleView(rule.Id, rule.Level, rule.Text))],
        [.. open.Points.Select(point => PointView.Of(point, open.LetterOf(point.ResponseId)))],
        [.. open.Judgements.Select((judgement, i) => new JudgementView(i + 1, [.. open.Order.Select(id => ResponseOrder.Key(judgement.ResponseOrder.ToList().IndexOf(id)))], open.Translated(judgement)))]);
}

internal sealed record PointView(string Key, string Kind, string? Response, string? Dimension, int? Start, int? End, string? Quote, string Reason, IReadOnlyList<string?> Values)
{
    public static PointView Of(Dispute point, string? letter) => new(point.KeyFor(letter), point.Kind, letter, point.Dimension, point.Start, point.End, point.Quote, point.Reason, point.Values);
}

/// <param name="Saw">Under which letter this rater saw the responses A, B, …, because their own words use those letters.</param>
internal sealed record JudgementView(int Number, IReadOnlyList<string> Saw, Judgement Judgement);

/// <param name="Draft">What this adjudicator has decided so far; its judgement is the rulings by point.</param>
internal sealed record CaseHandedOut(LeaseView Lease, CaseView Case, DraftView? Draft);

/// <param name="Rulings">Kept as they are; they are looked into when the case is handed in.</param>
internal sealed record CaseDraftRequest(string LeaseId, int Revision, System.Text.Json.JsonElement Rulings);

internal sealed record CaseDesk(long Waiting, long Settled, long Today, bool OpenForMe, HeldTask? Held);

internal sealed record CaseProgress(long Waiting, long Settled);

internal sealed record ReferralForm(string? Why);

internal sealed record AdjudicationForm(string LeaseId, IReadOnlyList<Decision> Decisions);

internal sealed record AdjudicationReceipt(string AdjudicationId, DateTimeOffset SubmittedAt, string ContentSha256)
{
    public static AdjudicationReceipt Of(Adjudication made) => new(made.AdjudicationId, made.SubmittedAt, made.ContentSha256);
}
