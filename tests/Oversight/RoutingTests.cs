using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.Quality;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>What a lead wants judged first comes first, and goes to those who know it best; nothing is lost on the way.</summary>
public sealed class RoutingTests
{
    [Fact]
    public async Task What_is_grave_comes_first_and_what_can_wait_comes_last()
    {
        await using var app = await TestApp.StartAsync();
        var routing = new RoutingSettings(Risk: new Dictionary<string, string> { ["emergency"] = "first", ["routine"] = "last" });
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1, Routing = routing });
        await app.AddItemsAsync(project, [Of(1, "routine"), Of(2, "elevated"), Of(3, "emergency"), Of(4, "routine"), Of(5, "emergency")]);
        using var rater = await app.SignedInAsync(Roles.Annotator);

        var order = await JudgeAllAsync(rater);

        Assert.Equal(["emergency", "emergency", "elevated", "routine", "routine"], order.Select(taskId => taskId[^1] switch { '3' or '5' => "emergency", '2' => "elevated", _ => "routine" }));
    }

    [Fact]
    public async Task An_emergency_that_arrives_later_is_next_for_somebody_who_is_far_down_the_list()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 2, Routing = new RoutingSettings(Risk: new Dictionary<string, string> { ["emergency"] = "first" }) });
        await app.AddItemsAsync(project, Enumerable.Range(1, 40).Select(n => Of(n, "routine")));
        using var rater = await app.SignedInAsync(Roles.Annotator);
        for (var n = 0; n < 20; n++)
        {
            await JudgeAsync(rater);
        }

        app.Time.Advance(TimeSpan.FromSeconds(1));
        await app.AddItemsAsync(project, [Of(77, "emergency")]);

        Assert.Equal("t000077", (await rater.NextAsync("p1"))!.TaskId());
    }

    [Fact]
    public async Task Items_of_a_specialty_go_to_those_who_have_it_first_and_to_others_when_nothing_else_waits()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1, Routing = new RoutingSettings(Specialties: ["Cardiology"]) });
        await app.AddItemsAsync(project, [Of(1), Of(2), Of(3) with { Specialty = "cardiology" }, Of(4) with { Specialty = "dermatology" }, Of(5) with { Specialty = "CARDIOLOGY " }]);
        using var heart = await app.SignedInAsync(Someone.With(Roles.Annotator) with { Credential = new Credential("MD", 8, ["general"], ["en"], ["cardiology", "sports medicine"]) });
        using var other = await app.SignedInAsync(Someone.With(Roles.Annotator) with { Credential = new Credential("MD", 8, ["general"], ["en"]) });

        var theirs = await JudgeAsync(heart);
        Assert.Contains(theirs, (string[])["t000003", "t000005"]);
        var rest = await JudgeAllAsync(other);

        var left = theirs == "t000003" ? "t000005" : "t000003";
        Assert.Equal(left, rest[^1]); // last, and still: nobody of the specialty came
        Assert.Equal((string[])[.. ((string[])["t000001", "t000002", "t000004", left]).Order()], rest.Order());
    }

    [Fact]
    public async Task A_batch_is_moved_to_the_front_with_a_reason_and_back_and_keeps_who_holds_what()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.Store.CommitAsync(new Write.Put(Batch.Key("p1", "b2"), Batch.Begin("p1", "b.jsonl", 1, "0", app.Time.GetUtcNow()) with { BatchId = "b2", State = BatchState.Loaded }), default);
        await app.AddItemsAsync(project, [.. Enumerable.Range(1, 3).Select(n => Of(n)), .. Enumerable.Range(1_000, 130).Select(n => Of(n) with { BatchId = "b2" })]);
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var first = await app.SignedInAsync(Roles.Annotator);
        using var second = await app.SignedInAsync(Roles.Annotator);
        var held = (await first.NextAsync("p1"))!;

        Assert.Equal("invalid", await (await lead.PostAsync("oversight/p1/batches/b2/place", Body.Of(new { place = "soon", why = "x" }))).ProblemAsync(422));
        Assert.Equal("invalid", await (await lead.PostAsync("oversight/p1/batches/b2/place", Body.Of(new { place = "first", why = " " }))).ProblemAsync(422));
        await PlaceAsync(lead, "first");

        Assert.StartsWith("t001", (await second.NextAsync("p1"))!.TaskId(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await first.SubmitAsync(held, Work.Judgement())).StatusCode);
        Assert.Equal("first", (string)(await (await lead.GetAsync("oversight/p1/batches/b2")).JsonAsync())["place"]!);
        var items = await (await lead.GetAsync("oversight/p1/items?subdomain=general&language=en&batch=b2")).JsonAsync();
        Assert.Equal(50, items["items"]!.AsArray().Count);
        Assert.Contains(await app.Services.GetAuditAsync("p1"), entry => entry.Action == "batch.reroute" && entry.About == "b2" && entry.To!.StartsWith("first;why=", StringComparison.Ordinal));

        await PlaceAsync(lead, "last");
        using var third = await app.SignedInAsync(Roles.Annotator);
        Assert.StartsWith("t00000", (await third.NextAsync("p1"))!.TaskId(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_order_moves_what_was_there_before_and_leaves_nothing_behind()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1, Routing = new RoutingSettings(Specialties: ["cardiology"]) });
        await app.AddItemsAsync(project, [Of(1), Of(2, "emergency") with { Specialty = "cardiology" }, Of(3)]);
        using var lead = await app.SignedInAsync(Roles.Lead);

        (await lead.PatchAsync("projects/p1", """{"routing":{"specialties":[],"risk":{"emergency":"last"}}}""")).EnsureSuccessStatusCode();
        using var early = await app.SignedInAsync(Roles.Annotator);
        Assert.Equal(["t000001", "t000003", "t000002"], await PeekAsync(app)); // not moved yet: it lies in a lane that is looked through last, and is not lost

        var moved = await (await lead.PostAsync("oversight/p1/reroute", Body.Of(new { }))).JsonAsync();

        Assert.Equal(1, moved["done"]!.GetValue<int>());
        Assert.Equal("general|en|last|", (await app.Store.FindAsync<EvalTask>(EvalTask.Key("p1", "t000002"), default))!.Value.Lane);
        Assert.Equal(0, (await (await lead.PostAsync("oversight/p1/reroute", Body.Of(new { }))).JsonAsync())["done"]!.GetValue<int>());
        Assert.Equal("t000002", (await JudgeAllAsync(early))[^1]);
    }

    [Theory]
    [InlineData("""{"routing":{"risk":{"grave":"first"}}}""", "routing.risk")]
    [InlineData("""{"routing":{"risk":{"routine":"soon"}}}""", "routing.risk")]
    [InlineData("""{"routing":{"specialties":["a|b"]}}""", "routing.specialties")]
    [InlineData("""{"routing":{"batches":{"b1":"now"}}}""", "routing.batches")]
    public async Task An_order_that_makes_no_sense_is_refused_with_its_field(string patch, string field)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answer = await lead.PatchAsync("projects/p1", patch);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
    }

    [Fact]
    public async Task Nobody_but_the_server_says_which_lanes_are_known()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", p => p with { Routing = new RoutingSettings(Specialties: ["cardiology"]) });
        using var lead = await app.SignedInAsync(Roles.Lead);

        (await lead.PatchAsync("projects/p1", """{"routing":{"specialties":["dermatology"],"known":["|first|made up"]}}""")).EnsureSuccessStatusCode();

        var routing = (await app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value.Routing!;
        Assert.Equal(["|usual|cardiology"], routing.Known);
        Assert.Equal(["", "|usual|dermatology", "|usual|cardiology"], routing.Ends());
    }

    [Fact]
    public async Task The_number_that_waits_falls_with_the_task_that_is_taken_whatever_lane_it_is_of()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 3 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 20).Select(n => Work.Item("p1", n, n % 2 == 0 ? "general" : "diagnostics")));
        using var rater = await app.SignedInAsync(Roles.Annotator);

        for (var left = 20; left > 1; left--)
        {
            Assert.Equal(left, await WaitingAsync(rater));
            var next = (await rater.NextAsync("p1"))!;
            Assert.Equal(left - 1, await WaitingAsync(rater));
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, Work.Judgement())).StatusCode);
        }
    }

    private static EvalItem Of(int number, string risk = "routine") => Work.Item("p1", number) with { RiskTier = risk };

    private static async Task<int> WaitingAsync(HttpClient rater) =>
        (await (await rater.GetAsync("tasks/desk")).JsonAsync())["projects"]!.AsArray().First(one => (string)one!["projectId"]! == "p1")!["waiting"]!.GetValue<int>();

    private static async Task PlaceAsync(HttpClient lead, string place)
    {
        string? continuation = null;
        do
        {
            var part = await (await lead.PostAsync("oversight/p1/batches/b2/place", Body.Of(new { place, why = "the customer waits", continuation }))).JsonAsync();
            Assert.Empty(part["refused"]!.AsArray());
            continuation = (string?)part["continuation"];
        }
        while (continuation is not null);
    }

    private static async Task<string> JudgeAsync(HttpClient rater)
    {
        var next = (await rater.NextAsync("p1"))!;
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, Work.Judgement())).StatusCode);
        return next.TaskId();
    }

    private static async Task<List<string>> JudgeAllAsync(HttpClient rater)
    {
        var order = new List<string>();
        while (await rater.NextAsync("p1") is { } next)
        {
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, Work.Judgement())).StatusCode);
            order.Add(next.TaskId());
        }

        return order;
    }

    /// <summary>The order in which somebody new would get the tasks, without taking one.</summary>
    private static async Task<List<string>> PeekAsync(TestApp app)
    {
        var project = (await app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value;
        var tasks = await app.Store.AllAsync<EvalTask>(new DocumentQuery(DocumentKind.Task) { ProjectId = "p1" }, default).Select(task => task.Value).ToListAsync();
        var lanes = Lanes.Of(Someone.With(Roles.Annotator), project.Routing).SelectMany(group => group).ToList();
        return [.. tasks.OrderBy(task => lanes.IndexOf(task.Lane)).ThenBy(task => task.TaskId).Select(task => task.TaskId)];
    }
}
