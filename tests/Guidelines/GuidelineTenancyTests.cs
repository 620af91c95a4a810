using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Guidelines;

/// <summary>A guideline is its customer's; the default one is everybody's.</summary>
public sealed class GuidelineTenancyTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("mine");
        await _app.AddProjectAsync("theirs");
        using var theirs = await _app.SignedInAsync(Roles.Lead, "theirs");
        Assert.Equal(HttpStatusCode.Created, (await AddAsync(theirs, "house")).StatusCode);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(Roles.Lead)]
    [InlineData(Roles.Admin)]
    [InlineData(Roles.Customer)]
    [InlineData(Roles.Annotator)]
    [InlineData(Roles.Adjudicator)]
    public async Task Another_customers_guideline_is_as_good_as_missing(string role)
    {
        using var stranger = await _app.SignedInAsync(role, "mine");
        using var friend = await _app.SignedInAsync(role, "theirs");

        Assert.Equal(await (await stranger.GetAsync("guidelines/nowhere/1")).Content.ReadAsStringAsync(), await (await stranger.GetAsync("guidelines/house/1")).Content.ReadAsStringAsync());
        Assert.Equal([Guideline.DefaultId], await ListAsync(stranger));
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync($"guidelines/{Guideline.DefaultId}/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await friend.GetAsync("guidelines/house/1")).StatusCode);
        Assert.Equal([Guideline.DefaultId, "house"], await ListAsync(friend));
    }

    [Theory]
    [InlineData(Roles.Lead)]
    [InlineData(Roles.Admin)]
    public async Task Nobody_adds_a_version_to_it_or_works_under_it(string role)
    {
        using var stranger = await _app.SignedInAsync(role, "mine");

        Assert.Equal("id_taken", await (await AddAsync(stranger, "house")).ProblemAsync(409));
        Assert.Equal("invalid", await (await AddAsync(stranger, "other?project=theirs")).ProblemAsync(422));
        Assert.Equal("invalid", await (await AddAsync(stranger, "other?project=*")).ProblemAsync(422));
        var answer = await stranger.PatchAsync("projects/mine", """{"guideline":{"id":"house","version":1}}""");
        Assert.Equal(["guideline"], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(1, await _app.Store.AllAsync<Guideline>(new DocumentQuery(DocumentKind.Guideline), default).CountAsync(guideline => guideline.Value.Id is "house" or "other"));
    }

    [Fact]
    public async Task What_those_with_every_project_add_is_nobodys_until_a_project_works_under_it_and_stays_readable_after()
    {
        using var global = await _app.SignedInAsync(Roles.Lead, "*");
        using var rater = await _app.SignedInAsync(Roles.Annotator, "mine");
        Assert.Equal(HttpStatusCode.Created, (await AddAsync(global, "new")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await rater.GetAsync("guidelines/new/1")).StatusCode);

        (await global.PatchAsync("projects/mine", """{"guideline":{"id":"new","version":1}}""")).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await rater.GetAsync("guidelines/new/1")).StatusCode);

        (await global.PatchAsync("projects/mine", """{"guideline":{"id":"healtheval","version":1}}""")).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.OK, (await rater.GetAsync("guidelines/new/1")).StatusCode); // judgements under it are still read with it
    }

    [Fact]
    public async Task One_from_before_this_version_is_read_where_it_is_in_use()
    {
        var old = GuidelineLibrary.Default with { Id = "old", Version = 1 };
        await _app.Store.CommitAsync(new Write.Create(Guideline.Key("old", 1), old), default);
        await _app.AddProjectAsync("mine", project => project with { Guideline = new GuidelineReference("old", 1) });
        using var mine = await _app.SignedInAsync(Roles.Lead, "mine");
        using var theirs = await _app.SignedInAsync(Roles.Lead, "theirs");

        Assert.Equal(HttpStatusCode.OK, (await mine.GetAsync("guidelines/old/1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await theirs.GetAsync("guidelines/old/1")).StatusCode);
        Assert.Equal("id_taken", await (await AddAsync(theirs, "old")).ProblemAsync(409));
    }

    private static Task<HttpResponseMessage> AddAsync(HttpClient client, string id) => client.PutAsync($"guidelines/{id}", Body.Of(JsonNode.Parse(Json.Bytes(GuidelineLibrary.Default))!));

    private static async Task<IEnumerable<string>> ListAsync(HttpClient client) =>
        (await (await client.GetAsync("guidelines")).JsonAsync())["guidelines"]!.AsArray().Select(guideline => (string)guideline!["id"]!).Distinct();
}
