using System.ComponentModel.DataAnnotations;
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
        reports.MapGet("/campaigns", CampaignsAsync).WithName("ListCampaigns").ForTokens(TokenScope.ReportsRead);
        reports.MapGet("/{week}", GetAsync).WithName("GetReport").ForTokens(TokenScope.ReportsRead);
        reports.MapGet("/{week}/workbook", WorkbookAsync).WithName("GetWorkbook").ForTokens(TokenScope.ReportsRead).Audited(AuditActions.ReportTaken, "workbook");
        reports.MapGet("/{week}/data", DataAsync).WithName("GetReportData").ForTokens(TokenScope.ReportsRead).Audited(AuditActions.ReportTaken, "data");
        reports.MapGet("/{week}/figures", FiguresAsync).WithName("GetReportFigures").ForTokens(TokenScope.ReportsRead).Audited(AuditActions.ReportTaken, "figures");
        reports.MapGet("/{week}/manifest", ManifestAsync).WithName("GetReportManifest").ForTokens(TokenScope.ReportsRead).Audited(AuditActions.ReportTaken, "manifest");
        api.MapPost("/reports/{projectId}/campaigns", CampaignAsync).RequireAuthorization(Policies.Leads).WithName("CompileCampaign").ForTokens(TokenScope.ReportsCompile)
            .Audited(AuditActions.ReportCompiled);
        api.MapPost("/reports/{projectId}/{week}", CompileAsync).RequireAuthorization(Policies.Leads).WithName("CompileReport").ForTokens(TokenScope.ReportsCompile)
            .Audited(AuditActions.ReportCompiled);
        api.MapGet("/keys", KeysAsync).AllowAnonymous().WithName("Keys").Reaches(RouteScope.Nothing);
        api.MapExports();
        api.MapBenchmarkScores();
    }

    /// <summary>What the signature of a report is checked with; nothing of it is secret.</summary>
    private static async Task<Ok<KeyList>> KeysAsync(ReportSigner signer, CancellationToken cancellation) => TypedResults.Ok(new KeyList(await signer.KeysAsync(cancellation)));

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

    private static async Task<Results<Ok<CampaignList>, ProblemHttpResult>> CampaignsAsync(string projectId, ReportViews views, ReportArchive archive, CancellationToken cancellation)
    {
        var list = new List<ReportView>();
        foreach (var campaign in await archive.CampaignsAsync(projectId, cancellation))
        {
            list.Add(await views.OfAsync(projectId, campaign, cancellation) with { Files = null });
        }

        return TypedResults.Ok(new CampaignList(list));
    }

    private static async Task<Results<Ok<ReportView>, ProblemHttpResult>> GetAsync(
        string projectId, string week, ReportViews views, ReportArchive archive, IDocumentStore store, CancellationToken cancellation) =>
        await archive.ParseAsync(projectId, week, cancellation) is not { } parsed ? NoWeek(week)
        : await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null ? Problems.Missing("project")
        : TypedResults.Ok(await views.OfAsync(projectId, parsed, cancellation));

    private static async Task<Results<Ok<ReportView>, ProblemHttpResult>> CompileAsync(
        string projectId, string week, CompileForm? form, ReportViews views, WeeklyReports reports, ReportArchive archive, Steps steps, IDocumentStore store, TimeProvider time,
        CancellationToken cancellation)
    {
        if (await archive.ParseAsync(projectId, week, cancellation) is not { } parsed)
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

        var reason = form?.Reason?.Trim() is { Length: > 0 } said ? said : null;
        return await AnsweredAsync(projectId, parsed, await reports.ReviseAsync(project.Value, parsed, reason, steps.Begin(), cancellation), views, cancellation);
    }

    private static async Task<Results<Ok<ReportView>, ProblemHttpResult>> CampaignAsync(
        string projectId, CampaignForm form, ReportViews views, WeeklyReports reports, Steps steps, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { } project)
        {
            return Problems.Missing("project");
        }

        var (faults, scope) = await form.CheckAsync(projectId, reports, store, cancellation);
        return scope is null
            ? Problems.Invalid(faults)
            : await AnsweredAsync(projectId, Coverage.Of(scope), await reports.ReviseAsync(project.Value, Coverage.Of(scope), form.Reason, steps.Begin(), cancellation), views, cancellation);
    }

    private static async Task<Results<Ok<ReportView>, ProblemHttpResult>> AnsweredAsync(
        string projectId, Coverage week, CompileOutcome outcome, ReportViews views, CancellationToken cancellation) => outcome switch
        {
            CompileOutcome.Busy or CompileOutcome.MoreToDo =>
                Problems.Conflict("compiling", "This report is being compiled", "Wait a minute, then look at the report again; if it is not there, ask for it once more: it goes on where it was."),
            CompileOutcome.NeedsReason { Files: var changed } => Problems.Conflict(
                "reason_needed", "The data have changed since this report was delivered",
                $"Computed again, these files come out otherwise: {string.Join(", ", changed)}. Say why a new revision is to replace the delivered report; that one is kept beside it."),
            CompileOutcome.Unchanged => TypedResults.Ok(await views.OfAsync(projectId, week, cancellation) with { Outcome = "unchanged" }),
            CompileOutcome.Done { Manifest.Revision: not null } => TypedResults.Ok(await views.OfAsync(projectId, week, cancellation) with { Outcome = "revised" }),
            _ => TypedResults.Ok(await views.OfAsync(projectId, week, cancellation) with { Outcome = "compiled" }),
        };

    /// <summary>The file itself; where files lie in Blob Storage, a short-lived address of it, so that a large workbook does not pass through the Functions host.</summary>
    private static async Task<Results<FileStreamHttpResult, RedirectHttpResult, ProblemHttpResult>> WorkbookAsync(
        string projectId, string week, int? revision, ReportArchive archive, IFileStore files, TimeProvider time, CancellationToken cancellation)
    {
        if (files is BlobFileStore { Links: true } blobs && await archive.ParseAsync(projectId, week, cancellation) is { } parsed && await archive.FindAsync(projectId, parsed, cancellation) is not null
            && await archive.PlaceAsync(projectId, parsed, revision, cancellation) is not null)
        {
            var number = (await archive.FindAsync(projectId, parsed, cancellation))?.Manifest.Revision?.Number ?? 1;
            var path = revision is { } earlier && earlier < number
                ? ReportArchive.KeptFolder(projectId, parsed, earlier) + ReportFiles.Workbook
                : ReportArchive.PathOf(projectId, parsed, ReportFiles.Workbook);
            var link = await blobs.DownloadLinkAsync(path, NameOf(projectId, parsed, revision, ".xlsx"), Xlsx, time.GetUtcNow(), LinkLifetime, cancellation);
            return TypedResults.Redirect(link.AbsoluteUri);
        }

        var file = await FileAsync(projectId, week, revision, ReportFiles.Workbook, Xlsx, ".xlsx", archive, cancellation);
        return file.Result is FileStreamHttpResult found ? found : (ProblemHttpResult)file.Result;
    }

    private static Task<Results<FileStreamHttpResult, ProblemHttpResult>> ManifestAsync(string projectId, string week, int? revision, ReportArchive archive, CancellationToken cancellation) =>
        FileAsync(projectId, week, revision, ReportFiles.Manifest, "application/json", "-manifest.json", archive, cancellation);

    /// <summary>What a page shows of the report: its own data file, as it was delivered.</summary>
    private static Task<Results<FileStreamHttpResult, ProblemHttpResult>> FiguresAsync(string projectId, string week, int? revision, ReportArchive archive, CancellationToken cancellation) =>
        FileAsync(projectId, week, revision, ReportFiles.Display, "application/json", null, archive, cancellation);

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> FileAsync(
        string projectId, string week, int? revision, string name, string type, string? ending, ReportArchive archive, CancellationToken cancellation)
    {
        if (await archive.ParseAsync(projectId, week, cancellation) is not { } parsed)
        {
            return NoWeek(week);
        }

        if (await archive.OpenAsync(projectId, parsed, name, cancellation, revision) is not var (stream, tag))
        {
            return await NoneAsync(projectId, parsed, revision, archive, cancellation);
        }

        return TypedResults.Stream(stream, type, ending is null ? null : NameOf(projectId, parsed, revision, ending), entityTag: tag is null ? null : new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static string NameOf(string projectId, Coverage week, int? revision, string ending) => $"{projectId}-{week}{(revision is { } number ? $"-r{number}" : "")}{ending}";

    /// <summary>The whole folder, so that <c>healtheval verify</c> works on what was downloaded.</summary>
    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> DataAsync(
        string projectId, string week, int? revision, ReportArchive archive, IFileStore files, CancellationToken cancellation)
    {
        if (await archive.ParseAsync(projectId, week, cancellation) is not { } parsed)
        {
            return NoWeek(week);
        }

        return await ReportZip.PackAsync(archive, files, projectId, parsed, cancellation, revision) is { } packed
            ? TypedResults.Stream(packed, "application/zip", NameOf(projectId, parsed, revision, "-data.zip"))
            : await NoneAsync(projectId, parsed, revision, archive, cancellation);
    }

    private static async Task<ProblemHttpResult> NoneAsync(string projectId, Coverage week, int? revision, ReportArchive archive, CancellationToken cancellation) =>
        await archive.FindAsync(projectId, week, cancellation) is null && await archive.DamageAsync(projectId, week, cancellation) is null
            ? Problems.Missing("report for this week")
            : revision is not null && await archive.PlaceAsync(projectId, week, revision, cancellation) is null ? Problems.Missing($"revision {revision} of this report")
            : Problems.Conflict("report_damaged", "This report is damaged", $"The stored files of {week} are not those its manifest names. A lead can compile the week again.");

    private static ProblemHttpResult NoWeek(string week) => Problems.Of(422, "invalid_week", "This is not an ISO week", $"'{(week.Length > 20 ? week[..20] + "…" : week)}' is not a week. Write it like 2026-W47.");
}

/// <param name="Reason">Why a delivered report is to be replaced; asked for where the data have changed.</param>
internal sealed record CompileForm([property: MaxLength(500)] string? Reason = null);

/// <summary>What a campaign report is to cover; the project's first and last week where nothing is said.</summary>
internal sealed record CampaignForm(
    string? From = null, string? To = null, [property: MaxLength(200)] string? Batch = null, [property: MaxLength(200)] string? Tag = null, [property: MaxLength(500)] string? Reason = null)
{
    public async Task<(Faults Faults, CampaignScope? Scope)> CheckAsync(string projectId, WeeklyReports reports, IDocumentStore store, CancellationToken cancellation)
    {
        var (weeks, faults) = (await reports.WeeksAsync(projectId, cancellation), new Faults());
        faults.Require(weeks.Count > 0, "from", "Nothing has been judged in this project yet.");
        var (from, to) = (From is null ? weeks.Count > 0 ? weeks[0] : (IsoWeek?)null : IsoWeek.Parse(From), To is null ? weeks.Count > 0 ? weeks[^1] : null : IsoWeek.Parse(To));
        faults.Require(From is null || from is not null, "from", "Write an ISO week such as 2026-W40.");
        faults.Require(To is null || to is not null, "to", "Write an ISO week such as 2026-W47.");
        faults.Require(from is null || to is null || from.Value.Start <= to.Value.Start, "to", "The last week is not before the first.");
        var isThere = Said(Batch) is not { } batch || await store.FindAsync<Batches.Batch>(Batches.Batch.Key(projectId, batch), cancellation) is not null;
        faults.Require(isThere, "batch", $"In this project there is no batch '{Said(Batch)}'. Its receipt has the id.");
        return (faults, faults.Any ? null : new CampaignScope(from.ToString()!, to.ToString()!, Said(Batch), Said(Tag)));

        static string? Said(string? text) => text?.Trim() is { Length: > 0 } said ? said : null;
    }
}
