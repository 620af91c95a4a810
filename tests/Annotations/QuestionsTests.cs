using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

/// <summary>Raters ask the lead, one answer is for all; and the sources that a project has in common.</summary>
public sealed class QuestionsTests : IAsyncLifetime
{
    private readonly Guid _id = Guid.NewGuid();
    private TestApp _app = null!;
    private HttpClient _rater = null!;
    private HttpClient _other = null!;
    private HttpClient _lead = null!;
    private JsonNode _next = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1", project => project with { Overlap = 2 });
        await _app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        (_rater, _other, _lead) = (await _app.SignedInAsync(Roles.Annotator), await _app.SignedInAsync(Roles.Annotator), await _app.SignedInAsync(Roles.Lead));
        _next = (await _rater.NextAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { _rater, _other, _lead })
        {
            client.Dispose();
        }

        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_question_pinned_to_a_passage_is_answered_once_for_everybody()
    {
        (await AskAsync("Is 112 right in the US?", "A", 34, 42)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("Is 112 right in the US?", "A", 34, 42)).StatusCode); // sent twice, asked once
        Assert.Empty(await ListAsync(_other));

        var open = Assert.Single(await ListAsync(_lead))!;
        Assert.Equal("Call 112", open["quote"]!.GetValue<string>());
        Assert.StartsWith("R-", open["asker"]!.GetValue<string>(), StringComparison.Ordinal);
        (await AnswerAsync(new { text = "No: 911. Judge it by jurisdiction.", forAll = true, question = "Which emergency number is right?" })).EnsureSuccessStatusCode();

        var everybody = Assert.Single(await ListAsync(_other))!;
        Assert.Equal(("Which emergency number is right?", "No: 911. Judge it by jurisdiction."), (everybody["text"]!.GetValue<string>(), everybody["answer"]!["text"]!.GetValue<string>()));
        foreach (var hidden in new[] { "taskId", "quote", "asker" }) // they may still have to judge it, and whoever asked stays unnamed
        {
            Assert.Null(everybody[hidden]);
        }

        var own = Assert.Single(await ListAsync(_rater))!;
        Assert.Equal(("Is 112 right in the US?", true), (own["text"]!.GetValue<string>(), own["mine"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task An_answer_for_the_asker_alone_stays_theirs_and_can_be_opened_to_all_later()
    {
        (await AskAsync("May I skip this?")).EnsureSuccessStatusCode();
        (await AnswerAsync(new { text = "Yes.", forAll = false })).EnsureSuccessStatusCode();
        Assert.Empty(await ListAsync(_other));
        (await AnswerAsync(new { text = "Yes.", forAll = true })).EnsureSuccessStatusCode();
        Assert.Single(await ListAsync(_other));
    }

    [Fact]
    public async Task What_is_about_no_task_is_asked_too_once_and_waits_in_the_inbox_until_it_is_answered()
    {
        for (var n = 0; n < 2; n++)
        {
            (await _other.PutAsync($"annotations/p1/questions/{_id}", Body.Of(new { text = "Why am I paused?" }))).EnsureSuccessStatusCode();
        }

        var notice = Assert.Single(await NoticesAsync())!;
        Assert.Equal(("question", "Why am I paused?"), ((string)notice["kind"]!, (string)notice["words"]!));
        (await AnswerAsync(new { text = "Three scores were far off.", forAll = false })).EnsureSuccessStatusCode();
        Assert.Empty(await NoticesAsync());
        Assert.Equal("Three scores were far off.", Assert.Single(await ListAsync(_other))!["answer"]!["text"]!.GetValue<string>());
        Assert.Empty(await ListAsync(_rater));
    }

    [Theory]
    [InlineData("customer", "healtheval", false, true)]
    [InlineData("CUSTOMER", "healtheval", false, true)]
    [InlineData("another", "healtheval", false, false)]
    [InlineData("another", "healtheval", true, true)]
    [InlineData("customer", "own", true, false)]
    public async Task An_answer_for_all_reaches_who_judges_under_the_guideline_for_the_customer_and_others_where_it_was_written_for_them(
        string customer, string guideline, bool everywhere, bool reaches)
    {
        await _app.AddProjectAsync("p1", project => project with { Customer = "customer" });
        await _app.AddProjectAsync("p2", project => project with { Customer = customer, Guideline = new GuidelineReference(guideline, 1) });
        (await AskAsync("Is 112 right for Mercy Clinic?", "A", 34, 42)).EnsureSuccessStatusCode();
        using var admin = await _app.SignedInAsync(Roles.Admin);
        (await admin.PostAsync($"annotations/p1/questions/{_id}", Body.Of(new { text = "By jurisdiction.", forAll = true, question = "Which number?", everywhere }))).EnsureSuccessStatusCode();

        using var there = await _app.SignedInAsync(Roles.Annotator, "p2");
        var body = await (await there.GetAsync("annotations/p2/questions")).Content.ReadAsStringAsync();
        Assert.Equal(reaches, body.Contains("By jurisdiction.", StringComparison.Ordinal));
        foreach (var hidden in new[] { "Mercy", "Call 112", _next.TaskId(), "p1" })
        {
            Assert.DoesNotContain(hidden, body, StringComparison.Ordinal);
        }

        Assert.Empty((await (await there.GetAsync("annotations/p2/questions?mine=true")).JsonAsync())["questions"]!.AsArray());
    }

    [Fact]
    public async Task An_answer_for_one_person_reaches_no_other_project()
    {
        await _app.AddProjectAsync("p2", project => project with { Customer = "p1" });
        (await AskAsync("May I skip this?")).EnsureSuccessStatusCode();
        (await AnswerAsync(new { text = "Yes.", forAll = false })).EnsureSuccessStatusCode();
        Assert.Empty((await (await _other.GetAsync("annotations/p2/questions")).JsonAsync())["questions"]!.AsArray());
    }

    [Fact]
    public async Task Beyond_the_customer_answers_only_who_works_for_every_project_and_in_words_for_it()
    {
        (await AskAsync("Is 112 right?")).EnsureSuccessStatusCode();
        Assert.Equal("invalid", await (await AnswerAsync(new { text = "No.", forAll = true, question = "Which number?", everywhere = true })).ProblemAsync(422));
        using var admin = await _app.SignedInAsync(Roles.Admin);
        foreach (var (forAll, question) in new[] { (true, " "), (true, null), (false, "Which number?") })
        {
            Assert.Equal("invalid", await (await admin.PostAsync($"annotations/p1/questions/{_id}", Body.Of(new { text = "No.", forAll, question, everywhere = true }))).ProblemAsync(422));
        }
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_with_its_reason()
    {
        Assert.Equal("invalid", await (await AskAsync("  ")).ProblemAsync(422));
        Assert.Equal("invalid", await (await AskAsync("Where?", "A", 34, 4_000)).ProblemAsync(422));
        Assert.Equal("invalid", await (await AskAsync("Where?", "Z", 0, 4)).ProblemAsync(422));
        Assert.Equal("invalid", await (await _rater.PutAsync($"annotations/p1/questions/{_id}", Body.Of(new { text = "Where?", response = "A", start = 0, end = 4 }))).ProblemAsync(422));
        Assert.Equal("not_found", await (await _other.PutAsync($"annotations/p1/questions/{Guid.NewGuid()}", Body.Of(new { taskId = _next.TaskId(), text = "Mine?" }))).ProblemAsync(404));
        Assert.Equal("not_found", await (await AnswerAsync(new { text = "To nothing.", forAll = false })).ProblemAsync(404));
        (await AskAsync("First?")).EnsureSuccessStatusCode();
        Assert.Equal("question_differs", await (await AskAsync("Second?")).ProblemAsync(409));
    }

    [Fact]
    public async Task A_source_that_was_used_is_offered_to_all_until_a_lead_takes_it_out()
    {
        var judgement = Work.Judgement();
        judgement["claims"] = JsonNode.Parse("""
            [{"response":"A","quote":"Rest helps.","type":"treatment","checkworthiness":"should","verdict":"SUPPORTED",
              "evidence":[{"url":"https://www.nice.org.uk/x","title":"Rest","publisher":"NICE","tier":"T1","stance":"supports","excerpt":"Rest."}]}]
            """);
        (await _rater.SubmitAsync(_next, judgement)).EnsureSuccessStatusCode();

        var source = Assert.Single((await SourcesAsync(_other)))!;
        Assert.Equal("sourceId,url,title,publisher,tier,retired,curated", string.Join(',', source.AsObject().Select(field => field.Key))); // neither who, nor what for
        var id = source["sourceId"]!.GetValue<string>();

        (await _lead.PutAsync($"annotations/p1/sources/{id}", Body.Of(new { title = "Rest after fever", publisher = "NICE", tier = "T1", retired = false }))).EnsureSuccessStatusCode();
        Assert.Equal("Rest after fever", Assert.Single(await SourcesAsync(_other))!["title"]!.GetValue<string>());
        (await _lead.PutAsync($"annotations/p1/sources/{id}", Body.Of(new { title = "Rest", publisher = "NICE", tier = "T1", retired = true }))).EnsureSuccessStatusCode();

        (await _other.SubmitAsync((await _other.NextAsync())!, judgement)).EnsureSuccessStatusCode(); // using it again does not bring it back
        Assert.Empty(await SourcesAsync(_other));
        Assert.True(Assert.Single(await SourcesAsync(_lead))!["retired"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.Forbidden, (await _other.PutAsync($"annotations/p1/sources/{id}", Body.Of(new { retired = false }))).StatusCode);
    }

    [Fact]
    public async Task A_note_on_a_flag_goes_with_its_flag_and_is_not_delivered()
    {
        var judgement = Work.Judgement();
        judgement["flagNotes"] = new JsonObject { ["technical"] = "The table is cut off." };
        Assert.Equal(422, (int)(await _rater.SubmitAsync(_next, judgement.DeepClone())).StatusCode);

        judgement["flags"] = new JsonArray("technical");
        (await _rater.SubmitAsync(_next, judgement)).EnsureSuccessStatusCode();

        var stored = (await _app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default).SingleAsync()).Value;
        Assert.Equal("The table is cut off.", stored.Judgement.FlagNotes!["technical"]);
        var exported = await (await _lead.GetAsync("exports/p1/annotations")).Content.ReadAsStringAsync();
        Assert.DoesNotContain("cut off", exported, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> AskAsync(string text, string? response = null, int? start = null, int? end = null) =>
        _rater.PutAsync($"annotations/p1/questions/{_id}", Body.Of(new { taskId = _next.TaskId(), text, response, start, end }));

    private Task<HttpResponseMessage> AnswerAsync(object answer) => _lead.PostAsync($"annotations/p1/questions/{_id}", Body.Of(answer));

    private async Task<JsonArray> NoticesAsync() => (await (await _lead.GetAsync("quality/p1/notices")).JsonAsync())["notices"]!.AsArray();

    private static async Task<JsonArray> ListAsync(HttpClient client) => (await (await client.GetAsync("annotations/p1/questions")).JsonAsync())["questions"]!.AsArray();

    private static async Task<JsonArray> SourcesAsync(HttpClient client) => (await (await client.GetAsync("annotations/p1/sources")).JsonAsync())["sources"]!.AsArray();
}
