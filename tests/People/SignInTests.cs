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

    [Theory]
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
        return (await app.Services.GetRequiredService<SignIn>().InviteAsync(person.PersonId, default)).Token;
    }
}
