using System.Text;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Quality;

/// <summary>A rater's own page, and the ledger; the lead's figures of repeats.</summary>
internal static class FeedbackApi
{
    public static void MapFeedback(this IEndpointRouteBuilder api)
    {
        api.MapGet("/quality/mine", MineAsync).RequireAuthorization(Policies.Raters).WithName("MyQuality").Reaches(RouteScope.Own);
        api.MapGet("/quality/ledger", OwnLedgerAsync).RequireAuthorization(Policies.Raters).WithName("MyLedger").Reaches(RouteScope.Own);
        var leads = api.MapGroup("/quality/{projectId}").RequireAuthorization(Policies.Leads);
        leads.MapGet("/repeats", RepeatsAsync).WithName("SelfConsistency");
        leads.MapGet("/ledger", LedgerAsync).WithName("Ledger");
        leads.MapGet("/ledger.csv", CsvAsync).WithName("LedgerFile").Audited(AuditActions.LedgerTaken);
    }

    private static async Task<Ok<MyQualityList>> MineAsync(Caller caller, Feedback feedback, IDocumentStore store, CancellationToken cancellation)
    {
        var mine = new List<MyQuality>();
        foreach (var project in await TasksApi.ProjectsOf(caller, only: null, store, cancellation))
        {
            mine.Add(await feedback.OfAsync(project, caller.Person, cancellation));
        }

        return TypedResults.Ok(new MyQualityList(mine));
    }

    private static async Task<Ok<OwnLedger>> OwnLedgerAsync(Caller caller, Ledger ledger, IDocumentStore store, CancellationToken cancellation)
    {
        var projects = new List<ProjectLedger>();
        foreach (var project in await TasksApi.ProjectsOf(caller, only: null, store, cancellation))
        {
            projects.Add(new ProjectLedger(project.ProjectId, project.Name, Ledger.Own(await ledger.ReadAsync(project, caller.Id, from: null, until: null, cancellation))));
        }

        return TypedResults.Ok(new OwnLedger(projects));
    }

    private static async Task<Ok<ConsistencyList>> RepeatsAsync(string projectId, IDocumentStore store, CancellationToken cancellation) =>
        TypedResults.Ok(new ConsistencyList(ConsistencyView.Of(await SelfConsistency.ReadAsync(store, projectId, personId: null, cancellation))));

    /// <param name="from">Handed in then or later; <paramref name="until"/> is not included.</param>
    private static async Task<Results<Ok<ProjectLedger>, ProblemHttpResult>> LedgerAsync(
        string projectId, DateTimeOffset? from, DateTimeOffset? until, Ledger ledger, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
            ? TypedResults.Ok(new ProjectLedger(projectId, project.Name, await ledger.ReadAsync(project, personId: null, from, until, cancellation)))
            : Problems.Missing("project");

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> CsvAsync(
        string projectId, DateTimeOffset? from, DateTimeOffset? until, Ledger ledger, IDocumentStore store, CancellationToken cancellation) =>
        await store.FindAsync<Project>(Project.Key(projectId), cancellation) is { Value: var project }
            ? TypedResults.File(
                Encoding.UTF8.GetBytes(Ledger.Csv(await ledger.ReadAsync(project, personId: null, from, until, cancellation), PersonForm.PseudonymOf)), "text/csv; charset=utf-8", $"ledger-{projectId}.csv")
            : Problems.Missing("project");
}

internal sealed record MyQualityList(IReadOnlyList<MyQuality> Projects);

internal sealed record ConsistencyList(IReadOnlyList<ConsistencyView> Raters);

internal sealed record ProjectLedger(string ProjectId, string ProjectName, IReadOnlyList<LedgerLine> Lines);

internal sealed record OwnLedger(IReadOnlyList<ProjectLedger> Projects);
