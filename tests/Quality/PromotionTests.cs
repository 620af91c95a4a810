using System.Net;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Quality;

/// <summary>Gold from a settled case, and gold that a lead writes.</summary>
public sealed class PromotionTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private HttpClient _lead = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1");
        await _app.AddItemsAsync(project, [Work.Item("p1", 1, "general", "en", "First answer", "Second answer")]);
        _lead = await _app.SignedInAsync(Roles.Lead);
    }

    public async ValueTask DisposeAsync()
    {
        _lead.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task What_the_adjudicator_settled_is_the_reference_with_the_reasons()
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        Assert.Equal("not_found", await (await PromoteAsync()).ProblemAsync(404)); // not settled yet
        await SettleAsync("3");

        var written = await (await PromoteAsync()).JsonAsync();

        Assert.Equal((1, false), (written["version"]!.GetValue<int>(), written["unchanged"]!.GetValue<bool>()));
        var gold = Assert.Single(await _app.Store.AllAsync<GoldItem>(GoldItem.Of("p1"), default).ToListAsync()).Value;
        Assert.All(gold.Reference.Ratings, rating => Assert.Equal(3, rating.Clarity));
        Assert.Equal(["r1-0", "r1-1"], gold.Responses);
        Assert.Contains("Because the point is buried", gold.Note!, StringComparison.Ordinal);
        Assert.Equal(1, gold.Guideline!.Version);
        Assert.True((await (await PromoteAsync()).JsonAsync())["unchanged"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_lead_writes_gold_and_another_judgement_is_the_next_version()
    {
        var first = await (await WriteAsync(Work.Judgement("A", "B"))).JsonAsync();
        var changed = Work.Judgement("A", "B");
        changed["ratings"]![0]!["accuracy"] = 2;
        changed["ratings"]![0]!["rationale"] = "The dose is wrong.";
        var second = await (await WriteAsync(changed)).JsonAsync();

        Assert.Equal((1, 2), (first["version"]!.GetValue<int>(), second["version"]!.GetValue<int>()));
        Assert.Equal("invalid", await (await WriteAsync(new JsonObject { ["ratings"] = new JsonArray(new JsonObject { ["response"] = "A", ["accuracy"] = 9 }) })).ProblemAsync(422));
        Assert.Equal("invalid", await (await _lead.PostAsync("quality/p1/gold/items/t000001", Body.Of(new { judgement = Work.Judgement("A", "B"), acceptable = JsonNode.Parse("""{"C":{"accuracy":{"low":1,"high":2}}}""") }))).ProblemAsync(422));
    }

    [Fact]
    public async Task The_newest_reference_is_read_to_write_the_next_from_and_one_that_was_retired_comes_back_as_a_version()
    {
        Assert.Equal("not_found", await (await _lead.GetAsync("quality/p1/gold/items/t000001")).ProblemAsync(404));
        var acceptable = JsonNode.Parse("""{"B":{"tone":{"low":3,"high":4}}}""");
        Task<HttpResponseMessage> AgainAsync() => _lead.PostAsync("quality/p1/gold/items/t000001", Body.Of(new { judgement = Work.Judgement("A", "B"), acceptable, note = "why" }));
        await (await AgainAsync()).JsonAsync();

        var read = await (await _lead.GetAsync("quality/p1/gold/items/t000001")).JsonAsync();

        Assert.Equal((1, "why", 3, 4), ((int)read["version"]!, (string)read["note"]!, (int)read["acceptable"]!["B"]!["tone"]!["low"]!, (int)read["judgement"]!["ratings"]![1]!["tone"]!));
        Assert.True((bool)(await (await AgainAsync()).JsonAsync())["unchanged"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await _lead.DeleteAsync("quality/p1/gold/t000001", new { why = "It has become known." })).StatusCode);
        var back = await (await AgainAsync()).JsonAsync();
        Assert.Equal((2, false), ((int)back["version"]!, (bool)back["unchanged"]!));
    }

    [Theory]
    [InlineData("""{"A":{"acuracy":{"low":3,"high":5}}}""", "acceptable.A.acuracy")]
    [InlineData("""{"C":{"accuracy":{"low":3,"high":5}}}""", "acceptable.C")]
    [InlineData("""{"A":{"accuracy":{"low":0,"high":5}}}""", "acceptable.A.accuracy")]
    [InlineData("""{"A":{"accuracy":{"low":5,"high":5}}}""", "acceptable.A.accuracy")] // the reference says 4
    [InlineData("""{"A":{"accuracy":null}}""", "acceptable.A.accuracy")]
    [InlineData("""{"A":null}""", "acceptable.A")]
    public async Task A_range_that_cannot_be_meant_is_refused_at_its_place(string acceptable, string at)
    {
        var answer = await _lead.PostAsync("quality/p1/gold/items/t000001", Body.Of(new { judgement = Work.Judgement("A", "B"), acceptable = JsonNode.Parse(acceptable) }));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![at]);
    }

    private Task<HttpResponseMessage> PromoteAsync() => _lead.PostAsync("quality/p1/gold/cases/t000001", content: null);

    private Task<HttpResponseMessage> WriteAsync(JsonNode judgement) => _lead.PostAsync("quality/p1/gold/items/t000001", Body.Of(new { judgement, note = "why" }));

    private async Task JudgeAsync(int clarity)
    {
        using var rater = await _app.SignedInAsync(Roles.Annotator);
        var judgement = Work.Judgement("A", "B");
        foreach (var rating in judgement["ratings"]!.AsArray())
        {
            rating!["clarity"] = clarity;
            rating["rationale"] = "As it reads.";
        }

        judgement["spans"] = new JsonArray([.. new[] { "A", "B" }.Select(key => new JsonObject { ["response"] = key, ["kind"] = "improve", ["code"] = "O1", ["severity"] = "minor", ["missingText"] = "when to seek care" })]);
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync((await rater.NextAsync("p1"))!, judgement)).StatusCode);
    }

    private async Task SettleAsync(string clarity)
    {
        using var adjudicator = await _app.SignedInAsync(Roles.Adjudicator);
        var next = await (await adjudicator.PostAsync("adjudications/next", Body.Of(new { projectId = "p1" }))).JsonAsync();
        var decisions = next["case"]!["points"]!.AsArray().Select(point => new { point = (string)point!["key"]!, rationale = "Because the point is buried.", value = clarity });
        var answer = await adjudicator.PutAsync($"adjudications/p1/t000001/{Guid.NewGuid()}", Body.Of(new { leaseId = (string)next["lease"]!["leaseId"]!, decisions }));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }
}
