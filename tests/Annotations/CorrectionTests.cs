using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

public sealed class CorrectionTests : IAsyncLifetime
{
    private readonly Guid _id = Guid.NewGuid();
    private TestApp _app = null!;
    private HttpClient _rater = null!;
    private JsonNode _next = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1", project => project with { Overlap = 1 });
        await _app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        _rater = await _app.SignedInAsync(Roles.Annotator);
        _next = await (await _rater.PostAsync("tasks/next", Body.Of(new { }))).JsonAsync();
        (await _rater.SubmitAsync(_next, Work.Judgement(), _id)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _rater.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task One_s_own_work_is_listed_and_can_be_read_as_one_saw_it()
    {
        var line = Assert.Single((await (await _rater.GetAsync("annotations/mine")).JsonAsync())["judgements"]!.AsArray())!;
        Assert.Equal(("handed_in", _id.ToString()), (line["state"]!.GetValue<string>(), line["annotationId"]!.GetValue<string>()));

        var mine = await MineAsync();
        Assert.Equal(_next["task"]!["item"]!.ToJsonString(), mine["task"]!["item"]!.ToJsonString());
        Assert.Equal(4, mine["judgement"]!["ratings"]![0]!["accuracy"]!.GetValue<int>());

        using var other = await _app.SignedInAsync(Roles.Annotator);
        Assert.Empty((await (await other.GetAsync("annotations/mine")).JsonAsync())["judgements"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"annotations/p1/{_next.TaskId()}/mine")).StatusCode);
    }

    [Fact]
    public async Task A_correction_counts_and_keeps_what_it_replaced()
    {
        (await CorrectAsync(await ShaAsync())).EnsureSuccessStatusCode();

        var stored = await StoredAsync();
        Assert.Equal(2, stored.Judgement.Overall);
        var earlier = Assert.Single(stored.Earlier!);
        Assert.Equal((null, "I misread the dose."), (earlier.Judgement.Overall, earlier.Reason));
        Assert.Equal(1, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default));
        Assert.Equal("I misread the dose.", (await MineAsync())["earlier"]![0]!["reason"]!.GetValue<string>());

        (await CorrectAsync(stored.ContentSha256)).EnsureSuccessStatusCode(); // the same again changes nothing
        Assert.Single((await StoredAsync()).Earlier!);
    }

    [Fact]
    public async Task Nothing_is_replaced_unseen_unasked_or_by_anybody_else()
    {
        var sha = await ShaAsync();
        Assert.Equal("annotation_differs", await (await CorrectAsync("of-another-version")).ProblemAsync(409));
        Assert.Equal("invalid", await (await CorrectAsync(sha, reason: " ")).ProblemAsync(422));
        using var other = await _app.SignedInAsync(Roles.Annotator);
        Assert.Equal("not_found", await (await CorrectAsync(sha, client: other)).ProblemAsync(404));
        Assert.Equal("incomplete", await (await CorrectAsync(sha, judgement: new JsonObject())).ProblemAsync(422));
        Assert.Null((await StoredAsync()).Earlier);
    }

    [Fact]
    public async Task After_a_day_it_is_too_late()
    {
        var sha = await ShaAsync();
        _app.Time.Advance(TimeSpan.FromHours(24));

        Assert.Equal("too_late", await (await CorrectAsync(sha)).ProblemAsync(409));
        Assert.Null((await MineAsync())["line"]!["correctableUntil"]);
    }

    [Theory]
    [InlineData("2026-11-25T10:00:00Z", "2026-11-26T10:00:00Z")]
    [InlineData("2026-11-29T23:50:00Z", "2026-11-30T00:00:00Z")] // a Sunday: its week is about to be reported
    [InlineData("2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z")]
    public void Corrections_end_with_the_day_or_the_week(string submitted, string until) =>
        Assert.Equal(DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), Corrections.Until(DateTimeOffset.Parse(submitted, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public async Task What_an_adjudicator_has_is_not_corrected_any_more()
    {
        var sha = await ShaAsync();
        using var lead = await _app.SignedInAsync(Roles.Lead);
        (await lead.PostAsync($"adjudications/p1/{_next.TaskId()}", Body.Of(new { why = "Look at this." }))).EnsureSuccessStatusCode();
        Assert.Equal("in_adjudication", (await MineAsync())["line"]!["state"]!.GetValue<string>());
        using var adjudicator = await _app.SignedInAsync(Roles.Adjudicator);
        (await adjudicator.PostAsync("adjudications/next", Body.Of(new { }))).EnsureSuccessStatusCode();

        Assert.Equal("in_adjudication", await (await CorrectAsync(sha)).ProblemAsync(409));
    }

    private Task<HttpResponseMessage> CorrectAsync(string replaces, string reason = "I misread the dose.", HttpClient? client = null, JsonNode? judgement = null)
    {
        var other = Work.Judgement();
        other["overall"] = 2;
        return (client ?? _rater).PutAsync($"annotations/p1/{_next.TaskId()}/mine", Body.Of(new { annotationId = _id, judgement = judgement ?? other, replaces, reason }));
    }

    private async Task<JsonNode> MineAsync() => await (await _rater.GetAsync($"annotations/p1/{_next.TaskId()}/mine")).JsonAsync();

    private async Task<string> ShaAsync() => (await MineAsync())["contentSha256"]!.GetValue<string>();

    private async Task<Annotation> StoredAsync() => (await _app.Store.FindAsync<Annotation>(Annotation.Key("p1", _next.TaskId(), _id.ToString()), default))!.Value;
}
