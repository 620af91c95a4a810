using System.Net;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Tests.Quality;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Projects;

/// <summary>A customer's guideline is used by its own projects, and by another of the same customer once somebody who has both has said so.</summary>
public sealed class GuidelineSharingTests
{
    [Fact]
    public async Task A_project_works_under_another_ones_guideline_only_after_it_was_shared()
    {
        await using var app = await StartAsync(customerOfSecond: "Acme");
        using var lead = await app.SignedInAsync(Roles.Lead, "p1", "p2");

        var refused = await lead.PatchAsync("projects/p2", """{"guideline":{"id":"house","version":1}}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.NotNull((await refused.JsonAsync())["errors"]!["guideline"]);
        Assert.Equal("invalid", await (await lead.PostAsync("projects/p2/guidelines/house", Body.Of(new { why = "" }))).ProblemAsync(422));
        Assert.Equal(HttpStatusCode.NoContent, (await lead.PostAsync("projects/p2/guidelines/house", Body.Of(new { why = "the same product" }))).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await lead.PatchAsync("projects/p2", """{"guideline":{"id":"house","version":1}}""")).StatusCode);
        using var second = await app.SignedInAsync(Roles.Lead, "p2");
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("guidelines/house/1")).StatusCode);
        Assert.Equal("id_taken", await (await second.PutAsync("guidelines/house?project=p2", Body.Of(GuidelineLibrary.Default))).ProblemAsync(409)); // used, not owned
        foreach (var project in (string[])["p1", "p2"])
        {
            Assert.Contains(await app.Services.GetAuditAsync(project), entry => entry.Action == "guideline.shared" && entry.About == "house" && entry.From == "p1");
        }
    }

    [Fact]
    public async Task It_is_not_shared_with_another_customer_nor_by_somebody_who_has_only_one_of_both()
    {
        await using var app = await StartAsync(customerOfSecond: "Rival");
        using var both = await app.SignedInAsync(Roles.Lead, "p1", "p2");
        using var first = await app.SignedInAsync(Roles.Lead, "p1");
        using var second = await app.SignedInAsync(Roles.Lead, "p2");
        var form = Body.Of(new { why = "x" });

        Assert.Equal("other_customer", await (await both.PostAsync("projects/p2/guidelines/house", form)).ProblemAsync(409));
        Assert.Equal(HttpStatusCode.NotFound, (await first.PostAsync("projects/p2/guidelines/house", Body.Of(new { why = "x" }))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await second.PostAsync("projects/p2/guidelines/house", Body.Of(new { why = "x" }))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync("guidelines/house/1")).StatusCode);
    }

    private static async Task<TestApp> StartAsync(string customerOfSecond)
    {
        var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", p => p with { Customer = "Acme" });
        await app.AddProjectAsync("p2", p => p with { Customer = customerOfSecond });
        Assert.NotNull(await new GuidelineLibrary(app.Store).AddAsync("house", GuidelineLibrary.Default, ["p1"], default));
        return app;
    }
}
