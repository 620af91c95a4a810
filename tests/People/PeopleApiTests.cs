using System.Net;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.People;

public sealed class PeopleApiTests
{
    private const string Rater = """{"name":"Ada","email":null,"roles":["annotator"],"projects":["p1"],"credential":{"degree":"MD","years":7,"subdomains":["general"],"languages":["en"]},"active":true}""";

    [Fact]
    public async Task Somebody_is_added_invited_and_signs_in()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        using var admin = await app.SignedInAsync(Roles.Admin);
        var person = await (await lead.PostAsync("people", Body.Text(Rater))).JsonAsync();

        var invite = await (await admin.PostAsync($"people/{person["personId"]}/invite", null)).JsonAsync();
        var token = invite["link"]!.GetValue<string>().Split("/#/sign-in/")[1];
        using var rater = app.Anonymous();

        Assert.Equal(HttpStatusCode.NoContent, (await rater.PostAsync("session", Body.Of(new { token }))).StatusCode);
        Assert.Equal("Ada", (await (await rater.GetAsync("me")).JsonAsync())["name"]!.GetValue<string>());
    }

    [Theory]
    [Trait("Store", "none")]
    [InlineData("""{"roles":["annotator"],"projects":["p1"],"credential":{"degree":"MD","years":7,"subdomains":["general"],"languages":["en"]}}""", "name")]
    [InlineData("""{"name":"A","roles":["annotator"],"projects":["p1"]}""", "credential")]
    [InlineData("""{"name":"A","roles":[],"projects":["p1"]}""", "roles")]
    [InlineData("""{"name":"A","roles":["emperor"],"projects":["p1"]}""", "roles")]
    [InlineData("""{"name":"A","roles":["lead"],"projects":["p1"]}""", "roles")]
    [InlineData("""{"name":"A","roles":["customer"]}""", "projects")]
    [InlineData("""{"name":"A","roles":["annotator"],"credential":{"degree":"MD","years":9,"subdomains":["general"],"languages":["en"]}}""", "projects")]
    [InlineData("""{"name":"A","roles":["customer"],"projects":["*"]}""", "projects")]
    [InlineData("""{"name":"A","roles":["annotator"],"projects":["p1"],"credential":{"degree":"MD","years":4,"subdomains":["general"],"languages":["en"]}}""", "credential.years")]
    [InlineData("""{"name":"A","roles":["annotator"],"projects":["p1"],"credential":{"degree":"Wizard","years":9,"subdomains":["general"],"languages":["en"]}}""", "credential.degree")]
    [InlineData("""{"name":"A","roles":["annotator"],"projects":["p1"],"credential":{"degree":"MD","years":9,"subdomains":[],"languages":["en"]}}""", "credential.subdomains")]
    [InlineData("""{"name":"A","roles":["annotator"],"projects":["p1"],"credential":{"degree":"MD","years":9,"subdomains":["general"],"languages":[]}}""", "credential.languages")]
    public async Task A_person_who_cannot_be_is_refused_by_field(string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answer = await lead.PostAsync("people", Body.Text(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal([field], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
    }

    [Fact]
    public async Task A_stale_change_is_told_and_overwrites_nothing()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead, "*");
        var person = await (await lead.PostAsync("people", Body.Text(Rater))).JsonAsync();
        Task<HttpResponseMessage> Put(string name)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, $"people/{person["personId"]}") { Content = Body.Text(Rater.Replace("Ada", name, StringComparison.Ordinal)) };
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{person["etag"]}\"");
            return lead.SendAsync(request);
        }

        (await Put("First")).EnsureSuccessStatusCode();

        Assert.Equal("stale", await (await Put("Second")).ProblemAsync(412));
        Assert.Contains("First", await (await lead.GetAsync("people")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
