using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>How much has been judged, by one person and by everybody, counted from the judgements there are.</summary>
internal sealed class Progress(IDocumentStore store, Person person, DateTimeOffset now)
{
    private const int FewestForPace = 5;
    private const int LastForPace = 20;

    public Task<long> TodayAsync(IReadOnlyList<Project> projects, CancellationToken cancellation) => MineSinceAsync(projects, now.UtcDateTime.Date, cancellation);

    public Task<long> ThisWeekAsync(IReadOnlyList<Project> projects, CancellationToken cancellation) =>
        MineSinceAsync(projects, now.UtcDateTime.Date.AddDays(-(((int)now.UtcDateTime.DayOfWeek + 6) % 7)), cancellation);

    /// <summary>
    /// What the person has judged aside counts as judged too, and what they have aside as no longer waiting, so that the figures move with every task alike;
    /// they end where all is judged.
    /// </summary>
    /// <param name="asideInHand">Tasks that lie aside and that the person holds.</param>
    public async Task<DeskProject> OfAsync(Project project, bool openForMe, long waiting, long asideInHand, string? closed, CancellationToken cancellation)
    {
        var (judged, wanted) = await OfEverybodyAsync(project, store, cancellation);
        var mine = await MineAsync(project, cancellation);
        var aside = await store.CountAsync(new DocumentQuery(DocumentKind.AsideAnnotation) { ProjectId = project.ProjectId, Where = [Mine] }, cancellation);
        var pace = await PaceAsync(project, cancellation);
        return new DeskProject(
            project.ProjectId, project.Name, project.Demo, mine, Math.Min(judged + aside, Math.Max(judged, wanted)), wanted, openForMe,
            openForMe ? Math.Max(1, waiting - aside - asideInHand) : 0, pace, closed);
    }

    public static async Task<ProjectProgress> OfEverybodyAsync(Project project, IDocumentStore store, CancellationToken cancellation)
    {
        var judged = await store.CountAsync(All(project), cancellation);
        return new ProjectProgress(judged, await WantedAsync(project, store, cancellation));
    }

    /// <summary>Σ over tasks of the judgements each asks for: a changed overlap is that of new tasks, older ones keep theirs.</summary>
    private static async Task<long> WantedAsync(Project project, IDocumentStore store, CancellationToken cancellation)
    {
        var all = new DocumentQuery(DocumentKind.Task) { ProjectId = project.ProjectId };
        var (left, wanted) = (await store.CountAsync(all, cancellation), 0L);
        foreach (var overlap in Enumerable.Range(1, Project.MostOverlap).OrderByDescending(k => k == project.Overlap))
        {
            if (left == 0)
            {
                break; // nearly always after the first: that is the overlap of all
            }

            var some = await store.CountAsync(all with { Where = [new Filter.Equal("overlap", overlap)] }, cancellation);
            (left, wanted) = (left - some, wanted + (some * overlap));
        }

        return wanted;
    }

    /// <summary>The middle of the person's last judgements here, in seconds; null while there are fewer than five.</summary>
    private async Task<int?> PaceAsync(Project project, CancellationToken cancellation)
    {
        var made = new List<Judged>();
        foreach (var kind in (DocumentKind[])[DocumentKind.Annotation, DocumentKind.AsideAnnotation])
        {
            var mine = new DocumentQuery(kind) { ProjectId = project.ProjectId, Where = [Mine], OrderBy = "submittedAt", Descending = true, Top = LastForPace };
            made.AddRange((await store.QueryAsync<Judged>(mine, continuation: null, cancellation)).Documents.Select(stored => stored.Value));
        }

        var seconds = made.OrderByDescending(one => one.SubmittedAt).Take(LastForPace)
            .Select(one => one.Judgement.ActiveSeconds + (one.Judgement.CheckingSeconds ?? 0)).Order().ToList();
        return seconds.Count < FewestForPace ? null : seconds[seconds.Count / 2];
    }

    private Filter Mine => new Filter.Equal("rater", person.PersonId);

    private static DocumentQuery All(Project project) => new(DocumentKind.Annotation) { ProjectId = project.ProjectId };

    /// <summary>All that the person has judged, whatever for: a count that some tasks leave as it was would tell them from the others.</summary>
    private async Task<long> MineAsync(Project project, CancellationToken cancellation, params IReadOnlyList<Filter> more)
    {
        var judged = 0L;
        foreach (var kind in (DocumentKind[])[DocumentKind.Annotation, DocumentKind.AsideAnnotation])
        {
            judged += await store.CountAsync(new DocumentQuery(kind) { ProjectId = project.ProjectId, Where = [Mine, .. more] }, cancellation);
        }

        return judged;
    }

    /// <summary>Project by project, so that each count is answered by the index of one project.</summary>
    private async Task<long> MineSinceAsync(IReadOnlyList<Project> projects, DateTime utc, CancellationToken cancellation)
    {
        var since = new Filter.Range("submittedAt", Json.Stamp(new DateTimeOffset(utc, TimeSpan.Zero)), null);
        var judged = 0L;
        foreach (var project in projects)
        {
            judged += await MineAsync(project, cancellation, since);
        }

        return judged;
    }

    private sealed record Judged(TimeSpent Judgement, DateTimeOffset SubmittedAt);

    private sealed record TimeSpent(int ActiveSeconds, int? CheckingSeconds);
}
