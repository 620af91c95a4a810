using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>What a person has handed in, for them alone to read again.</summary>
internal sealed class MyWork(IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time)
{
    private const int PageSize = 30;

    /// <summary>The newest first, of all these projects together.</summary>
    public async Task<MyWorkPage> ListAsync(IReadOnlyList<Project> projects, string rater, DateTimeOffset? before, CancellationToken cancellation)
    {
        var found = new List<(Project Project, Annotation Annotation)>();
        foreach (var (project, kind) in projects.SelectMany(project => Annotation.Kinds.Select(kind => (project, kind))))
        {
            var query = new DocumentQuery(kind)
            {
                ProjectId = project.ProjectId,
                Where = [new Filter.Equal("rater", rater), .. before is { } time ? (IReadOnlyList<Filter>)[new Filter.Range("submittedAt", null, Json.Stamp(time))] : []],
                OrderBy = "submittedAt",
                Descending = true,
                Top = PageSize + 1,
            };
            found.AddRange((await store.QueryAsync<Annotation>(query, continuation: null, cancellation)).Documents.Select(stored => (project, stored.Value)));
        }

        var page = found.OrderByDescending(entry => entry.Annotation.SubmittedAt).Take(PageSize).ToList();
        var lines = new List<MyWorkLine>();
        foreach (var (project, annotation) in page)
        {
            lines.Add(await LineAsync(project, annotation, cancellation));
        }

        return new MyWorkPage(lines, More: found.Count > page.Count);
    }

    /// <summary>One's own judgement with the text as one saw it; null when there is none.</summary>
    public async Task<MyJudgement?> FindAsync(Project project, string taskId, string rater, CancellationToken cancellation)
    {
        var mine = await MineAsync(project.ProjectId, taskId, rater, cancellation);
        if (mine is null || await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, taskId), cancellation) is not { Value: var item })
        {
            return null;
        }

        var guideline = (await guidelines.FindAsync(mine.Guideline.Id, mine.Guideline.Version, cancellation))!;
        return new MyJudgement(
            await LineAsync(project, mine, cancellation), TaskView.Judged(project, item, rater, guideline) with { Mode = mine.Judgement.Mode ?? Vocabulary.FullMode },
            mine.Judgement, mine.ContentSha256, mine.Acknowledged,
            [.. (mine.Earlier ?? []).Select(earlier => new EarlierView(earlier.Judgement, earlier.ReplacedAt, earlier.Reason))]);
    }

    private async Task<Annotation?> MineAsync(string projectId, string taskId, string rater, CancellationToken cancellation)
    {
        foreach (var kind in Annotation.Kinds)
        {
            var ofTask = new DocumentQuery(kind) { ProjectId = projectId, Scope = taskId, Top = 500 };
            if (await store.AllAsync<Annotation>(ofTask, cancellation).FirstOrDefaultAsync(stored => stored.Value.Rater == rater, cancellation) is { } mine)
            {
                return mine.Value;
            }
        }

        return null;
    }

    private async Task<MyWorkLine> LineAsync(Project project, Annotation annotation, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var case_ = (await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(project.ProjectId, annotation.TaskId), cancellation))?.Value;
        var state = case_ is null ? "handed_in" : case_.Judged > 0 ? "adjudicated" : "in_adjudication";
        var until = Corrections.Until(annotation.SubmittedAt);
        var correctable = now < until && case_?.Slots.Any(slot => slot.IsTaken(now)) != true;
        var item = (await store.FindAsync<EvalItem>(EvalItem.KeyOf(project.ProjectId, annotation.TaskId), cancellation))?.Value;
        var asked = item?.Messages.LastOrDefault(message => message.Role == "user")?.Content ?? "";
        return new MyWorkLine(
            project.ProjectId, project.Name, annotation.TaskId, annotation.AnnotationId, annotation.SubmittedAt, state, correctable ? until : null, annotation.Earlier?.Count ?? 0,
            asked.Length > 160 ? string.Concat(asked.AsSpan(0, char.IsHighSurrogate(asked[159]) ? 159 : 160), "…") : asked);
    }
}

/// <param name="State">handed_in, in_adjudication or adjudicated.</param>
/// <param name="CorrectableUntil">Null when it can no longer be corrected.</param>
internal sealed record MyWorkLine(
    string ProjectId, string ProjectName, string TaskId, string AnnotationId, DateTimeOffset SubmittedAt, string State, DateTimeOffset? CorrectableUntil, int Corrections, string Asked);

internal sealed record MyWorkPage(IReadOnlyList<MyWorkLine> Judgements, bool More);

internal sealed record EarlierView(Judgement Judgement, DateTimeOffset ReplacedAt, string Reason);

internal sealed record MyJudgement(MyWorkLine Line, TaskView Task, Judgement Judgement, string ContentSha256, IReadOnlyList<string> Acknowledged, IReadOnlyList<EarlierView> Earlier);
