using HealthEval.Batches.Privacy;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Batches;

public sealed class PrivacyTests
{
    [Theory]
    [InlineData("SSN 078-05-1120", "ssn")]
    [InlineData("call (555) 010-4477 or", "phone")]
    [InlineData("call +44 20 7946 0958", "phone")]
    [InlineData("jane.doe+x@clinic.example.org", "email")]
    [InlineData("see https://portal.example/p/1", "url")]
    [InlineData("from 192.168.10.7 today", "ip")]
    [InlineData("from 2001:db8::8a2e:370:7334 today", "ip")]
    [InlineData("MRN: 0048213", "record_number")]
    [InlineData("Medicare 1EG4-TE5-MK73", "mbi")]
    [InlineData("NPI 1234567893", "npi")]
    [InlineData("DEA AB1234563", "dea")]
    [InlineData("NHS 943 476 5919", "nhs_number")]
    [InlineData("VIN 1M8GDM9AXKP042788", "vin")]
    [InlineData("DOB 01/02/1950", "date")]
    [InlineData("admitted on March 3, 2021 with", "date")]
    [InlineData("a 93-year-old woman", "age_over_89")]
    [InlineData("lives in Austin, TX 78701", "zip")]
    [InlineData("my name is Maria Lopez", "name")]
    [InlineData("Mrs. Okafor asked", "name")]
    public void It_suspects(string text, string kind) => Assert.Contains(Find(text), suspicion => suspicion.Class == kind);

    [Theory]
    [InlineData("take 500 mg every 6-8 hours, at most 4,000 mg a day")]
    [InlineData("potassium 3.5-5.0 mmol/L on 03/04/2021, ratio 1:2:3")]
    [InlineData("SSN 000-12-3456 and 666-12-3456 and 900-12-3456 are never issued")]
    [InlineData("NPI 1234567890 and DEA AB1234567 and NHS 9434765918 fail their check digits")]
    [InlineData("guideline 2023, version 10.2.3.400, n = 12345")]
    [InlineData("a 45-year-old man; survival at 90 months was 95%")]
    [InlineData("The patient should ask a doctor.")]
    public void It_does_not_suspect(string text) => Assert.Empty(Find(text));

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

    private static List<Suspicion> Find(string text)
    {
        var found = new List<Suspicion>();
        PrivacyScreen.Find(text, found);
        return found;
    }
}
