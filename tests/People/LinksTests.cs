using System.Net;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.People;

/// <summary>A link is as good as being the person: who makes one, who hears of it, and what it leaves behind.</summary>
public sealed class LinksTests : IAsyncLifetime
{
    private readonly Person _ada = Someone.With(Roles.Annotator, "p1");
    private readonly Person _admin = Someone.With(Roles.Admin) with { Name = "Mina Park" };
    private TestApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1", project => project with { Overlap = 1 });
        await _app.AddItemsAsync(project, Enumerable.Range(1, 3).Select(n => Work.Item("p1", n)));
        await _app.Store.CommitAsync(new Write.Put(Person.Key(_ada.PersonId), _ada), default);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_lead_makes_no_link_but_asks_for_one_which_an_admin_sees()
    {
        using var lead = await _app.SignedInAsync(Roles.Lead);
        using var admin = await _app.SignedInAsync(_admin);
        Assert.Equal("forbidden", await (await lead.PostAsync($"people/{_ada.PersonId}/invite", null)).ProblemAsync(403));

        Assert.Equal(HttpStatusCode.NoContent, (await lead.PostAsync($"people/{_ada.PersonId}/link-request", null)).StatusCode);
        Assert.NotNull(await AskedForAsync(admin));

        await LinkAsync(admin);
        Assert.Null(await AskedForAsync(admin));
    }

    [Fact]
    public async Task The_person_is_shown_who_made_links_for_them_and_which_were_used()
    {
        using var admin = await _app.SignedInAsync(_admin);
        using var impostor = _app.Anonymous();
        (await impostor.PostAsync("session", Body.Of(new { token = await LinkAsync(admin) }))).EnsureSuccessStatusCode();
        _app.Time.Advance(TimeSpan.FromHours(1));
        using var ada = _app.Anonymous();
        (await ada.PostAsync("session", Body.Of(new { token = await LinkAsync(admin) }))).EnsureSuccessStatusCode();

        var links = (await (await ada.GetAsync("me")).JsonAsync())["links"]!.AsArray();

        Assert.Equal(["Mina Park", "Mina Park"], links.Select(link => (string)link!["by"]!));
        Assert.All(links, link => Assert.NotNull(link!["usedAt"]));
        Assert.Equal(2, (await (await ada.GetAsync("me/sessions")).JsonAsync())["sessions"]!.AsArray().Count(session => (string)session!["linkBy"]! == _admin.PersonId));
    }

    [Fact]
    public async Task A_judgement_keeps_the_session_that_made_it_and_the_trail_says_who_made_its_link()
    {
        using var admin = await _app.SignedInAsync(_admin);
        using var rater = _app.Anonymous();
        (await rater.PostAsync("session", Body.Of(new { token = await LinkAsync(admin) }))).EnsureSuccessStatusCode();
        (await rater.SubmitAsync((await rater.NextAsync())!, Work.Judgement())).EnsureSuccessStatusCode();

        var annotation = (await _app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default).SingleAsync()).Value;
        var trail = await _app.Services.GetRequiredService<AuditTrail>().EntriesAsync("p1", default).ToListAsync();

        var signedIn = Assert.Single(trail, entry => entry.Action == AuditActions.SignedIn);
        Assert.Equal((_ada.PersonId, _admin.PersonId, annotation.Session), (signedIn.By, signedIn.From, signedIn.To));
        Assert.Equal(_admin.PersonId, Assert.Single(trail, entry => entry.Action == AuditActions.LinkMade).By);
    }

    [Fact]
    public async Task Who_refers_a_task_does_not_settle_it_and_who_settled_it_does_not_judge_it()
    {
        using var rater = await _app.SignedInAsync(_ada);
        var next = (await rater.NextAsync())!;
        (await rater.SubmitAsync(next, Work.Judgement())).EnsureSuccessStatusCode();
        var credential = new Credential("MD", 9, HealthEval.Guidelines.Vocabulary.Subdomains, ["en"]);
        using var leadToo = await _app.SignedInAsync(Someone.With(Roles.Lead, "p1") with { Roles = [Roles.Lead, Roles.Adjudicator, Roles.Annotator], Credential = credential });
        (await leadToo.PostAsync($"adjudications/p1/{next.TaskId()}", Body.Of(new { why = "Too kind." }))).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NoContent, (await leadToo.PostAsync("adjudications/next", Body.Of(new { }))).StatusCode);

        var bothPerson = Someone.With(Roles.Adjudicator, "p1") with { Roles = [Roles.Adjudicator, Roles.Annotator] };
        using var both = await _app.SignedInAsync(bothPerson);
        var taken = await (await both.PostAsync("adjudications/next", Body.Of(new { }))).JsonAsync();
        var decisions = taken["case"]!["points"]!.AsArray().Select(point => new { point = (string)point!["key"]!, value = "stands", rationale = "As it is." });
        var settled = await both.PutAsync($"adjudications/p1/{next.TaskId()}/{Guid.NewGuid()}", Body.Of(new { leaseId = taken.LeaseId(), decisions }));
        Assert.True(settled.StatusCode == HttpStatusCode.Created, await settled.Content.ReadAsStringAsync());

        var task = (await _app.Store.FindAsync<HealthEval.Tasks.EvalTask>(HealthEval.Tasks.EvalTask.Key("p1", next.TaskId()), default))!;
        var more = (task.Value with { Overlap = 2 }).Reopened(_app.Time.GetUtcNow()); // a second judgement is asked for after all
        await _app.Store.CommitAsync(new Write.Put(HealthEval.Tasks.EvalTask.Key("p1", next.TaskId()), more), default);
        Assert.DoesNotContain(next.TaskId(), await AllTasksAsync(both));
        Assert.DoesNotContain(next.TaskId(), await AllTasksAsync(leadToo));
        using var fresh = await _app.SignedInAsync(Roles.Annotator, "p1");
        Assert.Equal([next.TaskId()], await AllTasksAsync(fresh)); // the others are all held by now
    }

    private static async Task<IReadOnlyList<string>> AllTasksAsync(HttpClient rater)
    {
        var taken = new List<string>();
        while (await rater.NextAsync(null, [.. taken]) is { } next)
        {
            taken.Add(next.TaskId());
        }

        return taken;
    }

    private async Task<string> LinkAsync(HttpClient admin) =>
        ((string)(await (await admin.PostAsync($"people/{_ada.PersonId}/invite", null)).EnsureSuccessStatusCode().JsonAsync())["link"]!).Split("/#/sign-in/")[1];

    private async Task<string?> AskedForAsync(HttpClient admin) =>
        (string?)(await (await admin.GetAsync("people")).JsonAsync())["people"]!.AsArray().Single(person => (string)person!["personId"]! == _ada.PersonId)!["linkAskedFor"];
}
