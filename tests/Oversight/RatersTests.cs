using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Oversight;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>What a lead sees of the people of a project, and the judgements of one of them set aside from a time on.</summary>
public sealed class RatersTests
{
    [Fact]
    public async Task Everybody_of_the_project_has_figures_with_n_or_the_reason_why_not()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 3 }), Enumerable.Range(1, 12).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);
        var (kind, stern, idle) = (Someone.With(Roles.Annotator), Someone.With(Roles.Annotator), Someone.With(Roles.Annotator));
        await JudgeAllAsync(app, kind, accuracy: 5);
        await JudgeAllAsync(app, stern, accuracy: 3);
        using (await app.SignedInAsync(idle))
        {
        }

        var desk = await (await lead.GetAsync("oversight/p1/raters")).JsonAsync();

        Assert.Equal((24, true), (desk["judgements"]!.GetValue<int>(), desk["whole"]!.GetValue<bool>()));
        var raters = desk["raters"]!.AsArray().ToDictionary(rater => rater!["personId"]!.GetValue<string>(), rater => rater!);
        Assert.Equal((12, 12, 0), (raters[kind.PersonId]["judged"]!.GetValue<int>(), raters[stern.PersonId]["judged"]!.GetValue<int>(), raters[idle.PersonId]["judged"]!.GetValue<int>()));
        Assert.Equal(2.0 / 6, raters[kind.PersonId]["bias"]!["value"]!.GetValue<double>(), 6); // two points on one of six dimensions
        Assert.Equal(-2.0 / 6, raters[stern.PersonId]["bias"]!["value"]!.GetValue<double>(), 6);
        Assert.Equal(90, raters[kind.PersonId]["pace"]!["value"]!.GetValue<double>());
        Assert.Equal(12, raters[kind.PersonId]["pace"]!["n"]!.GetValue<int>());
        Assert.NotNull(raters[idle.PersonId]["bias"]!["undefined"]);
        Assert.Null(raters[idle.PersonId]["bias"]!["value"]);
    }

    [Fact]
    public async Task From_a_time_on_the_judgements_of_one_person_leave_the_figures_and_their_tasks_are_open_again()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddItemsAsync(await app.AddProjectAsync("p1", p => p with { Overlap = 1 }), Enumerable.Range(1, 8).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);
        var (careless, other) = (Someone.With(Roles.Annotator), Someone.With(Roles.Annotator));
        await JudgeAllAsync(app, careless, accuracy: 4, most: 3);
        app.Time.Advance(TimeSpan.FromDays(1));
        var from = app.Time.GetUtcNow();
        await JudgeAllAsync(app, careless, accuracy: 4, most: 3);
        await JudgeAllAsync(app, other, accuracy: 4, most: 2);

        var preview = await VoidAsync(lead, careless, new { from, preview = true });
        Assert.Equal((3, 0), (preview["judgements"]!.GetValue<int>(), preview["done"]!.GetValue<int>()));
        Assert.Equal(8, await CountAsync(app));

        var done = await VoidAsync(lead, careless, new { from, why = "answers without reading" });

        Assert.Equal((3, null), (done["done"]!.GetValue<int>(), done["continuation"]));
        Assert.Equal(5, await CountAsync(app));
        Assert.Equal(5, (await (await lead.GetAsync("projects/p1/progress")).JsonAsync())["judged"]!.GetValue<int>());
        Assert.Equal(3, (await (await lead.GetAsync("oversight/p1/items?state=waiting")).JsonAsync())["items"]!.AsArray().Count);
        var theirs = await (await lead.GetAsync($"oversight/p1/raters/{careless.PersonId}/judgements")).JsonAsync();
        Assert.Equal((3, 3), (theirs["total"]!.GetValue<int>(), theirs["setAside"]!.GetValue<int>()));
        Assert.Contains("rater.voided", await (await lead.GetAsync("audit/p1")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var undone = await (await lead.PostAsync($"oversight/p1/acts/{done["actId"]}/undo", Body.Of(new { why = "it was somebody else" }))).JsonAsync();
        Assert.Equal(3, undone["done"]!.GetValue<int>());
        Assert.Equal(8, await CountAsync(app));
    }

    [Fact]
    public async Task More_than_a_hundred_are_set_aside_request_by_request_as_one_act()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 130).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);
        var rater = Someone.With(Roles.Annotator);
        var from = app.Time.GetUtcNow();
        await JudgeAllAsync(app, rater, accuracy: 4);

        var first = await VoidAsync(lead, rater, new { from, why = "x" });
        var second = await VoidAsync(lead, rater, new { from, why = "x", actId = first["actId"]!.GetValue<string>(), continuation = first["continuation"]!.GetValue<string>() });

        Assert.Equal((100, 30, null), (first["done"]!.GetValue<int>(), second["done"]!.GetValue<int>(), second["continuation"]));
        Assert.Equal(0, await CountAsync(app));
        Assert.Equal(130, await app.Store.AllAsync<VoidJudgement>(VoidJudgement.Of("p1"), default).CountAsync(made => made.Value.ActId == first["actId"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("{\"why\":\"x\"}", "from")]
    [InlineData("{\"from\":\"2031-01-01T00:00:00Z\",\"why\":\"x\"}", "from")]
    [InlineData("{\"from\":\"2026-11-01T00:00:00Z\"}", "why")]
    [InlineData("{\"from\":\"2026-11-01T00:00:00Z\",\"why\":\"x\",\"actId\":\"another\"}", "actId")]
    public async Task What_is_not_whole_is_refused_with_its_field(string body, string field)
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1");
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answer = await lead.PostAsync($"oversight/p1/raters/{Someone.With(Roles.Annotator).PersonId}/void", Body.Text(body));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
    }

    private static Task<long> CountAsync(TestApp app) => app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1" }, default);

    private static async Task<JsonNode> VoidAsync(HttpClient lead, Person rater, object form)
    {
        var answer = await lead.PostAsync($"oversight/p1/raters/{rater.PersonId}/void", Body.Of(form));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private static async Task JudgeAllAsync(TestApp app, Person person, int accuracy, int most = int.MaxValue)
    {
        using var rater = await app.SignedInAsync(person);
        for (var n = 0; n < most && await rater.NextAsync("p1") is { } next; n++)
        {
            var judgement = Work.Judgement();
            judgement["ratings"]![0]!["accuracy"] = accuracy;
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, judgement, null, "accuracy5_unchecked:A")).StatusCode);
        }
    }
}
