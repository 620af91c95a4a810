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
        api.MapGet("/exports/{projectId}/{format}", GetAsync).RequireAuthorization(Policies.Customers).WithName("GetExport").ForTokens(TokenScope.ExportsRead).Audited(AuditActions.ExportTaken);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetAsync(
        string projectId, string format, [AsParameters] ExportQuery query, DatasetExport export, IDocumentStore store, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is null)
        {
            return Problems.Missing("project");
        }

        if (!DatasetExport.Formats.ContainsKey(format))
        {
            return Problems.Of(422, "unknown_format", "There is no such export", $"Choose one of {string.Join(", ", DatasetExport.Formats.Keys)}.");
        }

        var options = query.ToOptions();
        if (options.Refusal(format) is { } refusal)
        {
            return Problems.Of(422, "options_do_not_fit", "These options do not go together", refusal);
        }

        var (type, ending) = format == DatasetExport.OneArray ? ("application/json", "json") : ("application/jsonl", "jsonl");
        return TypedResults.Stream(body => export.WriteAsync(projectId, format, options, _ => body, cancellation), type, $"{projectId}-{format}.{ending}");
    }
}

/// <summary>The options of <c>healtheval export</c> in an address. A split is for files; an answer is one.</summary>
internal sealed record ExportQuery(bool? ExcludeSimulated = null, int MinRaters = 1, double MinMargin = 0, bool ApplyAdjudications = false)
{
    public ExportOptions ToOptions() => new(ExcludeSimulated, MinRaters, MinMargin, ApplyAdjudications);
}
