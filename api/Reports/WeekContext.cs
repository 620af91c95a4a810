using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>What a report needs beside the week's own judgements.</summary>
/// <param name="PreviousGuideline">That of the week before's report; null without one.</param>
internal sealed record WeekContext(Operations Operations, Guideline? PreviousGuideline)
{
    /// <summary>Copies out of the store and of the week before's report.</summary>
    public static async Task WriteAsync(IDocumentStore store, ReportArchive archive, Project project, IsoWeek week, DateTimeOffset now, string folder, CancellationToken cancellation)
    {
        var before = week.Add(-1);
        var finished = await archive.FindAsync(project.ProjectId, before, cancellation) is { Manifest.Open: false };
        await using (var previous = JsonLines.Create(Path.Combine(folder, ReportFiles.Previous)))
        {
            await using var source = finished ? await archive.OpenAsync(project.ProjectId, before, ReportFiles.Responses, cancellation) : null;
            await (source?.CopyToAsync(previous, cancellation) ?? Task.CompletedTask);
        }

        var guideline = finished ? await archive.ReadAsync<Guideline>(project.ProjectId, before, ReportFiles.Guideline, cancellation) : null;
        var context = new WeekContext(await Operations.GatherAsync(store, project, week, now, cancellation), guideline);
        await JsonLines.WriteFileAsync(Path.Combine(folder, ReportFiles.Context), context, cancellation);
    }
}
