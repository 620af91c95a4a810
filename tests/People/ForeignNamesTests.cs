using System.Net;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Tests.Architecture;
using HealthEval.Tests.Reports;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.People;

/// <summary>
/// Somebody of one customer, at addresses of their own, names what is another customer's: in the body, in the query, in the name of a file, in a
/// token of theirs. Nothing of theirs comes back (<see cref="TestApp"/> looks at every answer), nothing of theirs changes, and nothing is made that reaches them.
/// </summary>
public sealed class ForeignNamesTests(ForeignNamesTests.Populated populated) : IClassFixture<ForeignNamesTests.Populated>
{
    private const string Mine = WeekSample.ProjectId;
    private const string Theirs = Neighbour.ProjectId;
    private readonly TestApp _app = populated.App;

    public static TheoryData<string, string, string, string, int> Bodies => new()
    {
        { Roles.Lead, "POST", "people", Person($"[\"{Theirs}\"]"), 422 },
        { Roles.Lead, "POST", "people", Person($"[\"{Mine}\",\"{Theirs}\"]"), 422 },
        { Roles.Lead, "POST", "people", Person("[\"*\"]"), 422 },
        { Roles.Lead, "POST", "people", Person("[]"), 422 },
        { Roles.Lead, "POST", "projects", $$"""{"projectId":"{{Theirs}}","name":"n","customer":"c"}""", 403 },
        { Roles.Lead, "POST", "projects", $$$"""{"projectId":"{{{Mine}}}","name":"n","customer":"c","guideline":{"id":"{{{Neighbour.GuidelineId}}}","version":1}}""", 422 },
        { Roles.Lead, "PATCH", $"projects/{Mine}", $$$"""{"guideline":{"id":"{{{Neighbour.GuidelineId}}}","version":1}}""", 422 },
        { Roles.Lead, "PATCH", $"projects/{Mine}", $$"""{"projectId":"{{Theirs}}"}""", 422 },
        { Roles.Lead, "PUT", $"guidelines/{Neighbour.GuidelineId}", "{}", 404 },
        { Roles.Lead, "POST", $"batches/{Mine}/b1/held", """{"decision":"drop","why":"x","taskIds":["h1"]}""", 200 },
        { Roles.Lead, "POST", $"batches/{Mine}/b1/held/h1", """{"decision":"drop","why":"x"}""", 404 },
        { Roles.Lead, "POST", $"prompts/{Mine}/w1/versions", """{"title":"t","messages":[{"role":"user","content":"x"}]}""", 404 },
        { Roles.Lead, "DELETE", $"tasks/{Mine}/t000002/leases/{Neighbour.Rater.PersonId}", "", 404 },
        { Roles.Lead, "DELETE", $"people/{Neighbour.Rater.PersonId}/sessions", "", 404 },
        { Roles.Admin, "POST", $"people/{Neighbour.Rater.PersonId}/invite", "", 404 },
        { Roles.Admin, "POST", "people", Person($"[\"{Theirs}\"]"), 422 },
        { Roles.Annotator, "POST", "tasks/next", $$"""{"projectId":"{{Theirs}}","holding":["t000001","t000002"]}""", 404 },
        { Roles.Annotator, "PUT", $"tasks/{Mine}/t000002/draft", $$$"""{"leaseId":"{{{Neighbour.Word}}}","revision":2,"judgement":{}}""", 404 },
        { Roles.Annotator, "PUT", $"annotations/{Mine}/t000002/{Guid.Empty}", $$$"""{"leaseId":"{{{Neighbour.Word}}}","judgement":{}}""", 404 },
        { Roles.Annotator, "DELETE", $"tasks/{Mine}/t000002/lease", $$"""{"leaseId":"{{Neighbour.Word}}","reason":"other"}""", 404 },
        { Roles.Adjudicator, "POST", "adjudications/next", $$"""{"projectId":"{{Theirs}}","holding":["t00003"]}""", 404 },
        { Roles.Adjudicator, "PUT", $"adjudications/{Mine}/t00003/{Guid.Empty}", $$$"""{"leaseId":"lease","decisions":[]}""", 404 },
        { Roles.Customer, "POST", $"batches/{Mine}/uploads", $$"""{"name":"../{{Theirs}}/x.jsonl"}""", TestStorage.IsAzure ? 200 : 409 }, // a link into one's own folder
    };

    /// <param name="expected">404 stands for all answers that are the same as for something that does not exist at all.</param>
    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task What_is_anothers_is_as_good_as_missing_in_a_body(string role, string method, string path, string body, int expected)
    {
        using var client = await _app.SignedInAsync(role, Mine);
        var before = await TwoCustomersTests.OfTheNeighbourAsync(_app);

        var answer = await SendAsync(client, method, path, body);
        var missing = await SendAsync(client, method, path, body.Replace(Theirs, "nowhere", StringComparison.Ordinal).Replace(Neighbour.GuidelineId, "nothing", StringComparison.Ordinal));

        if (expected == 404)
        {
            Assert.InRange((int)answer.StatusCode, 204, 499);
            Assert.Equal(missing.StatusCode, answer.StatusCode);
        }
        else
        {
            Assert.Equal(expected, (int)answer.StatusCode);
        }

        Assert.Equal(before, await TwoCustomersTests.OfTheNeighbourAsync(_app));
    }

    [Fact]
    public async Task A_file_cannot_be_named_into_anothers_folder()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync(Mine);
        using var customer = await app.SignedInAsync(Roles.Customer, Mine);
        var before = await TwoCustomersTests.OfTheNeighbourAsync(app);
        foreach (var name in new[] { $"../{Theirs}/x.jsonl", $"..%2F{Theirs}%2Fx.jsonl", $"..\\{Theirs}\\x.jsonl", $"/drop/{Theirs}/x.jsonl", "../../healtheval.db", "..", ".", "a/../../b" })
        {
            var answer = await customer.PostAsync($"batches/{Mine}?name={Uri.EscapeDataString(name)}", new StringContent("""{"prompt":"q","response":"a"}"""));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        Assert.Equal(before, (await TwoCustomersTests.OfTheNeighbourAsync(app)).Where(line => !line.StartsWith($"drop/{Mine}/", StringComparison.Ordinal)));
        Assert.All(await app.Files.ListAsync("drop/", default).ToListAsync(), file => Assert.StartsWith($"drop/{Mine}/", file.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_token_of_another_customer_leads_nowhere()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync(Mine);
        using var lead = await app.SignedInAsync(Roles.Lead, Mine);
        using var theirs = await app.SignedInAsync(Neighbour.People.Single(person => person.Roles.Contains(Roles.Lead)));
        for (var i = 0; i < 60; i++)
        {
            (await theirs.PostAsync($"batches/{Theirs}?name=n.jsonl", new StringContent($$"""{"prompt":"q{{i}}","response":"a"}"""))).EnsureSuccessStatusCode();
        }

        var token = (string)(await (await theirs.GetAsync($"batches/{Theirs}")).JsonAsync())["continuation"]!;
        var answer = await lead.GetAsync($"batches/{Mine}?continuation={Uri.EscapeDataString(token)}"); // what comes back is looked at by the client

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.BadRequest });
        Assert.All(answer.IsSuccessStatusCode ? (await answer.JsonAsync())["batches"]!.AsArray() : [], batch => Assert.Equal(Mine, (string?)batch!["projectId"]));
    }

    [Fact]
    public async Task Knowing_an_ETag_of_anothers_says_nothing_about_it()
    {
        using var theirs = await _app.SignedInAsync(Neighbour.People.Single(person => person.Roles.Contains(Roles.Lead)));
        using var lead = await _app.SignedInAsync(Roles.Lead, Mine);
        foreach (var path in new[] { $"projects/{Theirs}", $"reports/{Theirs}/2026-W47/workbook", $"reports/{Theirs}/2026-W47/manifest", $"guidelines/{Neighbour.GuidelineId}/1" })
        {
            var known = await theirs.GetAsync(path);
            Assert.Contains(known.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Found }); // a store may hand out its file itself
            var tag = known.StatusCode == HttpStatusCode.Found ? "\"known\""
                : known.Headers.ETag?.ToString() ?? $"\"{(string?)JsonNode.Parse(await known.Content.ReadAsStringAsync())!["etag"]}\"";
            foreach (var header in new[] { "If-None-Match", "If-Match" })
            {
                var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation(header, header == "If-None-Match" ? tag : "\"other\"");
                Assert.Equal((HttpStatusCode.NotFound, path), ((await lead.SendAsync(request)).StatusCode, path));
            }
        }
    }

    /// <summary>As a proxy or a shared disk would: an answer that holds somebody's data is for their browser alone.</summary>
    [Fact]
    public async Task No_answer_with_data_may_be_kept_for_others()
    {
        using var lead = await _app.SignedInAsync(Roles.Lead, Mine);
        foreach (var route in RouteTableTests.Routes(_app).Where(route => route is { Method: "GET" } && route.Allowed.Contains(Roles.Lead) && route.Policy != "open"))
        {
            var answer = await lead.SendAsync(DenialTests.Request(route, Mine));
            var kept = answer.Headers.CacheControl;
            Assert.True(kept is { NoStore: true } or { Private: true } or { NoCache: true }, $"{route.Pattern}: Cache-Control {kept}");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string body)
    {
        if (method == "PATCH")
        {
            return await client.PatchAsync(path, body);
        }

        return await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = body.Length > 0 ? Body.Text(body) : null });
    }

    private static string Person(string projects) => $$"""{"name":"n","roles":["customer"],"projects":{{projects}},"active":true,"email":null,"credential":null}""";

    /// <summary>One program for all that is refused: it changes nothing.</summary>
    public sealed class Populated : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            App = await TestApp.StartAsync();
            await TwoCustomersTests.PopulateAsync(App);
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
