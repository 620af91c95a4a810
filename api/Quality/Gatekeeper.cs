using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>Says at the door of a project whether somebody is handed work: whether they are paused, on their way to production, done for the day, or have an interest in it.</summary>
internal sealed class Gatekeeper(IDocumentStore store, GuidelineLibrary guidelines, Standings standings, TimeProvider time)
{
    public const string Paused = "paused";
    public const string Capped = "cap";

    /// <summary>As when there is no work: who has declared an interest knows it, and what the customer is called is not told.</summary>
    public const string Interest = "interest";

    public async Task<Admission> AdmitAsync(Project project, Person person, CancellationToken cancellation)
    {
        var standing = await standings.FindAsync(project.ProjectId, person.PersonId, cancellation);
        if (standing.Paused is not null)
        {
            return new Admission(Paused);
        }

        var interests = (await store.FindAsync<Interests>(Interests.Key(person.PersonId), cancellation))?.Value;
        if (interests?.Covers(project) == true)
        {
            return new Admission(Interest);
        }

        var guideline = await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation);
        var step = guideline is null ? null : ProductionPath.Next(project.Quality, guideline, standing);
        if (step is not null)
        {
            return step == ProductionPath.Qualification ? new Admission(OnlyAside: true) : new Admission(step);
        }

        if (standing.CapPerDay is { } most && await TodayAsync(project, person, cancellation) >= most)
        {
            return new Admission(Capped);
        }

        return interests is { Makers.Count: > 0 } ? new Admission(Bars: interests.Cover) : Admission.Free;
    }

    private async Task<long> TodayAsync(Project project, Person person, CancellationToken cancellation)
    {
        var midnight = new Filter.Range("submittedAt", Json.Stamp(new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)), null);
        var today = 0L;
        foreach (var kind in Annotation.Kinds)
        {
            today += await store.CountAsync(new DocumentQuery(kind) { ProjectId = project.ProjectId, Where = [new Filter.Equal("rater", person.PersonId), midnight] }, cancellation);
        }

        return today;
    }
}
