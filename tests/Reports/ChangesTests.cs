using DocumentFormat.OpenXml.Packaging;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Reports;

/// <summary>A second week on the same responses, judged two points lower: everything that a report says about the week before.</summary>
public sealed class ChangesTests
{
    [Fact]
    public async Task A_clear_fall_is_called_clear_with_its_interval_and_the_responses_are_listed_as_scored_again()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the report's folder on disk.");
        await using var app = await TwoWeeksAsync(lower: 2);
        using var workbook = Open(app, CompiledWeek.Week.Add(1));
        Assert.Empty(workbook.Errors);

        var index = workbook.Table("FigureChanges").Single(r => r["Figure"].StartsWith("Quality index", StringComparison.Ordinal));
        Assert.Equal("clearly lower: worse", index["Reading"]);
        Assert.True(Number(index["95% high"]) < 0);
        Assert.Equal(Number(index["This week"]) - Number(index["Week before"]), Number(index["Raw change"]), 9);
        Assert.Equal(Number(index["Raw change"]), Number(index["Change, like for like"]), 0.2); // the same responses in both weeks
        Assert.InRange(Number(index["p, adjusted"]), 0, 0.05);
        Assert.Contains("Clearly worse than the week before, like for like: Quality index", workbook.AllText("Summary"), StringComparison.Ordinal);
        Assert.All(workbook.Table("ModelChanges").Where(r => r["Figure"].StartsWith("Quality index", StringComparison.Ordinal)), r => Assert.Equal("clearly lower: worse", r["Reading"]));

        var again = workbook.Table("Rescored");
        Assert.Equal(60, again.Count);
        Assert.All(again, r => Assert.True(Number(r["Mean of both"]) <= Number(r["Mean before"])));
        Assert.True(Number(workbook.Table("RescoredFigures")[0]["Effect"]) < 0);
        Assert.Contains("Nothing changed: healtheval v1 in both weeks.", workbook.AllText("Changes"), StringComparison.Ordinal);
        Assert.Equal(["2026-W47", "2026-W48"], workbook.Table("Trend").Select(r => r["Week"]));
    }

    [Fact]
    public async Task The_same_judgements_again_are_no_clear_change()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the report's folder on disk.");
        await using var app = await TwoWeeksAsync(lower: 0);
        using var workbook = Open(app, CompiledWeek.Week.Add(1));
        Assert.All(workbook.Table("FigureChanges").Where(r => r["Figure"] != "Accuracy against gold"), r => Assert.Equal("no clear change", r["Reading"]));
        Assert.Equal(0, Number(workbook.Table("FigureChanges")[0]["Change, like for like"]), 9);
    }

    [Fact]
    public async Task The_second_weeks_report_is_recomputed_from_its_own_exports()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the report's folder on disk.");
        await using var app = await TwoWeeksAsync(lower: 1);
        Assert.Empty((await Verification.OfAsync(Folder(app, CompiledWeek.Week.Add(1)), default)).Differences);
        var previous = File.ReadAllBytes(Path.Combine(Folder(app, CompiledWeek.Week.Add(1)), ReportFiles.Previous));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder(app, CompiledWeek.Week), ReportFiles.Responses)), previous);
        Assert.NotEmpty(previous);
    }

    [Fact]
    public async Task Without_a_report_of_the_week_before_every_change_says_so()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample());
        using var workbook = week.Open();
        Assert.All(workbook.Table("FigureChanges"), r => Assert.Equal("Nothing was judged in the week before.", r["Reading"]));
        Assert.Contains("week before: no judgements", workbook.AllText("Summary"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_of_the_guideline_is_named_part_by_part()
    {
        var before = GuidelineLibrary.Default;
        var after = before with
        {
            Version = before.Version + 1,
            Sources = [.. before.Sources.Skip(1), new TrustedSource("example.org", "Example", "T1", "US", "guideline")],
            Codes = [before.Codes[0] with { Description = "=1+1" }, .. before.Codes.Skip(1)],
        };
        var changes = GuidelineChanges.Between(before, after).ToList();
        Assert.Equal(["Version changed guideline", $"Taxonomy: codes changed {before.Codes[0].Code}", $"Trusted sources removed {before.Sources[0].Domain}", "Trusted sources added example.org"], changes.Select(c => $"{c.Part} {c.What} {c.Entry}"));
        Assert.Empty(GuidelineChanges.Between(before, before));
    }

    [Theory]
    [InlineData(80, 76, 84, "met")]
    [InlineData(70, 66, 74, "missed")]
    [InlineData(76, 72, 80, "uncertain: the interval includes the target")]
    public void A_target_is_met_only_by_the_whole_interval(double value, double low, double high, string status)
    {
        var index = new Headline("index", "Quality index", "index", HigherIsBetter: true, value, null, low, high, "test", null, null, 50, "responses", null);
        Assert.Equal("≥ 75.0", Targets.Of(index));
        Assert.Equal(status, Targets.Status(index));
        Assert.Equal("not defined", Targets.Status(index with { Value = null, Low = null, Undefined = "nothing" }));
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string Folder(TestApp app, IsoWeek week) => Path.Combine(app.Folder, "files", ReportArchive.Folder(WeekSample.ProjectId, week));

    private static OpenedWorkbook Open(TestApp app, IsoWeek week) => new(SpreadsheetDocument.Open(Path.Combine(Folder(app, week), ReportFiles.Workbook), isEditable: false));

    private static async Task<TestApp> TwoWeeksAsync(int lower)
    {
        var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 30).StoreAsync(app.Store);
        await new WeekSample(tasks: 30) { Annotation = a => a with { AnnotationId = a.AnnotationId + "-again", SubmittedAt = a.SubmittedAt.AddDays(7), Judgement = Lower(a.Judgement, lower) } }.StoreAsync(app.Store);
        app.Time.Set(CompiledWeek.Week.Add(1).End.AddHours(6));
        var (reports, archive) = (app.Services.GetRequiredService<WeeklyReports>(), app.Services.GetRequiredService<ReportArchive>());
        await Until.TrueAsync("the second week's report", async () =>
        {
            await reports.CompileDueAsync(default); // the program's own timer may be at a week already
            return await archive.FindAsync(WeekSample.ProjectId, CompiledWeek.Week.Add(1), default) is not null;
        });

        return app;
    }

    [Fact]
    public async Task A_week_waits_for_the_one_before_that_somebody_else_is_compiling()
    {
        await using var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 4).StoreAsync(app.Store);
        var begun = CompiledWeek.Week.Add(1).End.AddHours(6);
        await app.Store.CommitAsync(new Write.Create(WeeklyReports.StepKey(WeekSample.ProjectId, CompiledWeek.Week), new StepState<ReportPosition>("elsewhere", begun.AddMinutes(4), null)), default);
        app.Time.Set(begun);
        Assert.Equal(0, await app.Services.GetRequiredService<WeeklyReports>().CompileDueAsync(default));
        Assert.Null(await app.Services.GetRequiredService<ReportArchive>().FindAsync(WeekSample.ProjectId, CompiledWeek.Week.Add(1), default));
    }

    [Fact]
    public async Task Judgements_that_were_set_aside_are_in_no_figure_and_the_report_says_whose_and_how_many()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This looks at the report's folder on disk.");
        await using var app = await TestApp.StartAsync();
        await new WeekSample(tasks: 30).StoreAsync(app.Store);
        var all = await app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = WeekSample.ProjectId }, default).Select(made => made.Value).ToListAsync();
        var theirs = all.Where(made => made.Rater == "person-0").ToList();
        foreach (var made in theirs)
        {
            var act = new HealthEval.Oversight.Act("x-1", WeekSample.ProjectId, made.TaskId, "void", "lead", app.Time.GetUtcNow(), "=HYPERLINK(1)");
            var refusal = await app.Services.GetRequiredService<Voids>().SetAsideAsync(
                WeekSample.ProjectId, made.TaskId, [made.AnnotationId], new VoidReason("x-1", "lead", act.Why), new Write.Create(act.Key(), act), default);
            Assert.Null(refusal);
        }

        app.Time.Set(CompiledWeek.Week.End.AddHours(6));
        await Until.TrueAsync("the week's report", async () =>
        {
            await app.Services.GetRequiredService<WeeklyReports>().CompileDueAsync(default);
            return await app.Services.GetRequiredService<ReportArchive>().FindAsync(WeekSample.ProjectId, CompiledWeek.Week, default) is not null;
        });

        using var workbook = Open(app, CompiledWeek.Week);
        Assert.Empty(workbook.Errors);
        var row = Assert.Single(workbook.Table("SetAside"));
        Assert.Equal(("2026-W47", theirs.Count, theirs.Count), (row["Judged in the week"], (int)Number(row["Judgements"]), (int)Number(row["Items"])));
        Assert.Equal(all.Count - theirs.Count, JsonLines.Read<AnnotationExport>(Path.Combine(Folder(app, CompiledWeek.Week), ReportFiles.Annotations)).Count());
        Assert.DoesNotContain("HYPERLINK", workbook.AllText("Changes"), StringComparison.Ordinal); // why is the platform's affair
    }

    private static Judgement Lower(Judgement judgement, int by)
    {
        return judgement with
        {
            Ratings = [.. judgement.Ratings.Select(r => r with { Accuracy = Less(r.Accuracy), Reasoning = Less(r.Reasoning), Completeness = Less(r.Completeness), Clarity = Less(r.Clarity), Tone = Less(r.Tone), Appropriateness = Less(r.Appropriateness) })],
        };

        int? Less(int? score) => score is { } s ? Math.Max(1, s - by) : null;
    }
}
