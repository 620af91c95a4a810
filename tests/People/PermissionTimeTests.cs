using System.Net;
using System.Text;
using System.Text.Json;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.People;

/// <summary>Who may do what, just before the moment at which it ends, at it, and while they are at work.</summary>
public sealed class PermissionTimeTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);

    [Fact]
    public async Task A_session_ends_when_its_time_is_over_whoever_has_the_cookie()
    {
        await using var app = await TestApp.StartAsync();
        using var client = await WithCookieAsync(app, Someone.With(Roles.Annotator));
        Assert.InRange(Session.Lifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(14));

        for (var days = 2; days < Session.Lifetime.Days; days += 2) // in use, so that it is not over for idleness
        {
            app.Time.Advance(TimeSpan.FromDays(2));
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("me")).StatusCode);
        }

        app.Time.Advance(TimeSpan.FromDays(2) - Moment);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("me")).StatusCode);
        app.Time.Advance(Moment);
        Assert.Equal("signed_out", await (await client.GetAsync("me")).ProblemAsync(401));
    }

    [Fact]
    public async Task A_link_works_until_its_time_is_over_and_not_at_it()
    {
        await using var app = await TestApp.StartAsync();
        var signIn = app.Services.GetRequiredService<SignIn>();
        Assert.InRange(Invite.Lifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        var person = Someone.With(Roles.Annotator);
        await ChangeAsync(app, person);
        var (early, _) = await signIn.InviteAsync(person, by: null, Invite.Lifetime, default);
        var (late, _) = await signIn.InviteAsync(person, by: null, Invite.Lifetime, default);

        app.Time.Advance(Invite.Lifetime - Moment);
        Assert.NotNull(await signIn.UseAsync(early, default));
        app.Time.Advance(Moment);
        Assert.Null(await signIn.UseAsync(late, default));
    }

    [Fact]
    public async Task A_cookie_that_was_signed_out_opens_nothing_in_another_window()
    {
        await using var app = await TestApp.StartAsync();
        var person = Someone.With(Roles.Lead);
        using var client = await WithCookieAsync(app, person);
        using var elsewhere = await WithCookieAsync(app, person);
        using var copied = app.Anonymous();
        copied.DefaultRequestHeaders.Add("Cookie", client.DefaultRequestHeaders.GetValues("Cookie"));
        Assert.Equal(HttpStatusCode.OK, (await copied.GetAsync("me")).StatusCode);

        (await client.DeleteAsync("session")).EnsureSuccessStatusCode();

        Assert.Equal("signed_out", await (await copied.GetAsync("me")).ProblemAsync(401));
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("me")).StatusCode);
    }

    [Fact]
    public async Task What_is_taken_from_a_person_is_gone_with_their_next_request()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, 4).Select(n => Work.Item("p1", n)));
        var person = Someone.With(Roles.Annotator, "p1");
        using var rater = await app.SignedInAsync(person);
        var held = (await rater.NextAsync())!;

        await ChangeAsync(app, person with { Credential = new Credential("MD", 8, ["diagnostics"], ["en"]) });
        Assert.Null(await rater.NextAsync(null, held.TaskId()));

        await ChangeAsync(app, person with { Roles = [Roles.Customer] });
        Assert.Equal(HttpStatusCode.Forbidden, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);

        await ChangeAsync(app, person with { Projects = ["p2"] });
        Assert.Equal(HttpStatusCode.NotFound, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);
        var renewed = await rater.PostAsync($"tasks/p1/{held.TaskId()}/lease", Body.Of(new { leaseId = held.LeaseId() }));
        Assert.Equal("not_found", await renewed.ProblemAsync(404));

        await ChangeAsync(app, person with { Active = false });
        Assert.Equal(HttpStatusCode.Unauthorized, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);

        await ChangeAsync(app, person);
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(held, Work.Judgement())).StatusCode);
    }

    [Fact]
    public async Task A_lease_holds_until_its_moment_and_not_at_it()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1), Work.Item("p1", 2)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        using var other = await app.SignedInAsync(Roles.Annotator);
        var (first, second) = ((await rater.NextAsync())!, (await other.NextAsync())!);

        app.Time.Advance(project.Lease - Moment);
        Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(first, Work.Judgement())).StatusCode);
        app.Time.Advance(Moment);
        Assert.Equal("lease_gone", await (await other.SubmitAsync(second, Work.Judgement())).ProblemAsync(409));
    }

    /// <summary>Under the platform's sign-in people are remembered for a moment: so long, and no longer, an old role may count.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Under_the_platforms_sign_in_a_role_that_was_taken_is_gone_after_twenty_seconds(bool deactivated)
    {
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Auth:Mode"] = PeopleSetup.PlatformMode);
        var person = Someone.With(Roles.Lead, "p1") with { Email = "lead@clinic.example" };
        await ChangeAsync(app, person);
        await app.AddProjectAsync("p1");
        Assert.Equal(HttpStatusCode.OK, (await AsAsync(app, "quality/p1")).StatusCode);

        await ChangeAsync(app, deactivated ? person with { Active = false } : person with { Roles = [Roles.Customer] });
        app.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(deactivated ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, (await AsAsync(app, "quality/p1")).StatusCode);
    }

    /// <summary>What was read once is remembered: under its own version, never under its name alone.</summary>
    [Fact]
    public async Task Versions_of_a_guideline_that_are_read_in_turns_stay_apart()
    {
        await using var app = await TestApp.StartAsync();
        var library = app.Services.GetRequiredService<GuidelineLibrary>();
        foreach (var version in (int[])[1, 2])
        {
            var guideline = GuidelineLibrary.Default with { Id = "house", Version = version, Title = $"Title {version}" };
            await app.Store.CommitAsync(new Write.Create(Guideline.Key("house", version), guideline), default);
        }

        foreach (var version in (int[])[1, 2, 1, 2])
        {
            Assert.Equal($"Title {version}", (await library.FindAsync("house", version, default))!.Title);
        }

        Assert.Null(await library.FindAsync("house", 3, default));
    }

    [Theory]
    [InlineData("""["customer","annotator"]""")]
    [InlineData("""["adjudicator","customer"]""")]
    public async Task A_customer_is_nothing_else(string roles)
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.SignedInAsync(Roles.Admin);
        var credential = """{"degree":"MD","years":9,"subdomains":["general"],"languages":["en"]}""";

        var answer = await admin.PostAsync("people", Body.Text($$"""{"name":"A","roles":{{roles}},"projects":["p1"],"credential":{{credential}}}"""));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(["roles"], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [InlineData(Roles.Lead)]
    [InlineData(Roles.Admin)]
    public async Task A_lead_makes_no_link_for_another_lead_or_an_admin_and_changes_neither(string role)
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");
        var other = Someone.With(role, "p1");
        await ChangeAsync(app, other);

        Assert.Equal(HttpStatusCode.Forbidden, (await lead.PostAsync($"people/{other.PersonId}/invite", null)).StatusCode);
        Assert.Equal("not_found", await (await lead.PostAsync($"people/{other.PersonId}/link-request", null)).ProblemAsync(404));
        Assert.Equal("not_found", await (await lead.DeleteAsync($"people/{other.PersonId}/sessions")).ProblemAsync(404));
        var change = new HttpRequestMessage(HttpMethod.Put, $"people/{other.PersonId}")
        {
            Content = Body.Text("""{"name":"Mine","roles":["customer"],"projects":["p1"]}"""),
        };
        change.Headers.TryAddWithoutValidation("If-Match", "\"*\"");
        Assert.Equal(HttpStatusCode.Forbidden, (await lead.SendAsync(change)).StatusCode);
        Assert.Equal(other.Roles, (await app.Store.FindAsync<Person>(Person.Key(other.PersonId), default))!.Value.Roles);
    }

    private static Task<CommitResult> ChangeAsync(TestApp app, Person person) =>
        app.Store.CommitAsync(new Write.Put(Person.Key(person.PersonId), person), default);

    /// <summary>A client that sends the cookie whatever the server says about it: what somebody does who has copied it.</summary>
    private static async Task<HttpClient> WithCookieAsync(TestApp app, Person person)
    {
        await ChangeAsync(app, person);
        var signIn = app.Services.GetRequiredService<SignIn>();
        var session = await signIn.UseAsync((await signIn.InviteAsync(person, by: null, Invite.Lifetime, default)).Token, default);
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", $"{LocalAuthentication.Cookie}={session}");
        return client;
    }

    private static async Task<HttpResponseMessage> AsAsync(TestApp app, string path)
    {
        var principal = new { identityProvider = "aad", userId = "id-of-lead", userDetails = "lead@clinic.example", userRoles = (string[])["authenticated"] };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(PlatformAuthentication.Header, Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(principal))));
        return await app.Anonymous().SendAsync(request);
    }
}
