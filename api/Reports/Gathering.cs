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
internal sealed class Gathering(IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time)
{
    private const int ReadsAtOnce = 32;
    private const int ItemsPerPage = 512;

    public async Task WriteAsync(Project project, Coverage week, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var gathered = await CopyAsync(project.ProjectId, week, folder, GatherPosition.Start, (_, _) => Task.FromResult(true), cancellation);
        await CompleteAsync(project, week, folder, gathered!, cancellation);
    }

    /// <summary>
    /// Copies the judgements and the items they are about, page by page, after what the folder holds already.
    /// </summary>
    /// <param name="afterPage">Says whether to go on.</param>
    /// <returns>Null when it was stopped.</returns>
    public async Task<GatherPosition?> CopyAsync(string projectId, Coverage week, string folder, GatherPosition from, Func<GatherPosition, CancellationToken, Task<bool>> afterPage, CancellationToken cancellation)
    {
        var position = from;
        while (!position.HasJudgements)
        {
            position = await JudgementsAsync(projectId, week, folder, position, cancellation);
            if (!await afterPage(position, cancellation))
            {
                return null;
            }
        }

        var tasks = new SortedSet<string>(JsonLines.Read<TaskReference>(Path.Combine(folder, ReportFiles.Annotations)).Select(annotation => annotation.TaskId), StringComparer.Ordinal);
        await using var items = JsonLines.Open(Path.Combine(folder, ReportFiles.Items), append: position.LastTask is not null);
        foreach (var some in tasks.SkipWhile(task => position.LastTask is { } last && string.CompareOrdinal(task, last) <= 0).Chunk(ItemsPerPage))
        {
            await ItemsAsync(projectId, some, items, cancellation);
            position = position with { LastTask = some[^1] };
            if (!await afterPage(position, cancellation))
            {
                return null;
            }
        }

        return position;
    }

    /// <summary>Everything else that a report is computed from. The weeks before come from their judgements, not from their reports, so that the order of compiling changes nothing.</summary>
    public async Task CompleteAsync(Project project, Coverage week, string folder, GatherPosition gathered, CancellationToken cancellation, ManifestRevision? revision = null)
    {
        await DescribeAsync(project, week, folder, cancellation, revision);
        await AdjudicationsAsync(project.ProjectId, week, folder, cancellation);
        await ClaimsAsync(folder, cancellation);
        await RatersAsync(gathered.Raters, folder, cancellation);
        var earlier = await EarlierWeeks.ReadAsync(this, store, project, week, WeekData.ModeOf(folder), cancellation);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.History), earlier.Headlines, cancellation);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Cumulative), earlier.Cumulative, cancellation);
        await JsonLines.WriteAllAsync(Path.Combine(folder, ReportFiles.Previous), earlier.Before, cancellation);
        await using var readings = JsonLines.Create(Path.Combine(folder, ReportFiles.Benchmarks));
        await foreach (var reading in BenchmarkReading.OfAsync(store, project, week.End, cancellation))
        {
            await JsonLines.WriteAsync(readings, reading, cancellation);
        }

        var now = time.GetUtcNow();
        var conduct = await Conduct.GatherAsync(store, project, week, await Delivery.OfAsync(store, project.ProjectId, cancellation), now, cancellation);
        var operations = await Operations.GatherAsync(store, project, week, now, cancellation);
        var context = new WeekContext(operations, earlier.Guideline, await SetAside.GatherAsync(store, project.ProjectId, week, cancellation), conduct);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Context), context, cancellation);
    }

    /// <summary>What the report is about, with the guidelines its judgements were made under, never the one the project has now.</summary>
    public async Task DescribeAsync(Project project, Coverage week, string folder, CancellationToken cancellation, ManifestRevision? revision = null)
    {
        var used = JsonLines.Read<GuidedJudgement>(Path.Combine(folder, ReportFiles.Annotations)).GroupBy(a => a.Guideline)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key.Id, StringComparer.Ordinal).ThenByDescending(g => g.Key.Version).ToList();
        var (found, uses) = (new List<Guideline>(), new List<GuidelineUse>());
        foreach (var (id, version, judgements) in used.Select(g => (g.Key.Id, g.Key.Version, g.Count())))
        {
            var guideline = await guidelines.FindAsync(id, version, cancellation)
                ?? throw new InvalidDataException($"Guideline {id} v{version}, which judgements of project '{project.ProjectId}' were made under, is not in the store.");
            found.Add(guideline);
            uses.Add(new GuidelineUse(id, version, guideline.TaxonomyVersion, guideline.Sha256, judgements));
        }

        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Guidelines), found.Count == 0 ? [GuidelineLibrary.Default] : found, cancellation);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Project), Describe(project, uses, week) with { Revision = revision }, cancellation);
    }

    /// <summary>Judgements of a week, or of the weeks of a campaign, by submission time in UTC.</summary>
    public static DocumentQuery Submitted(string projectId, Coverage week) => new(DocumentKind.Annotation)
    {
        ProjectId = projectId,
        Where = [In(week)],
        OrderBy = "submittedAt",
        Top = 500,
    };

    private static Filter.Range In(Coverage week) => new Filter.Range("submittedAt", Bound(week.Start), Bound(week.End));

    /// <summary>Shorter than any time that is written in full on that second, so that text comparison puts it first.</summary>
    private static string Bound(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss");

    private ProjectExport Describe(Project p, IReadOnlyList<GuidelineUse> used, Coverage week) => new(
        p.ProjectId, p.Name, p.Customer, week.Name, week.Start, week.End, Open: time.GetUtcNow() < week.End, p.Demo,
        used, p.Overlap, p.Subdomains, p.Languages, p.Comparison, p.GoldShare, p.Report, week.Scope);

    private async Task<GatherPosition> JudgementsAsync(string projectId, Coverage week, string folder, GatherPosition position, CancellationToken cancellation)
    {
        var page = await store.QueryAsync<Annotation>(Submitted(projectId, week), position.Continuation, cancellation);
        var raters = position.Raters.ToDictionary(StringComparer.Ordinal);
        await using var stream = JsonLines.Open(Path.Combine(folder, ReportFiles.Annotations), append: position.Continuation is not null);
        var delivery = await Delivery.OfAsync(store, projectId, cancellation);
        var taken = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (annotation, _) in page.Documents)
        {
            if (!(taken.TryGetValue(annotation.TaskId, out var isTaken) ? isTaken : taken[annotation.TaskId] = await week.TakesAsync(store, projectId, annotation.TaskId, cancellation)))
            {
                continue;
            }

            var delivered = AnnotationExport.Of(annotation, delivery);
            raters[delivered.Rater] = new GatheredRater(annotation.Rater, annotation.Simulated);
            await JsonLines.WriteAsync(stream, delivered, cancellation);
        }

        return position with { Continuation = page.Continuation, HasJudgements = page.Continuation is null, Raters = raters };
    }

    /// <summary>A week's adjudications, by their own time: a case may be older than the week in which it was settled.</summary>
    private async Task AdjudicationsAsync(string projectId, Coverage week, string folder, CancellationToken cancellation)
    {
        await using var stream = JsonLines.Create(Path.Combine(folder, ReportFiles.Adjudications));
        var delivery = await Delivery.OfAsync(store, projectId, cancellation);
        await foreach (var (made, _) in store.AllAsync<Adjudication>(Adjudication.Of(projectId, In(week)), cancellation))
        {
            if (await week.TakesAsync(store, projectId, made.TaskId, cancellation))
            {
                await JsonLines.WriteAsync(stream, AdjudicationExport.Of(made, delivery), cancellation);
            }
        }
    }

    private async Task ItemsAsync(string projectId, string[] tasks, FileStream stream, CancellationToken cancellation)
    {
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

        await stream.FlushAsync(cancellation);
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

    private async Task RatersAsync(IReadOnlyDictionary<string, GatheredRater> raters, string folder, CancellationToken cancellation)
    {
        var exported = new List<RaterExport>();
        foreach (var (pseudonym, (id, simulated)) in raters.OrderBy(rater => rater.Key, StringComparer.Ordinal))
        {
            var credential = (await store.FindAsync<Person>(Person.Key(id), cancellation))?.Value.Credential;
            exported.Add(new RaterExport(pseudonym, credential?.Degree, credential is null ? null : RaterExport.Band(credential.Years), credential?.Subdomains ?? [], simulated));
        }

        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Raters), exported, cancellation);
    }
}

/// <summary>How far a week has been copied out.</summary>
/// <param name="Continuation">Of the query for judgements.</param>
/// <param name="LastTask">Items are copied in the order of their tasks, up to this one.</param>
/// <param name="Raters">By pseudonym.</param>
internal sealed record GatherPosition(string? Continuation, bool HasJudgements, string? LastTask, IReadOnlyDictionary<string, GatheredRater> Raters)
{
    public static readonly GatherPosition Start = new(null, HasJudgements: false, null, new Dictionary<string, GatheredRater>(StringComparer.Ordinal));
}

internal sealed record GatheredRater(string Person, bool Simulated);

internal sealed record TaskReference(string TaskId);

internal sealed record GuidedJudgement(GuidelineReference Guideline);

/// <summary>How much a judgement was asked, read from a line of <see cref="ReportFiles.Annotations"/>.</summary>
internal sealed record ModedJudgement(JudgementMode Judgement);

internal sealed record JudgementMode(string? Mode);
