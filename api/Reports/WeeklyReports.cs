using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;

namespace HealthEval.Reports;

internal abstract record CompileOutcome
{
    internal sealed record Done(Manifest Manifest) : CompileOutcome;

    /// <summary>The finished week has its report; what was delivered is not replaced.</summary>
    internal sealed record WasThere(Manifest Manifest) : CompileOutcome;

    /// <summary>It was computed again, and every file came out as it was delivered.</summary>
    internal sealed record Unchanged(Manifest Manifest) : CompileOutcome;

    /// <summary>It was computed again, these files came out otherwise, and nobody has said why the delivered report is to be replaced.</summary>
    internal sealed record NeedsReason(IReadOnlyList<string> Files) : CompileOutcome;

    /// <summary>Another instance, or another person, is at it.</summary>
    internal sealed record Busy : CompileOutcome;

    /// <summary>The time was over. What was copied out so far is kept; the next call goes on from there.</summary>
    internal sealed record MoreToDo : CompileOutcome;
}

/// <summary>
/// Compiles weeks into the archive, in steps: one week on request, or all that are due. A lease says who is at it, so that the work is done once;
/// even without it there would be one result, since the manifest is created, not overwritten, and both would have the same bytes.
/// </summary>
internal sealed class WeeklyReports(
    IDocumentStore store, IFileStore files, ReportArchive archive, Gathering gathering, ReportSigner signer, Steps steps, AuditTrail trail, TimeProvider time, ILogger<WeeklyReports> log)
{
    public static DocumentKey StepKey(string projectId, Coverage week) => new(DocumentKind.Step, new Partition(projectId, "reports"), week.ToString());

    /// <summary>Compiles every finished week that has no report, of every project, from its first judgement on. Returns how many.</summary>
    public async Task<int> CompileDueAsync(CancellationToken cancellation)
    {
        var compiled = 0;
        await foreach (var project in store.AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation))
        {
            foreach (var week in await DueOrNoneAsync(project.Value.ProjectId, cancellation))
            {
                var outcome = await CompileIfPossibleAsync(project.Value, week, cancellation);
                compiled += outcome is CompileOutcome.Done ? 1 : 0;
                if (outcome is CompileOutcome.Busy)
                {
                    break; // whoever is at this week goes on with the next, which needs this one
                }
            }
        }

        return compiled;
    }

    /// <summary>The projects for which there is something to compile.</summary>
    public IAsyncEnumerable<string> DueProjectsAsync(CancellationToken cancellation) =>
        store.AllAsync<Project>(new DocumentQuery(DocumentKind.Project), cancellation).Select(project => project.Value.ProjectId)
            .Where(async (projectId, token) => (await DueOrNoneAsync(projectId, token)).Count > 0);

    /// <summary>Compiles a project's due weeks, the oldest first since each is part of the next one's trend, as far as the time allows.</summary>
    public async Task<StepOutcome> CompileDueAsync(string projectId, StepTime step, CancellationToken cancellation)
    {
        if (await store.FindAsync<Project>(Project.Key(projectId), cancellation) is not { Value: var project })
        {
            return StepOutcome.Nothing;
        }

        var isFirst = true;
        await foreach (var week in DueAsync(projectId, cancellation))
        {
            if (!isFirst && step.IsHalfOver)
            {
                return StepOutcome.MoreToDo;
            }

            isFirst = false;
            switch (await CompileByTimerAsync(project, week, step, patient: true, cancellation))
            {
                case CompileOutcome.MoreToDo: return StepOutcome.MoreToDo;
                case CompileOutcome.Busy: return StepOutcome.Busy; // the next week needs this one
            }
        }

        return StepOutcome.Done;
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

    public Task<CompileOutcome> CompileAsync(Project project, Coverage week, CancellationToken cancellation) => CompileAsync(project, week, steps.BeginWithoutEnd(), patient: false, cancellation);

    /// <param name="patient">Wait for the lease of somebody who died, instead of taking them to be at it.</param>
    public async Task<CompileOutcome> CompileAsync(Project project, Coverage week, StepTime step, bool patient, CancellationToken cancellation)
    {
        if (await FinishedAsync(project, week, cancellation) is { } finished)
        {
            return finished;
        }

        await using var lease = await steps.TakeAsync<ReportPosition>(StepKey(project.ProjectId, week), patient, cancellation);
        if (lease is null)
        {
            return new CompileOutcome.Busy();
        }

        var outcome = await FinishedAsync(project, week, cancellation) ?? await CompileAsync(project, week, step, lease, cancellation);
        if (outcome is not CompileOutcome.MoreToDo)
        {
            await lease.EndAsync([], cancellation);
        }

        return outcome;
    }

    /// <summary>
    /// Computes a week again whose report was delivered. Where something comes out otherwise and <paramref name="reason"/> says why, the new report becomes the next
    /// revision and the delivered one is kept.
    /// </summary>
    public async Task<CompileOutcome> ReviseAsync(Project project, Coverage week, string? reason, StepTime step, CancellationToken cancellation)
    {
        await using var lease = await steps.TakeAsync<ReportPosition>(StepKey(project.ProjectId, week), patient: false, cancellation);
        if (lease is null)
        {
            return new CompileOutcome.Busy();
        }

        var before = await FinishedAsync(project, week, cancellation) is CompileOutcome.WasThere { Manifest: var finished } ? finished : null;
        var outcome = await CompileAsync(project, week, step, lease, cancellation, before, reason);
        if (outcome is not CompileOutcome.MoreToDo)
        {
            await lease.EndAsync([], cancellation);
        }

        return outcome;
    }

    private async Task<CompileOutcome> CompileAsync(
        Project project, Coverage week, StepTime step, StepLease<ReportPosition> lease, CancellationToken cancellation, Manifest? before = null, string? reason = null)
    {
        using var span = Telemetry.Activities.StartActivity("healtheval.report");
        var begun = time.GetTimestamp();
        var folder = TempFolders.Create("report");
        try
        {
            var staging = new Staging(files, ReportArchive.Folder(project.ProjectId, week), folder, lease, step, time);
            var from = time.GetUtcNow() < week.End ? null : await staging.RestoreAsync(cancellation); // an open week may have changed meanwhile
            if (await gathering.CopyAsync(project.ProjectId, week, folder, from ?? GatherPosition.Start, staging.AfterPageAsync, cancellation) is not { } gathered)
            {
                return new CompileOutcome.MoreToDo();
            }

            await gathering.CompleteAsync(project, week, folder, gathered, cancellation, before?.Revision);
            var manifest = await Report.CompileAsync(folder, cancellation);
            var outcome = before is null ? await PublishAsync(project.ProjectId, week, folder, manifest, cancellation) : await ReviseAsync(project, week, folder, before, manifest, reason, cancellation);
            await staging.ClearAsync(cancellation);
            Telemetry.ReportDuration.Record(time.GetElapsedTime(begun).TotalSeconds, Telemetry.Outcome(outcome));
            return outcome;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What somebody asks for is on record by their request.</summary>
    private async Task<CompileOutcome> CompileByTimerAsync(Project project, Coverage week, StepTime step, bool patient, CancellationToken cancellation)
    {
        var outcome = await CompileAsync(project, week, step, patient, cancellation);
        if (outcome is CompileOutcome.Done)
        {
            await trail.RecordAsync(project.ProjectId, AuditTrail.Timer, AuditActions.ReportCompiled, week.ToString());
        }

        return outcome;
    }

    private async Task<CompileOutcome> PublishAsync(string projectId, Coverage week, string folder, Manifest manifest, CancellationToken cancellation)
    {
        await signer.SignAsync(folder, cancellation);
        return await archive.PublishAsync(projectId, week, folder, cancellation, manifest.Revision) ? new CompileOutcome.Done(manifest) : new CompileOutcome.WasThere(manifest);
    }

    private async Task<CompileOutcome> ReviseAsync(
        Project project, Coverage week, string folder, Manifest before, Manifest again, string? reason, CancellationToken cancellation)
    {
        var old = before.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        string[] changed = [.. again.Files.Where(file => old.GetValueOrDefault(file.Path) != file).Select(file => file.Path)];
        if (changed.Length == 0)
        {
            return new CompileOutcome.Unchanged(before);
        }

        if (reason is null)
        {
            return new CompileOutcome.NeedsReason(changed);
        }

        await using var delivered = await files.OpenAsync(ReportArchive.PathOf(project.ProjectId, week, ReportFiles.Manifest), cancellation);
        var replaced = Convert.ToHexStringLower(await SHA256.HashDataAsync(delivered!, cancellation));
        await gathering.DescribeAsync(project, week, folder, cancellation, new ManifestRevision((before.Revision?.Number ?? 1) + 1, replaced, reason));
        return await PublishAsync(project.ProjectId, week, folder, await Report.CompileAsync(folder, cancellation), cancellation);
    }

    private async Task<CompileOutcome?> FinishedAsync(Project project, Coverage week, CancellationToken cancellation) =>
        await archive.FindAsync(project.ProjectId, week, cancellation) is { Manifest: { Open: false } finished } && await archive.DamageAsync(project.ProjectId, week, cancellation) is null
            ? new CompileOutcome.WasThere(finished)
            : null;

    /// <summary>The finished weeks without a finished report, oldest first. What was delivered and is damaged now is replaced on request only.</summary>
    private async IAsyncEnumerable<IsoWeek> DueAsync(string projectId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var week in (await WeeksAsync(projectId, cancellation)).Where(week => week.End <= time.GetUtcNow()))
        {
            await archive.SettleAsync(projectId, week, cancellation);
            var isDue = await archive.FindAsync(projectId, week, cancellation) is { Manifest: var manifest } ? manifest.Open : await archive.DamageAsync(projectId, week, cancellation) is null;
            if (isDue)
            {
                yield return week;
            }
        }
    }

    /// <summary>None, and a line in the log, when it cannot be found out: the other projects go on.</summary>
    private async Task<IReadOnlyList<IsoWeek>> DueOrNoneAsync(string projectId, CancellationToken cancellation)
    {
        try
        {
            return await DueAsync(projectId, cancellation).ToListAsync(cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Which reports of {ProjectId} are due could not be found out; the other projects go on", projectId);
            return [];
        }
    }

    private async Task<CompileOutcome?> CompileIfPossibleAsync(Project project, Coverage week, CancellationToken cancellation)
    {
        try
        {
            return await CompileByTimerAsync(project, week, steps.BeginWithoutEnd(), patient: false, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "The report of {ProjectId} for {Week} could not be compiled; the other projects go on, and this one is tried again next time", project.ProjectId, week);
            return null;
        }
    }
}
