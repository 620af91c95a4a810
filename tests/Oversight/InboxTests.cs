using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>What waits for a lead is taken on, put off and done, whether it was written down or follows from a batch.</summary>
public sealed class InboxTests
{
    [Fact]
    public async Task A_notice_is_given_to_a_lead_put_off_until_its_time_and_done_with_a_reason()
    {
        await using var app = await TestApp.StartAsync();
        await FailedBatchAsync(app);
        var me = Someone.With(Roles.Lead, "p1");
        using var lead = await app.SignedInAsync(me);

        await ChangeAsync(lead, new { action = "assign", scope = Notice.Project, assignTo = me.PersonId });
        Assert.Equal(me.PersonId, (await OneAsync(lead))["assignedTo"]!.GetValue<string>());

        await ChangeAsync(lead, new { action = "snooze", scope = Notice.Project, until = app.Time.GetUtcNow().AddDays(1) });
        Assert.Equal("snoozed", (await OneAsync(lead))["state"]!.GetValue<string>());
        app.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("open", (await OneAsync(lead))["state"]!.GetValue<string>());

        await ChangeAsync(lead, new { action = "done", scope = Notice.Project, why = "sent again, loaded" });
        var done = await OneAsync(lead);
        Assert.Equal(("done", "sent again, loaded"), (done["state"]!.GetValue<string>(), done["outcome"]!.GetValue<string>()));
        await ChangeAsync(lead, new { action = "reopen", scope = Notice.Project });
        Assert.Equal("open", (await OneAsync(lead))["state"]!.GetValue<string>());
        var trail = await (await lead.GetAsync("audit/p1")).Content.ReadAsStringAsync();
        Assert.Contains("notice.done", trail, StringComparison.Ordinal);
        Assert.DoesNotContain("sent again", trail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"action\":\"burn\",\"scope\":\"notices\"}", "action")]
    [InlineData("{\"action\":\"reopen\"}", "scope")]
    [InlineData("{\"action\":\"assign\",\"scope\":\"notices\",\"assignTo\":\"nobody\"}", "assignTo")]
    [InlineData("{\"action\":\"assign\",\"scope\":\"notices\",\"assignTo\":\"neighbour7f3a-lead\"}", "assignTo")]
    [InlineData("{\"action\":\"snooze\",\"scope\":\"notices\"}", "until")]
    [InlineData("{\"action\":\"snooze\",\"scope\":\"notices\",\"until\":\"2031-01-01T00:00:00Z\"}", "until")]
    [InlineData("{\"action\":\"done\",\"scope\":\"notices\",\"why\":\" \"}", "why")]
    public async Task What_is_not_whole_is_refused_with_its_field(string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        await FailedBatchAsync(app);
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");

        var answer = await lead.PostAsync("oversight/p1/inbox/failed-b1", Body.Text(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
        Assert.Equal("open", (await OneAsync(lead))["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task There_is_no_other_notice_and_no_done_without_a_decision_about_danger()
    {
        await using var app = await TestApp.StartAsync();
        await FailedBatchAsync(app);
        var danger = new Notice("p1", "t000001", "danger-1", "danger", "live_danger", app.Time.GetUtcNow(), "Somebody may be in danger.", "t000001");
        await app.Store.CommitAsync(new Write.Create(danger.Key(), danger), default);
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");

        Assert.Equal(HttpStatusCode.NotFound, (await lead.PostAsync("oversight/p1/inbox/failed-b2", Body.Of(new { action = "reopen", scope = Notice.Project }))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await lead.PostAsync("oversight/p1/inbox/danger-1", Body.Of(new { action = "done", scope = "t000001", why = "seen" }))).StatusCode);
    }

    [Fact]
    public async Task What_waits_by_itself_is_put_off_and_not_done_and_goes_when_nothing_waits()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        var batch = Batch.Begin("p1", "b.jsonl", 1, "0", app.Time.GetUtcNow()) with { BatchId = "b1", State = BatchState.Waiting, Held = 3 };
        await app.Store.CommitAsync(new Write.Put(Batch.Key("p1", "b1"), batch), default);
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");

        Assert.Equal(HttpStatusCode.Conflict, (await lead.PostAsync("oversight/p1/inbox/held-b1", Body.Of(new { action = "done", scope = Notice.Project, why = "x" }))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await lead.PostAsync("oversight/p1/inbox/held-b1", Body.Of(new { action = "snooze", scope = Notice.Project, until = app.Time.GetUtcNow().AddDays(1) }))).StatusCode);
        await app.Store.CommitAsync(new Write.Put(Batch.Key("p1", "b1"), batch with { Held = 2 }), default);
        var held = (await (await lead.GetAsync("quality/p1/notices")).JsonAsync())["notices"]!.AsArray().Single()!;
        Assert.Equal("snoozed", held["state"]!.GetValue<string>());
        Assert.StartsWith("2 items", held["words"]!.GetValue<string>(), StringComparison.Ordinal);

        await app.Store.CommitAsync(new Write.Put(Batch.Key("p1", "b1"), batch with { Held = 0, State = BatchState.Loaded }), default);
        Assert.Empty((await (await lead.GetAsync("quality/p1/notices")).JsonAsync())["notices"]!.AsArray());
    }

    private static async Task FailedBatchAsync(TestApp app)
    {
        await app.AddProjectAsync("p1");
        var failed = Batch.Begin("p1", "b.jsonl", 1, "0", app.Time.GetUtcNow()) with { BatchId = "b1", State = BatchState.Failed, Reason = "No record in it." };
        await app.Store.CommitAsync(new Write.Put(Batch.Key("p1", "b1"), failed), default);
    }

    private static async Task ChangeAsync(HttpClient lead, object change)
    {
        var answer = await lead.PostAsync("oversight/p1/inbox/failed-b1", Body.Of(change));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonNode> OneAsync(HttpClient lead) =>
        (await (await lead.GetAsync("quality/p1/notices")).JsonAsync())["notices"]!.AsArray().Single(notice => notice!["noticeId"]!.GetValue<string>() == "failed-b1")!;
}
