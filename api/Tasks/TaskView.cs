using HealthEval.Batches;
using HealthEval.Guidelines;
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
        project.ProjectId, project.Name, item.TaskId, "rate", project.Demo, ItemView.Of(item, rater),
        new GuidelineStamp(guideline.Id, guideline.Version, guideline.Sha256),
        [.. item.Rubric.Select(criterion => new CriterionView(criterion.Id, criterion.Criterion))],
        [.. guideline.Rules.Select(rule => new RuleView(rule.Id, rule.Level, rule.Text))],
        Draft: null, Vocabulary.FullMode);
}

internal sealed record GuidelineStamp(string Id, int Version, string Sha256);

internal sealed record CriterionView(string Id, string Criterion);

internal sealed record RuleView(string Id, string Level, string Text);

internal sealed record ItemView(
    IReadOnlyList<MessageView> Prompt, IReadOnlyList<ResponseView> Responses, string Subdomain, string Audience, string Jurisdiction, string Language, string RiskTier,
    string? Theme, string? TaskType)
{
    public static ItemView Of(EvalItem item, string rater)
    {
        var byId = item.Responses.ToDictionary(response => response.ResponseId);
        var order = ResponseOrder.Of(item.Responses.Select(response => response.ResponseId), ResponseOrder.Seed(item.TaskId, rater));
        return new ItemView(
            [.. item.Messages.Select(message => new MessageView(message.Role, message.Content, MarkdownView.Of(message.Content)))],
            [.. order.Select((id, position) => new ResponseView(ResponseOrder.Key(position), byId[id].Content, MarkdownView.Of(byId[id].Content)))],
            item.Subdomain, item.Audience, item.Jurisdiction, item.Language, item.RiskTier, item.Theme, item.TaskType);
    }
}

internal sealed record MessageView(string Role, string Content, IReadOnlyList<ViewNode> View);

internal sealed record ResponseView(string Key, string Text, IReadOnlyList<ViewNode> View);

internal sealed record DeskView(long Today, long Week, long Total, IReadOnlyList<DeskProject> Projects, IReadOnlyList<HeldTask> Held);

internal sealed record DeskProject(string ProjectId, string Name, bool Demo, long Mine, long Judged, long Wanted, bool OpenForMe);

internal sealed record ProjectProgress(long Judged, long Wanted);

internal sealed record HeldTask(string ProjectId, string TaskId, DateTimeOffset ExpiresAt);
