using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Audit;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Projects;

public sealed class ProjectsApiTests
{
    [Fact]
    public async Task Who_judges_is_not_told_for_whom_unless_the_project_says_so()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", project => project with { Customer = "Mercy Hospital" });
        using var rater = await app.SignedInAsync(Roles.Annotator, "p1");
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");
        Assert.DoesNotContain("Mercy", await rater.GetStringAsync("projects") + await rater.GetStringAsync("projects/p1"), StringComparison.Ordinal);

        (await lead.PatchAsync("projects/p1", """{"showCustomer":true}""")).EnsureSuccessStatusCode();
        Assert.Contains("Mercy", await rater.GetStringAsync("projects"), StringComparison.Ordinal);
    }

    private static readonly string[] Languages = ["en"];

    [Fact]
    public async Task A_lead_makes_a_project_with_defaults_and_changes_it()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");

        var made = await lead.PostAsync("projects", Body.Of(new { projectId = "p1", name = "One", customer = "Acme" }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var project = await made.JsonAsync();
        Assert.Equal(2, project["overlap"]!.GetValue<int>());

        var changed = await PutAsync(lead, "p1", project["etag"]!.GetValue<string>(), Whole("One", overlap: 3));
        Assert.Equal(3, (await changed.JsonAsync())["overlap"]!.GetValue<int>());
        Assert.Equal(3, (await (await lead.GetAsync("projects/p1")).JsonAsync())["overlap"]!.GetValue<int>());
    }

    [Fact]
    public async Task Of_two_changes_the_second_is_told_and_the_first_stays()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        var etag = (await (await lead.PostAsync("projects", Body.Of(new { projectId = "p1", name = "One", customer = "Acme" }))).JsonAsync())["etag"]!.GetValue<string>();

        (await PutAsync(lead, "p1", etag, Whole("First"))).EnsureSuccessStatusCode();

        Assert.Equal("stale", await (await PutAsync(lead, "p1", etag, Whole("Second"))).ProblemAsync(412));
        Assert.Equal("if_match_needed", await (await PutAsync(lead, "p1", null, Whole("Third"))).ProblemAsync(428));
        Assert.Equal("First", (await (await lead.GetAsync("projects/p1")).JsonAsync())["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("warn")]
    [InlineData("hold")]
    [InlineData("reject")]
    public async Task What_becomes_of_suspected_personal_data_is_a_project_s_own_rule(string rule)
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        var project = await (await lead.PostAsync("projects", Body.Of(new { projectId = "p1", name = "One", customer = "Acme" }))).JsonAsync();
        Assert.Equal("warn", (string)project["privacy"]!);

        (await PutAsync(lead, "p1", (string)project["etag"]!, Whole("One", privacy: rule))).EnsureSuccessStatusCode();
        Assert.Equal(rule, (string)(await (await lead.GetAsync("projects/p1")).JsonAsync())["privacy"]!);
    }

    [Theory]
    [Trait("Store", "none")]
    [InlineData("""{"projectId":"../x","name":"n","customer":"c"}""", "projectId")]
    [InlineData("""{"projectId":"UPPER","name":"n","customer":"c"}""", "projectId")]
    [InlineData("""{"projectId":"p1\n","name":"n","customer":"c"}""", "projectId")]
    [InlineData("""{"projectId":"p1","name":"","customer":"c"}""", "name")]
    [InlineData("""{"projectId":"p1","name":"n","customer":"c","overlap":0}""", "overlap")]
    [InlineData("""{"projectId":"p1","name":"n","customer":"c","goldShare":1.5}""", "goldShare")]
    [InlineData("""{"projectId":"p1","name":"n","customer":"c","leaseMinutes":1}""", "leaseMinutes")]
    [InlineData("""{"projectId":"p1","name":"n","customer":"c","subdomains":["astrology"]}""", "subdomains")]
    [InlineData("""{"projectId":"p1","name":"n","customer":"c","timeZone":"Mars/Olympus"}""", "timeZone")]
    [InlineData("""{"projectId":"p1","name":"n","customer":"c","privacy":"maybe"}""", "privacy")]
    [InlineData("""{"projectId":"p1","name":"n","customer":"c","guideline":{"id":"healtheval","version":99}}""", "guideline")]
    public async Task A_field_that_makes_no_sense_is_named(string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answer = await lead.PostAsync("projects", Body.Text(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal([field], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task The_same_id_twice_is_a_conflict()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        var body = new { projectId = "p1", name = "One", customer = "Acme" };
        await lead.PostAsync("projects", Body.Of(body));

        Assert.Equal("project_exists", await (await lead.PostAsync("projects", Body.Of(body))).ProblemAsync(409));
    }

    [Fact]
    public async Task A_customer_sees_only_their_own_projects()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        await app.AddProjectAsync("theirs");
        using var customer = await app.SignedInAsync(Roles.Customer, "mine");

        Assert.Equal(["mine"], (await (await customer.GetAsync("projects")).JsonAsync())["projects"]!.AsArray().Select(project => project!["projectId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_put_that_leaves_something_out_changes_nothing_and_says_what_is_missing()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        await app.AddProjectAsync("p1", project => project with { Privacy = "hold", Overlap = 5, GoldShare = 0.2, Subdomains = ["general"] });
        var before = await lead.GetStringAsync("projects/p1");
        var etag = (string)JsonNode.Parse(before)!["etag"]!;

        var answer = await PutAsync(lead, "p1", etag, new { name = "Only the name", customer = "Acme" });

        Assert.Equal("invalid", await answer.ProblemAsync(422));
        Assert.Equal(
            ["comparison", "goldShare", "guideline", "languages", "leaseMinutes", "overlap", "privacy", "report", "showCustomer", "subdomains", "timeZone"],
            (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order());
        var whole = JsonNode.Parse(before)!.AsObject();
        whole["subdomains"] = null; // nothing is not everything
        Assert.Equal(["subdomains"], (await (await PutAsync(lead, "p1", etag, whole)).JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(before, await lead.GetStringAsync("projects/p1"));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_needs_the_etag()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        await app.AddProjectAsync("p1", project => project with { Privacy = "hold", Overlap = 5, GoldShare = 0.2 });

        var changed = await (await lead.PatchAsync("projects/p1", """{"goldShare":0.1}""")).JsonAsync();
        Assert.Equal((0.1, 5, "hold"), ((double)changed["goldShare"]!, (int)changed["overlap"]!, (string)changed["privacy"]!));

        Assert.Equal("stale", await (await lead.PatchAsync("projects/p1", """{"overlap":1}""", etag: "old")).ProblemAsync(412));
        Assert.Equal("if_match_needed", await (await lead.PatchAsync("projects/p1", Body.Text("""{"overlap":1}"""))).ProblemAsync(428));
        foreach (var (patch, field) in new[] { ("""{"overlaps":1}""", "overlaps"), ("""{"overlap":null}""", "overlap"), ("""{"overlap":0}""", "overlap"), ("""{"projectId":"p2"}""", "projectId"), ("""{"demo":true}""", "demo") })
        {
            Assert.Equal([field], (await (await lead.PatchAsync("projects/p1", patch)).JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
        }

        Assert.Equal("malformed", await (await lead.PatchAsync("projects/p1", """{"overlap":"many"}""")).ProblemAsync(400));
        Assert.Equal(5, (int)(await (await lead.GetAsync("projects/p1")).JsonAsync())["overlap"]!);
    }

    [Fact]
    public async Task A_change_is_on_record_with_what_was_and_what_is_and_without_names()
    {
        await using var app = await TestApp.StartAsync();
        var person = Someone.With(Roles.Lead);
        using var lead = await app.SignedInAsync(person);
        await app.AddProjectAsync("p1");

        await lead.PatchAsync("projects/p1", """{"privacy":"hold","overlap":3,"customer":"Mercy"}""");

        var entry = await app.Services.GetRequiredService<AuditTrail>().EntriesAsync("p1", default).SingleAsync(entry => entry.Action == AuditActions.ProjectChanged);
        Assert.Equal((person.PersonId, "p1", "customer;overlap=2;privacy=warn", "customer;overlap=3;privacy=hold"), (entry.By, entry.About, entry.From, entry.To));
    }

    private static JsonNode Whole(string name, int overlap = 2, string privacy = "warn") => JsonSerializer.SerializeToNode(new
    {
        name,
        customer = "Acme",
        guideline = new { id = "healtheval", version = 1 },
        overlap,
        goldShare = 0.0,
        subdomains = Vocabulary.Subdomains,
        languages = Languages,
        comparison = false,
        leaseMinutes = 30,
        timeZone = "UTC",
        privacy,
        report = (object?)null,
        showCustomer = false,
    })!;

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string projectId, string? etag, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"projects/{projectId}") { Content = Body.Of(body) };
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{etag}\"");
        }

        return client.SendAsync(request);
    }
}
