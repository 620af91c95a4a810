using System.Text.Json;
using HealthEval.Annotations;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Reports;

internal abstract record CompileOutcome
{
    internal sealed record Done(Manifest Manifest) : CompileOutcome;

    /// <summary>The finished week has its report; what was delivered is not replaced.</summary>
    internal sealed record WasThere(Manifest Manifest) : CompileOutcome;

    /// <summary>Another instance, or another person, is at it.</summary>
    internal sealed record Busy : CompileOutcome;
}

/// <summary>
/// Compiles weeks into the archive: one by one on request, or all that are due. A marker file says who is at it, so that the work is done once;
/// even without it there would be one result, since the manifest is created, not overwritten, and both would have the same bytes.
/// </summary>
internal sealed class WeeklyReports(IDocumentStore store, IFileStore files, ReportArchive archive, Gathering gathering, TimeProvider time, ILogger<WeeklyReports> log)
{
    /// <summary>A compilation that takes longer has died.</summary>
    private static readonly TimeSpan MarkerHolds = TimeSpan.FromMinutes(30);

    /// <summary>Compiles every finished week that has no report, of every project, from its first judgement on. Returns how many.</summary>
    public async Task<int> CompileDueAsync(CancellationToken cancellation)
    {
        var compiled = 0;
        await foreach (var project in store.AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation))
        {
            foreach (var week in await WeeksAsync(project.Value.ProjectId, cancellation))
            {
                compiled += await CompileIfDueAsync(project.Value, week, cancellation) ? 1 : 0;
            }
        }

        return compiled;
    }

    /// <summary>The weeks from the project's first judgement to the running one, oldest first; none without a judgement.</summary>
    public async Task<IReadOnlyList<IsoWeek>> WeeksAsync(string projectId, CancellationToken cancellation)
    {
        var query = new DocumentQuery(DocumentKind.Annotation) { ProjectId = projectId, OrderBy = "submittedAt", Top = 1 };
        var first = (await store.QueryAsync<Annotation>(query, continuation: null, cancellation)).Documents;
        var weeks = new List<IsoWeek>();
        for (var week = first.Count == 0 ? null : (IsoWeek?)IsoWeek.Of(first[0].Value.SubmittedAt); week is { } w && w.Start <= time.GetUtcNow(); week = w.Add(1))
        {
            weeks.Add(w);
        }

        return weeks;
    }

    public async Task<CompileOutcome> CompileAsync(Project project, IsoWeek week, CancellationToken cancellation)
    {
        if (await archive.FindAsync(project.ProjectId, week, cancellation) is { Manifest: { Open: false } finished })
        {
            return new CompileOutcome.WasThere(finished);
        }

        var marker = ReportArchive.PathOf(project.ProjectId, week, ".compiling");
        if (!await MarkAsync(marker, cancellation))
        {
            return new CompileOutcome.Busy();
        }

        using var span = Telemetry.Activities.StartActivity("healtheval.report");
        var begun = time.GetTimestamp();
        var folder = Directory.CreateTempSubdirectory("healtheval-report-").FullName;
        try
        {
            await gathering.WriteAsync(project, week, folder, cancellation);
            var manifest = await Report.CompileAsync(folder, cancellation);
            CompileOutcome outcome = await archive.PublishAsync(project.ProjectId, week, folder, cancellation) ? new CompileOutcome.Done(manifest) : new CompileOutcome.WasThere(manifest);
            Telemetry.ReportDuration.Record(time.GetElapsedTime(begun).TotalSeconds, Telemetry.Outcome(outcome));
            return outcome;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await files.DeleteAsync(marker, CancellationToken.None);
        }
    }

    private async Task<bool> CompileIfDueAsync(Project project, IsoWeek week, CancellationToken cancellation)
    {
        if (time.GetUtcNow() < week.End)
        {
            return false;
        }

        try
        {
            return await CompileAsync(project, week, cancellation) is CompileOutcome.Done;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "The report of {ProjectId} for {Week} could not be compiled; the other projects go on, and this one is tried again next time", project.ProjectId, week);
            return false;
        }
    }

    private async Task<bool> MarkAsync(string path, CancellationToken cancellation)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(time.GetUtcNow() + MarkerHolds);
        if (await files.WriteBytesAsync(path, content, FileCondition.IfAbsent, cancellation) is not null)
        {
            return true;
        }

        if (await files.FindAsync(path, cancellation) is not { } entry || await files.OpenAsync(path, cancellation) is not { } stream)
        {
            return false; // it was just taken away: whoever had it is done
        }

        await using (stream)
        {
            var until = await JsonSerializer.DeserializeAsync<DateTimeOffset>(stream, cancellationToken: cancellation);
            return until <= time.GetUtcNow() && await files.WriteBytesAsync(path, content, FileCondition.IfMatch(entry.ETag), cancellation) is not null;
        }
    }
}
