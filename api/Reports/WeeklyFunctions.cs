using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Storage;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Reports;

/// <summary>The weekly reports on Azure: the timer only says which projects are due; each is compiled by itself, in as many steps as it needs.</summary>
internal sealed class WeeklyFunctions(WeeklyReports reports, Steps steps, IHostApplicationLifetime lifetime, ILogger<WeeklyFunctions> log)
{
    private const string Queue = "reports";

    [Function("CompileWeeklyReports")]
    [QueueOutput(Queue)]
    public async Task<string[]> FindDueAsync([TimerTrigger("0 0 6 * * 1")] TimerInfo timer, CancellationToken cancellation) =>
        [.. await reports.DueProjectsAsync(cancellation).Select(MessageOf).ToListAsync(cancellation)];

    [Function("CompileProjectReports")]
    [QueueOutput(Queue)]
    public async Task<string[]> CompileAsync([QueueTrigger(Queue)] string message, CancellationToken cancellation) =>
        ProjectOf(message) is { } projectId && await reports.CompileDueAsync(projectId, steps.BeginUntil(lifetime.ApplicationStopping), cancellation) is StepOutcome.MoreToDo
            ? [MessageOf(projectId)]
            : [];

    [Function("CompileProjectReportsPoison")]
    public void GiveUp([QueueTrigger($"{Queue}-poison")] string message) =>
        log.LogError("A report of {ProjectId} could not be compiled and was given up after all tries; the next weekly run tries again", ProjectOf(message));

    private static string MessageOf(string projectId) => new JsonObject { ["projectId"] = projectId }.ToJsonString();

    private static string? ProjectOf(string message)
    {
        try
        {
            return JsonNode.Parse(message, documentOptions: Json.Unique) is JsonObject fields && fields["projectId"] is JsonValue id && id.TryGetValue<string>(out var projectId) && projectId.Length > 0 ? projectId : null;
        }
        catch (JsonException)
        {
            return null; // nobody's message: nothing to do, now or at any later try
        }
    }
}
