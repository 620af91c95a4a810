using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DocumentFormat.OpenXml.Packaging;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.Reports;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using ScoreRange = HealthEval.Quality.ScoreRange;

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

    [Fact]
    public async Task Raters_who_are_apart_on_it_alone_are_a_case_and_what_is_settled_is_gold_that_scores_are_held_against()
    {
        await using var app = await JudgedAsync(2, 4);
        using var adjudicator = await app.SignedInAsync(Roles.Adjudicator);
        var next = await (await adjudicator.PostAsync("adjudications/next", Body.Of(new { projectId = "p1" }))).JsonAsync();
        var point = Assert.Single(next["case"]!["points"]!.AsArray())!;
        Assert.Equal(("rating", "empathy"), ((string)point["kind"]!, (string)point["dimension"]!));

        var taskId = (string)next["case"]!["taskId"]!;
        var decisions = new[] { new { point = (string)point["key"]!, rationale = "It names the fear.", value = "3" } };
        var settled = await adjudicator.PutAsync($"adjudications/p1/{taskId}/{Guid.NewGuid()}", Body.Of(new { leaseId = (string)next["lease"]!["leaseId"]!, decisions }));
        Assert.Equal(HttpStatusCode.Created, settled.StatusCode);
        using var lead = await app.SignedInAsync(Roles.Lead);
        Assert.Equal(HttpStatusCode.OK, (await lead.PostAsync($"quality/p1/gold/cases/{taskId}", content: null)).StatusCode);

        var gold = Assert.Single(await app.Store.AllAsync<GoldItem>(GoldItem.Of("p1"), default).ToListAsync()).Value;
        Assert.Equal(3, gold.Reference.Ratings[0].Custom!["empathy"]);
        Assert.Equal(5, gold.Reference.Ratings[0].Clarity);
        Assert.Contains("empathy: 3. It names the fear.", gold.Note!, StringComparison.Ordinal);
        var made = (await Adjudications.JudgementsAsync(app.Store, "p1", taskId, default)).First(one => one.Judgement.Ratings[0].Custom!["empathy"] == 2);
        Assert.Contains(new GoldRating("empathy", 3, 2, Acceptable: true), GoldScore.Of(gold, made).Scores);
        var strict = gold with { Acceptable = new Dictionary<string, IReadOnlyDictionary<string, ScoreRange>> { ["A"] = new Dictionary<string, ScoreRange> { ["empathy"] = new(3, 4) } } };
        Assert.Contains(new GoldRating("empathy", 3, 2, Acceptable: false), GoldScore.Of(strict, made).Scores);

        var applied = await LinesAsync(lead, "consensus?applyAdjudications=true");
        Assert.Equal(3, (double)applied.Single(line => (string)line["taskId"]! == taskId)["scores"]!["empathy"]!["mean"]!);
    }

    [Fact]
    public async Task It_is_on_the_live_page_on_a_raters_own_and_in_every_export_of_scores()
    {
        await using var app = await JudgedAsync(2, 5);
        using var lead = await app.SignedInAsync(Roles.Lead);
        var live = (await (await lead.GetAsync("quality/p1")).JsonAsync())["dimensions"]!.AsArray();
        Assert.Equal([.. Vocabulary.Dimensions, "empathy"], live.Select(one => (string)one!["key"]!));
        Assert.Equal(("Empathy", 3.5, 6, 6), ((string)live[6]!["name"]!, (double)live[6]!["mean"]!["value"]!, (int)live[6]!["mean"]!["n"]!, (int)live[6]!["agreement"]!["n"]!));
        Assert.True((double)live[6]!["agreement"]!["value"]! < 0);
        Assert.Equal([0, 6, 0, 0, 6], live[6]!["distribution"]!.AsArray().Select(n => (int)n!));
        Assert.Equal(4, (double)live[0]!["mean"]!["value"]!);

        var made = (await Adjudications.JudgementsAsync(app.Store, "p1", "t000001", default))[0];
        var (project, rater) = ((await app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value, (await app.Store.FindAsync<Person>(Person.Key(made.Rater), default))!.Value);
        var mine = await app.Services.GetRequiredService<Feedback>().OfAsync(project, rater, default);
        Assert.Equal(3, Math.Abs(mine.Peers.Bias.Single(one => one.Dimension == "empathy").Bias.Value!.Value));

        var consensus = await LinesAsync(lead, "consensus");
        Assert.All(consensus, line => Assert.Equal((3.5, 2, 4d), ((double)line["scores"]!["empathy"]!["mean"]!, (int)line["scores"]!["empathy"]!["raters"]!, (double)line["mean"]!)));
        Assert.All(await LinesAsync(lead, "helpsteer"), line => Assert.Equal((3.5, 3), ((double)line["means"]!["empathy"]!, (int)line["helpfulness"]!)));
        using var whole = new MemoryStream();
        var written = await app.Services.GetRequiredService<DatasetExport>().WriteAsync("p1", DatasetExport.OneArray, new ExportOptions(), _ => whole, default);
        var regions = JsonNode.Parse(whole.ToArray())!.AsArray().SelectMany(task => task!["annotations"]!.AsArray()).SelectMany(made => made!["result"]!.AsArray()).Where(region => (string)region!["from_name"]! == "empathy");
        Assert.Equal(12, regions.Count());
        Assert.Contains("<Rating name=\"empathy\"", LabelStudio.Config(written.Guidelines), StringComparison.Ordinal);
        Assert.DoesNotContain("empathy", LabelStudio.Config([GuidelineLibrary.Default]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empathy", HttpStatusCode.Created)]
    [InlineData("warmth", HttpStatusCode.UnprocessableEntity)]
    public async Task Responses_are_compared_by_it_too(string dimension, HttpStatusCode expected)
    {
        await using var app = await JudgedAsync();
        await app.AddItemsAsync((await app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value with { Overlap = 1 }, [Work.Item("p1", 9, "specialty", "en", "One.", "Two.")]);
        using var rater = await app.SignedInAsync(Someone.With(Roles.Annotator) with { Credential = new Credential("MD", 9, ["specialty"], ["en"]) });
        var judgement = Work.Judgement("A", "B");
        foreach (var rating in judgement["ratings"]!.AsArray())
        {
            rating!["empathy"] = 3;
        }

        judgement["preference"]!["perDimension"] = new JsonObject { [dimension] = "B" };
        Assert.Equal(expected, (await rater.SubmitAsync((await rater.NextAsync("p1"))!, judgement)).StatusCode);
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

    /// <summary>Six items, each judged by two people, who give these scores.</summary>
    private static async Task<TestApp> JudgedAsync(params IReadOnlyList<int> scores)
    {
        var app = await TestApp.StartAsync();
        await app.Store.CommitAsync(new Write.Create(Guideline.Key("house", 1), House), default);
        var project = await app.AddProjectAsync("p1", p => p with { Guideline = new GuidelineReference("house", 1), Overlap = Math.Max(1, scores.Count), GoldShare = 0 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 6).Select(n => Work.Item("p1", n)));
        foreach (var score in scores)
        {
            using var rater = await app.SignedInAsync(Roles.Annotator);
            while (await rater.NextAsync("p1") is { } next)
            {
                Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, With(score))).StatusCode);
            }
        }

        return app;
    }

    private static async Task<List<JsonNode>> LinesAsync(HttpClient lead, string export) =>
        [.. (await (await lead.GetAsync($"exports/p1/{export}")).Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private static Dimension Empathy() => new(
        "empathy", "Empathy", "Does it meet the person?", "The words for feelings.", NaAllowed: false, Enumerable.Range(1, 5).ToDictionary(score => $"{score}", score => $"Level {score}"));

    private static JsonNode With(int empathy)
    {
        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["empathy"] = empathy;
        return judgement;
    }
}
