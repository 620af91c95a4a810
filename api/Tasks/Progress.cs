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
        var all = new DocumentQuery(DocumentKind.Annotation) { ProjectId = project.ProjectId };
        var judged = await store.CountAsync(all, cancellation);
        var mine = await store.CountAsync(all with { Where = [new Filter.Equal("rater", person.PersonId)] }, cancellation);
        var tasks = await store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = project.ProjectId }, cancellation);
        return new DeskProject(project.ProjectId, project.Name, project.Demo, mine, judged, tasks * project.Overlap, openForMe);
    }

    private Task<long> MineSinceAsync(DateTime utc, CancellationToken cancellation)
    {
        var since = Json.Stamp(new DateTimeOffset(utc, TimeSpan.Zero));
        return store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { Where = [new Filter.Equal("rater", person.PersonId), new Filter.Range("submittedAt", since, null)] }, cancellation);
    }
}
