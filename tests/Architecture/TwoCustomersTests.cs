using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.Reports;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Architecture;

/// <summary>
/// Two customers in one store, and every route, with every role of one of them. That no answer holds anything of the other is asserted by the
/// client itself (<see cref="TestApp"/>); here it is that everything is asked, and that nothing of theirs was changed by it.
/// </summary>
public sealed class TwoCustomersTests
{
    [Fact]
    public async Task Whatever_is_asked_about_the_own_project_nothing_of_the_other_comes_back()
    {
        await using var app = await TestApp.StartAsync();
        await PopulateAsync(app);
        var answered = new HashSet<string>();

        foreach (var role in Roles.All)
        {
            using var client = await app.SignedInAsync(role, WeekSample.ProjectId);
            foreach (var route in OwnRoutes(app).Where(route => route.Allowed.Contains(role) && route.Method is "GET" or "POST"))
            {
                foreach (var request in Requests(route))
                {
                    var answer = await client.SendAsync(request);
                    if (answer.IsSuccessStatusCode)
                    {
                        answered.Add(route.Method + " " + route.Pattern);
                    }
                }
            }
        }

        Assert.True(answered.Count >= 20, $"Too few routes answered to prove anything:\n{string.Join('\n', answered)}");
    }

    [Fact]
    public async Task Whoever_reaches_for_the_other_customer_finds_nothing_and_changes_nothing()
    {
        await using var app = await TestApp.StartAsync();
        await PopulateAsync(app);
        var before = await OfTheNeighbourAsync(app);

        foreach (var role in Roles.All)
        {
            using var client = await app.SignedInAsync(role, WeekSample.ProjectId);
            foreach (var route in OwnRoutes(app))
            {
                await client.SendAsync(DenialTests.Request(route, Neighbour.ProjectId));
            }
        }

        Assert.Equal(before, await OfTheNeighbourAsync(app));
    }

    private static IEnumerable<RouteTableTests.Route> OwnRoutes(TestApp app) => RouteTableTests.Routes(app)
        .Where(route => route.Pattern != "/api/session" && route is not { Pattern: "/api/me/sessions", Method: "DELETE" }); // which would end the walk

    /// <summary>With the ids of the sample, and with those of the neighbour's documents.</summary>
    private static IEnumerable<HttpRequestMessage> Requests(RouteTableTests.Route route)
    {
        yield return DenialTests.Request(route, WeekSample.ProjectId);
        var own = DenialTests.Request(route, WeekSample.ProjectId);
        own.RequestUri = new Uri(own.RequestUri!.OriginalString.Replace("t000002", "t00001", StringComparison.Ordinal), UriKind.Relative);
        yield return own;
    }

    internal static async Task PopulateAsync(TestApp app)
    {
        await new WeekSample(tasks: 6).StoreAsync(app.Store);
        await app.AddItemsAsync(WeekSample.Project, Enumerable.Range(1, 3).Select(n => Work.Item(WeekSample.ProjectId, n)));
        using var lead = await app.SignedInAsync(Roles.Lead, WeekSample.ProjectId);
        var file = Body.Text("""{"prompt":"How much rest?","response":"Enough."}""");
        (await lead.PostAsync($"batches/{WeekSample.ProjectId}?name=b.jsonl", file)).EnsureSuccessStatusCode();
        (await lead.PostAsync($"reports/{WeekSample.ProjectId}/2026-W47", content: null)).EnsureSuccessStatusCode();
    }

    /// <summary>Every document of theirs with its ETag, as far as it is text, and every file.</summary>
    internal static async Task<List<string>> OfTheNeighbourAsync(TestApp app)
    {
        var all = new List<string>();
        foreach (var kind in DocumentKind.All)
        {
            var query = new DocumentQuery(kind) { ProjectId = kind == DocumentKind.Person || kind == DocumentKind.Guideline ? "_" : Neighbour.ProjectId };
            await foreach (var document in app.Store.AllAsync<System.Text.Json.Nodes.JsonObject>(query, default))
            {
                var text = document.Value.ToJsonString();
                if (query.ProjectId != "_" || text.Contains(Neighbour.Word, StringComparison.Ordinal))
                {
                    all.Add($"{kind} {document.ETag} {text}");
                }
            }
        }

        await foreach (var file in app.Files.ListAsync("", default))
        {
            if (file.Path.Contains(Neighbour.ProjectId, StringComparison.Ordinal))
            {
                all.Add($"{file.Path} {file.ETag}");
            }
        }

        Assert.True(all.Count > 30, "the neighbour has little to lose");
        return all;
    }
}
