using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>An item as a lead sees it: whose responses they are, every judgement in the same letters, who holds it, what was done to it.</summary>
/// <param name="Models">Of the responses, in the order of their letters.</param>
/// <param name="Guideline">The project's, whose names are shown.</param>
/// <param name="Rubric">What is asked of each response beside the ratings, and <paramref name="Rules"/>: with them the item is judged in the form that raters have.</param>
/// <param name="Mode">How much the project asks.</param>
/// <param name="SetAside">Judgements that count no more.</param>
internal sealed record ItemDetail(
    ItemLine Line, ItemView Item, IReadOnlyList<string> Models, GuidelineStamp Guideline, IReadOnlyList<DetailJudgement> Judgements, IReadOnlyList<DetailJudgement> SetAside,
    IReadOnlyList<DetailLease> Leases, IReadOnlyList<string> Declined, DetailCase? Case, IReadOnlyList<Act> History,
    IReadOnlyList<CriterionView> Rubric, IReadOnlyList<RuleView> Rules, string Mode)
{
    public static async Task<ItemDetail?> ReadAsync(IDocumentStore store, GuidelineLibrary guidelines, Project project, string taskId, TimeProvider time, CancellationToken cancellation)
    {
        var projectId = project.ProjectId;
        if (await new ItemSearch(store).LineAsync(projectId, taskId, cancellation) is not { } line
            || await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation) is not { Value: var item }
            || await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is not { Value: var task })
        {
            return null;
        }

        var guideline = await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) ?? GuidelineLibrary.Default;
        var order = item.Responses.Select(response => response.ResponseId).ToList();
        var judgements = await Adjudications.JudgementsAsync(store, projectId, taskId, cancellation);
        var aside = await store.AllAsync<VoidJudgement>(VoidJudgement.OfTask(projectId, taskId), cancellation).Select(made => made.Value).ToListAsync(cancellation);
        var acts = await store.AllAsync<Act>(Act.OfTask(projectId, taskId), cancellation).Select(act => act.Value).ToListAsync(cancellation);
        var now = time.GetUtcNow();
        return new ItemDetail(
            line, ViewOf(item), [.. item.Responses.Select(response => response.Model ?? "")], new GuidelineStamp(guideline.Id, guideline.Version, guideline.Sha256),
            [.. judgements.OrderBy(made => made.SubmittedAt).Select(made => DetailJudgement.Of(made, order))],
            [.. aside.OrderBy(made => made.VoidedAt).Select(made => DetailJudgement.Of(made.Annotation, order) with { SetAsideAt = made.VoidedAt, SetAsideBy = made.By, Why = made.Why })],
            [.. task.Slots.Where(slot => !slot.IsFilled).Select(slot => new DetailLease(slot.Rater, slot.LeasedAt, slot.ExpiresAt, IsOver: !slot.IsTaken(now)))],
            task.Declined, await CaseAsync(store, projectId, taskId, order, cancellation), [.. acts.OrderBy(act => act.At)],
            CriterionView.Of(item, project), [.. guideline.Rules.Select(rule => new RuleView(rule.Id, rule.Level, rule.Text))],
            task.Mode ?? project.Mode ?? Vocabulary.FullMode);
    }

    /// <summary>In the order of the file, not in one of a rater.</summary>
    private static ItemView ViewOf(EvalItem item) => ItemView.Of(item, rater: "", showReasoning: true) with
    {
        Responses = [.. item.Responses.Select((response, position) => new ResponseView(ResponseOrder.Key(position), response.Content, MarkdownView.Of(response.Content), response.Reasoning))],
    };

    private static async Task<DetailCase?> CaseAsync(IDocumentStore store, string projectId, string taskId, List<string> order, CancellationToken cancellation)
    {
        if (await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(projectId, taskId), cancellation) is not { Value: var open })
        {
            return null;
        }

        var settled = await store.AllAsync<Adjudication>(new DocumentQuery(DocumentKind.Adjudication) { ProjectId = projectId, Scope = taskId }, cancellation).Select(made => made.Value).ToListAsync(cancellation);
        var referral = (await store.FindAsync<Referral>(Referral.Key(projectId, taskId), cancellation))?.Value;
        return new DetailCase(
            open.Judged > 0, referral?.Why, settled.LastOrDefault()?.Rater, settled.LastOrDefault()?.SubmittedAt,
            [.. settled.SelectMany(made => made.Rulings).Select(ruling => new DetailRuling(
                PointView.Of(ruling.Point, ruling.Point.ResponseId is { } response ? ResponseOrder.Key(order.IndexOf(response)) : null), ruling.Final, ruling.Overturned, ruling.Rationale))]);
    }
}

/// <summary>A judgement with the responses in the letters of the item.</summary>
internal sealed record DetailJudgement(
    string AnnotationId, string Rater, string Pseudonym, bool Simulated, DateTimeOffset LeasedAt, DateTimeOffset SubmittedAt, GuidelineReference Guideline, int Corrections, Judgement Judgement,
    DateTimeOffset? SetAsideAt = null, string? SetAsideBy = null, string? Why = null)
{
    public static DetailJudgement Of(Annotation made, List<string> order) => new(
        made.AnnotationId, made.Rater, made.Pseudonym, made.Simulated, made.LeasedAt, made.SubmittedAt, made.Guideline, made.Earlier?.Count ?? 0,
        made.Judgement.Renamed(letter => ResponseOrder.Key(order.IndexOf(made.ResponseId(letter)))));
}

internal sealed record DetailLease(string Rater, DateTimeOffset LeasedAt, DateTimeOffset ExpiresAt, bool IsOver);

internal sealed record DetailCase(bool Settled, string? Referral, string? By, DateTimeOffset? At, IReadOnlyList<DetailRuling> Rulings);

internal sealed record DetailRuling(PointView Point, string Final, bool Overturned, string Rationale);
