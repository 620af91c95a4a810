using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.Architecture;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.People;

/// <summary>Tokens for programs: what they open, what they don't, and when they end.</summary>
public sealed class TokensTests
{
    private static readonly string[] Scopes = ["batches:read", "batches:write", "exports:read", "reports:compile", "reports:read"];

    [Fact]
    public async Task A_token_opens_the_routes_of_its_scope_and_no_other()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var lead = await app.SignedInAsync(Roles.Lead, "mine");
        var walked = 0;
        foreach (var scope in Scopes)
        {
            using var program = Program(app, await MakeAsync(lead, "mine", scope));
            foreach (var route in RouteTableTests.Routes(app).Where(route => route.Policy != "open"))
            {
                var answer = await program.SendAsync(DenialTests.Request(route, "mine"));
                var expected = route.Token == scope;
                Assert.True(expected != (answer.StatusCode == HttpStatusCode.Forbidden), $"{scope}: {route.Method} {route.Pattern}: {(int)answer.StatusCode}");
                walked++;
            }
        }

        Assert.True(walked > 200, "the walk was too short to prove anything");
        Assert.Equal(Scopes, RouteTableTests.Routes(app).Select(route => route.Token).OfType<string>().Distinct().Order());
    }

    [Fact]
    public async Task Another_project_is_as_good_as_missing()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        await app.AddProjectAsync("theirs");
        using var lead = await app.SignedInAsync(Roles.Lead, "mine", "theirs");
        using var program = Program(app, await MakeAsync(lead, "mine", Scopes));

        foreach (var route in RouteTableTests.Routes(app).Where(route => route.Token is not null))
        {
            Assert.Equal(HttpStatusCode.NotFound, (await program.SendAsync(DenialTests.Request(route))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await program.SendAsync(DenialTests.Request(route, Neighbour.ProjectId))).StatusCode);
        }
    }

    [Fact]
    public async Task A_program_uploads_and_is_on_record_under_the_tokens_own_name()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var customer = await app.SignedInAsync(Roles.Customer, "mine");
        var token = await MakeAsync(customer, "mine", "batches:write");
        using var program = Program(app, token);

        var answer = await program.PostAsync("batches/mine?name=a.jsonl&attested=true", Body.Text("""{"prompt":"q","response":"a"}"""));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var listed = (await (await customer.GetAsync("tokens/mine")).JsonAsync())["tokens"]![0]!;
        Assert.NotNull(listed["lastUsedAt"]);
        var batch = (await (await customer.GetAsync("batches/mine")).JsonAsync())["batches"]![0]!;
        Assert.Equal(listed["tokenId"]!.GetValue<string>(), batch["attested"]!["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task Only_its_hash_is_kept()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var lead = await app.SignedInAsync(Roles.Lead, "mine");
        var token = await MakeAsync(lead, "mine", "reports:read");

        Assert.DoesNotContain(token, await (await lead.GetAsync("tokens/mine")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await foreach (var kept in app.Store.AllAsync<JsonObject>(new DocumentQuery(DocumentKind.Token), default))
        {
            Assert.DoesNotContain(token, kept.Value.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(token, await (await lead.GetAsync("audit/mine")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("maker gone")]
    [InlineData("maker without the project")]
    [InlineData("from a clock that was ahead")]
    public async Task A_token_ends(string how)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        var maker = Someone.With(Roles.Lead, "mine");
        using var lead = await app.SignedInAsync(maker);
        var token = await MakeAsync(lead, "mine", "batches:read");
        using var program = Program(app, token);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("batches/mine")).StatusCode);

        switch (how)
        {
            case "revoked":
                Assert.Equal(HttpStatusCode.NoContent, (await lead.DeleteAsync($"tokens/mine/{ApiToken.IdOf(token)}")).StatusCode);
                break;
            case "expired":
                app.Time.Advance(TimeSpan.FromDays(30));
                break;
            case "maker gone":
                await app.Store.CommitAsync(new Write.Put(Person.Key(maker.PersonId), maker with { Active = false }), default);
                break;
            case "maker without the project":
                await app.Store.CommitAsync(new Write.Put(Person.Key(maker.PersonId), maker with { Projects = ["theirs"] }), default);
                break;
            default:
                app.Time.Advance(-TimeSpan.FromDays(400));
                break;
        }

        Assert.Equal("token_ended", await (await program.GetAsync("batches/mine")).ProblemAsync(403));
    }

    /// <summary>By what a lead of the project does, and undoes.</summary>
    [Theory]
    [InlineData("active", "false", "true")]
    [InlineData("projects", "[\"theirs\"]", "[\"mine\",\"theirs\"]")]
    public async Task What_ended_with_its_makers_rights_does_not_come_back_with_them(string field, string taken, string given)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        await app.AddProjectAsync("theirs");
        var maker = Someone.With(Roles.Customer, "mine", "theirs");
        using var customer = await app.SignedInAsync(maker);
        using var lead = await app.SignedInAsync(Roles.Lead, "mine", "theirs");
        using var ended = Program(app, await MakeAsync(customer, "mine", "batches:read"));
        using var other = Program(app, await MakeAsync(customer, "theirs", "batches:read"));
        foreach (var value in new[] { taken, given })
        {
            (await lead.PatchAsync($"people/{maker.PersonId}", $$"""{"{{field}}":{{value}}}""")).EnsureSuccessStatusCode();
        }

        Assert.Equal("token_ended", await (await ended.GetAsync("batches/mine")).ProblemAsync(403));
        Assert.Equal(field == "projects" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await other.GetAsync("batches/theirs")).StatusCode);
        Assert.Equal("revoked", (string)(await (await lead.GetAsync("tokens/mine")).JsonAsync())["tokens"]![0]!["state"]!);
        Assert.Contains("token.revoked", await (await lead.GetAsync("audit/mine")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>What was meant as a token is never answered with 401, for which the site's configuration sends to its sign-in page.</summary>
    [Theory]
    [InlineData("Bearer het_", HttpStatusCode.Forbidden)]
    [InlineData("Bearer het_nobodys-token", HttpStatusCode.Forbidden)]
    [InlineData("bearer  het_nobodys-token", HttpStatusCode.Forbidden)]
    [InlineData("Basic het_nobodys-token", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer", HttpStatusCode.Unauthorized)]
    public async Task What_is_no_token_opens_nothing(string header, HttpStatusCode expected)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var program = app.Anonymous();
        program.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        Assert.Equal(expected, (await program.GetAsync("batches/mine")).StatusCode);
    }

    [Fact]
    public async Task A_token_does_not_widen_what_a_signed_in_person_may()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var lead = await app.SignedInAsync(Roles.Lead, "mine");
        var token = await MakeAsync(lead, "mine", "batches:read");
        using var rater = await app.SignedInAsync(Roles.Annotator, "mine");
        rater.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal(HttpStatusCode.OK, (await rater.GetAsync("batches/mine")).StatusCode); // the program's right
        Assert.Equal(HttpStatusCode.Forbidden, (await rater.GetAsync("tasks/desk")).StatusCode); // and not the rater's as well
    }

    [Theory]
    [InlineData("customer", "{\"name\":\"x\",\"scopes\":[\"reports:compile\"],\"days\":30}", "scopes")]
    [InlineData("lead", "{\"name\":\"x\",\"scopes\":[\"everything\"],\"days\":30}", "scopes")]
    [InlineData("lead", "{\"name\":\"x\",\"scopes\":[],\"days\":30}", "scopes")]
    [InlineData("lead", "{\"name\":\" \",\"scopes\":[\"reports:read\"],\"days\":30}", "name")]
    [InlineData("lead", "{\"name\":\"x\",\"scopes\":[\"reports:read\"],\"days\":366}", "days")]
    [InlineData("lead", "{\"name\":\"x\",\"scopes\":[\"reports:read\"]}", "days")]
    public async Task A_token_that_nobody_may_make_is_refused_with_its_field(string role, string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var client = await app.SignedInAsync(role, "mine");

        var answer = await client.PostAsync("tokens/mine", Body.Text(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
    }

    [Fact]
    public async Task A_customer_sees_and_revokes_their_own_and_a_lead_all()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var lead = await app.SignedInAsync(Roles.Lead, "mine");
        using var customer = await app.SignedInAsync(Roles.Customer, "mine");
        var (ofLead, ofCustomer) = (await MakeAsync(lead, "mine", "reports:read"), await MakeAsync(customer, "mine", "reports:read"));

        Assert.Single((await (await customer.GetAsync("tokens/mine")).JsonAsync())["tokens"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await customer.DeleteAsync($"tokens/mine/{ApiToken.IdOf(ofLead)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await lead.DeleteAsync($"tokens/mine/{ApiToken.IdOf(ofCustomer)}")).StatusCode);
        Assert.Equal(["working", "revoked"], (await (await lead.GetAsync("tokens/mine")).JsonAsync())["tokens"]!.AsArray().Select(token => token!["state"]!.GetValue<string>()).OrderDescending());
    }

    [Fact]
    public async Task A_token_is_held_to_the_limits_of_one_caller()
    {
        await using var app = await TestApp.StartAsync(builder =>
        {
            builder.Configuration["Limits:RequestsOfPerson"] = "5";
            builder.Configuration["Limits:RequestsOfPersonPerSecond"] = "1";
        });
        await app.AddProjectAsync("mine");
        using var lead = await app.SignedInAsync(Roles.Lead, "mine");
        using var program = Program(app, await MakeAsync(lead, "mine", "batches:read"));

        var answers = new List<HttpStatusCode>();
        for (var n = 0; n < 12; n++)
        {
            answers.Add((await program.GetAsync("batches/mine")).StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
    }

    [Fact]
    public async Task Where_the_platform_takes_the_usual_header_another_one_is_read()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("mine");
        using var lead = await app.SignedInAsync(Roles.Lead, "mine");
        var token = await MakeAsync(lead, "mine", "batches:read");
        using var program = app.Anonymous();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-platforms-own");
        program.DefaultRequestHeaders.Add(TokenAuthentication.Header, token);

        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("batches/mine")).StatusCode);
    }

    private static HttpClient Program(TestApp app, string token)
    {
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<string> MakeAsync(HttpClient client, string project, params string[] scopes)
    {
        var answer = await client.PostAsync($"tokens/{project}", Body.Of(new { name = "nightly upload", scopes, days = 30 }));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.JsonAsync())["token"]!.GetValue<string>();
    }
}
