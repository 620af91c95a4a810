using System.Text.Json.Nodes;
using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>The weekly reports on Azure: the timer only says which projects are due; each is compiled by itself, in as many steps as it needs.</summary>
internal static class ReportTriggers
{
    public static void MapReportTriggers(this IEndpointRouteBuilder app)
    {
        app.MapTrigger("CompileWeeklyReports", async (_, context) =>
            [.. await context.Service<WeeklyReports>().DueProjectsAsync(context.RequestAborted).Select(MessageOf).ToListAsync(context.RequestAborted)]);
        app.MapTrigger("CompileProjectReports", async (message, context) =>
            ProjectOf(message) is { } projectId && await context.Service<WeeklyReports>().CompileDueAsync(projectId, context.Service<Steps>().Begin(), context.RequestAborted) is StepOutcome.MoreToDo ? [MessageOf(projectId)] : []);
        app.MapTrigger("CompileProjectReportsPoison", (message, context) =>
        {
            context.Service<ILogger<WeeklyReports>>().LogError("A report of {ProjectId} could not be compiled and was given up after all tries; the next weekly run tries again", ProjectOf(message));
            return Task.FromResult<IReadOnlyList<JsonNode>>([]);
        });
    }

    private static JsonObject MessageOf(string projectId) => new JsonObject { ["projectId"] = projectId };

    private static string? ProjectOf(TriggerMessage message) => message.Value("project") is JsonObject fields && fields["projectId"] is JsonValue id && id.TryGetValue<string>(out var projectId) && projectId.Length > 0 ? projectId : null;
}
