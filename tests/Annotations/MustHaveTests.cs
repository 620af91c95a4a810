using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tests.Batches;
using HealthEval.Tests.Intake;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

/// <summary>What an answer must or may hold stands beside it, where the batch or the project says so; the rest of a reference never does.</summary>
public sealed class MustHaveTests
{
    private const string Answer = "Water is the right drink, says the gold answer.";

    private const string InReference = $$$"""
        {"prompt_id":"p","prompt":[{"role":"user","content":"What helps?"}],"responses":[{"response_id":"a","content":"Rest."},{"response_id":"b","content":"Drink."}],"reference":{"free_form_answer":"{{{Answer}}}","must_have":["Says to drink"],"nice_to_have":["Says to rest","  "],"sources":["gold.example"]}}
        """;

    [Fact]
    public async Task What_the_project_shows_is_judged_one_by_one_and_what_it_hides_is_in_no_answer()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", project => project with { Overlap = 2 });
        await app.AddItemsAsync(project, (await Reading.OfAsync(InReference)).Items.Select(item => item with { ProjectId = "p1" }));
        using var rater = await app.SignedInAsync(Roles.Annotator);
        Assert.Empty((await rater.NextAsync())!["task"]!["rubric"]!.AsArray());

        await app.AddProjectAsync("p1", project => project with { Overlap = 2, ShowMustHave = true });
        using var other = await app.SignedInAsync(Roles.Annotator);
        var next = (await other.NextAsync())!;
        Assert.Equal(
            [("Says to drink", "must"), ("Says to rest", "nice")],
            next["task"]!["rubric"]!.AsArray().Select(entry => (entry!["criterion"]!.GetValue<string>(), entry["importance"]!.GetValue<string>())));
        foreach (var hidden in new[] { "gold", "free_form", "points" })
        {
            Assert.DoesNotContain(hidden, next.ToJsonString(), StringComparison.Ordinal);
        }

        var judgement = Work.Judgement("A", "B");
        judgement["rubric"] = new JsonArray(new JsonObject { ["response"] = "A", ["criterion"] = "c1", ["met"] = true }, new JsonObject { ["response"] = "A", ["criterion"] = "c2", ["met"] = false });
        (await other.SubmitAsync(next, judgement)).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData(InReference, 0, 2)]
    [InlineData("""{"prompt":"Q","response":"A.","reference":"{\"Must_have\":[\"Says so\"]}"}""", 0, 1)]
    [InlineData("""{"prompt":"Q","response":"A.","must_have":["Says so"],"nice_to_have":["Says why","Says when"]}""", 3, 0)]
    [InlineData("""{"prompt":"Q","response":"A.","must_have":["Says so"],"reference":{"must_have":["Another"]}}""", 1, 0)]
    [InlineData("""{"prompt":"Q","response":"A.","rubric":["Says so"],"reference":{"must_have":["Another"]}}""", 1, 0)]
    [InlineData("""{"prompt":"Q","response":"A.","must_have":true,"reference":"It must_have said so."}""", 0, 0)]
    [InlineData("""{"prompt":"Q","response":"A.","reference":{"must_have":"Not a list","nice_to_have":[1,null,{"x":1}]}}""", 0, 0)]
    public async Task Statements_of_the_batch_are_criteria_and_those_of_the_reference_wait_for_the_project(string content, int criteria, int waiting)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal("loaded", read.Batch.State);
        Assert.All(read.Items, item => Assert.Equal((criteria, waiting), (item.Rubric.Count, item.Statements?.Count ?? 0)));
        Assert.Equal(waiting > 0, read.Notes.Contains("must_have_list_stays_hidden"));
    }

    [Fact]
    public async Task They_are_screened_as_everything_that_raters_may_read_and_redacted_with_the_reference_that_says_the_same()
    {
        using var rig = new IngestRig();
        var batch = (await rig.IngestAsync("""{"prompt":"Q","response":"A.","reference":{"must_have":["Says that SSN 078-05-1120 is hers"]}}""")).Batch;
        Assert.Equal("ssn", Assert.Single(batch.Suspicions).Class);

        var item = Assert.Single(await rig.ItemsAsync());
        var changed = HealthEval.Batches.Privacy.ItemTexts.With(item, new Dictionary<string, string> { ["statements[0].criterion"] = "Says that it is hers" });
        Assert.DoesNotContain("078-05", System.Text.Encoding.UTF8.GetString(Json.Bytes(changed with { OriginalSha256 = null })), StringComparison.Ordinal);
        Assert.NotEqual(item.ContentSha256, changed.ContentSha256);
    }

    [Fact]
    public async Task A_setting_that_callers_from_before_it_leave_out_stays_as_it_is()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", project => project with { ShowMustHave = true });
        using var lead = await app.SignedInAsync(Roles.Lead);
        var view = (await (await lead.GetAsync("projects/p1")).JsonAsync()).AsObject();
        Assert.True(view["showMustHave"]!.GetValue<bool>());
        var etag = view["etag"]!.GetValue<string>();
        foreach (var name in new[] { "showMustHave", "etag", "demo", "createdAt" })
        {
            view.Remove(name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Put, "projects/p1") { Content = Body.Of(view) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{etag}\"");
        (await lead.SendAsync(request)).EnsureSuccessStatusCode();
        Assert.True((await app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value.ShowMustHave);
    }
}
