using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Guidelines;

/// <summary>A customer's own dimensions beside the six: asked of raters, checked, kept, reported and exported; no headline rests on them.</summary>
public sealed class CustomDimensionTests
{
    private static readonly Guideline House = GuidelineLibrary.BuiltIn[0] with { Id = "house", Version = 1, Dimensions = [.. GuidelineLibrary.BuiltIn[0].Dimensions, Empathy()] };

    [Fact]
    public async Task A_dimension_of_ones_own_is_asked_of_raters_and_reaches_workbook_and_export()
    {
        await using var app = await TestApp.StartAsync();
        await app.Store.CommitAsync(new Write.Create(Guideline.Key("house", 1), House), default);
        var project = await app.AddProjectAsync("p1", p => p with { Guideline = new GuidelineReference("house", 1), Overlap = 2, GoldShare = 0 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 6).Select(n => Work.Item("p1", n)));
        using var one = await app.SignedInAsync(Roles.Annotator);
        using var other = await app.SignedInAsync(Roles.Annotator);

        var first = (await one.NextAsync("p1"))!;
        var refused = await one.SubmitAsync(first, Work.Judgement());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.NotNull((await refused.JsonAsync())["errors"]!["judgement.ratings[0].empathy"]);
        Assert.NotNull((await (await one.SubmitAsync(first, With(9))).JsonAsync())["errors"]!["judgement.ratings[0].empathy"]);
        foreach (var (rater, score) in (IReadOnlyList<(HttpClient, int)>)[(one, 2), (other, 4)])
        {
            while (await rater.NextAsync("p1") is { } next)
            {
                Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, With(score))).StatusCode);
            }
        }

        using var week = new TempFolder();
        await new Gathering(app.Store, app.Services.GetRequiredService<GuidelineLibrary>(), app.Time).WriteAsync(project, IsoWeek.Of(app.Time.GetUtcNow()), week.Path, default);
        await Report.CompileAsync(week.Path, default);
        using var workbook = new OpenedWorkbook(SpreadsheetDocument.Open(week[ReportFiles.Workbook], isEditable: false));
        var row = Assert.Single(workbook.Table("CustomDimensions"));
        Assert.Equal(("Empathy", "3", "12", "6", "6"), (row["Dimension"], row["Mean"], row["Ratings"], row["2"], row["4"]));
        Assert.All(workbook.Table("RawRatings"), rating => Assert.Matches("^empathy [24]$", rating["Own dimensions"]));
        Assert.Contains("\"empathy\":4", await File.ReadAllTextAsync(week[ReportFiles.Annotations]), StringComparison.Ordinal);
        Assert.Empty(workbook.Errors);
        Assert.True((await Verification.OfAsync(week.Path, default)).Same);
    }

    [Fact]
    public async Task A_score_under_a_name_that_the_guideline_does_not_have_is_refused()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);

        var answer = await rater.SubmitAsync((await rater.NextAsync("p1"))!, With(3));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]!["judgement.ratings[0].empathy"]);
    }

    [Theory]
    [InlineData("Empathy", false)]
    [InlineData("overall", false)]
    [InlineData("accuracy", false)]
    [InlineData("a", false)]
    [InlineData("empathy_shown", true)]
    public void A_key_of_ones_own_is_plain_and_no_other_field_of_a_rating(string key, bool right) =>
        Assert.Equal(right, !GuidelineRules.Check(House with { Dimensions = [.. GuidelineLibrary.BuiltIn[0].Dimensions, Empathy() with { Key = key }] }).Any);

    [Fact]
    public void The_six_stay_in_front_and_a_rating_keeps_its_json()
    {
        Assert.True(GuidelineRules.Check(House with { Dimensions = [Empathy(), .. GuidelineLibrary.BuiltIn[0].Dimensions] }).Any);
        const string json = """{"response":"A","accuracy":4,"reasoning":"NA","completeness":3,"clarity":5,"tone":4,"appropriateness":4,"empathy":2}""";
        var rating = JsonSerializer.Deserialize<Rating>(json, Json.Options)!;
        Assert.Equal(2, rating.Custom!["empathy"]);
        Assert.Equal(json, JsonSerializer.Serialize(rating, Json.Options));
    }

    private static Dimension Empathy() => new(
        "empathy", "Empathy", "Does it meet the person?", "The words for feelings.", NaAllowed: false, Enumerable.Range(1, 5).ToDictionary(score => $"{score}", score => $"Level {score}"));

    private static JsonNode With(int empathy)
    {
        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["empathy"] = empathy;
        return judgement;
    }
}
