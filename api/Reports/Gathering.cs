using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>
/// Copies a week out of the store into export files, sorted and under pseudonyms. The workbook is made from these files alone, so whoever
/// has them can make it again. Judgements and items are streamed; only the ids seen are kept in memory.
/// </summary>
internal sealed class Gathering(IDocumentStore store, ReportArchive archive, GuidelineLibrary guidelines, TimeProvider time)
{
    private const int ReadsAtOnce = 32;

    public async Task WriteAsync(Project project, IsoWeek week, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var guideline = await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation)
            ?? throw new InvalidDataException($"Guideline {project.Guideline.Id} v{project.Guideline.Version} of project '{project.ProjectId}' is not in the store.");
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Guideline), guideline, cancellation);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Project), Describe(project, guideline, week), cancellation);
        var (tasks, raters) = await AnnotationsAsync(project.ProjectId, week, folder, cancellation);
        await ItemsAsync(project.ProjectId, tasks, folder, cancellation);
        await ClaimsAsync(folder, cancellation);
        await RatersAsync(raters, folder, cancellation);
        var history = await archive.HistoryAsync(project.ProjectId, week, cancellation);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.History), history, cancellation);
    }

    /// <summary>A week's judgements, by submission time in UTC.</summary>
    public static DocumentQuery Submitted(string projectId, IsoWeek week) => new(DocumentKind.Annotation)
    {
        ProjectId = projectId,
        Where = [new Filter.Range("submittedAt", Bound(week.Start), Bound(week.End))],
        OrderBy = "submittedAt",
        Top = 500,
    };

    /// <summary>Shorter than any time that is written in full on that second, so that text comparison puts it first.</summary>
    private static string Bound(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss");

    private ProjectExport Describe(Project p, Guideline guideline, IsoWeek week) => new(
        p.ProjectId, p.Name, p.Customer, week.ToString(), week.Start, week.End, Open: time.GetUtcNow() < week.End, p.Demo,
        p.Guideline, guideline.Sha256, p.Overlap, p.Subdomains, p.Languages, p.Comparison);

    private async Task<(SortedSet<string> Tasks, SortedDictionary<string, (string Person, bool Simulated)> Raters)> AnnotationsAsync(
        string projectId, IsoWeek week, string folder, CancellationToken cancellation)
    {
        var tasks = new SortedSet<string>(StringComparer.Ordinal);
        var raters = new SortedDictionary<string, (string, bool)>(StringComparer.Ordinal);
        await using var stream = JsonLines.Create(Path.Combine(folder, ReportFiles.Annotations));
        await foreach (var (annotation, _) in store.AllAsync<Annotation>(Submitted(projectId, week), cancellation))
        {
            tasks.Add(annotation.TaskId);
            raters[annotation.Pseudonym] = (annotation.Rater, annotation.Simulated);
            await JsonLines.WriteAsync(stream, AnnotationExport.Of(annotation), cancellation);
        }

        return (tasks, raters);
    }

    private async Task ItemsAsync(string projectId, SortedSet<string> tasks, string folder, CancellationToken cancellation)
    {
        await using var stream = JsonLines.Create(Path.Combine(folder, ReportFiles.Items));
        foreach (var some in tasks.Chunk(ReadsAtOnce))
        {
            foreach (var item in await Task.WhenAll(some.Select(task => store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, task), cancellation))))
            {
                if (item is not null)
                {
                    await JsonLines.WriteAsync(stream, item.Value, cancellation);
                }
            }
        }
    }

    private static async Task ClaimsAsync(string folder, CancellationToken cancellation)
    {
        var items = ItemBrief.Read(folder);
        await using var stream = JsonLines.Create(Path.Combine(folder, ReportFiles.Claims));
        foreach (var annotation in JsonLines.Read<AnnotationExport>(Path.Combine(folder, ReportFiles.Annotations)))
        {
            var item = ItemBrief.Of(items, annotation.TaskId);
            for (var i = 0; i < annotation.Judgement.Claims.Count; i++)
            {
                var claim = annotation.Judgement.Claims[i];
                var response = annotation.ResponseId(claim.Response);
                var line = new ClaimExport(annotation.AnnotationId, i + 1, annotation.TaskId, item.PromptId, response, item.Response(response).Model, annotation.Rater, annotation.Simulated, claim);
                await JsonLines.WriteAsync(stream, line, cancellation);
            }
        }
    }

    private async Task RatersAsync(SortedDictionary<string, (string Person, bool Simulated)> raters, string folder, CancellationToken cancellation)
    {
        var exported = new List<RaterExport>();
        foreach (var (pseudonym, (id, simulated)) in raters)
        {
            var credential = (await store.FindAsync<Person>(Person.Key(id), cancellation))?.Value.Credential;
            exported.Add(new RaterExport(pseudonym, credential?.Degree, credential is null ? null : RaterExport.Band(credential.Years), credential?.Subdomains ?? [], simulated));
        }

        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Raters), exported, cancellation);
    }
}
