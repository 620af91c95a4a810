using System.Net;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Prompts;

public sealed class PromptsApiTests
{
    private static object New(string text = "My father, 71, fell and hit his head.") => new { title = "Fall on a blood thinner", subdomain = "general", language = "en", tags = new[] { "triage" }, messages = new[] { new { role = "user", content = text } } };

    private static object Better(string why = "Says which drug: without it there is no right answer.", int? basedOn = null, string text = "My father, 71, on apixaban, fell and hit his head.")
    {
        var messages = new[] { new { role = "system", content = "Answer briefly." }, new { role = "user", content = text } };
        return new { title = "Fall on a blood thinner", why, basedOn, messages };
    }

    [Fact]
    public async Task A_prompt_is_written_refined_and_every_version_stays()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        var ana = Someone.With(Roles.Annotator);
        using var writer = await app.SignedInAsync(ana);
        using var adjudicator = await app.SignedInAsync(Roles.Adjudicator);

        var created = await writer.PostAsync("prompts/p1", Body.Of(New()));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var first = await created.JsonAsync();
        app.Time.Advance(TimeSpan.FromMinutes(1));
        var revised = await ReviseAsync(adjudicator, first, Better());

        Assert.Equal(HttpStatusCode.Created, revised.StatusCode);
        var now = await (await writer.GetAsync($"prompts/p1/{first["promptId"]}")).JsonAsync();
        Assert.Equal(2, (int)now["version"]!);
        Assert.Equal([null, 1], now["history"]!.AsArray().Select(change => (int?)change!["basedOn"]));
        Assert.Equal(ana.Pseudonym, (string)now["history"]![0]!["author"]!);
        Assert.StartsWith("Says which drug", (string)now["history"]![1]!["why"]!, StringComparison.Ordinal);
        var old = await (await writer.GetAsync($"prompts/p1/{first["promptId"]}/versions/1")).JsonAsync();
        Assert.Equal("My father, 71, fell and hit his head.", (string)old["messages"]![0]!["content"]!);
        Assert.Equal((string)now["history"]![0]!["sha256"]!, (string)old["sha256"]!);
        Assert.Equal("not_found", await (await writer.GetAsync($"prompts/p1/{first["promptId"]}/versions/3")).ProblemAsync(404));
    }

    [Fact]
    public async Task Going_back_is_one_more_version_that_says_what_it_is_based_on()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var writer = await app.SignedInAsync(Roles.Annotator);
        var first = await (await writer.PostAsync("prompts/p1", Body.Of(New()))).JsonAsync();
        var second = await (await ReviseAsync(writer, first, Better())).JsonAsync();

        var third = await (await ReviseAsync(writer, second, new { title = "Fall on a blood thinner", why = "The first was better.", basedOn = 1, messages = first["messages"] })).JsonAsync();

        Assert.Equal(3, (int)third["version"]!);
        Assert.Equal(1, (int)third["history"]![2]!["basedOn"]!);
        Assert.Equal((string)first["sha256"]!, (string)third["sha256"]!);
    }

    [Fact]
    public async Task The_same_new_prompt_twice_is_one_prompt()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var writer = await app.SignedInAsync(Roles.Annotator);
        using var other = await app.SignedInAsync(Roles.Annotator);

        var first = await (await writer.PostAsync("prompts/p1", Body.Of(New()))).JsonAsync();
        var again = await writer.PostAsync("prompts/p1", Body.Of(New()));
        await other.PostAsync("prompts/p1", Body.Of(New()));

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal((string)first["promptId"]!, (string)(await again.JsonAsync())["promptId"]!);
        var listed = (await (await writer.GetAsync("prompts/p1")).JsonAsync())["prompts"]!.AsArray();
        Assert.Equal(2, listed.Count); // one of each author
        Assert.All(listed, prompt => Assert.StartsWith("My father", (string)prompt!["begins"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_who_refine_at_once_the_second_is_told()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var one = await app.SignedInAsync(Roles.Annotator);
        using var two = await app.SignedInAsync(Roles.Annotator);
        var read = await (await one.PostAsync("prompts/p1", Body.Of(New()))).JsonAsync();

        var answers = await Task.WhenAll(ReviseAsync(one, read, Better(text: "One")), ReviseAsync(two, read, Better(text: "Two")));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.PreconditionFailed], answers.Select(answer => answer.StatusCode).Order());
        var now = await (await one.GetAsync($"prompts/p1/{read["promptId"]}")).JsonAsync();
        Assert.Equal(2, (int)now["version"]!);
        Assert.Equal("if_match_needed", await (await one.PostAsync($"prompts/p1/{read["promptId"]}/versions", Body.Of(Better()))).ProblemAsync(428));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "title")]
    [InlineData("""{"title":"t"}""", "messages")]
    [InlineData("""{"title":"t","messages":[]}""", "messages")]
    [InlineData("""{"title":"t","messages":[{"role":"user","content":"  "}]}""", "messages[0].content")]
    [InlineData("""{"title":"t","messages":[{"role":"doctor","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"title":"t","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""", "messages[1].role")]
    [InlineData("""{"title":"t","messages":[{"role":"user","content":"x"},{"role":"system","content":"s"},{"role":"user","content":"y"}]}""", "messages[1].role")]
    [InlineData("""{"title":"t","messages":[{"role":"assistant","content":"x"},{"role":"user","content":"y"}]}""", "messages[0].role")]
    [InlineData("""{"title":"t","messages":[{"role":"user","content":"x"},{"role":"user","content":"y"}]}""", "messages[1].role")]
    [InlineData("""{"title":"t","subdomain":"surgery","messages":[{"role":"user","content":"x"}]}""", "subdomain")]
    [InlineData("""{"title":"t","language":"English please","messages":[{"role":"user","content":"x"}]}""", "language")]
    [InlineData("""{"title":"t","tags":[""],"messages":[{"role":"user","content":"x"}]}""", "tags")]
    public async Task A_field_that_makes_no_sense_is_named(string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var writer = await app.SignedInAsync(Roles.Annotator);

        var answer = await writer.PostAsync("prompts/p1", Body.Text(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(field, (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_refinement_says_why_and_changes_something()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var writer = await app.SignedInAsync(Roles.Annotator);
        var read = await (await writer.PostAsync("prompts/p1", Body.Of(New()))).JsonAsync();

        Assert.Equal(["messages", "why"], await FaultsAsync(ReviseAsync(writer, read, New())));
        Assert.Equal(["basedOn"], await FaultsAsync(ReviseAsync(writer, read, Better(basedOn: 7))));
        Assert.Equal("malformed", await (await ReviseAsync(writer, read, "not an object")).ProblemAsync(400));
    }

    [Fact]
    public async Task The_export_has_a_line_for_every_prompt_with_its_history()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var writer = await app.SignedInAsync(Roles.Annotator);
        using var lead = await app.SignedInAsync(Roles.Lead);
        var read = await (await writer.PostAsync("prompts/p1", Body.Of(New()))).JsonAsync();
        await ReviseAsync(writer, read, Better(text: "Line one\nline two – «quoted» 💧"));
        await writer.PostAsync("prompts/p1", Body.Of(New("Another one")));

        var answer = await lead.GetAsync("prompts/p1/export");

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(2, lines.Count);
        var refined = Assert.Single(lines, line => (int)line["version"]! == 2);
        Assert.Equal("Line one\nline two – «quoted» 💧", (string)refined["messages"]![1]!["content"]!);
        Assert.Equal(2, refined["history"]!.AsArray().Count);
        Assert.Equal("not_found", await (await lead.GetAsync("prompts/nowhere/export")).ProblemAsync(404));
    }

    [Fact]
    public async Task A_prompt_of_another_project_is_not_there()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        await app.AddProjectAsync("p2");
        using var writer = await app.SignedInAsync(Roles.Annotator);
        var read = await (await writer.PostAsync("prompts/p1", Body.Of(New()))).JsonAsync();

        Assert.Equal("not_found", await (await writer.GetAsync($"prompts/p2/{read["promptId"]}")).ProblemAsync(404));
        Assert.Empty((await (await writer.GetAsync("prompts/p2")).JsonAsync())["prompts"]!.AsArray());
    }

    private static async Task<IEnumerable<string>> FaultsAsync(Task<HttpResponseMessage> answer) =>
        (await (await answer).JsonAsync())["errors"]!.AsObject().Select(error => error.Key);

    private static Task<HttpResponseMessage> ReviseAsync(HttpClient client, JsonNode read, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"prompts/p1/{read["promptId"]}/versions") { Content = Body.Of(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{read["etag"]}\"");
        return client.SendAsync(request);
    }
}
