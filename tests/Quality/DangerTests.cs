using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Audit;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Quality;

/// <summary>A rater flags a real person or somebody in danger: the lead knows at once, and nobody else gets the item before they have decided.</summary>
public sealed class DangerTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private HttpClient _first = null!;
    private HttpClient _second = null!;
    private HttpClient _lead = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1");
        await _app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        (_first, _second, _lead) = (await _app.SignedInAsync(Roles.Annotator), await _app.SignedInAsync(Roles.Annotator), await _app.SignedInAsync(Roles.Lead));
    }

    public async ValueTask DisposeAsync()
    {
        _first.Dispose();
        _second.Dispose();
        _lead.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task The_lead_is_told_at_once_and_the_item_stops_until_they_let_it_go_on()
    {
        await FlagAsync();

        Assert.Null(await _second.NextAsync("p1"));
        var notice = Assert.Single(await NoticesAsync())!;
        Assert.Equal(("danger", "privacy", "open", "t000001"), ((string)notice["kind"]!, (string)notice["code"]!, (string)notice["state"]!, (string)notice["taskId"]!));

        Assert.Equal("invalid", await (await DecideAsync("go_on", why: "")).ProblemAsync(422));
        Assert.Equal(HttpStatusCode.NoContent, (await DecideAsync("go_on", "Made up, says the customer.")).StatusCode);
        Assert.Equal("not_stopped", await (await DecideAsync("go_on", "again")).ProblemAsync(409));

        _app.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await _second.NextAsync("p1"));
        var done = Assert.Single(await NoticesAsync())!;
        Assert.Equal("done", (string)done["state"]!);
        Assert.Contains("Made up", (string)done["outcome"]!, StringComparison.Ordinal);
        Assert.Contains(await _app.Services.GetAuditAsync("p1"), entry => entry.Action == AuditActions.DangerDecided && entry.About == "t000001");
    }

    [Fact]
    public async Task A_cancelled_item_comes_to_nobody()
    {
        await FlagAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await DecideAsync("cancel", "A real patient.")).StatusCode);

        _app.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await _second.NextAsync("p1"));
    }

    [Fact]
    public async Task Who_holds_it_hands_in_what_they_have_and_the_case_waits_for_the_decision()
    {
        var mine = (await _second.NextAsync("p1"))!;
        await FlagAsync();

        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["clarity"] = 2;
        judgement["ratings"]![0]!["rationale"] = "Hard to follow.";
        judgement["spans"] = new JsonArray(new JsonObject { ["response"] = "A", ["kind"] = "improve", ["code"] = "C1", ["severity"] = "minor", ["start"] = 0, ["end"] = 6, ["quote"] = "Answer" });
        Assert.Equal(HttpStatusCode.Created, (await _second.SubmitAsync(mine, judgement)).StatusCode);
        Assert.Equal(0, (await (await _lead.GetAsync("adjudications/p1")).JsonAsync())["waiting"]!.GetValue<int>());

        await DecideAsync("go_on", "It is an example from a textbook.");

        Assert.Equal(1, (await (await _lead.GetAsync("adjudications/p1")).JsonAsync())["waiting"]!.GetValue<int>());
    }

    private async Task FlagAsync()
    {
        var judgement = Work.Judgement();
        judgement["flags"] = new JsonArray("privacy");
        Assert.Equal(HttpStatusCode.Created, (await _first.SubmitAsync((await _first.NextAsync("p1"))!, judgement)).StatusCode);
    }

    private Task<HttpResponseMessage> DecideAsync(string decision, string why) => _lead.PostAsync("quality/p1/danger/t000001", Body.Of(new { decision, why }));

    private async Task<JsonArray> NoticesAsync() => (await (await _lead.GetAsync("quality/p1/notices")).JsonAsync())["notices"]!.AsArray();
}

internal static class Audited
{
    public static async Task<List<AuditEntry>> GetAuditAsync(this IServiceProvider services, string projectId) =>
        await services.GetRequiredService<AuditTrail>().EntriesAsync(projectId, default).ToListAsync();
}
