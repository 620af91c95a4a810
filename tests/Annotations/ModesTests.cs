using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

/// <summary>What version 2 asks of a judgement: per response, in the mode of the task, with reasons for what is stood by.</summary>
public sealed class ModesTests : IAsyncLifetime
{
    private const string Answer = "Take 500 mg twice a day. See a doctor if it gets worse.";
    private TestApp _app = null!;
    private HttpClient _rater = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        _rater = await _app.SignedInAsync(Roles.Annotator);
    }

    public async ValueTask DisposeAsync()
    {
        _rater.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Overall_and_confidence_are_given_for_each_response()
    {
        var next = await NextAsync();
        var judgement = Work.Judgement();

        Assert.Equal(["judgement.confidence", "judgement.ratings[0].confidence"], await FaultsAsync(next, judgement));

        (await _rater.SubmitAsync(next, Second())).EnsureSuccessStatusCode();
        var rating = (await StoredAsync()).Judgement.Ratings[0];
        Assert.Equal((3, 2), (rating.Overall, rating.Confidence));
    }

    [Theory]
    [InlineData("NA")]
    [InlineData("NOT_CHECKED")]
    public async Task Accuracy_may_be_left_open_in_two_ways_and_stays_so(string word)
    {
        var judgement = Second();
        judgement["ratings"]![0]!["accuracy"] = word;

        (await _rater.SubmitAsync(await NextAsync(), judgement)).EnsureSuccessStatusCode();

        var stored = (await StoredAsync()).Judgement.Ratings[0];
        Assert.Equal((null, word), (stored.Accuracy, stored.NoAccuracy));
        Assert.Equal(word, JsonNode.Parse(Json.Bytes(stored))!["accuracy"]!.GetValue<string>());
    }

    [Fact]
    public async Task Harm_says_what_is_harmed_and_equity_for_whom_it_would_differ()
    {
        var next = await NextAsync();
        var judgement = Second();
        judgement["harm"]![0] = JsonNode.Parse("""{"response":"A","extent":"mild","likelihood":"low","mechanism":"both","kinds":["psychological"],"mediation":"direct"}""");
        judgement["equity"] = JsonNode.Parse("""[{"response":"A","answer":"possibly"}]""");
        Assert.Equal(["judgement.equity[0].groups"], await FaultsAsync(next, judgement));

        judgement["equity"]![0]!["groups"] = new JsonArray("language_literacy");
        (await _rater.SubmitAsync(next, judgement)).EnsureSuccessStatusCode();

        var stored = (await StoredAsync()).Judgement;
        Assert.Equal(["psychological"], stored.Harm[0].Kinds!);
        Assert.Equal(["language_literacy"], Assert.Single(stored.Equity!).Groups!);
    }

    [Fact]
    public async Task A_verdict_without_its_sources_is_asked_about_and_the_reason_is_kept()
    {
        var next = await NextAsync();
        var judgement = Second();
        judgement["claims"] = JsonNode.Parse("""[{"response":"A","quote":"500 mg twice a day","type":"dose","checkworthiness":"must","verdict":"SUPPORTED"}]""");

        var asked = await (await _rater.SubmitAsync(next, judgement)).JsonAsync();
        Assert.Equal("label_missing:A:1", asked["gates"]![0]!["gate"]!.GetValue<string>());
        Assert.True(asked["gates"]![0]!["needsReason"]!.GetValue<bool>());
        Assert.Equal("gates", await (await _rater.SubmitAsync(next, judgement, null, "label_missing:A:1")).ProblemAsync(422));
        Assert.Equal("gates", await (await WithReasonAsync(next, judgement, "label_missing:A:1", " ")).ProblemAsync(422));

        Assert.Equal(HttpStatusCode.Created, (await WithReasonAsync(next, judgement, "label_missing:A:1", "Seen in the printed label.")).StatusCode);
        var stored = await StoredAsync();
        Assert.Equal(["label_missing:A:1"], stored.Acknowledged);
        Assert.Equal("Seen in the printed label.", Assert.Single(stored.Reasons!).Value);
    }

    [Fact]
    public async Task A_search_has_no_tier_and_any_other_source_has_one()
    {
        var next = await NextAsync();
        var judgement = Second();
        judgement["ratings"]![0]!["accuracy"] = 3;
        judgement["claims"] = JsonNode.Parse("""
            [{"response":"A","quote":"x","type":"citation","checkworthiness":"must","verdict":"REFUTED","evidence":[
              {"url":"https://pubmed.ncbi.nlm.nih.gov/?term=x","stance":"neutral"},{"url":"https://search.crossref.org/?q=x","stance":"neutral"}]}]
            """);
        Assert.Equal(["judgement.claims[0].evidence[0].tier", "judgement.claims[0].evidence[1].tier"], await FaultsAsync(next, judgement));

        judgement["claims"]![0]!["verdict"] = "NOT_FOUND";
        Assert.Equal(HttpStatusCode.Created, (await _rater.SubmitAsync(next, judgement)).StatusCode);
    }

    [Fact]
    public async Task A_task_says_in_which_mode_it_is_judged_and_takes_no_other()
    {
        var next = await NextAsync("quick");
        Assert.Equal("quick", next["task"]!["mode"]!.GetValue<string>());
        Assert.Equal(["judgement.mode"], await FaultsAsync(next, Second()));

        var judgement = Second("quick");
        judgement["claims"] = JsonNode.Parse("""[{"response":"A","quote":"x","type":"dose","checkworthiness":"must"}]""");
        judgement["spans"] = JsonNode.Parse("""[{"response":"A","kind":"improve","code":"C1","severity":"major","start":0,"end":4,"quote":"Take"}]""");
        Assert.Equal(["judgement.claims", "judgement.spans"], await FaultsAsync(next, judgement));

        (await _rater.SubmitAsync(next, Second("quick"))).EnsureSuccessStatusCode();
        Assert.Equal("quick", (await StoredAsync()).Judgement.Mode);
    }

    [Fact]
    public async Task A_fact_check_needs_verdicts_and_no_ratings()
    {
        var next = await NextAsync("fact_check");
        var judgement = JsonNode.Parse("""{"mode":"fact_check"}""")!;
        Assert.Equal(["judgement.claims"], await FaultsAsync(next, judgement));

        judgement["claims"] = JsonNode.Parse("""[{"response":"A","quote":"x","type":"treatment","checkworthiness":"should"}]""");
        Assert.Equal(["judgement.claims[0].verdict"], await FaultsAsync(next, judgement));

        judgement["claims"]![0]!["verdict"] = "SUPPORTED";
        (await _rater.SubmitAsync(next, judgement)).EnsureSuccessStatusCode();
        Assert.Empty((await StoredAsync()).Judgement.Ratings);
    }

    [Fact]
    public async Task A_response_with_nothing_to_check_says_so()
    {
        var judgement = JsonNode.Parse("""{"mode":"fact_check","ratings":[{"response":"A","accuracy":"NA"}]}""")!;

        Assert.Equal(HttpStatusCode.Created, (await _rater.SubmitAsync(await NextAsync("fact_check"), judgement)).StatusCode);
    }

    [Fact]
    public async Task Version_1_knows_none_of_it()
    {
        var project = await _app.AddProjectAsync("p1");
        await _app.AddItemsAsync(project, [Work.Item("p1", 1, "general", "en", Answer)]);
        var judgement = Second();
        judgement["ratings"]![0]!["accuracy"] = "NA";
        judgement["equity"] = JsonNode.Parse("""[{"response":"A","answer":"no"}]""");

        var faults = await FaultsAsync((await _rater.NextAsync("p1"))!, judgement);

        Assert.Equal(["judgement.confidence", "judgement.equity", "judgement.equity[0].answer", "judgement.ratings[0].accuracy"], faults);
    }

    [Fact]
    public async Task A_mode_needs_a_guideline_that_has_it()
    {
        using var lead = await _app.SignedInAsync(Roles.Lead, "p1");
        var form = new { projectId = "p1", name = "M", customer = "C", mode = "quick", guideline = new { id = "healtheval", version = 1 } };

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lead.PostAsync("projects", Body.Of(form))).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await lead.PostAsync("projects", Body.Of(form with { guideline = new { id = "healtheval", version = 2 } }))).StatusCode);
    }

    private async Task<JsonNode> NextAsync(string? mode = null)
    {
        var project = await _app.AddProjectAsync("p1");
        var second = project with { Guideline = new GuidelineReference("healtheval", 2), Mode = mode };
        await _app.Store.CommitAsync(new Write.Put(Project.Key("p1"), second), default);
        await _app.AddItemsAsync(second, [Work.Item("p1", 1, "general", "en", Answer)]);
        return (await _rater.NextAsync("p1"))!;
    }

    private static JsonNode Second(string? mode = null)
    {
        var judgement = Work.Judgement();
        judgement.AsObject().Remove("confidence");
        judgement["mode"] = mode;
        judgement["ratings"]![0]!["confidence"] = 2;
        judgement["ratings"]![0]!["overall"] = 3;
        return judgement;
    }

    private Task<HttpResponseMessage> WithReasonAsync(JsonNode next, JsonNode judgement, string gate, string reason) => _rater.PutAsync(
        $"annotations/p1/{next.TaskId()}/{Guid.NewGuid()}",
        Body.Of(new { leaseId = next.LeaseId(), judgement, acknowledged = new[] { gate }, reasons = new Dictionary<string, string> { [gate] = reason } }));

    private async Task<IEnumerable<string>> FaultsAsync(JsonNode next, JsonNode judgement)
    {
        var response = await _rater.SubmitAsync(next, judgement);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.Equal("incomplete", problem["code"]!.GetValue<string>());
        return problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal);
    }

    private async Task<Annotation> StoredAsync() => (await _app.Store.QueryAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, null, default)).Documents.Single().Value;
}
