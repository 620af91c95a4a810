using System.Net;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Tasks;

public sealed class NextTaskTests
{
    [Fact]
    public async Task What_is_handed_out_names_no_model_no_response_and_nobody()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1, "general", "en", "First answer", "Second answer")]);
        using var rater = await app.SignedInAsync(Roles.Annotator);

        var next = await rater.NextAsync();

        var text = next!.ToJsonString();
        Assert.DoesNotContain("model", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("r1-0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("points", text, StringComparison.Ordinal);
        Assert.Equal(["A", "B"], next["task"]!["item"]!["responses"]!.AsArray().Select(response => response!["key"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_reload_brings_the_same_task_with_the_same_order_and_the_draft()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, 5).Select(n => Work.Item("p1", n, "general", "en", "First", "Second", "Third")));
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var first = (await rater.NextAsync())!;
        await rater.PutAsync($"tasks/p1/{first.TaskId()}/draft", Body.Of(new { leaseId = first.LeaseId(), revision = 0, judgement = new { overall = 4 } }));

        var again = (await rater.NextAsync())!;

        Assert.Equal(first.TaskId(), again.TaskId());
        Assert.Equal(first.LeaseId(), again.LeaseId());
        Assert.Equal(first["task"]!["item"]!["responses"]!.ToJsonString(), again["task"]!["item"]!["responses"]!.ToJsonString());
        Assert.Equal(4, again["task"]!["draft"]!["judgement"]!["overall"]!.GetValue<int>());
    }

    [Fact]
    public async Task Different_raters_see_different_orders_sooner_or_later()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 20 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1, "general", "en", "First", "Second")]);
        var firsts = new HashSet<string>();
        for (var i = 0; i < 12; i++)
        {
            using var rater = await app.SignedInAsync(Roles.Annotator);
            firsts.Add((await rater.NextAsync())!["task"]!["item"]!["responses"]![0]!["text"]!.GetValue<string>());
        }

        Assert.Equal(2, firsts.Count);
    }

    [Fact]
    public async Task While_one_task_is_judged_the_next_can_be_fetched()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, 9).Select(n => Work.Item("p1", n)));
        using var rater = await app.SignedInAsync(Roles.Annotator);

        var first = (await rater.NextAsync())!.TaskId();
        var second = (await rater.NextAsync(null, first))!.TaskId();
        var third = (await rater.NextAsync(null, first, second))!.TaskId();

        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.Null(await rater.NextAsync(null, first, second, third)); // nobody hoards
    }

    [Theory]
    [InlineData("diagnostics", "en", false)]
    [InlineData("general", "es", false)]
    [InlineData("general", "en-GB", true)]
    [InlineData("general", "en", true)]
    public async Task A_task_goes_to_somebody_of_its_sub_domain_and_language(string subdomain, string language, bool expected)
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1, subdomain, language)]);
        using var rater = await app.SignedInAsync(Someone.With(Roles.Annotator) with { Credential = new Credential("RN", 6, ["general"], ["en"]) });

        Assert.Equal(expected, await rater.NextAsync() is not null);
    }

    [Fact]
    public async Task Four_years_of_practice_are_not_enough()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Someone.With(Roles.Annotator) with { Credential = new Credential("RN", 4, ["general"], ["en"]) });

        Assert.Null(await rater.NextAsync());
    }

    [Fact]
    public async Task An_expired_lease_is_a_free_slot_for_the_next_who_asks()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var slow = await app.SignedInAsync(Roles.Annotator);
        using var quick = await app.SignedInAsync(Roles.Annotator);
        var held = (await slow.NextAsync())!;
        Assert.Null(await quick.NextAsync());

        app.Time.Advance(TimeSpan.FromMinutes(31));
        var taken = (await quick.NextAsync())!;

        Assert.Equal(held.TaskId(), taken.TaskId());
        Assert.Equal("lease_gone", await (await slow.PostAsync($"tasks/p1/{held.TaskId()}/lease", Body.Of(new { leaseId = held.LeaseId() }))).ProblemAsync(409));
        Assert.Equal("lease_gone", await (await slow.SubmitAsync(held, Work.Judgement())).ProblemAsync(409));
        Assert.Equal(HttpStatusCode.Created, (await quick.SubmitAsync(taken, Work.Judgement())).StatusCode);
    }

    [Fact]
    public async Task An_expired_lease_that_nobody_took_is_revived_by_renewing_it()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var held = (await rater.NextAsync())!;
        app.Time.Advance(TimeSpan.FromMinutes(45));

        Assert.Equal("lease_gone", await (await rater.SubmitAsync(held, Work.Judgement())).ProblemAsync(409));
        var renewed = await rater.PostAsync($"tasks/p1/{held.TaskId()}/lease", Body.Of(new { leaseId = held.LeaseId() }));

        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);
    }

    [Fact]
    public async Task A_heartbeat_keeps_the_task_beyond_its_first_term()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        using var other = await app.SignedInAsync(Roles.Annotator);
        var held = (await rater.NextAsync())!;
        for (var i = 0; i < 4; i++)
        {
            app.Time.Advance(TimeSpan.FromMinutes(20));
            (await rater.PostAsync($"tasks/p1/{held.TaskId()}/lease", Body.Of(new { leaseId = held.LeaseId() }))).EnsureSuccessStatusCode();
        }

        Assert.Null(await other.NextAsync());
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);
    }

    [Fact]
    public async Task Somebody_elses_lease_id_opens_nothing()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        using var thief = await app.SignedInAsync(Roles.Annotator);
        var held = (await rater.NextAsync())!;

        Assert.Equal("lease_gone", await (await thief.SubmitAsync(held, Work.Judgement())).ProblemAsync(409));
        Assert.Equal("lease_gone", await (await thief.PostAsync($"tasks/p1/{held.TaskId()}/lease", Body.Of(new { leaseId = held.LeaseId() }))).ProblemAsync(409));
        Assert.Equal("lease_gone", await (await thief.PutAsync($"tasks/p1/{held.TaskId()}/draft", Body.Of(new { leaseId = held.LeaseId(), revision = 0, judgement = new { } }))).ProblemAsync(409));
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);
    }

    [Theory]
    [InlineData("outside_expertise", false)]
    [InlineData("not_enough_time", true)]
    public async Task A_released_task_comes_back_unless_it_was_declined_for_good(string reason, bool comesBack)
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        using var other = await app.SignedInAsync(Roles.Annotator);
        var held = (await rater.NextAsync())!;
        app.Time.Advance(TimeSpan.FromSeconds(30));

        var release = new HttpRequestMessage(HttpMethod.Delete, $"tasks/p1/{held.TaskId()}/lease") { Content = Body.Of(new { leaseId = held.LeaseId(), reason }) };
        Assert.Equal(HttpStatusCode.NoContent, (await rater.SendAsync(release)).StatusCode);

        Assert.Equal(comesBack, await rater.NextAsync() is not null);
        app.Time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await other.NextAsync());
    }

    [Fact]
    public async Task A_task_that_others_let_go_is_found_behind_everything_one_has_done()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 4).Select(n => Work.Item("p1", n)));
        using var abandoner = await app.SignedInAsync(Roles.Annotator);
        using var worker = await app.SignedInAsync(Roles.Annotator);
        var abandoned = (await abandoner.NextAsync())!.TaskId();
        for (var i = 0; i < 3; i++)
        {
            (await worker.SubmitAsync((await worker.NextAsync())!, Work.Judgement())).EnsureSuccessStatusCode();
        }

        Assert.Null(await worker.NextAsync());
        app.Time.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(abandoned, (await worker.NextAsync())!.TaskId());
    }

    [Fact]
    public async Task An_older_draft_does_not_overwrite_a_newer_one()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var held = (await rater.NextAsync())!;
        var address = $"tasks/p1/{held.TaskId()}/draft";
        Task<HttpResponseMessage> Save(int revision, int overall) => rater.PutAsync(address, Body.Of(new { leaseId = held.LeaseId(), revision, judgement = new { overall } }));
        Assert.Equal(1, (await (await Save(0, 1)).JsonAsync())["revision"]!.GetValue<int>());
        Assert.Equal(2, (await (await Save(1, 2)).JsonAsync())["revision"]!.GetValue<int>());

        var refused = await Save(1, 3);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await refused.JsonAsync();
        Assert.Equal("draft_older", problem["code"]!.GetValue<string>());
        Assert.Equal(2, problem["current"]!["judgement"]!["overall"]!.GetValue<int>());
        Assert.Equal(2, (await rater.NextAsync())!["task"]!["draft"]!["judgement"]!["overall"]!.GetValue<int>());
    }

    [Fact]
    public async Task Another_customers_project_looks_as_if_it_did_not_exist()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator, "p2");

        Assert.Null(await rater.NextAsync());
        Assert.Equal("not_found", await (await rater.PostAsync("tasks/next", Body.Of(new { projectId = "p1" }))).ProblemAsync(404));
        Assert.Equal("not_found", await (await rater.PostAsync("tasks/p1/t000001/lease", Body.Of(new { leaseId = "x" }))).ProblemAsync(404));
    }

    [Fact]
    public async Task The_desk_counts_what_was_judged_and_what_is_held()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, 3).Select(n => Work.Item("p1", n)));
        using var rater = await app.SignedInAsync(Roles.Annotator);
        (await rater.SubmitAsync((await rater.NextAsync())!, Work.Judgement())).EnsureSuccessStatusCode();
        var held = (await rater.NextAsync())!;

        var desk = await (await rater.GetAsync("tasks/desk")).JsonAsync();

        Assert.Equal((1, 1, 1), (desk["today"]!.GetValue<int>(), desk["week"]!.GetValue<int>(), desk["total"]!.GetValue<int>()));
        Assert.Equal(6, desk["projects"]![0]!["wanted"]!.GetValue<int>());
        Assert.True(desk["projects"]![0]!["openForMe"]!.GetValue<bool>());
        Assert.Equal(held.TaskId(), desk["held"]![0]!["taskId"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_desk_says_about_how_many_wait_and_knows_one_s_own_pace_after_five()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", project => project with { Overlap = 1 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 9).Select(n => Work.Item("p1", n, subdomain: n == 9 ? "specialty" : "general")));
        using var rater = await app.SignedInAsync(Someone.With(Roles.Annotator) with { Credential = new Credential("MD", 8, ["general"], ["en"]) });
        for (var done = 0; done < 5; done++)
        {
            Assert.Null((await ProjectAsync())["medianSeconds"]);
            var judgement = Work.Judgement();
            (judgement["activeSeconds"], judgement["checkingSeconds"]) = (100 + done, done == 0 ? 900 : 10);
            (await rater.SubmitAsync((await rater.NextAsync())!, judgement)).EnsureSuccessStatusCode();
        }

        var desk = await ProjectAsync();
        Assert.Equal((3, 113), (desk["waiting"]!.GetValue<int>(), desk["medianSeconds"]!.GetValue<int>())); // the ninth is in nobody's lane here

        async Task<JsonNode> ProjectAsync() => (await (await rater.GetAsync("tasks/desk")).JsonAsync())["projects"]![0]!;
    }

    [Fact]
    public async Task Who_runs_or_receives_a_project_sees_how_far_it_has_come()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, 3).Select(n => Work.Item("p1", n)));
        using var rater = await app.SignedInAsync(Roles.Annotator);
        (await rater.SubmitAsync((await rater.NextAsync())!, Work.Judgement())).EnsureSuccessStatusCode();
        using var customer = await app.SignedInAsync(Roles.Customer, "p1");

        var progress = await (await customer.GetAsync("projects/p1/progress")).JsonAsync();

        Assert.Equal((1, 6), (progress["judged"]!.GetValue<int>(), progress["wanted"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("{\"holding\":[null]}")]
    [InlineData("{\"holding\":\"x\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task A_malformed_request_says_so(string body)
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await app.SignedInAsync(Roles.Annotator);

        Assert.Equal("malformed", await (await rater.PostAsync("tasks/next", Body.Text(body))).ProblemAsync(400));
    }
}
