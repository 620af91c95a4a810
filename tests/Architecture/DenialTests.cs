using System.Net;
using System.Text.RegularExpressions;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Architecture;

/// <summary>Every route, with every role, at another customer's project.</summary>
public sealed class DenialTests
{
    [Fact]
    public async Task Who_is_not_signed_in_gets_nothing()
    {
        await using var app = await TestApp.StartAsync();
        using var nobody = app.Anonymous();

        foreach (var route in RouteTableTests.Routes(app).Where(route => route.Policy != "open"))
        {
            var answer = await nobody.SendAsync(Request(route));
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{route.Method} {route.Pattern}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task The_wrong_role_gets_nothing()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("theirs");
        var walked = 0;

        foreach (var role in Roles.All)
        {
            using var client = await app.SignedInAsync(role, "theirs");
            foreach (var route in RouteTableTests.Routes(app).Where(route => !route.Allowed.Contains(role)))
            {
                var answer = await client.SendAsync(Request(route));
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{role}: {route.Method} {route.Pattern}: {(int)answer.StatusCode}");
                walked++;
            }
        }

        Assert.True(walked > 20, "the walk was too short to prove anything");
    }

    [Fact]
    public async Task Another_customers_project_is_as_good_as_missing_for_every_role()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("theirs");
        var routes = RouteTableTests.Routes(app).Where(route => route.Pattern.Contains("{projectId", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(routes);

        foreach (var role in Roles.All)
        {
            using var client = await app.SignedInAsync(role, "mine");
            foreach (var route in routes.Where(route => route.Allowed.Contains(role)))
            {
                var theirs = await client.SendAsync(Request(route));
                var missing = await client.SendAsync(Request(route, "nowhere"));
                Assert.True(theirs.StatusCode == HttpStatusCode.NotFound, $"{role}: {route.Method} {route.Pattern}: {(int)theirs.StatusCode}");
                Assert.Equal(await missing.Content.ReadAsStringAsync(), await theirs.Content.ReadAsStringAsync());
            }
        }
    }

    /// <summary>A request that would get through, were it allowed: parameters of the right form, ids that the neighbour's documents have, and a JSON body.</summary>
    internal static HttpRequestMessage Request(RouteTableTests.Route route, string projectId = "theirs")
    {
        var path = Regex.Replace(route.Pattern, @"\{\*?(\w+)(:[^}]*)?\??\}", match => (match.Groups[1].Value, match.Groups[2].Value) switch
        {
            ("projectId", _) => projectId,
            (_, ":guid") => Guid.Empty.ToString(),
            (_, ":int") => "1",
            ("week", _) => "2026-W47",
            ("taskId", _) => route.Pattern.Contains("/held", StringComparison.Ordinal) ? "h1" : "t000002",
            ("batchId", _) => "b1",
            ("promptId", _) => "w1",
            ("personId", _) => Neighbour.Rater.PersonId,
            ("id", _) => Neighbour.GuidelineId,
            ("format", _) => "consensus",
            _ => "x",
        });
        var request = new HttpRequestMessage(new HttpMethod(route.Method == "*" ? "GET" : route.Method), path + "?name=x.jsonl");
        if (route.Method is not ("GET" or "*"))
        {
            var lease = projectId == Neighbour.ProjectId ? Neighbour.Word : "lease";
            request.Content = Body.Text($$"""{"leaseId":"{{lease}}","revision":1,"reason":"other","judgement":{},"why":"x","decision":"drop","decisions":[]}""");
        }

        return request;
    }
}
