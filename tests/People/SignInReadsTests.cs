using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;

namespace HealthEval.Tests.People;

/// <summary>What it costs on the platform to know who is calling, counted at the Cosmos test server.</summary>
public sealed class SignInReadsTests(CosmosFixture cosmos) : IAsyncLifetime
{
    private const int Installation = 1_200;
    private TestApp _app = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        var settings = await TestStorage.AzureSettingsAsync();
        _database = settings["Storage:CosmosDatabase"]!;
        settings["Auth:Mode"] = PeopleSetup.PlatformMode;
        _app = await TestApp.StartAsync(builder => builder.Configuration.AddInMemoryCollection(settings));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Whoever_has_been_here_costs_nothing_for_twenty_seconds_and_then_one_point_read()
    {
        await FillAsync();
        var header = Principal("ada@clinic.example");
        await EnterAsync(Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" });
        await MeAsync(header, HttpStatusCode.OK); // becomes the person who was entered

        Assert.Equal("", await AskedAsync(() => MeAsync(header, HttpStatusCode.OK, times: 50)));
        for (var minute = 0; minute < 3; minute++)
        {
            _app.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("1 point read", await AskedAsync(() => MeAsync(header, HttpStatusCode.OK, times: 50)));
        }
    }

    [Fact]
    public async Task A_change_of_somebodys_roles_counts_after_twenty_seconds()
    {
        var header = Principal("ada@clinic.example");
        var person = Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" };
        await EnterAsync(person);
        await MeAsync(header, HttpStatusCode.OK);
        var matched = (await _app.Store.FindAsync<Person>(Person.Key(person.PersonId), default))!;
        await _app.Store.CommitAsync(new Write.Replace(Person.Key(person.PersonId), matched.Value with { Active = false }, matched.ETag), default);

        await MeAsync(header, HttpStatusCode.OK);
        _app.Time.Advance(TimeSpan.FromSeconds(21));
        await MeAsync(header, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_stranger_makes_the_program_look_for_them_once_in_five_seconds_and_gets_in_when_entered()
    {
        await FillAsync();
        var header = Principal("eve@elsewhere.example");

        var first = await AskedAsync(() => MeAsync(header, HttpStatusCode.Unauthorized));
        Assert.Contains("query", first, StringComparison.Ordinal);
        Assert.Equal("", await AskedAsync(() => MeAsync(header, HttpStatusCode.Unauthorized, times: 50)));

        await EnterAsync(Someone.With(Roles.Annotator) with { Email = "eve@elsewhere.example" });
        _app.Time.Advance(TimeSpan.FromSeconds(6));
        await MeAsync(header, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_is_entered_gets_in_at_once_where_they_were_entered()
    {
        await _app.AddProjectAsync("mine");
        await EnterAsync(Someone.With(Roles.Admin) with { Email = "admin@clinic.example" });
        await MeAsync(Principal("eve@elsewhere.example"), HttpStatusCode.Unauthorized);
        using var admin = Client(Principal("admin@clinic.example"));

        var entered = await admin.PostAsync("people", Body.Of(new { name = "Eve", email = "eve@elsewhere.example", roles = new[] { "customer" }, projects = new[] { "mine" }, active = true }));

        Assert.Equal(HttpStatusCode.Created, entered.StatusCode);
        await MeAsync(Principal("eve@elsewhere.example"), HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_was_forgotten_and_is_entered_again_is_the_new_person()
    {
        var header = Principal("ada@clinic.example");
        var before = Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" };
        await EnterAsync(before);
        await MeAsync(header, HttpStatusCode.OK);
        await _app.Store.CommitAsync(new Write.Delete(Person.Key(before.PersonId)), default);
        await _app.Store.CommitAsync(new Write.Delete(Account.Key(PlatformPrincipal.Parse(header)!.Account)), default);
        var after = Someone.With(Roles.Annotator) with { Email = "ada@clinic.example" };
        await EnterAsync(after);
        _app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(after.PersonId, (string)(await MeAsync(header, HttpStatusCode.OK))!["personId"]!);
    }

    [Fact]
    public async Task A_token_that_only_reads_is_looked_up_once_in_twenty_seconds_and_one_that_writes_every_time()
    {
        await _app.AddProjectAsync("mine");
        await EnterAsync(Someone.With(Roles.Lead, "mine") with { Email = "lead@clinic.example" });
        using var lead = Client(Principal("lead@clinic.example"));
        var made = await lead.PostAsync("tokens/mine", Body.Of(new { name = "nightly", scopes = new[] { "batches:read", "batches:write" }, days = 30 }));
        var token = (string)(await made.JsonAsync())["token"]!;
        using var program = _app.Anonymous();
        program.DefaultRequestHeaders.Add(TokenAuthentication.Header, token);
        async Task ReadAsync() => Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("batches/mine")).StatusCode);
        async Task WriteAsync() => Assert.Equal(HttpStatusCode.Accepted, (await program.PostAsync($"batches/mine?name={Guid.NewGuid()}.jsonl", Body.Text("""{"prompt":"q","response":"a"}"""))).StatusCode);
        await ReadAsync();

        var (once, twice) = (await ReadsAsync("/token:", ReadAsync), await ReadsAsync("/token:", ReadAsync));
        var writes = (await ReadsAsync("/token:", WriteAsync), await ReadsAsync("/token:", WriteAsync));
        _app.Time.Advance(TimeSpan.FromSeconds(21));
        var later = await ReadsAsync("/token:", ReadAsync);

        Assert.Equal((0, 0, (1, 1), 1), (once, twice, writes, later));
        Assert.Equal(HttpStatusCode.NoContent, (await lead.DeleteAsync($"tokens/mine/{ApiToken.IdOf(token)}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await program.PostAsync("batches/mine?name=x.jsonl", Body.Text("{}"))).StatusCode); // what changes something looks anew
        _app.Time.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("batches/mine")).StatusCode);
    }

    private async Task FillAsync()
    {
        foreach (var chunk in Enumerable.Range(0, Installation).Chunk(90))
        {
            await _app.Store.CommitAsync([.. chunk.Select(n => Someone.With(Roles.Annotator) with { Email = $"rater{n}@clinic.example" }).Select(person => new Write.Create(Person.Key(person.PersonId), person))], default);
        }
    }

    private async Task EnterAsync(Person person) => await _app.Store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), default);

    private async Task<JsonNode?> MeAsync(string header, HttpStatusCode expected, int times = 1)
    {
        JsonNode? last = null;
        using var client = Client(header);
        for (var call = 0; call < times; call++)
        {
            var answer = await client.GetAsync("me");
            Assert.Equal(expected, answer.StatusCode);
            last = answer.IsSuccessStatusCode ? await answer.JsonAsync() : null;
        }

        return last;
    }

    private HttpClient Client(string header)
    {
        var client = _app.Anonymous();
        client.DefaultRequestHeaders.Add(PlatformAuthentication.Header, header);
        return client;
    }

    /// <summary>What was asked of the documents meanwhile, such as <c>1 point read</c>.</summary>
    private async Task<string> AskedAsync(Func<Task> work)
    {
        var asked = await RequestsAsync(work);
        return string.Join(", ", asked.GroupBy(request => request.Sql is not null ? "query" : request.Method == "GET" ? "point read" : "write").Select(kind => $"{kind.Count()} {kind.Key}"));
    }

    /// <summary>How many tokens were read by their id.</summary>
    private async Task<int> ReadsAsync(string kind, Func<Task> work) =>
        (await RequestsAsync(work)).Count(request => request.Method == "GET" && request.Sql is null && Uri.UnescapeDataString(request.Path).Contains(kind, StringComparison.OrdinalIgnoreCase));

    private async Task<List<Cosmos.CosmosRequest>> RequestsAsync(Func<Task> work)
    {
        var server = await cosmos.ServerAsync();
        var before = server.Requests.Count(Mine);
        await work();
        return [.. server.Requests.Where(Mine).Skip(before)];

        bool Mine(Cosmos.CosmosRequest request) => request.Path.StartsWith($"/dbs/{_database}/", StringComparison.Ordinal) && request.Path.Contains("/docs", StringComparison.Ordinal);
    }

    private static string Principal(string email) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new { identityProvider = "aad", userId = $"id-of-{email}", userDetails = email, userRoles = new[] { "authenticated" } })));
}
