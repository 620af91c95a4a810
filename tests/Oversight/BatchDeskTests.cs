using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Oversight;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>How far a batch is, when it may be finished, and how it is taken back.</summary>
public sealed class BatchDeskTests
{
    [Fact]
    public async Task Progress_is_told_by_batch_and_by_model_with_the_finish_at_the_pace_of_the_last_days()
    {
        await using var app = await TestApp.StartAsync();
        var project = await ProjectAsync(app);
        await app.AddItemsAsync(project, [.. Enumerable.Range(1, 30).Select(n => Work.Item("p1", n, "general", "en", "One.", "Two.")), Work.Item("p1", 99) with { BatchId = "other" }]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        foreach (var perDay in (int[])[2, 4, 3, 3])
        {
            await JudgeAsync(rater, perDay);
            app.Time.Advance(TimeSpan.FromDays(1));
        }

        var progress = await (await lead.GetAsync("oversight/p1/batches/b1")).JsonAsync();

        Assert.Equal((30, 30, 30, 12), (progress["items"]!.GetValue<int>(), progress["looked"]!.GetValue<int>(), progress["wanted"]!.GetValue<int>(), progress["judged"]!.GetValue<int>()));
        Assert.Equal([("model-0", 30, 12), ("model-1", 30, 12)], progress["models"]!.AsArray().Select(model => (model!["model"]!.GetValue<string>(), model["items"]!.GetValue<int>(), model["judged"]!.GetValue<int>())));
        Assert.Equal((3.0, 4, 18, 6.0), (progress["pace"]!["perDay"]!.GetValue<double>(), progress["pace"]!["whole"]!.GetValue<int>(), progress["pace"]!["left"]!.GetValue<int>(), progress["pace"]!["daysLeft"]!.GetValue<double>()));
        // 95 % limits of the mean: 3 ± 3.182 × 0.8165 ÷ √4
        Assert.Equal((18 / (3 + 1.2992), 18 / (3 - 1.2992)), (progress["pace"]!["soonest"]!.GetValue<double>(), progress["pace"]!["latest"]!.GetValue<double>()), new Close());
    }

    [Theory]
    [InlineData(new int[0], 10, "fewer than 3")]
    [InlineData(new[] { 5, 5 }, 10, "fewer than 3")]
    [InlineData(new[] { 0, 0, 0 }, 10, "nobody")]
    public void A_finish_that_cannot_be_known_is_not_told(int[] days, int left, string reason)
    {
        var pace = BatchPace.Of(days, left);

        Assert.Null(pace.DaysLeft);
        Assert.Contains(reason, pace.Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pace_that_may_be_nothing_has_no_latest_day()
    {
        var pace = BatchPace.Of([9, 0, 0], 12);

        Assert.Equal(4, pace.DaysLeft);
        Assert.Null(pace.Latest);
    }

    [Fact]
    public async Task A_batch_that_is_withdrawn_leaves_the_queue_and_the_figures_and_can_be_brought_back()
    {
        await using var app = await TestApp.StartAsync();
        var project = await ProjectAsync(app);
        await app.AddItemsAsync(project, [.. Enumerable.Range(1, 130).Select(n => Work.Item("p1", n)), Work.Item("p1", 999) with { BatchId = "other" }]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        await JudgeAsync(rater, 5);
        var ofBatch = await JudgementsAsync(app);

        var first = await ActAsync(lead, "withdraw", new { why = "wrong file" });
        var second = await ActAsync(lead, "withdraw", new { why = "wrong file", actId = first["actId"]!.GetValue<string>(), continuation = first["continuation"]!.GetValue<string>() });

        Assert.Null(second["continuation"]);
        Assert.Equal(130, first["done"]!.GetValue<int>() + second["done"]!.GetValue<int>());
        Assert.Equal(await OfOtherAsync(app), await JudgementsAsync(app));
        var progress = await (await lead.GetAsync("projects/p1/progress")).JsonAsync();
        Assert.Equal(1, progress["wanted"]!.GetValue<int>());
        var desk = await (await lead.GetAsync("oversight/p1/batches/b1")).JsonAsync();
        Assert.Equal((130, "wrong file"), (desk["states"]!["stopped"]!.GetValue<int>(), desk["withdrawn"]!["why"]!.GetValue<string>()));

        var back = await ActAsync(lead, "bring-back", new { why = "it was right" });
        await ActAsync(lead, "bring-back", new { why = "it was right", actId = back["actId"]!.GetValue<string>(), continuation = back["continuation"]!.GetValue<string>() });

        Assert.Equal(ofBatch, await JudgementsAsync(app));
        Assert.Equal(131, (await (await lead.GetAsync("projects/p1/progress")).JsonAsync())["wanted"]!.GetValue<int>());
        var trail = await (await lead.GetAsync("audit/p1")).Content.ReadAsStringAsync();
        Assert.Contains("batch.withdraw", trail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_still_being_read_or_not_there_is_not_withdrawn()
    {
        await using var app = await TestApp.StartAsync();
        await ProjectAsync(app, BatchState.Reading);
        using var lead = await app.SignedInAsync(Roles.Lead);

        Assert.Equal(HttpStatusCode.Conflict, (await lead.PostAsync("oversight/p1/batches/b1/withdraw", Body.Of(new { why = "x" }))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await lead.PostAsync("oversight/p1/batches/nothing/withdraw", Body.Of(new { why = "x" }))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lead.PostAsync("oversight/p1/batches/b1/withdraw", Body.Of(new { why = "" }))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await lead.GetAsync("oversight/p1/batches/nothing")).StatusCode);
    }

    private static async Task<Project> ProjectAsync(TestApp app, string state = BatchState.Loaded)
    {
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.Store.CommitAsync(new Write.Put(Batch.Key("p1", "b1"), Batch.Begin("p1", "b.jsonl", 1, "0", app.Time.GetUtcNow()) with { BatchId = "b1", State = state }), default);
        return project;
    }

    private static async Task JudgeAsync(HttpClient rater, int count)
    {
        for (var n = 0; n < count; n++)
        {
            var next = (await rater.NextAsync("p1"))!;
            var keys = next["task"]!["item"]!["responses"]!.AsArray().Select(response => response!["key"]!.GetValue<string>()).ToArray();
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, Work.Judgement(keys))).StatusCode);
        }
    }

    private static Task<long> JudgementsAsync(TestApp app) => app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default);

    private static Task<long> OfOtherAsync(TestApp app) => app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1", Scope = "t000999" }, default);

    private static async Task<JsonNode> ActAsync(HttpClient lead, string what, object form)
    {
        var answer = await lead.PostAsync($"oversight/p1/batches/b1/{what}", Body.Of(form));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private sealed class Close : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) one, (double, double) other) => Math.Abs(one.Item1 - other.Item1) < 0.01 && Math.Abs(one.Item2 - other.Item2) < 0.01;

        public int GetHashCode((double, double) value) => 0;
    }
}
