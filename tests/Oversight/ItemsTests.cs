using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Http;
using HealthEval.Oversight;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>The lead's items: found by what they are and what was found in them, acted on one by one and many at once.</summary>
public sealed class ItemsTests
{
    [Fact]
    public async Task Items_are_found_by_what_they_are_and_by_what_was_found_in_them()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project,
        [
            Work.Item("p1", 1), Work.Item("p1", 2, "diagnostics"), Work.Item("p1", 3) with { BatchId = "b2", RiskTier = "emergency" },
            Work.Item("p1", 4, "general", "fr") with { Audience = "clinician", Theme = "global_health", TaskType = "research_assistance" }, Work.Item("p1", 5, "general", "en", "One.", "Two."),
        ]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await JudgeAsync(app, "t000001", harm: "severe", flags: ["out_of_scope"]);

        Assert.Equal(["t000001", "t000002", "t000003", "t000004", "t000005"], await IdsAsync(lead, ""));
        Assert.Equal(["t000002"], await IdsAsync(lead, "subdomain=diagnostics"));
        Assert.Equal(["t000003"], await IdsAsync(lead, "batch=b2"));
        Assert.Equal(["t000003"], await IdsAsync(lead, "risk=emergency"));
        Assert.Equal(["t000004"], await IdsAsync(lead, "language=fr"));
        Assert.Equal(["t000005"], await IdsAsync(lead, "model=model-1"));
        Assert.Equal(["t000004"], await IdsAsync(lead, "audience=clinician"));
        Assert.Equal(["t000004"], await IdsAsync(lead, "theme=global_health"));
        Assert.Equal(["t000004"], await IdsAsync(lead, "taskType=research_assistance"));
        Assert.Equal([], await IdsAsync(lead, "theme=response_depth"));
        Assert.Equal(["t000003"], await IdsAsync(lead, "q=question%203%3F"));
        Assert.Equal(["t000001"], await IdsAsync(lead, "q=ANSWER%201%3A"));
        Assert.Equal(["t000001"], await IdsAsync(lead, "harm=moderate"));
        Assert.Equal([], await IdsAsync(lead, "harm=death"));
        Assert.Equal(["t000001"], await IdsAsync(lead, "flag=any"));
        Assert.Equal([], await IdsAsync(lead, "flag=real_person"));
        Assert.Equal(["t000001"], await IdsAsync(lead, "state=in_adjudication"));
        Assert.Equal(["t000002", "t000003", "t000004", "t000005"], await IdsAsync(lead, "state=waiting"));
        Assert.Equal(5, (await (await lead.GetAsync("oversight/p1/items")).JsonAsync())["total"]!.GetValue<int>());
        Assert.Equal(1, (await (await lead.GetAsync("oversight/p1/items?batch=b2")).JsonAsync())["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_was_found_is_read_from_the_judgements_where_the_task_does_not_say_it()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 2 }), [Work.Item("p1", 1)]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await JudgeAsync(app, "t000001", harm: "mild", accuracy: 5);
        await JudgeAsync(app, "t000001", harm: "none", accuracy: 2);
        var key = EvalTask.Key("p1", "t000001");
        var stored = (await app.Store.FindAsync<EvalTask>(key, default))!;
        Assert.Equal(("mild", 3), (stored.Value.Findings!.Harm, stored.Value.Findings.Spread));
        await app.Store.CommitAsync(new Write.Put(key, stored.Value with { Findings = null, Models = null, Risk = null }), default); // as it was stored before tasks said it

        Assert.Equal(["t000001"], await IdsAsync(lead, "disagreement=3&model=model-0&risk=routine"));
        Assert.Equal([], await IdsAsync(lead, "disagreement=4"));
        Assert.Equal([], await IdsAsync(lead, "model=another"));
    }

    [Theory]
    [InlineData("state=everything", "state")]
    [InlineData("harm=some", "harm")]
    [InlineData("disagreement=0", "disagreement")]
    [InlineData("theme=weather", "theme")]
    [InlineData("taskType=weather", "taskType")]
    public async Task A_filter_that_means_nothing_is_refused_with_its_field(string filter, string field)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answer = await lead.GetAsync($"oversight/p1/items?{filter}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("batch=b1")]
    [InlineData("subdomain=general&risk=routine")]
    public async Task Page_by_page_every_item_comes_once(string filter)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1"), Enumerable.Range(1, 260).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);

        var (seen, continuation, pages) = (new List<string>(), "", 0);
        do
        {
            var page = await (await lead.GetAsync($"oversight/p1/items?{filter}&continuation={Uri.EscapeDataString(continuation)}")).JsonAsync();
            seen.AddRange(page["items"]!.AsArray().Select(item => item!["taskId"]!.GetValue<string>()));
            continuation = page["continuation"]?.GetValue<string>() ?? "";
            pages++;
        }
        while (continuation.Length > 0);

        Assert.Equal(260, seen.Count);
        Assert.Equal(260, seen.Distinct().Count());
        Assert.InRange(pages, 6, 6);
    }

    [Fact]
    public async Task A_request_looks_at_a_bounded_number_of_tasks_and_says_where_to_go_on()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1"), Enumerable.Range(1, 2_300).Select(n => Work.Item("p1", n, n == 2_250 ? "diagnostics" : "general")));
        using var lead = await app.SignedInAsync(Roles.Lead);

        var first = await (await lead.GetAsync("oversight/p1/items?subdomain=diagnostics")).JsonAsync();
        var second = await (await lead.GetAsync($"oversight/p1/items?subdomain=diagnostics&continuation={Uri.EscapeDataString(first["continuation"]!.GetValue<string>())}")).JsonAsync();

        Assert.Equal((2_000, 0), (first["looked"]!.GetValue<int>(), first["items"]!.AsArray().Count));
        Assert.Equal((300, 1), (second["looked"]!.GetValue<int>(), second["items"]!.AsArray().Count));
        Assert.Null(second["continuation"]);
    }

    [Fact]
    public async Task An_item_shows_every_judgement_in_the_same_letters()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 4 }), [Work.Item("p1", 1, "general", "en", "Rest.", "Run.")]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        for (var n = 0; n < 4; n++)
        {
            using var rater = await app.SignedInAsync(Roles.Annotator);
            var next = (await rater.NextAsync("p1"))!;
            var rest = next["task"]!["item"]!["responses"]!.AsArray().Single(response => response!["text"]!.GetValue<string>() == "Rest.")!["key"]!.GetValue<string>();
            var judgement = Work.Judgement("A", "B");
            judgement["ratings"]!.AsArray().Single(rating => rating!["response"]!.GetValue<string>() == rest)!["accuracy"] = 5;
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, judgement)).StatusCode);
        }

        var item = await (await lead.GetAsync("oversight/p1/items/t000001")).JsonAsync();

        Assert.Equal("Rest.", item["item"]!["responses"]![0]!["text"]!.GetValue<string>());
        Assert.Equal(["model-0", "model-1"], item["models"]!.AsArray().Select(model => model!.GetValue<string>()));
        var accuracies = item["judgements"]!.AsArray().Select(made => made!["judgement"]!["ratings"]!.AsArray().ToDictionary(rating => rating!["response"]!.GetValue<string>(), rating => rating!["accuracy"]!.GetValue<int>()));
        Assert.All(accuracies, given => Assert.Equal((5, 4), (given["A"], given["B"])));
    }

    [Fact]
    public async Task What_was_set_aside_is_in_no_figure_until_it_is_taken_back_and_the_task_is_open_meanwhile()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 1 }), [Work.Item("p1", 1)]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        var first = await JudgeAsync(app, "t000001");

        var act = await ActAsync(lead, new { kind = "reopen", why = "read in a hurry", taskIds = (string[])["t000001"] });

        Assert.Equal((0, 0), await JudgedAsync(app));
        var item = await (await lead.GetAsync("oversight/p1/items/t000001")).JsonAsync();
        Assert.Equal(("waiting", "read in a hurry"), (item["line"]!["state"]!.GetValue<string>(), item["setAside"]![0]!["why"]!.GetValue<string>()));
        Assert.Equal("read in a hurry", item["history"]![1]!["why"]!.GetValue<string>());
        using (var again = await app.SignedInAsync(first))
        {
            Assert.Null(await again.NextAsync("p1")); // the task is for somebody else now
        }

        var undone = await (await lead.PostAsync($"oversight/p1/acts/{act["actId"]}/undo", Body.Of(new { why = "it was right" }))).JsonAsync();
        Assert.Equal(1, undone["done"]!.GetValue<int>());
        Assert.Equal((1, 1), await JudgedAsync(app));
        Assert.Empty((await (await lead.GetAsync("oversight/p1/items/t000001")).JsonAsync())["setAside"]!.AsArray());
        var trail = await (await lead.GetAsync("audit/p1")).Content.ReadAsStringAsync();
        Assert.Contains("items.reopen", trail, StringComparison.Ordinal);
        Assert.DoesNotContain("hurry", trail, StringComparison.Ordinal); // words lie with the item, the trail has their hash
    }

    [Fact]
    public async Task A_case_that_waits_goes_with_its_judgement_and_one_that_is_held_keeps_it()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 1 }), [Work.Item("p1", 1), Work.Item("p1", 2)]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await JudgeAsync(app, "t000001", harm: "none", flags: ["out_of_scope"]);
        await JudgeAsync(app, "t000002", harm: "none", flags: ["out_of_scope"]);
        using var adjudicator = await app.SignedInAsync(Roles.Adjudicator);
        var held = (await (await adjudicator.PostAsync("adjudications/next", Body.Of(new { projectId = "p1" }))).JsonAsync())["case"]!["taskId"]!.GetValue<string>();
        var other = held == "t000001" ? "t000002" : "t000001";

        var result = await ActAsync(lead, new { kind = "reopen", why = "x", taskIds = (string[])[held, other] });

        var refusals = result["outcomes"]!.AsArray().ToDictionary(outcome => outcome!["taskId"]!.GetValue<string>(), outcome => outcome!["refusal"]?.GetValue<string>());
        Assert.Equal(("An adjudicator has it right now.", null), (refusals[held], refusals[other]));
        Assert.Null(await app.Store.FindAsync<EvalTask>(WorkQueue.Cases.Key("p1", other), default));
    }

    [Fact]
    public async Task One_more_judgement_can_be_asked_for_after_a_case_was_settled()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 1 }), [Work.Item("p1", 1)]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        await JudgeAsync(app, "t000001", flags: ["out_of_scope"]);
        using var adjudicator = await app.SignedInAsync(Roles.Adjudicator);
        var next = await (await adjudicator.PostAsync("adjudications/next", Body.Of(new { projectId = "p1" }))).JsonAsync();
        var decisions = next["case"]!["points"]!.AsArray().Select(point => new { point = point!["key"]!.GetValue<string>(), value = "stands", rationale = "so it is" });
        var settled = await adjudicator.PutAsync($"adjudications/p1/t000001/{Guid.NewGuid()}", Body.Of(new { leaseId = next["lease"]!["leaseId"]!.GetValue<string>(), decisions }));
        Assert.Equal(HttpStatusCode.Created, settled.StatusCode);

        await ActAsync(lead, new { kind = "add", why = "one more look", taskIds = (string[])["t000001"] });
        await JudgeAsync(app, "t000001", flags: ["out_of_scope"]);

        Assert.Equal((2, 2), await JudgedAsync(app));
        Assert.Equal(["t000001"], await IdsAsync(lead, "state=settled"));
    }

    [Fact]
    public async Task Many_are_looked_at_first_and_then_cancelled_and_restored_together()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1"), Enumerable.Range(1, 5).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var held = (await rater.NextAsync("p1"))!;
        string[] all = [.. Enumerable.Range(1, 5).Select(n => $"t{n:D6}"), "nobody"];

        var preview = await ActAsync(lead, new { kind = "cancel", taskIds = all, preview = true });
        Assert.Equal((5, 1, null), (preview["done"]!.GetValue<int>(), preview["refused"]!.GetValue<int>(), preview["actId"]));
        Assert.Equal([], await IdsAsync(lead, "state=stopped"));

        var act = await ActAsync(lead, new { kind = "cancel", why = "sent by mistake", taskIds = all });
        Assert.Equal(5, act["done"]!.GetValue<int>());
        Assert.Equal(5, (await IdsAsync(lead, "state=stopped")).Count);
        Assert.Equal(HttpStatusCode.Conflict, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);
        Assert.Null(await rater.NextAsync("p1"));

        await lead.PostAsync($"oversight/p1/acts/{act["actId"]}/undo", Body.Of(new { why = "it was none" }));
        Assert.Equal(5, (await IdsAsync(lead, "state=waiting")).Count);
        app.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await rater.NextAsync("p1"));
    }

    [Fact]
    public async Task What_is_first_in_line_is_handed_out_first_and_to_those_whom_it_is_for()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 1 }), [.. Enumerable.Range(1, 8).Select(n => Work.Item("p1", n)), Work.Item("p1", 9, language: "fr")]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement()); // whose cursor has moved on
        var open = (await IdsAsync(lead, "state=waiting")).Where(id => id != "t000009").ToList();
        string[] first = ["t000009", open[^1], open[^3]];

        await ActAsync(lead, new { kind = "prioritise", why = "the customer waits", taskIds = first });

        var (one, two) = ((await rater.NextAsync("p1"))!, (JsonNode?)null);
        await rater.SubmitAsync(one, Work.Judgement());
        two = (await rater.NextAsync("p1"))!;
        Assert.Equal([first[1], first[2]], [one.TaskId(), two.TaskId()]);
        await rater.SubmitAsync(two, Work.Judgement());
        Assert.NotNull(await rater.NextAsync("p1"));
        Assert.Equal(["t000009"], (await app.Store.FindAsync<FirstInLine>(FirstInLine.Key("p1"), default))!.Value.TaskIds);
    }

    [Fact]
    public async Task A_task_is_given_to_somebody_who_may_have_it_in_the_place_of_who_holds_it()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 1 }), [Work.Item("p1", 1)]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var holder = await app.SignedInAsync(Roles.Annotator);
        var held = (await holder.NextAsync("p1"))!;
        var (wanted, stranger) = (Someone.With(Roles.Annotator), Someone.With(Roles.Annotator, "p2"));
        using var theirs = await app.SignedInAsync(wanted);
        using var other = await app.SignedInAsync(stranger);

        var refused = await ActAsync(lead, new { kind = "reassign", why = "x", taskIds = (string[])["t000001"], personId = stranger.PersonId });
        Assert.Equal("This person does not judge in this project.", refused["outcomes"]![0]!["refusal"]!.GetValue<string>());

        await ActAsync(lead, new { kind = "reassign", why = "on leave", taskIds = (string[])["t000001"], personId = wanted.PersonId });
        Assert.Equal(HttpStatusCode.Conflict, (await holder.SubmitAsync(held, Work.Judgement())).StatusCode);
        var next = (await theirs.NextAsync("p1"))!;
        Assert.Equal("t000001", next.TaskId());
        Assert.Equal(HttpStatusCode.Created, (await theirs.SubmitAsync(next, Work.Judgement())).StatusCode);
    }

    [Theory]
    [InlineData("{\"kind\":\"cancel\",\"why\":\" \",\"taskIds\":[\"t000001\"]}", "why")]
    [InlineData("{\"kind\":\"cancel\",\"why\":\"x\",\"taskIds\":[]}", "taskIds")]
    [InlineData("{\"kind\":\"cancel\",\"why\":\"x\"}", "taskIds")]
    [InlineData("{\"kind\":\"unvoid\",\"why\":\"x\",\"taskIds\":[\"t000001\"]}", "kind")]
    [InlineData("{\"why\":\"x\",\"taskIds\":[\"t000001\"]}", "kind")]
    [InlineData("{\"kind\":\"reassign\",\"why\":\"x\",\"taskIds\":[\"t000001\"]}", "personId")]
    [InlineData("{\"kind\":\"reassign\",\"why\":\"x\",\"taskIds\":[\"t000001\"],\"personId\":\"neighbour7f3a-rater\"}", "personId")]
    public async Task An_act_that_is_not_whole_is_refused_with_its_field_and_changes_nothing(string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1"), [Work.Item("p1", 1)]);
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answer = await lead.PostAsync("oversight/p1/items/acts", Body.Text(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
        Assert.Equal(["t000001"], await IdsAsync(lead, "state=waiting"));
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(HttpClient lead, string filter)
    {
        var answer = await lead.GetAsync($"oversight/p1/items?{filter}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.JsonAsync())["items"]!.AsArray().Select(item => item!["taskId"]!.GetValue<string>()).Order()];
    }

    private static async Task<JsonNode> ActAsync(HttpClient lead, object form)
    {
        var answer = await lead.PostAsync("oversight/p1/items/acts", Body.Of(form));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    /// <summary>Judgements that figures see, and those that the task counts.</summary>
    private static async Task<(long Stored, int Counted)> JudgedAsync(TestApp app) =>
        (await app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default), (await app.Store.FindAsync<EvalTask>(EvalTask.Key("p1", "t000001"), default))!.Value.Judged);

    /// <summary>Somebody new judges this task.</summary>
    private static async Task<Person> JudgeAsync(TestApp app, string taskId, string harm = "none", int accuracy = 4, params string[] flags)
    {
        var person = Someone.With(Roles.Annotator);
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var rater = await app.SignedInAsync(person);
        await ActAsync(lead, new { kind = "reassign", why = "x", taskIds = (string[])[taskId], personId = person.PersonId });
        var next = (await rater.NextAsync("p1"))!;
        Assert.Equal(taskId, next.TaskId());
        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["accuracy"] = accuracy;
        judgement["ratings"]![0]!["rationale"] = "Because it is so.";
        judgement["harm"]![0]!["extent"] = harm;
        if (harm != "none")
        {
            (judgement["harm"]![0]!["likelihood"], judgement["harm"]![0]!["mechanism"]) = ("low", "commission");
        }

        judgement["flags"] = new JsonArray([.. flags.Select(flag => (JsonNode)flag)]);
        var answer = await rater.SubmitAsync(next, judgement);
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity && (await answer.JsonAsync())["gates"] is JsonArray gates)
        {
            answer = await rater.SubmitAsync(next, judgement, null, [.. gates.Select(gate => gate!["gate"]!.GetValue<string>())]);
        }

        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return person;
    }
}
