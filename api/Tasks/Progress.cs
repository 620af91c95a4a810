using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>How much has been judged, by one person and by everybody, counted from the judgements there are.</summary>
internal sealed class Progress(IDocumentStore store, Person person, DateTimeOffset now)
{
    public Task<long> TodayAsync(CancellationToken cancellation) => MineSinceAsync(now.UtcDateTime.Date, cancellation);

    public Task<long> ThisWeekAsync(CancellationToken cancellation) => MineSinceAsync(now.UtcDateTime.Date.AddDays(-(((int)now.UtcDateTime.DayOfWeek + 6) % 7)), cancellation);

    public async Task<DeskProject> OfAsync(Project project, bool openForMe, CancellationToken cancellation)
    {
        var (judged, wanted) = await OfEverybodyAsync(project, store, cancellation);
        var mine = await store.CountAsync(All(project) with { Where = [new Filter.Equal("rater", person.PersonId)] }, cancellation);
        return new DeskProject(project.ProjectId, project.Name, project.Demo, mine, judged, wanted, openForMe);
    }

    public static async Task<ProjectProgress> OfEverybodyAsync(Project project, IDocumentStore store, CancellationToken cancellation)
    {
        var judged = await store.CountAsync(All(project), cancellation);
        var tasks = await store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = project.ProjectId }, cancellation);
        return new ProjectProgress(judged, tasks * project.Overlap);
    }

    private static DocumentQuery All(Project project) => new(DocumentKind.Annotation) { ProjectId = project.ProjectId };

    private Task<long> MineSinceAsync(DateTime utc, CancellationToken cancellation)
    {
        var since = Json.Stamp(new DateTimeOffset(utc, TimeSpan.Zero));
        return store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { Where = [new Filter.Equal("rater", person.PersonId), new Filter.Range("submittedAt", since, null)] }, cancellation);
    }
}
