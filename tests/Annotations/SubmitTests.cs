using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

public sealed class SubmitTests : IAsyncLifetime
{
    private const string Answer = "Take 5 mg 💊 twice daily. See a doctor if it gets worse.";
    private TestApp _app = null!;
    private HttpClient _rater = null!;
    private JsonNode _next = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1");
        await _app.AddItemsAsync(project, [Work.Item("p1", 1, "general", "en", Answer), Work.Item("p1", 2, "general", "en", "First", "Second")]);
        _rater = await _app.SignedInAsync(Roles.Annotator);
        _next = await TaskWithAsync(responses: 1);
    }

    public async ValueTask DisposeAsync()
    {
        _rater.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_judgement_is_recorded_once_however_often_it_is_sent()
    {
        var id = Guid.NewGuid();

        var first = await _rater.SubmitAsync(_next, Work.Judgement(), id);
        var second = await _rater.SubmitAsync(_next, Work.Judgement(), id);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(1, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default));
    }

    [Fact]
    public async Task A_recorded_judgement_is_never_changed()
    {
        var id = Guid.NewGuid();
        await _rater.SubmitAsync(_next, Work.Judgement(), id);
        var other = Work.Judgement();
        other["overall"] = 1;

        Assert.Equal("annotation_differs", await (await _rater.SubmitAsync(_next, other, id)).ProblemAsync(409));
        Assert.Equal("already_submitted", await (await _rater.SubmitAsync(_next, other)).ProblemAsync(409));
        Assert.Null((await StoredAsync()).Judgement.Overall);
    }

    [Fact]
    public async Task The_record_says_under_what_it_was_made()
    {
        (await _rater.SubmitAsync(_next, Work.Judgement())).EnsureSuccessStatusCode();

        var stored = await StoredAsync();

        Assert.Equal(("healtheval", 1), (stored.Guideline.Id, stored.Guideline.Version));
        Assert.Equal(_next["task"]!["guideline"]!["sha256"]!.GetValue<string>(), stored.GuidelineSha256);
        Assert.Equal(Work.Item("p1", 1, "general", "en", Answer).ContentSha256, stored.ItemSha256);
        Assert.Equal(["r1-0"], stored.ResponseOrder);
        Assert.Equal(_app.Time.GetUtcNow(), stored.SubmittedAt);
        Assert.False(stored.Simulated);
    }

    [Fact]
    public async Task Everything_that_is_missing_is_named_by_field()
    {
        var problem = await RefusedAsync(new JsonObject(), "incomplete");

        Assert.Equal(["judgement.confidence", "judgement.harm", "judgement.ratings"], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task Two_responses_need_a_preference()
    {
        var pair = await TaskWithAsync(responses: 2);
        var judgement = Work.Judgement("A", "B");
        judgement.AsObject().Remove("preference");

        var problem = await (await _rater.SubmitAsync(pair, judgement)).JsonAsync();

        Assert.True(problem["errors"]!.AsObject().ContainsKey("judgement.preference.winner"));
    }

    [Theory]
    [Trait("Store", "none")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F2","severity":"major","start":5,"end":11,"quote":"5 mg 💊"}""", null)]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F2","severity":"major","start":5,"end":12,"quote":"5 mg 💊"}""", "judgement.spans[0].quote")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F2","severity":"major","start":5,"end":10,"quote":"5 mg 💊"}""", "judgement.spans[0].quote")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F2","severity":"major","start":50,"end":5000,"quote":"x"}""", "judgement.spans[0].start")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F2","severity":"major","start":-1,"end":3,"quote":"x"}""", "judgement.spans[0].start")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F2","severity":"major","start":3,"end":3,"quote":""}""", "judgement.spans[0].start")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F2","severity":"major","start":3,"quote":"e"}""", "judgement.spans[0].start")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F99","severity":"major","start":0,"end":4,"quote":"Take"}""", "judgement.spans[0].code")]
    [InlineData("""{"response":"A","kind":"strength","code":"F1","start":0,"end":4,"quote":"Take"}""", "judgement.spans[0].code")]
    [InlineData("""{"response":"A","kind":"strength","code":"G1","severity":"minor","start":0,"end":4,"quote":"Take"}""", "judgement.spans[0].severity")]
    [InlineData("""{"response":"A","kind":"factual_error","code":"F1","start":0,"end":4,"quote":"Take"}""", "judgement.spans[0].severity")]
    [InlineData("""{"response":"A","kind":"opinion","code":"F1","severity":"minor","start":0,"end":4,"quote":"Take"}""", "judgement.spans[0].kind")]
    [InlineData("""{"response":"Z","kind":"strength","code":"G1","start":0,"end":4,"quote":"Take"}""", "judgement.spans[0].response")]
    [InlineData("""{"response":"A","kind":"improve","code":"O1","severity":"minor"}""", "judgement.spans[0].missingText")]
    [InlineData("""{"response":"A","kind":"improve","code":"O1","severity":"minor","missingText":"What to do in pregnancy"}""", null)]
    public async Task A_span_must_lie_in_the_text_and_use_the_taxonomy(string span, string? field)
    {
        var judgement = Work.Judgement();
        judgement["spans"] = new JsonArray(JsonNode.Parse(span));

        if (field is null)
        {
            Assert.Equal(HttpStatusCode.Created, (await _rater.SubmitAsync(_next, judgement)).StatusCode);
        }
        else
        {
            Assert.Equal([field], (await RefusedAsync(judgement, "incomplete"))["errors"]!.AsObject().Select(error => error.Key));
        }
    }

    [Theory]
    [Trait("Store", "none")]
    [InlineData("""{"ratings":[{"response":"A","accuracy":6}]}""", "judgement.ratings[0].accuracy")]
    [InlineData("""{"ratings":[{"response":"A","accuracy":0}]}""", "judgement.ratings[0].accuracy")]
    [InlineData("""{"harm":[{"response":"A","extent":"terrible"}]}""", "judgement.harm[0].extent")]
    [InlineData("""{"harm":[{"response":"A","extent":"mild"}]}""", "judgement.harm[0].likelihood")]
    [InlineData("""{"harm":[{"response":"A","extent":"none","likelihood":"low"}]}""", "judgement.harm[0]")]
    [InlineData("""{"harm":[{"response":"A","extent":"none"},{"response":"A","extent":"none"}]}""", "judgement.harm")]
    [InlineData("""{"claims":[{"response":"A"}]}""", "judgement.claims[0].quote")]
    [InlineData("""{"claims":[{"response":"A","quote":"x","type":"gossip","checkworthiness":"must"}]}""", "judgement.claims[0].type")]
    [InlineData("""{"claims":[{"response":"A","quote":"x","type":"dose","checkworthiness":"must","evidence":[{"url":"javascript:alert(1)","tier":"T1","stance":"supports"}]}]}""", "judgement.claims[0].evidence[0].url")]
    [InlineData("""{"claims":[{"response":"A","quote":"x","type":"dose","checkworthiness":"must","evidence":[{"url":"https://who.int","tier":"T1","stance":"supports","accessedOn":"yesterday"}]}]}""", "judgement.claims[0].evidence[0].accessedOn")]
    [InlineData("""{"behaviour":[{"response":"A","check":"CB01","answer":"no"}]}""", "judgement.behaviour[0].comment")]
    [InlineData("""{"behaviour":[{"response":"A","check":"CB77","answer":"yes"}]}""", "judgement.behaviour[0].check")]
    [InlineData("""{"rubric":[{"response":"A","criterion":"c9","met":true}]}""", "judgement.rubric[0].criterion")]
    [InlineData("""{"preference":{"winner":"A"}}""", "judgement.preference")]
    [InlineData("""{"flags":["made_up"]}""", "judgement.flags")]
    [InlineData("""{"confidence":4}""", "judgement.confidence")]
    [InlineData("""{"overall":0}""", "judgement.overall")]
    [InlineData("""{"activeSeconds":-5}""", "judgement.activeSeconds")]
    public async Task A_value_that_the_guideline_does_not_know_is_refused_by_field(string change, string field)
    {
        var judgement = Work.Judgement().AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            judgement[name] = value!.DeepClone();
        }

        Assert.Contains(field, (await RefusedAsync(judgement, "incomplete"))["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [Trait("Store", "none")]
    [InlineData("""{"ratings":[null]}""")]
    [InlineData("""{"ratings":[{"accuracy":3}]}""")]
    [InlineData("""{"ratings":[{"response":null}]}""")]
    [InlineData("""{"ratings":[{"response":"A","accuracy":3.5}]}""")]
    [InlineData("""{"ratings":[{"response":"A","reasoning":"maybe"}]}""")]
    [InlineData("""{"spans":[{"response":"A","kind":null}]}""")]
    [InlineData("""{"flags":[null]}""")]
    [InlineData("""{"confidence":"high"}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    public async Task A_judgement_of_another_shape_is_malformed_and_nothing_happens(string judgement)
    {
        var response = await _rater.SubmitAsync(_next, JsonNode.Parse(judgement)!);

        Assert.Equal("malformed", await response.ProblemAsync(400));
        Assert.Equal(HttpStatusCode.Created, (await _rater.SubmitAsync(_next, Work.Judgement())).StatusCode);
    }

    [Fact]
    public async Task A_contradiction_is_recorded_only_after_it_was_confirmed()
    {
        var judgement = Work.Judgement();
        judgement["harm"] = JsonNode.Parse("""[{"response":"A","extent":"severe","likelihood":"high","mechanism":"commission"}]""");

        var problem = await RefusedAsync(judgement, "gates");
        Assert.Equal("harm_appropriateness:A", problem["gates"]![0]!["gate"]!.GetValue<string>());
        Assert.Equal(["judgement.ratings[0].appropriateness"], problem["errors"]!.AsObject().Select(error => error.Key));

        Assert.Equal(HttpStatusCode.Created, (await _rater.SubmitAsync(_next, judgement, null, "harm_appropriateness:A", "made_up:A")).StatusCode);
        Assert.Equal(["harm_appropriateness:A"], (await StoredAsync()).Acknowledged);
    }

    [Fact]
    public async Task Reasoning_may_be_not_applicable_and_stays_so()
    {
        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["reasoning"] = "NA";

        (await _rater.SubmitAsync(_next, judgement)).EnsureSuccessStatusCode();

        Assert.True((await StoredAsync()).Judgement.Ratings[0].ReasoningNotApplicable);
    }

    [Fact]
    public async Task A_submitted_task_leaves_no_draft()
    {
        (await _rater.PutAsync($"tasks/p1/{_next.TaskId()}/draft", Body.Of(new { leaseId = _next.LeaseId(), revision = 0, judgement = new { } }))).EnsureSuccessStatusCode();

        (await _rater.SubmitAsync(_next, Work.Judgement())).EnsureSuccessStatusCode();

        Assert.Equal(0, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Draft) { ProjectId = "p1" }, default));
    }

    [Fact]
    public async Task Sixteen_submits_at_once_leave_one_record()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _rater.SubmitAsync(_next, Work.Judgement(), Guid.NewGuid())));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
        Assert.Equal(1, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default));
    }

    private async Task<JsonNode> RefusedAsync(JsonNode judgement, string code)
    {
        var response = await _rater.SubmitAsync(_next, judgement);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.JsonAsync();
        Assert.Equal(code, problem["code"]!.GetValue<string>());
        return problem;
    }

    private async Task<Annotation> StoredAsync() => (await _app.Store.QueryAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, null, default)).Documents.Single().Value;

    private async Task<JsonNode> TaskWithAsync(int responses)
    {
        var held = new List<string>();
        while (await _rater.NextAsync("p1", [.. held]) is { } next)
        {
            if (next["task"]!["item"]!["responses"]!.AsArray().Count == responses)
            {
                return next;
            }

            held.Add(next.TaskId());
        }

        throw new InvalidOperationException("There is no such task.");
    }
}
