using HealthEval.Batches.Privacy;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Batches;

public sealed class PrivacyTests
{
    [Fact]
    public void A_report_has_the_place_and_the_shape_and_never_the_value()
    {
        var draft = new HealthEval.Batches.Draft { Messages = [new("user", "😀 SSN 078-05-1120")] };
        var suspicion = Assert.Single(Screening.Of(draft, 7));

        Assert.Equal((7L, "prompt[0].content", "ssn", 6, "###-##-####"), (suspicion.Line, suspicion.Path, suspicion.Class, suspicion.Start, suspicion.Masked));
    }

    private const string Batch = """
        {"item_id":"1","prompt":"My SSN is 078-05-1120","response":"a"}
        {"item_id":"2","prompt":"q","response":"a"}
        """;

    [Theory]
    [InlineData("warn", "loaded", 2, 0, 2)]
    [InlineData("reject", "loaded_with_rejects", 1, 1, 1)]
    [InlineData("hold", "waiting", 2, 0, 1)]
    public async Task A_project_decides_what_becomes_of_a_suspicion(string rule, string state, int accepted, int rejected, int tasks)
    {
        using var rig = new IngestRig();
        rig.Project = rig.Project with { Privacy = rule };
        var receipt = (await rig.IngestAsync(Batch)).Batch;

        Assert.Equal((state, accepted, rejected, tasks), (receipt.State, (int)receipt.Accepted, (int)receipt.Rejected, (int)await rig.TasksAsync()));
        Assert.DoesNotContain("078-05", System.Text.Json.JsonSerializer.Serialize(receipt), StringComparison.Ordinal);
        Assert.Equal(rule == "reject" ? [] : ["ssn"], receipt.Suspicions.Select(suspicion => suspicion.Class));
    }

    [Fact]
    public async Task A_held_record_sent_again_is_a_duplicate()
    {
        using var rig = new IngestRig();
        rig.Project = rig.Project with { Privacy = "hold" };
        await rig.IngestAsync(Batch);
        var again = (await rig.IngestAsync(Batch + "\n")).Batch;

        Assert.Equal((0L, 2L, 0L), (again.Accepted, again.Duplicate, again.Held));
    }

    [Fact]
    public async Task A_lead_releases_or_drops_what_is_held_once_and_with_a_reason()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", project => project with { Privacy = "hold" });
        var ingest = (HealthEval.Batches.IngestBatch)app.Services.GetService(typeof(HealthEval.Batches.IngestBatch))!;
        await ingest.RunAsync(project, IngestRig.Source(System.Text.Encoding.UTF8.GetBytes(Batch + "\n" + Batch.Replace("\"1\"", "\"3\"", StringComparison.Ordinal))), _ => { }, again: false, default);
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var customer = await app.SignedInAsync(Roles.Customer, "p1");
        var held = (await (await lead.GetAsync("batches/p1/held")).JsonAsync())["held"]!.AsArray();
        var ids = held.Select(item => (string)item!["taskId"]!).ToList();

        Assert.Equal(2, ids.Count);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await customer.GetAsync("batches/p1/held")).StatusCode);
        Assert.Equal("invalid", await (await Decide(ids[0], "release", "")).ProblemAsync(422));
        Assert.Equal(204, (int)(await Decide(ids[0], "release", "Synthetic patient")).StatusCode);
        Assert.Equal(204, (int)(await Decide(ids[1], "drop", "Real number")).StatusCode);
        Assert.Equal("already_decided", await (await Decide(ids[1], "release", "Changed my mind")).ProblemAsync(409));
        Assert.Equal("not_found", await (await Decide("t0", "release", "x")).ProblemAsync(404));
        Assert.Empty((await (await lead.GetAsync("batches/p1/held")).JsonAsync())["held"]!.AsArray());
        Assert.Equal(2, await app.Store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = "p1" }, default));
        var kept = (await app.Store.FindAsync<HeldItem>(HeldItem.Key("p1", ids[1]), default))!.Value;
        Assert.Equal(("dropped", "Real number"), (kept.State, kept.Why));

        Task<HttpResponseMessage> Decide(string id, string decision, string why) => lead.PostAsync($"batches/p1/held/{id}", Body.Of(new { decision, why }));
    }
}
