using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

public sealed class AdjudicationTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private HttpClient _adjudicator = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1");
        await _app.AddItemsAsync(project, [Work.Item("p1", 1, "general", "en", "First answer", "Second answer")]);
        _adjudicator = await _app.SignedInAsync(Roles.Adjudicator, "p1");
    }

    public async ValueTask DisposeAsync()
    {
        _adjudicator.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Judgements_that_agree_make_no_case()
    {
        await JudgeAsync(4);
        await JudgeAsync(4);

        Assert.Null(await NextAsync());
    }

    [Fact]
    public async Task A_case_opens_with_the_last_judgement_and_names_its_points()
    {
        await JudgeAsync(5);
        Assert.Null(await NextAsync());
        await JudgeAsync(2);

        var @case = (await NextAsync())!["case"]!;

        Assert.Equal(["rating:A:clarity", "rating:B:clarity"], @case["points"]!.AsArray().Select(point => (string)point!["key"]!).Order());
        Assert.Equal(2, @case["judgements"]!.AsArray().Count);
        Assert.Equal((1L, 0L), await WaitingAsync());
    }

    [Fact]
    public async Task The_adjudicator_learns_nothing_of_who_judged_or_which_model_answered()
    {
        var first = await JudgeAsync(5);
        var second = await JudgeAsync(2);

        var text = (await NextAsync())!.ToJsonString();

        var annotations = await _app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default).Select(stored => stored.Value).ToListAsync();
        string[] secrets = [first.PersonId, first.Name, second.PersonId, second.Name, .. annotations.SelectMany(a => (string[])[a.AnnotationId, a.Pseudonym, a.LeaseId, .. a.ResponseOrder]), "model-0", "model-1"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("\"activeSeconds\":90", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_judgement_is_shown_under_the_adjudicators_letters()
    {
        await JudgeAsync(5, first: 1);
        await JudgeAsync(5, first: 1);

        var @case = (await NextAsync())!["case"]!;

        var responses = @case["item"]!["responses"]!.AsArray().ToDictionary(r => (string)r!["key"]!, r => (string)r!["text"]!);
        Assert.All(@case["judgements"]!.AsArray(), judgement => Assert.All(
            judgement!["judgement"]!["ratings"]!.AsArray(), rating => Assert.Equal(responses[(string)rating!["response"]!] == "First answer" ? 1 : 5, (int)rating["clarity"]!)));
    }

    [Fact]
    public async Task A_draft_of_the_rulings_is_kept_until_the_case_is_settled()
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        var next = (await NextAsync())!;
        Assert.Null(next["draft"]);
        var (taskId, lease) = ((string)next["case"]!["taskId"]!, (string)next["lease"]!["leaseId"]!);
        Task<HttpResponseMessage> SaveAsync(int revision, object rulings, string? by = null) => _adjudicator.PutAsync($"adjudications/p1/{taskId}/draft", Body.Of(new { leaseId = by ?? lease, revision, rulings }));

        Assert.Equal(1, (int)(await (await SaveAsync(0, new { a = new { value = "3" } })).JsonAsync())["revision"]!);
        Assert.Equal("draft_older", await (await SaveAsync(0, new { })).ProblemAsync(409));
        Assert.Equal("malformed", await (await SaveAsync(1, new[] { 1 })).ProblemAsync(400));
        Assert.Equal("lease_gone", await (await SaveAsync(1, new { }, by: "another")).ProblemAsync(409));

        var draft = (await NextAsync())!["draft"]!;
        Assert.Equal((1, "3"), ((int)draft["revision"]!, (string)draft["judgement"]!["a"]!["value"]!));
        (await SettleAsync(next, Guid.NewGuid(), Decisions(next, value: "3"))).EnsureSuccessStatusCode();
        Assert.Equal(0, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Draft) { ProjectId = "p1" }, default));
    }

    [Fact]
    public async Task Equity_is_shown_under_the_adjudicators_letters_too()
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        foreach (var annotation in await _app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default).Select(stored => stored.Value).ToListAsync())
        {
            var said = annotation with { Judgement = annotation.Judgement with { Equity = [new Equity(annotation.ResponseOrder[0].EndsWith("-0", StringComparison.Ordinal) ? "A" : "B", "possibly", ["age"])] } };
            await _app.Store.CommitAsync(new Write.Put(Annotation.Key("p1", annotation.TaskId, annotation.AnnotationId), said), default);
        }

        var @case = (await NextAsync())!["case"]!;

        var first = (string)@case["item"]!["responses"]!.AsArray().Single(response => (string)response!["text"]! == "First answer")!["key"]!;
        Assert.All(@case["judgements"]!.AsArray(), judgement => Assert.Equal(first, (string)judgement!["judgement"]!["equity"]![0]!["response"]!));
    }

    [Fact]
    public async Task A_decision_is_recorded_once_and_changes_no_judgement()
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        var before = await AnnotationsAsync();
        var (next, id) = ((await NextAsync())!, Guid.NewGuid());

        var first = await SettleAsync(next, id, Decisions(next, value: "3"));
        var second = await SettleAsync(next, id, Decisions(next, value: "3"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(before, await AnnotationsAsync());
        Assert.Equal("adjudication_differs", await (await SettleAsync(next, id, Decisions(next, value: "4"))).ProblemAsync(409));
        Assert.Equal("already_settled", await (await SettleAsync(next, Guid.NewGuid(), Decisions(next, value: "4"))).ProblemAsync(409));
        var record = Assert.Single(await RecordsAsync());
        Assert.Equal(GuidelineLibrary.BuiltIn[0].Sha256, record.GuidelineSha256);
        Assert.Equal(Work.Item("p1", 1, "general", "en", "First answer", "Second answer").ContentSha256, record.ItemSha256);
        Assert.All(record.Rulings, ruling => Assert.Equal(("3", true), (ruling.Final, ruling.Overturned)));
        Assert.Equal((0L, 1L), await WaitingAsync());
        Assert.Null(await NextAsync());
    }

    [Fact]
    public async Task A_point_on_which_one_judgement_is_silent_is_recorded_and_read_again()
    {
        await JudgeAsync(4, first: 4);
        await JudgeAsync(4);
        var next = (await NextAsync())!;

        Assert.Equal(HttpStatusCode.Created, (await SettleAsync(next, Guid.NewGuid(), Decisions(next, Dispute.Stands))).StatusCode);

        Assert.Contains(Assert.Single(await RecordsAsync()).Rulings, ruling => ruling.Point.Values.Contains(null) && ruling.Point.Values.Contains("second_checker"));
    }

    [Fact]
    public async Task Confirming_a_judgement_takes_its_value()
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        var next = (await NextAsync())!;

        await SettleAsync(next, Guid.NewGuid(), new JsonArray([.. Keys(next).Select(key => (JsonNode)new JsonObject { ["point"] = key, ["judgement"] = 2, ["rationale"] = "Right." })]));

        var shown = (string)next["case"]!["points"]![0]!["values"]![1]!;
        Assert.All(Assert.Single(await RecordsAsync()).Rulings, ruling => Assert.Equal((shown, 2, false), (ruling.Final, ruling.Confirmed, ruling.Overturned)));
    }

    [Theory]
    [InlineData("""[]""", "decisions")]
    [InlineData("""[{"point":"rating:A:clarity","value":"6","rationale":"x"}]""", "decisions[0].value")]
    [InlineData("""[{"point":"rating:A:clarity","value":"NA","rationale":"x"}]""", "decisions[0].value")]
    [InlineData("""[{"point":"rating:A:clarity","value":"3","rationale":"  "}]""", "decisions[0].rationale")]
    [InlineData("""[{"point":"rating:A:clarity","judgement":3,"rationale":"x"}]""", "decisions[0].judgement")]
    [InlineData("""[{"point":"rating:A:clarity","judgement":0,"rationale":"x"}]""", "decisions[0].judgement")]
    [InlineData("""[{"point":"rating:A:clarity","judgement":1,"value":"3","rationale":"x"}]""", "decisions[0]")]
    [InlineData("""[{"point":"rating:A:clarity","rationale":"x"}]""", "decisions[0]")]
    [InlineData("""[{"point":"rating:A:tone","value":"3","rationale":"x"}]""", "decisions[0].point")]
    [InlineData("""[{"point":"rating:A:clarity","value":"3","rationale":"x"},{"point":"rating:A:clarity","value":"4","rationale":"x"}]""", "decisions[1].point")]
    public async Task What_is_not_a_whole_decision_is_refused_with_the_field(string decisions, string field)
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        var next = (await NextAsync())!;

        var answer = await SettleAsync(next, Guid.NewGuid(), JsonNode.Parse(decisions)!);

        Assert.Equal("incomplete", await answer.ProblemAsync(422));
        Assert.Contains(field, (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
        Assert.Empty(await RecordsAsync());
    }

    [Fact]
    public async Task Nobody_settles_what_they_judged_themselves_and_nobody_without_the_sub_domain()
    {
        var both = Someone.With(Roles.Annotator, "p1") with { Roles = [Roles.Annotator, Roles.Adjudicator] };
        using var judge = await _app.SignedInAsync(both);
        await JudgeAsync(5, by: judge);
        await JudgeAsync(2);
        using var other = await _app.SignedInAsync(Someone.With(Roles.Adjudicator, "p1") with { Credential = new Credential("MD", 9, ["diagnostics"], ["en"]) });

        Assert.Null(await NextAsync(judge));
        Assert.Null(await NextAsync(other));
        Assert.NotNull(await NextAsync());
    }

    [Fact]
    public async Task Of_eight_adjudicators_one_gets_the_case_and_after_its_lease_another()
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        var crowd = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _app.SignedInAsync(Roles.Adjudicator, "p1")));

        var first = await Task.WhenAll(crowd.Select(NextAsync));
        var winner = Array.FindIndex(first, next => next is not null);
        Assert.Single(first, next => next is not null);
        _app.Time.Advance(TimeSpan.FromMinutes(31));
        var second = await Task.WhenAll(crowd.Where(client => client != crowd[winner]).Select(NextAsync));

        var got = Assert.Single(second, next => next is not null)!;
        Assert.Equal("lease_gone", await (await SettleAsync(first[winner]!, Guid.NewGuid(), Decisions(first[winner]!, "3"), crowd[winner])).ProblemAsync(409));
        var settler = crowd.Where(client => client != crowd[winner]).ElementAt(Array.FindIndex(second, next => next is not null));
        Assert.Equal(HttpStatusCode.Created, (await SettleAsync(got, Guid.NewGuid(), Decisions(got, "3"), settler)).StatusCode);
        Assert.Single(await RecordsAsync());
    }

    [Fact]
    public async Task A_case_that_is_given_back_can_be_taken_by_another()
    {
        await JudgeAsync(5);
        await JudgeAsync(2);
        var next = (await NextAsync())!;
        using var other = await _app.SignedInAsync(Roles.Adjudicator, "p1");
        Assert.Null(await NextAsync(other));

        var release = new HttpRequestMessage(HttpMethod.Delete, $"adjudications/p1/t000001/lease") { Content = Body.Of(new { leaseId = next.LeaseId(), reason = "conflict_of_interest" }) };
        Assert.Equal(HttpStatusCode.NoContent, (await _adjudicator.SendAsync(release)).StatusCode);

        Assert.Null(await NextAsync());
        Assert.NotNull(await NextAsync(other));
    }

    [Fact]
    public async Task A_lead_sends_a_task_by_hand_once_it_is_judged()
    {
        using var lead = await _app.SignedInAsync(Roles.Lead, "p1");
        Task<HttpResponseMessage> Refer(string why) => lead.PostAsync("adjudications/p1/t000001", Body.Of(new { why }));
        await JudgeAsync(4);
        Assert.Equal("not_referable", await (await Refer("Both too kind.")).ProblemAsync(409));
        await JudgeAsync(4);
        Assert.Equal("invalid", await (await Refer(" ")).ProblemAsync(422));

        Assert.Equal(HttpStatusCode.Created, (await Refer("Both too kind.")).StatusCode);
        Assert.Equal("not_referable", await (await Refer("Again.")).ProblemAsync(409));

        var next = (await NextAsync())!;
        Assert.Contains("Both too kind.", (string)next["case"]!["points"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await SettleAsync(next, Guid.NewGuid(), Decisions(next, Dispute.SetAside))).StatusCode);
    }

    /// <param name="first">The clarity of "First answer", where it differs.</param>
    private async Task<Person> JudgeAsync(int clarity, HttpClient? by = null, int? first = null)
    {
        var person = Someone.With(Roles.Annotator, "p1");
        var rater = by ?? await _app.SignedInAsync(person);
        var next = (await rater.NextAsync("p1"))!;
        var judgement = Work.Judgement("A", "B");
        foreach (var rating in judgement["ratings"]!.AsArray())
        {
            var text = (string)next["task"]!["item"]!["responses"]!.AsArray().Single(response => (string)response!["key"]! == (string)rating!["response"]!)!["text"]!;
            rating!["clarity"] = text == "First answer" ? first ?? clarity : clarity;
            rating["rationale"] = "Because.";
        }

        if (first is not null && by is null)
        {
            judgement["flags"] = new JsonArray("second_checker");
        }

        var answer = await rater.SubmitAsync(next, judgement, null, "low_needs_evidence:A", "low_needs_evidence:B");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return person;
    }

    private Task<JsonNode?> NextAsync() => NextAsync(_adjudicator);

    private static async Task<JsonNode?> NextAsync(HttpClient client)
    {
        var response = await client.PostAsync("adjudications/next", Body.Of(new { }));
        return response.StatusCode == HttpStatusCode.NoContent ? null : await response.EnsureSuccessStatusCode().JsonAsync();
    }

    private Task<HttpResponseMessage> SettleAsync(JsonNode next, Guid id, JsonNode decisions, HttpClient? client = null) =>
        (client ?? _adjudicator).PutAsync($"adjudications/p1/t000001/{id}", Body.Of(new { leaseId = next.LeaseId(), decisions }));

    private static IEnumerable<string> Keys(JsonNode next) => next["case"]!["points"]!.AsArray().Select(point => (string)point!["key"]!);

    private static JsonArray Decisions(JsonNode next, string value) =>
        new([.. Keys(next).Select(key => (JsonNode)new JsonObject { ["point"] = key, ["value"] = value, ["rationale"] = "Because the text says so." })]);

    private async Task<IReadOnlyList<Adjudication>> RecordsAsync() => await _app.Store.AllAsync<Adjudication>(new DocumentQuery(DocumentKind.Adjudication) { ProjectId = "p1" }, default).Select(stored => stored.Value).ToListAsync();

    private async Task<string> AnnotationsAsync() =>
        string.Join('\n', await _app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default).Select(stored => stored.ETag + Convert.ToHexString(Json.Bytes(stored.Value))).ToListAsync());

    private async Task<(long Waiting, long Settled)> WaitingAsync()
    {
        using var lead = await _app.SignedInAsync(Roles.Lead, "p1");
        var progress = await (await lead.GetAsync("adjudications/p1")).JsonAsync();
        return ((long)progress["waiting"]!, (long)progress["settled"]!);
    }
}
