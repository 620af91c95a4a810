using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Reports;

/// <summary>A week's report depends on the judgements up to that week, and on nothing else.</summary>
public sealed class IndependentWeeksTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteDocumentStore _store;

    public IndependentWeeksTests() => _store = new SqliteDocumentStore(_folder["healtheval.db"]);

    [Fact]
    public async Task The_later_week_compiled_first_has_the_same_bytes_and_knows_the_earlier_one()
    {
        await StoreTwoWeeksAsync();
        var first = await CompileAsync("first", CompiledWeek.Week.Add(1));
        await CompileAsync("earlier", CompiledWeek.Week);
        var again = await CompileAsync("again", CompiledWeek.Week.Add(1));
        foreach (var file in ReportFiles.Listed.Append(ReportFiles.Manifest))
        {
            Assert.True(File.ReadAllBytes(Path.Combine(first, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(again, file))), file);
        }

        var data = WeekData.Read(first);
        Assert.Equal(["2026-W47"], data.History.Select(h => h.Week));
        Assert.Equal(24, data.Previous.Count);
        var alone = WeekHeadlines.Of(new Figures(WeekData.Read(Path.Combine(_folder.Path, "earlier"))));
        Assert.Equal(alone.Find("index")!.Value, data.History[0].Find("index")!.Value);
        Assert.Equal(alone.Find("agreement")!.StandardError, data.History[0].Find("agreement")!.StandardError);
        Assert.Empty((await Verification.OfAsync(first, default)).Differences);
    }

    [Fact]
    public async Task A_report_names_the_guidelines_of_its_judgements_not_the_one_the_project_has_now()
    {
        Assert.NotNull(await new GuidelineLibrary(_store).AddAsync("own", GuidelineLibrary.Default, [], default));
        await new WeekSample(tasks: 6) { Annotation = a => a.Rater == "person-1" ? a with { Guideline = new GuidelineReference("own", 1) } : a }.StoreAsync(_store);
        var folder = await CompileAsync("mixed", CompiledWeek.Week, WeekSample.Project with { Guideline = new GuidelineReference("never-used", 9) });
        var used = WeekData.Read(folder).Project.Guidelines;
        Assert.Equal(["healtheval v1", "own v1"], used.Select(g => g.ToString()));
        Assert.Equal(12, used.Sum(g => g.Judgements));
        Assert.Equal($"healtheval v1 ({used[0].Judgements} judgements), own v1 ({used[1].Judgements} judgements)", GuidelineUse.Words(used));
        Assert.Equal(used, JsonLines.ReadFile<Manifest>(Path.Combine(folder, ReportFiles.Manifest)).Guidelines!);
    }

    [Fact]
    public async Task A_week_is_compared_with_the_judgements_of_its_own_mode()
    {
        await new WeekSample(tasks: 12) { Annotation = a => a.Rater == "person-1" ? a with { Judgement = a.Judgement with { Mode = "quick" } } : a }.StoreAsync(_store);
        await StoreLaterAsync(a => a);
        var data = WeekData.Read(await CompileAsync("later", CompiledWeek.Week.Add(1)));
        var alone = WeekHeadlines.Of(new Figures(WeekData.Read(await CompileAsync("earlier", CompiledWeek.Week))));

        Assert.Equal((alone.Judgements, alone.Find("index")!.Value), (data.History[0].Judgements, data.History[0].Find("index")!.Value));
        Assert.Equal(alone.Judgements + data.Judgements, data.Cumulative!.Judgements);
    }

    [Fact]
    public async Task A_week_that_has_no_judgement_of_the_mode_is_no_week_before()
    {
        await new WeekSample(tasks: 12).StoreAsync(_store);
        await StoreLaterAsync(a => a with { Judgement = a.Judgement with { Mode = "quick" } });
        var data = WeekData.Read(await CompileAsync("later", CompiledWeek.Week.Add(1)));

        Assert.Equal("quick", data.Mode);
        Assert.Empty(data.History);
        Assert.Empty(data.Previous);
        Assert.Equal(data.Judgements, data.Cumulative!.Judgements);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private async Task StoreTwoWeeksAsync()
    {
        await new WeekSample(tasks: 12).StoreAsync(_store);
        await StoreLaterAsync(a => a);
    }

    private Task StoreLaterAsync(Func<Annotation, Annotation> change) => new WeekSample(tasks: 12, seed: 9)
    {
        Annotation = a => change(a with { AnnotationId = a.AnnotationId + "-later", SubmittedAt = a.SubmittedAt.AddDays(7) }),
    }.StoreAsync(_store);

    private async Task<string> CompileAsync(string name, IsoWeek week, Project? project = null)
    {
        var folder = _folder[name];
        await new Gathering(_store, new GuidelineLibrary(_store), new ManualTime(CompiledWeek.Week.Add(3).Start)).WriteAsync(project ?? WeekSample.Project, week, folder, default);
        await Report.CompileAsync(folder, default);
        return folder;
    }
}
