using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Reports;

/// <summary>All judgements of a project in another program's format, written by the same code as <c>healtheval export</c>.</summary>
internal static class ExportsApi
{
    public static void MapExports(this IEndpointRouteBuilder api) =>
        api.MapGet("/exports/{projectId}/{format}", GetAsync).RequireAuthorization(Policies.Customers).WithName("GetExport").Audited(AuditActions.ExportTaken);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetAsync(string projectId, string format, DatasetExport export, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        if (!DatasetExport.Formats.ContainsKey(format))
        {
            return Problems.Of(422, "unknown_format", "There is no such export", $"Choose one of {string.Join(", ", DatasetExport.Formats.Keys)}.");
        }

        var (type, ending) = format == DatasetExport.OneArray ? ("application/json", "json") : ("application/jsonl", "jsonl");
        return TypedResults.Stream(body => export.WriteAsync(projectId, format, body, cancellation), type, $"{projectId}-{format}.{ending}");
    }
}
