using HealthEval.Http;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthEval.Tests.Reports;

public sealed class WeeklyReportsTests
{
    private static readonly DateTimeOffset MondayMorning = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_week_is_compiled_once_when_it_has_ended()
    {
        await using var app = await StartAsync();
        var reports = app.Services.GetRequiredService<WeeklyReports>();
        app.Time.Set(CompiledWeek.Week.End.AddSeconds(-1));
        Assert.Equal(0, await reports.CompileDueAsync(default));

        app.Time.Set(MondayMorning);
        Assert.Equal(1, await reports.CompileDueAsync(default));
        var before = await app.Files.FindAsync(ReportArchive.PathOf(WeekSample.ProjectId, CompiledWeek.Week, ReportFiles.Manifest), default);
        Assert.Equal(0, await reports.CompileDueAsync(default));
        Assert.Equal(before, await app.Files.FindAsync(ReportArchive.PathOf(WeekSample.ProjectId, CompiledWeek.Week, ReportFiles.Manifest), default));
    }

    [Fact]
    public async Task After_three_weeks_of_silence_every_missed_week_is_compiled_and_an_empty_one_says_so()
    {
        await using var app = await StartAsync();
        app.Time.Set(MondayMorning.AddDays(14));
        var archive = app.Services.GetRequiredService<ReportArchive>();
        await Until.TrueAsync("the last missed week", async () =>
        {
            await app.Services.GetRequiredService<WeeklyReports>().CompileDueAsync(default); // the program's own clock may be at it: then this leaves it to that
            return await archive.FindAsync(WeekSample.ProjectId, CompiledWeek.Week.Add(2), default) is not null;
        });

        Assert.Equal(24, (await archive.FindAsync(WeekSample.ProjectId, CompiledWeek.Week, default))!.Value.Manifest.Counts.Judgements);
        Assert.Equal(0, (await archive.FindAsync(WeekSample.ProjectId, CompiledWeek.Week.Add(2), default))!.Value.Manifest.Counts.Judgements);
        var history = await archive.ReadAsync<IReadOnlyList<WeekHeadlines>>(WeekSample.ProjectId, CompiledWeek.Week.Add(2), ReportFiles.History, default);
        Assert.Equal(["2026-W47"], history!.Select(h => h.Week)); // a week in which nothing was judged is no point of a trend
    }

    [Fact]
    public async Task Instances_that_race_for_a_week_leave_one_report_that_verifies()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the report's folder on disk.");
        await using var app = await StartAsync();
        app.Time.Set(MondayMorning);
        var racers = Enumerable.Range(0, 4).Select(_ => ActivatorUtilities.CreateInstance<WeeklyReports>(app.Services)).ToList();
        var outcomes = await Task.WhenAll(racers.Select(r => Task.Run(() => r.CompileAsync(WeekSample.Project, CompiledWeek.Week, default))));
        Assert.Single(outcomes, o => o is CompileOutcome.Done);
        Assert.Empty((await Verification.OfAsync(StoredFolder(app), default)).Differences);
        Assert.Null(await app.Store.FindAsync<StepState<ReportPosition>>(WeeklyReports.StepKey(WeekSample.ProjectId, CompiledWeek.Week), default));
    }

    [Fact]
    public async Task In_many_steps_a_report_has_the_bytes_of_one_that_was_compiled_in_one()
    {
        var sample = new WeekSample(tasks: 600);
        using var whole = await CompiledWeek.OfAsync(sample);
        await using var app = await StartAsync(sample);
        app.Time.Set(MondayMorning);
        var archive = app.Services.GetRequiredService<ReportArchive>();
        var steps = await Until.LastAsync("the end of the report", async () =>
        {
            var last = await StepAsync(app) is StepOutcome.Done;
            Assert.Equal(last, await archive.FindAsync(WeekSample.ProjectId, CompiledWeek.Week, default) is not null); // half a report is none
            return last;
        });

        Assert.InRange(steps, 6, 7); // three pages of judgements, two of items, the rest
        var files = await app.Files.ListAsync(ReportArchive.Folder(WeekSample.ProjectId, CompiledWeek.Week), default).Select(file => file.Path.Split('/')[^1])
            .Where(file => file != ReportFiles.Signature).ToListAsync(); // a signature is never the same twice
        Assert.Equal(ReportFiles.Listed.Append(ReportFiles.Manifest).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal)); // and nothing is left of the steps
        foreach (var file in files)
        {
            await using var stream = (await app.Files.OpenAsync(ReportArchive.PathOf(WeekSample.ProjectId, CompiledWeek.Week, file), default))!;
            Assert.Equal(Sha.Of(whole.Bytes(file)), Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream)));
        }
    }

    [Fact]
    public async Task What_the_steps_of_a_report_left_can_be_lost_without_harm()
    {
        await using var app = await StartAsync(new WeekSample(tasks: 300));
        app.Time.Set(MondayMorning);
        Assert.Equal(StepOutcome.MoreToDo, await StepAsync(app));
        Assert.Equal(StepOutcome.MoreToDo, await StepAsync(app));
        var staged = await app.Files.ListAsync(ReportArchive.Folder(WeekSample.ProjectId, CompiledWeek.Week), default).ToListAsync();
        await app.Files.DeleteAsync(staged[0].Path, default);
        await Until.LastAsync("the end of the report", async () => await StepAsync(app) is StepOutcome.Done);

        Assert.Equal(600, (await app.Services.GetRequiredService<ReportArchive>().FindAsync(WeekSample.ProjectId, CompiledWeek.Week, default))!.Value.Manifest.Counts.Judgements);
    }

    [Fact]
    public async Task Two_that_publish_at_once_leave_one_manifest()
    {
        await using var app = await StartAsync();
        using var compiled = await CompiledWeek.OfAsync(new WeekSample(tasks: 12));
        var archive = app.Services.GetRequiredService<ReportArchive>();
        var published = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => archive.PublishAsync(WeekSample.ProjectId, CompiledWeek.Week, compiled.Folder, default))));
        Assert.Single(published, p => p);
    }

    [Fact]
    public async Task A_lease_left_by_an_instance_that_died_does_not_block_for_ever()
    {
        await using var app = await StartAsync();
        app.Time.Set(MondayMorning);
        var reports = app.Services.GetRequiredService<WeeklyReports>();
        var lease = new StepState<ReportPosition>("killed", MondayMorning.AddSeconds(30), null);
        await app.Store.CommitAsync(new Write.Create(WeeklyReports.StepKey(WeekSample.ProjectId, CompiledWeek.Week), lease), default);
        Assert.IsType<CompileOutcome.Busy>(await reports.CompileAsync(WeekSample.Project, CompiledWeek.Week, default));
        app.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.IsType<CompileOutcome.Done>(await reports.CompileAsync(WeekSample.Project, CompiledWeek.Week, default));
    }

    [Fact]
    public async Task A_report_of_a_running_week_is_replaced_when_the_week_has_ended()
    {
        await using var app = await StartAsync();
        app.Time.Set(CompiledWeek.Week.End.AddHours(-1));
        var reports = app.Services.GetRequiredService<WeeklyReports>();
        Assert.True(Assert.IsType<CompileOutcome.Done>(await reports.CompileAsync(WeekSample.Project, CompiledWeek.Week, default)).Manifest.Open);
        app.Time.Set(MondayMorning);
        Assert.Equal(1, await reports.CompileDueAsync(default));
        Assert.False((await app.Services.GetRequiredService<ReportArchive>().FindAsync(WeekSample.ProjectId, CompiledWeek.Week, default))!.Value.Manifest.Open);
    }

    [Fact]
    public async Task The_cron_loop_runs_a_job_at_the_start_and_then_by_the_schedule_of_its_function()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero));
        var runs = new List<DateTimeOffset>();
        using var loop = new CronLoop(
            [new CronJob(typeof(WeeklyFunctions), nameof(WeeklyFunctions.FindDueAsync), _ => { runs.Add(time.GetUtcNow()); return runs.Count == 2 ? throw new InvalidOperationException("fails once") : Task.CompletedTask; })],
            new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), time, NullLogger<CronLoop>.Instance);
        for (var minute = 0; minute < 60 * 24 * 13; minute++, time.Advance(TimeSpan.FromMinutes(1)))
        {
            await loop.RunDueAsync(default);
        }

        Assert.Equal([new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero), MondayMorning, MondayMorning.AddDays(7)], runs);
    }

    private static string StoredFolder(TestApp app) => Path.Combine(app.Folder, "files", ReportArchive.Folder(WeekSample.ProjectId, CompiledWeek.Week));

    /// <summary>One so short that it is over after its first page.</summary>
    private static Task<StepOutcome> StepAsync(TestApp app) =>
        app.Services.GetRequiredService<WeeklyReports>().CompileDueAsync(WeekSample.ProjectId, new StepTime(TimeProvider.System, TimeSpan.FromTicks(1)), default);

    private static async Task<TestApp> StartAsync(WeekSample? sample = null)
    {
        var app = await TestApp.StartAsync();
        await (sample ?? new WeekSample(tasks: 12)).StoreAsync(app.Store);
        return app;
    }
}
