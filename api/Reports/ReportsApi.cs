using System.Text.Json.Serialization;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace HealthEval.Reports;

internal static class ReportsApi
{
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(5);
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/reports/{projectId}").RequireAuthorization(Policies.Customers);
        reports.MapGet("/", ListAsync).WithName("ListReports").ForTokens(TokenScope.ReportsRead);
        reports.MapGet("/{week}", GetAsync).WithName("GetReport").ForTokens(TokenScope.ReportsRead);
        reports.MapGet("/{week}/workbook", WorkbookAsync).WithName("GetWorkbook").ForTokens(TokenScope.ReportsRead).Audited(AuditActions.ReportTaken, "workbook");
        reports.MapGet("/{week}/data", DataAsync).WithName("GetReportData").ForTokens(TokenScope.ReportsRead).Audited(AuditActions.ReportTaken, "data");
        reports.MapGet("/{week}/manifest", ManifestAsync).WithName("GetReportManifest").ForTokens(TokenScope.ReportsRead).Audited(AuditActions.ReportTaken, "manifest");
        api.MapPost("/reports/{projectId}/{week}", CompileAsync).RequireAuthorization(Policies.Leads).WithName("CompileReport").ForTokens(TokenScope.ReportsCompile)
            .Audited(AuditActions.ReportCompiled);
        api.MapExports();
        api.MapBenchmarkScores();
    }

    private static async Task<Results<Ok<ReportList>, ProblemHttpResult>> ListAsync(string projectId, ReportViews views, WeeklyReports reports, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        var list = new List<ReportView>();
        foreach (var week in (await reports.WeeksAsync(projectId, cancellation)).Reverse())
        {
            list.Add(await views.OfAsync(projectId, week, cancellation) with { Files = null });
        }

        return TypedResults.Ok(new ReportList(list));
    }

    private static async Task<Results<Ok<ReportView>, ProblemHttpResult>> GetAsync(string projectId, string week, ReportViews views, IDocumentStore store, CancellationToken cancellation) =>
        IsoWeek.Parse(week) is not { } parsed ? NoWeek(week)
        : await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null ? Problems.Missing("project")
        : TypedResults.Ok(await views.OfAsync(projectId, parsed, cancellation));

    private static async Task<Results<Ok<ReportView>, ProblemHttpResult>> CompileAsync(
        string projectId, string week, ReportViews views, WeeklyReports reports, Steps steps, IDocumentStore store, TimeProvider time, CancellationToken cancellation)
    {
        if (IsoWeek.Parse(week) is not { } parsed)
        {
            return NoWeek(week);
        }

        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            return Problems.Missing("project");
        }

        if (parsed.Start > time.GetUtcNow())
        {
            return Problems.Conflict("week_not_begun", "This week has not begun", $"{parsed} begins on {parsed.Start:yyyy-MM-dd} (UTC). Choose the running week or an earlier one.");
        }

        return await reports.CompileAsync(project.Value, parsed, steps.Begin(), patient: false, cancellation) is CompileOutcome.Busy or CompileOutcome.MoreToDo
            ? Problems.Conflict("compiling", "This report is being compiled", "Wait a minute, then look at the report again; if it is not there, ask for it once more: it goes on where it was.")
            : TypedResults.Ok(await views.OfAsync(projectId, parsed, cancellation));
    }

    /// <summary>The file itself; where files lie in Blob Storage, a short-lived address of it, so that a large workbook does not pass through the Functions host.</summary>
    private static async Task<Results<FileStreamHttpResult, RedirectHttpResult, ProblemHttpResult>> WorkbookAsync(
        string projectId, string week, ReportArchive archive, IFileStore files, TimeProvider time, CancellationToken cancellation)
    {
        if (files is BlobFileStore blobs && IsoWeek.Parse(week) is { } parsed && await archive.FindAsync(projectId, parsed, cancellation) is not null)
        {
            var link = await blobs.DownloadLinkAsync(ReportArchive.PathOf(projectId, parsed, ReportFiles.Workbook), $"{projectId}-{parsed}.xlsx", Xlsx, time.GetUtcNow(), LinkLifetime, cancellation);
            return TypedResults.Redirect(link.AbsoluteUri);
        }

        var file = await FileAsync(projectId, week, ReportFiles.Workbook, Xlsx, ".xlsx", archive, cancellation);
        return file.Result is FileStreamHttpResult stream ? stream : (ProblemHttpResult)file.Result;
    }

    private static Task<Results<FileStreamHttpResult, ProblemHttpResult>> ManifestAsync(string projectId, string week, ReportArchive archive, CancellationToken cancellation) =>
        FileAsync(projectId, week, ReportFiles.Manifest, "application/json", "-manifest.json", archive, cancellation);

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> FileAsync(
        string projectId, string week, string name, string type, string ending, ReportArchive archive, CancellationToken cancellation)
    {
        if (IsoWeek.Parse(week) is not { } parsed)
        {
            return NoWeek(week);
        }

        if (await archive.OpenAsync(projectId, parsed, name, cancellation) is not var (stream, tag))
        {
            return await NoneAsync(projectId, parsed, archive, cancellation);
        }

        return TypedResults.Stream(stream, type, $"{projectId}-{parsed}{ending}", entityTag: tag is null ? null : new EntityTagHeaderValue($"\"{tag}\""));
    }

    /// <summary>The whole folder, so that <c>healtheval verify</c> works on what was downloaded.</summary>
    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> DataAsync(string projectId, string week, ReportArchive archive, IFileStore files, CancellationToken cancellation)
    {
        if (IsoWeek.Parse(week) is not { } parsed)
        {
            return NoWeek(week);
        }

        return await ReportZip.PackAsync(archive, files, projectId, parsed, cancellation) is { } packed
            ? TypedResults.Stream(packed, "application/zip", $"{projectId}-{parsed}-data.zip")
            : await NoneAsync(projectId, parsed, archive, cancellation);
    }

    private static async Task<ProblemHttpResult> NoneAsync(string projectId, IsoWeek week, ReportArchive archive, CancellationToken cancellation) =>
        await archive.FindAsync(projectId, week, cancellation) is null && await archive.DamageAsync(projectId, week, cancellation) is null
            ? Problems.Missing("report for this week")
            : Problems.Conflict("report_damaged", "This report is damaged", $"The stored files of {week} are not those its manifest names. A lead can compile the week again.");

    private static ProblemHttpResult NoWeek(string week) => Problems.Of(422, "invalid_week", "This is not an ISO week", $"'{(week.Length > 20 ? week[..20] + "…" : week)}' is not a week. Write it like 2026-W47.");
}

internal sealed record ReportList(IReadOnlyList<ReportView> Weeks);

/// <param name="State">compiled, damaged (to be compiled again), due (over, not compiled yet), open (running; what is there is provisional) or none (nothing was judged).</param>
internal sealed record ReportView(
    string Week,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? CompiledAt,
    long Judgements,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? WorkbookBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? WorkbookSha256,
    IReadOnlyList<ManifestFile>? Files)
{
    /// <summary>What is wrong with the stored report, in a sentence.</summary>
    public string? Damage { get; init; }
}

/// <summary>What the program says about a week's report.</summary>
internal sealed class ReportViews(IDocumentStore store, ReportArchive archive, TimeProvider time)
{
    public async Task<ReportView> OfAsync(string projectId, IsoWeek week, CancellationToken cancellation)
    {
        var open = time.GetUtcNow() < week.End;
        if (await archive.DamageAsync(projectId, week, cancellation) is { } damage)
        {
            return new ReportView(week.ToString(), "damaged", null, await JudgementsAsync(projectId, week, cancellation), null, null, null) { Damage = damage };
        }

        if (await archive.FindAsync(projectId, week, cancellation) is ({ } manifest, { } entry))
        {
            var workbook = manifest.Files.First(f => f.Path == ReportFiles.Workbook);
            var state = !manifest.Open ? "compiled" : open ? "open" : "due";
            return new ReportView(week.ToString(), state, entry.Modified, manifest.Counts.Judgements, workbook.Bytes, workbook.Sha256, manifest.Files);
        }

        var judgements = await JudgementsAsync(projectId, week, cancellation);
        return new ReportView(week.ToString(), open ? "open" : judgements > 0 ? "due" : "none", null, judgements, null, null, null);
    }

    private Task<long> JudgementsAsync(string projectId, IsoWeek week, CancellationToken cancellation) => store.CountAsync(Gathering.Submitted(projectId, week), cancellation);
}
