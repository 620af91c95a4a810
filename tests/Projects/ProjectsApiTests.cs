using System.Net;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Projects;

public sealed class ProjectsApiTests
{
    [Fact]
    public async Task A_lead_makes_a_project_with_defaults_and_changes_it()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead, "p-1");

        var made = await lead.PostAsync("projects", Body.Of(new { projectId = "p-1", name = "One", customer = "Acme" }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var project = await made.JsonAsync();
        Assert.Equal(2, project["overlap"]!.GetValue<int>());

        var changed = await PutAsync(lead, "p-1", project["etag"]!.GetValue<string>(), new { name = "One", customer = "Acme", overlap = 3 });
        Assert.Equal(3, (await changed.JsonAsync())["overlap"]!.GetValue<int>());
        Assert.Equal(3, (await (await lead.GetAsync("projects/p-1")).JsonAsync())["overlap"]!.GetValue<int>());
    }

    [Fact]
    public async Task Of_two_changes_the_second_is_told_and_the_first_stays()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        var etag = (await (await lead.PostAsync("projects", Body.Of(new { projectId = "p1", name = "One", customer = "Acme" }))).JsonAsync())["etag"]!.GetValue<string>();

        (await PutAsync(lead, "p1", etag, new { name = "First", customer = "Acme" })).EnsureSuccessStatusCode();

        Assert.Equal("stale", await (await PutAsync(lead, "p1", etag, new { name = "Second", customer = "Acme" })).ProblemAsync(412));
        Assert.Equal("if_match_needed", await (await PutAsync(lead, "p1", null, new { name = "Third", customer = "Acme" })).ProblemAsync(428));
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

        (await PutAsync(lead, "p1", (string)project["etag"]!, new { name = "One", customer = "Acme", privacy = rule })).EnsureSuccessStatusCode();
        Assert.Equal(rule, (string)(await (await lead.GetAsync("projects/p1")).JsonAsync())["privacy"]!);
    }

    [Theory]
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
