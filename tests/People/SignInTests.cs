using System.Net;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.People;

public sealed class SignInTests
{
    [Fact]
    public async Task A_link_signs_in_once()
    {
        await using var app = await TestApp.StartAsync();
        var token = await LinkAsync(app);

        using var first = app.Anonymous();
        Assert.Equal(HttpStatusCode.NoContent, (await first.PostAsync("session", Body.Of(new { token }))).StatusCode);
        Assert.Equal("annotator", (await (await first.GetAsync("me")).JsonAsync())["roles"]![0]!.GetValue<string>());
        using var second = app.Anonymous();
        Assert.Equal("link_used", await (await second.PostAsync("session", Body.Of(new { token }))).ProblemAsync(401));
    }

    [Fact]
    public async Task Two_clicks_at_the_same_moment_make_one_session()
    {
        await using var app = await TestApp.StartAsync();
        var token = await LinkAsync(app);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.Anonymous().PostAsync("session", Body.Of(new { token }))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_link_expires_after_seven_days()
    {
        await using var app = await TestApp.StartAsync();
        var token = await LinkAsync(app);
        app.Time.Advance(TimeSpan.FromDays(7));

        Assert.Equal("link_used", await (await app.Anonymous().PostAsync("session", Body.Of(new { token }))).ProblemAsync(401));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_the_server()
    {
        await using var app = await TestApp.StartAsync();
        using var client = await app.SignedInAsync(Roles.Lead);

        await client.DeleteAsync("session");

        Assert.Equal("signed_out", await (await client.GetAsync("me")).ProblemAsync(401));
    }

    [Fact]
    public async Task Somebody_set_to_inactive_is_out_at_once()
    {
        await using var app = await TestApp.StartAsync();
        var person = Someone.With(Roles.Annotator);
        using var client = await app.SignedInAsync(person);

        await app.Store.CommitAsync(new Write.Put(Person.Key(person.PersonId), person with { Active = false }), default);

        Assert.Equal("signed_out", await (await client.GetAsync("me")).ProblemAsync(401));
    }

    [Fact]
    public async Task Who_comes_back_is_not_let_in_by_what_was_theirs_before()
    {
        await using var app = await TestApp.StartAsync();
        using var admin = await app.SignedInAsync(Roles.Admin);
        var person = Someone.With(Roles.Annotator);
        using var client = await app.SignedInAsync(person);
        var (unused, _) = await app.Services.GetRequiredService<SignIn>().InviteAsync(person, by: null, Invite.Lifetime, default);

        await admin.PatchAsync($"people/{person.PersonId}", """{"active":false}""");
        await admin.PatchAsync($"people/{person.PersonId}", """{"active":true}""");

        Assert.Equal("signed_out", await (await client.GetAsync("me")).ProblemAsync(401));
        Assert.Equal("link_used", await (await app.Anonymous().PostAsync("session", Body.Of(new { token = unused }))).ProblemAsync(401));
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends_and_one_that_is_used_goes_on()
    {
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Auth:IdleTimeout"] = "08:00:00");
        using var idle = await app.SignedInAsync(Roles.Annotator);
        using var busy = await app.SignedInAsync(Roles.Annotator);
        for (var hour = 0; hour < 8; hour++)
        {
            app.Time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("me")).StatusCode);
        }

        Assert.Equal("signed_out", await (await idle.GetAsync("me")).ProblemAsync(401));
    }

    /// <summary>The other tests move the clock by weeks, so that their program is told to wait longer (TestApp).</summary>
    [Fact]
    public async Task As_the_program_comes_three_days_without_a_request_end_a_session()
    {
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Auth:IdleTimeout"] = null);
        using var idle = await app.SignedInAsync(Roles.Annotator);
        using var weekend = await app.SignedInAsync(Roles.Annotator);
        app.Time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await weekend.GetAsync("me")).StatusCode);

        app.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("signed_out", await (await idle.GetAsync("me")).ProblemAsync(401));
        Assert.Equal(HttpStatusCode.OK, (await weekend.GetAsync("me")).StatusCode);
    }

    [Fact]
    public async Task A_person_sees_their_sessions_and_ends_all_of_them()
    {
        await using var app = await TestApp.StartAsync();
        var person = Someone.With(Roles.Annotator);
        using var here = await app.SignedInAsync(person);
        using var there = await app.SignedInAsync(person);
        using var other = await app.SignedInAsync(Roles.Annotator);
        Assert.Equal([false, true], (await (await here.GetAsync("me/sessions")).JsonAsync())["sessions"]!.AsArray().Select(session => (bool)session!["here"]!).Order());

        Assert.Equal(HttpStatusCode.NoContent, (await here.DeleteAsync("me/sessions")).StatusCode);

        Assert.Equal("signed_out", await (await here.GetAsync("me")).ProblemAsync(401));
        Assert.Equal("signed_out", await (await there.GetAsync("me")).ProblemAsync(401));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("me")).StatusCode);
    }

    [Fact]
    public async Task Who_may_change_somebody_sees_their_sessions_and_ends_them()
    {
        await using var app = await TestApp.StartAsync(builder => builder.Configuration["Auth:IdleTimeout"] = "08:00:00");
        var person = Someone.With(Roles.Annotator, "p1");
        using var idle = await app.SignedInAsync(person);
        app.Time.Advance(TimeSpan.FromHours(8));
        using var client = await app.SignedInAsync(person);
        using var admin = await app.SignedInAsync(Roles.Admin);
        using var stranger = await app.SignedInAsync(Roles.Lead, "p2");
        async Task<int> OpenAsync() => (await (await admin.GetAsync($"people/{person.PersonId}/sessions")).JsonAsync())["sessions"]!.AsArray().Count;

        Assert.Equal(1, await OpenAsync()); // what has run out is not one
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"people/{person.PersonId}/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"people/{person.PersonId}/sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("me")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"people/{person.PersonId}/sessions")).StatusCode);
        Assert.Equal(0, await OpenAsync());
        Assert.Equal("signed_out", await (await client.GetAsync("me")).ProblemAsync(401));
    }

    [Fact]
    public async Task Sessions_and_links_from_before_this_version_still_work()
    {
        await using var app = await TestApp.StartAsync();
        var person = Someone.With(Roles.Annotator);
        await app.Store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), default);
        var until = Json.Stamp(app.Time.GetUtcNow().AddDays(3));
        await PutOldAsync(app, Session.Key("old-session"), $$"""{"personId":"{{person.PersonId}}","expiresAt":"{{until}}"}""");
        await PutOldAsync(app, Invite.Key("old-link"), $$"""{"personId":"{{person.PersonId}}","expiresAt":"{{until}}"}""");
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", $"{LocalAuthentication.Cookie}=old-session");

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("me")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Anonymous().PostAsync("session", Body.Of(new { token = "old-link" }))).StatusCode);
    }

    private static Task<CommitResult> PutOldAsync(TestApp app, DocumentKey key, string json) =>
        app.Store.CommitAsync(new Write.Create(key, new StoredJson(System.Text.Encoding.UTF8.GetBytes(json))), default);

    [Theory]
    [Trait("Store", "none")]
    [InlineData("{}", 401)]
    [InlineData("{\"token\":null}", 401)]
    [InlineData("{\"token\":\"nonsense\"}", 401)]
    [InlineData("{\"token\":5}", 400)]
    [InlineData("{\"token\":\"a\",\"token\":\"b\"}", 400)]
    [InlineData("not json", 400)]
    [InlineData("", 400)]
    public async Task A_body_that_is_no_token_is_refused_with_a_reason(string body, int status)
    {
        await using var app = await TestApp.StartAsync();

        Assert.NotNull(await (await app.Anonymous().PostAsync("session", Body.Text(body))).ProblemAsync(status));
    }

    private static async Task<string> LinkAsync(TestApp app)
    {
        var person = Someone.With(Roles.Annotator);
        await app.Store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), default);
        return (await app.Services.GetRequiredService<SignIn>().InviteAsync(person, by: null, Invite.Lifetime, default)).Token;
    }
}
