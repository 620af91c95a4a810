using System.Net;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Tasks;

/// <summary>Work that lies beside one's own: another customer's, another lane's, an earlier lease's.</summary>
public sealed class NeighbouringWorkTests
{
    [Fact]
    public async Task With_nothing_left_of_the_own_project_there_is_nothing_however_much_another_customer_has()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator, "p1");
        using var senior = await app.SignedInAsync(Roles.Adjudicator, "p1");
        (await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement())).EnsureSuccessStatusCode();

        for (var minutes = 0; minutes < 3; minutes++) // the search through everything is made once a minute
        {
            Assert.Null(await rater.NextAsync("p1"));
            Assert.Null(await rater.NextAsync());
            Assert.Equal(HttpStatusCode.NoContent, (await senior.PostAsync("adjudications/next", Body.Of(new { projectId = "p1" }))).StatusCode);
            app.Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal("not_found", await (await rater.PostAsync("tasks/next", Body.Of(new { projectId = Neighbour.ProjectId }))).ProblemAsync(404));
        Assert.False((await (await rater.GetAsync("tasks/desk")).JsonAsync())["projects"]![0]!["openForMe"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Who_covers_two_sub_domains_gets_them_in_turns()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Enumerable.Range(1, 8).Select(n => Work.Item("p1", n, n <= 4 ? "general" : "diagnostics")));
        var person = Someone.With(Roles.Annotator) with { Credential = new Credential("RN", 6, ["general", "diagnostics"], ["en"]) };
        using var rater = await app.SignedInAsync(person);
        var given = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var next = (await rater.NextAsync())!;
            given.Add(next["task"]!["item"]!["subdomain"]!.GetValue<string>());
            (await rater.SubmitAsync(next, Work.Judgement())).EnsureSuccessStatusCode();
        }

        Assert.Equal(["general", "diagnostics", "general", "diagnostics", "general", "diagnostics"], given);
    }

    [Fact]
    public async Task A_draft_under_an_earlier_lease_of_the_same_person_is_refused()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var first = (await rater.NextAsync())!;
        var release = new HttpRequestMessage(HttpMethod.Delete, $"tasks/p1/{first.TaskId()}/lease")
        {
            Content = Body.Of(new { leaseId = first.LeaseId(), reason = "not_enough_time" }),
        };
        (await rater.SendAsync(release)).EnsureSuccessStatusCode();
        app.Time.Advance(TimeSpan.FromMinutes(2));
        var second = (await rater.NextAsync())!;
        Assert.NotEqual(first.LeaseId(), second.LeaseId());
        Task<HttpResponseMessage> SaveAsync(string leaseId) =>
            rater.PutAsync($"tasks/p1/{first.TaskId()}/draft", Body.Of(new { leaseId, revision = 0, judgement = new { overall = 4 } }));

        Assert.Equal("lease_gone", await (await SaveAsync(first.LeaseId())).ProblemAsync(409));
        Assert.Equal(HttpStatusCode.OK, (await SaveAsync(second.LeaseId())).StatusCode);
        Assert.Equal("lease_gone", await (await rater.SubmitAsync(first, Work.Judgement())).ProblemAsync(409));
    }
}
