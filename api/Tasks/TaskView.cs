using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Intake;
using HealthEval.Projects;

namespace HealthEval.Tasks;

internal sealed record NextRequest(string? ProjectId = null, IReadOnlyList<string>? Holding = null);

internal sealed record LeaseRequest(string LeaseId);

internal sealed record ReleaseRequest(string LeaseId, string Reason);

internal sealed record DraftRequest(string LeaseId, int Revision, System.Text.Json.JsonElement Judgement);

internal sealed record DraftSaved(int Revision, DateTimeOffset SavedAt);

internal sealed record DraftView(int Revision, System.Text.Json.JsonElement Judgement, DateTimeOffset SavedAt)
{
    public static DraftView Of(TaskDraft draft) => new(draft.Revision, draft.Judgement, draft.SavedAt);
}

internal sealed record LeaseView(string LeaseId, DateTimeOffset ExpiresAt, int RenewEverySeconds)
{
    public static LeaseView Of(Slot slot, Project project) => new(slot.LeaseId, slot.ExpiresAt, (int)Math.Clamp(project.Lease.TotalSeconds / 4, 15, 120));
}

internal sealed record HandedOut(LeaseView Lease, TaskView Task);

/// <summary>What a rater gets to see of a task. No model, no response id, no reference, no points, nobody else's judgement.</summary>
internal sealed record TaskView(
    string ProjectId, string ProjectName, string TaskId, string Kind, bool SimulatedProject, ItemView Item, GuidelineStamp Guideline,
    IReadOnlyList<CriterionView> Rubric, IReadOnlyList<RuleView> Rules, DraftView? Draft, string Mode)
{
    public static TaskView Of(Project project, EvalItem item, Slot slot, Guideline guideline, TaskDraft? draft) =>
        Judged(project, item, slot.Rater, guideline) with { Draft = draft is null ? null : DraftView.Of(draft), Mode = slot.Mode ?? Vocabulary.FullMode };

    /// <summary>As its rater saw it, with nothing in the making.</summary>
    public static TaskView Judged(Project project, EvalItem item, string rater, Guideline guideline) => new(
        project.ProjectId, project.Name, item.TaskId, "rate", project.Demo, ItemView.Of(item, rater, project.ShowReasoning),
        new GuidelineStamp(guideline.Id, guideline.Version, guideline.Sha256),
        CriterionView.Of(item, project),
        [.. guideline.Rules.Select(rule => new RuleView(rule.Id, rule.Level, rule.Text))],
        Draft: null, Vocabulary.FullMode);
}

internal sealed record GuidelineStamp(string Id, int Version, string Sha256);

/// <param name="Importance">must or nice, where the criterion is a statement that an answer must or may hold; its points are never shown.</param>
internal sealed record CriterionView(string Id, string Criterion, string? Importance)
{
    /// <summary>The rubric; what the reference says only where the project shows it.</summary>
    public static IReadOnlyList<CriterionView> Of(EvalItem item, Project project) => [.. (project.ShowMustHave ? item.Criteria : item.Rubric).Select(Of)];

    private static CriterionView Of(RubricCriterion criterion) => new(
        criterion.Id, criterion.Criterion, criterion.Tags.Contains("must_have") ? "must" : criterion.Tags.Contains("nice_to_have") ? "nice" : null);
}

internal sealed record RuleView(string Id, string Level, string Text);

internal sealed record ItemView(
    IReadOnlyList<MessageView> Prompt, IReadOnlyList<ResponseView> Responses, string Subdomain, string Audience, string Jurisdiction, string Language, string RiskTier,
    string? Theme, string? TaskType, IReadOnlyList<ClaimView>? Claims)
{
    /// <param name="showReasoning">Only where the project asks to judge it.</param>
    public static ItemView Of(EvalItem item, string rater, bool showReasoning)
    {
        var byId = item.Responses.ToDictionary(response => response.ResponseId);
        var order = ResponseOrder.Of(item.Responses.Select(response => response.ResponseId), ResponseOrder.Seed(item.TaskId, rater)).ToList();
        return new ItemView(
            [.. item.Messages.Select(message => new MessageView(message.Role, message.Content, MarkdownView.Of(message.Content)))],
            [.. order.Select((id, position) => new ResponseView(
                ResponseOrder.Key(position), byId[id].Content, MarkdownView.Of(byId[id].Content), showReasoning ? byId[id].Reasoning : null))],
            item.Subdomain, item.Audience, item.Jurisdiction, item.Language, item.RiskTier, item.Theme, item.TaskType,
            item.Claims?.Select(claim => ClaimView.Of(claim, ResponseOrder.Key(order.IndexOf(claim.ResponseId)))).ToList());
    }
}

/// <summary>A claim that came with the answer: the same unit for everybody who judges it.</summary>
internal sealed record ClaimView(string ClaimId, string Response, string Text, int? Start, int? End, string? Importance)
{
    public static ClaimView Of(GivenClaim claim, string key) => new(claim.ClaimId, key, claim.Text, claim.Start, claim.End, claim.Importance);
}

internal sealed record MessageView(string Role, string Content, IReadOnlyList<ViewNode> View);

/// <param name="Reasoning">What the model thought before it said this, as plain text.</param>
internal sealed record ResponseView(string Key, string Text, IReadOnlyList<ViewNode> View, string? Reasoning);

internal sealed record DeskView(long Today, long Week, long Total, IReadOnlyList<DeskProject> Projects, IReadOnlyList<HeldTask> Held);

/// <param name="Waiting">Tasks with room in the person's lanes that they have not passed yet; a few of them may be judged by them already.</param>
/// <param name="MedianSeconds">Of the person's own last judgements here, with the time for sources; null while there are too few.</param>
/// <param name="Closed">Why there is nothing for this person, where that is about them and not about the work.</param>
internal sealed record DeskProject(
    string ProjectId, string Name, bool Demo, long Mine, long Judged, long Wanted, bool OpenForMe, long Waiting, int? MedianSeconds, string? Closed);

internal sealed record ProjectProgress(long Judged, long Wanted);

internal sealed record HeldTask(string ProjectId, string TaskId, DateTimeOffset ExpiresAt);
