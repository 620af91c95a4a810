using System.Net;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.People;

/// <summary>A lead or an admin of one customer among the people of another.</summary>
public sealed class TenancyTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private Person _theirs = null!;
    private Person _shared = null!;
    private Person _everywhere = null!;
    private Person _own = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("mine");
        await _app.AddProjectAsync("theirs");
        _theirs = await EnterAsync(Someone.With(Roles.Annotator, "theirs") with { Email = "ada@theirs.example" });
        _shared = await EnterAsync(Someone.With(Roles.Annotator, "mine", "theirs"));
        _everywhere = await EnterAsync(Someone.With(Roles.Annotator, "*"));
        _own = await EnterAsync(Someone.With(Roles.Annotator, "mine"));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(Roles.Lead)]
    [InlineData(Roles.Admin)]
    public async Task They_see_those_they_share_a_project_with_and_of_these_only_that_project(string role)
    {
        var me = Someone.With(role, "mine");
        using var client = await _app.SignedInAsync(me);

        var people = (await (await client.GetAsync("people")).JsonAsync())["people"]!.AsArray();

        Assert.Equal(new[] { me.PersonId, _shared.PersonId, _own.PersonId }.Order(), people.Select(person => (string)person!["personId"]!).Order());
        Assert.All(people, person => Assert.Equal(["mine"], person!["projects"]!.AsArray().Select(project => (string)project!)));
        Assert.Equal([_shared.PersonId], people.Where(person => !(bool)person!["manageable"]!).Select(person => (string)person!["personId"]!));
    }

    [Theory]
    [InlineData(Roles.Lead)]
    [InlineData(Roles.Admin)]
    public async Task They_can_do_nothing_to_others(string role)
    {
        using var client = await _app.SignedInAsync(role, "mine");
        foreach (var (person, status) in new[] { (_theirs, 404), (_everywhere, 404), (_shared, 403) })
        {
            var before = await StoredAsync(person);
            Assert.Equal(status, (int)(await client.PatchAsync($"people/{person.PersonId}", """{"active":false}""", before.ETag)).StatusCode);
            Assert.Equal(status, (int)(await client.PatchAsync($"people/{person.PersonId}", """{"roles":["lead"],"projects":["mine"]}""", before.ETag)).StatusCode);
            Assert.Equal(status, (int)(await PutAsync(client, person, before.ETag)).StatusCode);
            Assert.Contains((int)(await client.PostAsync($"people/{person.PersonId}/invite", null)).StatusCode, new[] { 403, 404 });
            Assert.Equal(404, (int)(await client.PostAsync($"people/{person.PersonId}/link-request", null)).StatusCode);
            Assert.Equal(404, (int)(await client.DeleteAsync($"people/{person.PersonId}/sessions")).StatusCode);
            Assert.Equal(before.ETag, (await StoredAsync(person)).ETag);
        }

        Assert.Equal(200, (int)(await client.PatchAsync($"people/{_own.PersonId}", """{"active":false}""")).StatusCode);
    }

    [Theory]
    [InlineData(Roles.Lead, """["theirs"]""")]
    [InlineData(Roles.Lead, """["*"]""")]
    [InlineData(Roles.Lead, """["mine","theirs"]""")]
    [InlineData(Roles.Lead, """[]""")]
    [InlineData(Roles.Admin, """["theirs"]""")]
    [InlineData(Roles.Admin, """["*"]""")]
    public async Task Nobody_gives_a_project_that_they_have_not(string role, string projects)
    {
        var me = Someone.With(role, "mine");
        using var client = await _app.SignedInAsync(me);
        var person = JsonNode.Parse("""{"name":"Eve","roles":["annotator"],"credential":{"degree":"MD","years":7,"subdomains":["general"],"languages":["en"]}}""")!;
        person["projects"] = JsonNode.Parse(projects);

        Assert.Equal(["projects"], await FaultsAsync(await client.PostAsync("people", Body.Of(person))));
        Assert.Equal(["projects"], await FaultsAsync(await client.PatchAsync($"people/{_own.PersonId}", $$"""{"projects":{{projects}}}""")));
        Assert.Equal(["projects"], await FaultsAsync(await client.PatchAsync($"people/{me.PersonId}", $$"""{"projects":{{projects}}}""")));
    }

    [Fact]
    public async Task Nobody_gives_a_role_above_their_own_and_who_has_one_keeps_it()
    {
        var me = Someone.With(Roles.Lead, "mine");
        using var lead = await _app.SignedInAsync(me);
        var other = await EnterAsync(Someone.With(Roles.Lead, "mine"));

        Assert.Equal(["roles"], await FaultsAsync(await lead.PatchAsync($"people/{_own.PersonId}", """{"roles":["lead"]}""")));
        Assert.Equal(["roles"], await FaultsAsync(await lead.PatchAsync($"people/{me.PersonId}", """{"roles":["lead","admin"]}""")));
        Assert.Equal(HttpStatusCode.OK, (await lead.PatchAsync($"people/{me.PersonId}", """{"name":"New name"}""")).StatusCode);
        Assert.Equal("not_yours", await (await lead.PatchAsync($"people/{other.PersonId}", """{"active":false}""")).ProblemAsync(403));
    }

    [Fact]
    public async Task An_address_is_one_person_here_and_of_strangers_one_learns_nothing()
    {
        using var admin = await _app.SignedInAsync(Roles.Admin);
        using var lead = await _app.SignedInAsync(Roles.Lead, "mine");
        const string Ada = """{"email":"ADA@theirs.example"}""";

        Assert.Equal(["email"], await FaultsAsync(await admin.PatchAsync($"people/{_own.PersonId}", Ada)));
        Assert.Equal(HttpStatusCode.OK, (await lead.PatchAsync($"people/{_own.PersonId}", Ada)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await lead.PatchAsync($"people/{_own.PersonId}", """{"email":null}""")).StatusCode);
        Assert.Null((await StoredAsync(_own)).Value.Email);
    }

    [Fact]
    public async Task A_new_project_is_made_by_those_who_will_see_it()
    {
        using var lead = await _app.SignedInAsync(Roles.Lead, "mine");

        Assert.Equal("not_yours", await (await lead.PostAsync("projects", Body.Of(new { projectId = "new", name = "New", customer = "C" }))).ProblemAsync(403));
        Assert.Equal("not_yours", await (await lead.PostAsync("projects", Body.Of(new { projectId = "theirs", name = "New", customer = "C" }))).ProblemAsync(403));
    }

    [Fact]
    public async Task A_put_of_a_person_says_everything()
    {
        using var lead = await _app.SignedInAsync(Roles.Lead);
        var request = new HttpRequestMessage(HttpMethod.Put, $"people/{_own.PersonId}")
        {
            Content = Body.Text("""{"name":"Ada","roles":["annotator"],"credential":{"degree":"MD","years":7,"subdomains":["general"],"languages":["en"]}}"""),
        };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{(await StoredAsync(_own)).ETag}\"");

        Assert.Equal(["active", "email", "projects"], await FaultsAsync(await lead.SendAsync(request)));
        Assert.Equal(["mine"], (await StoredAsync(_own)).Value.Projects);
    }

    private static async Task<IEnumerable<string>> FaultsAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key).Order();
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, Person person, string etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"people/{person.PersonId}") { Content = Body.Of(PersonForm.Of(person) with { Projects = ["mine"] }) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{etag}\"");
        return client.SendAsync(request);
    }

    private async Task<Stored<Person>> StoredAsync(Person person) => (await _app.Store.FindAsync<Person>(Person.Key(person.PersonId), default))!;

    private async Task<Person> EnterAsync(Person person)
    {
        await _app.Store.CommitAsync(new Write.Put(Person.Key(person.PersonId), person), default);
        return person;
    }
}
