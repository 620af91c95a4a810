using System.Net;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Quality;
using HealthEval.Reports;
using HealthEval.Tests.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Quality;

/// <summary>A week's report says of gold items what its own tables show: the sheet Raters once said that nobody had judged any, above the table of who had.</summary>
public sealed class GoldInReportsTests
{
    [Theory]
    [InlineData(12, "judgements of this week are of")]
    [InlineData(0, "No gold item has been judged so far. 50%")]
    public async Task The_sentence_about_gold_is_true_beside_the_table(int judged, string sentence)
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { GoldShare = 0.5, Overlap = 1 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 24).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);
        for (var n = 1; n <= 8; n++)
        {
            (await lead.PostAsync($"quality/p1/gold/items/t{n:D6}", Body.Of(new { judgement = Work.Judgement() }))).EnsureSuccessStatusCode();
        }

        using var rater = await app.SignedInAsync(Roles.Annotator);
        for (var n = 0; n < judged; n++)
        {
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement())).StatusCode);
        }

        app.Time.Advance(TimeSpan.FromMinutes(1));
        using var week = new TempFolder();
        await new Gathering(app.Store, app.Services.GetRequiredService<HealthEval.Guidelines.GuidelineLibrary>(), app.Time).WriteAsync(project, IsoWeek.Of(app.Time.GetUtcNow()), week.Path, default);
        await Report.CompileAsync(week.Path, default);

        var data = WeekData.Read(week.Path);
        var gold = WeekHeadlines.Of(new Figures(data)).Find("gold")!;
        using var workbook = new OpenedWorkbook(SpreadsheetDocument.Open(week[ReportFiles.Workbook], isEditable: false));
        var sheet = workbook.AllText("Raters");
        Assert.Contains(sentence, sheet, StringComparison.Ordinal);
        var told = workbook.Table("RaterConduct").Sum(row => int.TryParse(row["Gold items"], out var items) ? items : 0);
        Assert.Equal(judged > 0, told > 0);
        Assert.Equal(judged > 0 ? 1.0 : null, gold.Value); // everything was scored as the reference has it
        Assert.Equal(told, data.Context!.Conduct!.Gold!.Judgements);
    }

    [Fact]
    public async Task A_new_project_mixes_in_eight_of_a_hundred_and_one_without_gold_items_none()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");
        var made = await (await lead.PostAsync("projects", Body.Of(new { projectId = "p1", name = "n", customer = "c", guideline = new { id = "healtheval", version = 1 } }))).JsonAsync();
        Assert.Equal(0.08, (double)made["goldShare"]!);
        var project = (await app.Store.FindAsync<HealthEval.Projects.Project>(HealthEval.Projects.Project.Key("p1"), default))!.Value;
        await app.AddItemsAsync(project, Enumerable.Range(1, 30).Select(n => Work.Item("p1", n)));
        using var rater = await app.SignedInAsync(Roles.Annotator);

        for (var n = 0; n < 30; n++)
        {
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement())).StatusCode);
        }

        Assert.Equal(30, await app.Store.CountAsync(new HealthEval.Storage.DocumentQuery(HealthEval.Storage.DocumentKind.Annotation) { ProjectId = "p1" }, default));
        Assert.Equal(0, await app.Store.CountAsync(new HealthEval.Storage.DocumentQuery(HealthEval.Storage.DocumentKind.AsideAnnotation) { ProjectId = "p1" }, default));
    }
}
