using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Quality;

/// <summary>Gold items from the lead's file to what a rater sees and what the lead learns.</summary>
public sealed class GoldTests
{
    [Fact]
    public async Task Gold_comes_in_between_at_the_share_and_looks_like_all_other_work()
    {
        await using var app = await TestApp.StartAsync();
        var (project, lead) = await ProjectAsync(app, share: 0.25, work: 120, gold: 30);
        using var rater = await app.SignedInAsync(Roles.Annotator);

        var (shapes, order) = (new Dictionary<bool, HashSet<string>> { [true] = [], [false] = [] }, new List<bool>());
        var copies = await CopiesAsync(app, project);
        for (var n = 0; n < 80; n++)
        {
            var next = await rater.PostAsync("tasks/next", Body.Of(new { projectId = "p1" }));
            var task = await next.JsonAsync();
            var isGold = copies.Contains(task.TaskId());
            order.Add(isGold);
            shapes[isGold].Add(Shape(next, task));
            Assert.Equal(HttpStatusCode.OK, (await rater.PutAsync($"tasks/p1/{task.TaskId()}/draft", Body.Of(new { leaseId = task.LeaseId(), revision = 0, judgement = new { overall = 3 } }))).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await rater.PostAsync($"tasks/p1/{task.TaskId()}/lease", Body.Of(new { leaseId = task.LeaseId() }))).StatusCode);
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(task, Work.Judgement())).StatusCode);
        }

        Assert.Equal(20, order.Count(gold => gold));
        Assert.DoesNotContain(order.Zip(order.Skip(1)), pair => pair.First && pair.Second);
        Assert.Equal(shapes[false].Order(), shapes[true].Order()); // fields, their order, forms of ids and headers
        Assert.Equal(20, (await RatersAsync(lead))[0]!["gold"]!["items"]!.GetValue<int>());
        lead.Dispose();
    }

    [Fact]
    public async Task Counts_on_the_desk_move_with_every_task_alike()
    {
        await using var app = await TestApp.StartAsync();
        var (_, lead) = await ProjectAsync(app, share: 0.5, work: 20, gold: 10);
        using var rater = await app.SignedInAsync(Roles.Annotator);

        for (var n = 1; n <= 10; n++)
        {
            var next = (await rater.NextAsync("p1"))!;
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(next, Work.Judgement())).StatusCode);
            var desk = await (await rater.GetAsync("tasks/desk")).JsonAsync();
            Assert.Equal((n, n, n), (desk["today"]!.GetValue<int>(), desk["projects"]![0]!["mine"]!.GetValue<int>(), desk["projects"]![0]!["judged"]!.GetValue<int>()));
        }

        lead.Dispose();
    }

    [Fact]
    public async Task What_was_handed_in_is_listed_read_again_and_corrected_alike()
    {
        await using var app = await TestApp.StartAsync();
        var (project, lead) = await ProjectAsync(app, share: 0.5, work: 10, gold: 6);
        var copies = await CopiesAsync(app, project);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var handedIn = new List<string>();
        for (var n = 0; n < 6; n++)
        {
            var next = (await rater.NextAsync("p1"))!;
            handedIn.Add(next.TaskId());
            await rater.SubmitAsync(next, Work.Judgement());
        }

        var listed = (await (await rater.GetAsync("annotations/mine")).JsonAsync())["judgements"]!.AsArray();
        Assert.Equal(handedIn.Order(), listed.Select(line => line!["taskId"]!.GetValue<string>()).Order());
        var outcomes = new Dictionary<bool, HashSet<HttpStatusCode>> { [true] = [], [false] = [] };
        foreach (var taskId in handedIn)
        {
            var answer = await rater.GetAsync($"annotations/p1/{taskId}/mine");
            outcomes[copies.Contains(taskId)].Add(answer.StatusCode);
            var mine = await answer.JsonAsync();
            var changed = Work.Judgement();
            changed["confidence"] = 3;
            var corrected = await rater.PutAsync($"annotations/p1/{taskId}/mine", Body.Of(new { annotationId = mine["line"]!["annotationId"]!.GetValue<string>(), judgement = changed, replaces = mine["contentSha256"]!.GetValue<string>(), reason = "looked again" }));
            outcomes[copies.Contains(taskId)].Add(corrected.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK], outcomes[true]);
        Assert.Equal(outcomes[false], outcomes[true]);
        lead.Dispose();
    }

    [Fact]
    public async Task Each_gold_item_comes_once_to_each_rater_and_never_after_its_original()
    {
        await using var app = await TestApp.StartAsync();
        var (project, lead) = await ProjectAsync(app, share: 0.5, work: 30, gold: 4);
        var copies = await CopiesAsync(app, project);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var seen = new List<string>();
        while (await rater.NextAsync("p1") is { } next)
        {
            seen.Add(next.TaskId());
            await rater.SubmitAsync(next, Work.Judgement());
        }

        var originals = (await app.Store.AllAsync<GoldItem>(GoldItem.Of("p1"), default).ToListAsync()).ToDictionary(gold => gold.Value.TaskId, gold => gold.Value.SourceTaskId);
        var gold = seen.Where(copies.Contains).ToList();
        Assert.NotEmpty(gold);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(gold, copy => Assert.True(!seen.Contains(originals[copy]) || seen.IndexOf(copy) < seen.IndexOf(originals[copy])));
        lead.Dispose();
    }

    [Fact]
    public async Task When_there_is_no_other_work_there_is_no_gold_either()
    {
        await using var app = await TestApp.StartAsync();
        var (_, lead) = await ProjectAsync(app, share: 0.5, work: 0, gold: 6, overlap: 1);
        using (var first = await app.SignedInAsync(Roles.Annotator))
        {
            while (await first.NextAsync("p1") is { } next)
            {
                await first.SubmitAsync(next, Work.Judgement());
            }
        }

        using var second = await app.SignedInAsync(Roles.Annotator);
        Assert.Null(await second.NextAsync("p1"));
        lead.Dispose();
    }

    [Fact]
    public async Task Judgements_of_gold_enter_no_figure_and_no_file_of_the_customer()
    {
        await using var app = await TestApp.StartAsync();
        var (project, lead) = await ProjectAsync(app, share: 0.5, work: 10, gold: 10);
        var copies = await CopiesAsync(app, project);
        using var rater = await app.SignedInAsync(Roles.Annotator);
        var plain = 0;
        for (var n = 0; n < 8; n++)
        {
            var next = (await rater.NextAsync("p1"))!;
            plain += copies.Contains(next.TaskId()) ? 0 : 1;
            await rater.SubmitAsync(next, Work.Judgement());
        }

        Assert.Equal(4, plain);
        var quality = await (await lead.GetAsync("quality/p1")).JsonAsync();
        var progress = await (await lead.GetAsync("projects/p1/progress")).JsonAsync();
        var export = await (await lead.GetAsync("exports/p1/annotations")).Content.ReadAsStringAsync();
        Assert.Equal(4, quality["n"]!["ratings"]!.GetValue<int>() / quality["n"]!["raters"]!.GetValue<int>());
        Assert.Equal(4, progress["judged"]!.GetValue<int>());
        Assert.Equal(20, (await (await lead.GetAsync("batches/p1/usage")).JsonAsync())["items"]!.GetValue<int>()); // no copy takes the customer's room, or is told of
        Assert.All(copies, copy => Assert.DoesNotContain(copy, export, StringComparison.Ordinal));
        lead.Dispose();
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing_and_another_judgement_is_the_next_version()
    {
        await using var app = await TestApp.StartAsync();
        var (_, lead) = await ProjectAsync(app, share: 0.1, work: 0, gold: 2);

        var again = await ImportAsync(lead, Line(1), Line(2));
        var changed = await ImportAsync(lead, Line(1, accuracy: 3));

        Assert.Equal((0, 2), (again["added"]!.GetValue<int>(), again["unchanged"]!.GetValue<int>()));
        Assert.Equal(1, changed["added"]!.GetValue<int>());
        var items = (await (await lead.GetAsync("quality/p1/gold")).JsonAsync())["items"]!.AsArray();
        Assert.Equal([(1, false), (1, true), (2, false)], items.Select(item => (item!["version"]!.GetValue<int>(), item["retiredAt"] is not null)).Order());
        lead.Dispose();
    }

    [Theory]
    [InlineData("not json", "line")]
    [InlineData("{\"item_id\":\"g1\"}", "line")]
    [InlineData("{\"item_id\":\"nobody\",\"judgement\":{}}", "item_id")]
    [InlineData("{\"item_id\":\"g1\",\"judgement\":{\"ratings\":\"all good\"}}", "judgement.ratings")]
    [InlineData("{\"item_id\":\"g1\",\"judgement\":{\"ratings\":[{\"responseId\":\"another\",\"accuracy\":4}]}}", "judgement")]
    [InlineData("{\"item_id\":\"g1\",\"judgement\":{},\"acceptable\":{\"r1-0\":{\"accuracy\":[4,2]}}}", "acceptable.r1-0.accuracy")]
    [InlineData("[]", "line")]
    public async Task A_line_that_is_no_gold_is_named_with_its_field_and_the_others_are_taken(string line, string field)
    {
        await using var app = await TestApp.StartAsync();
        var (_, lead) = await ProjectAsync(app, share: 0.1, work: 0, gold: 1);

        var result = await ImportAsync(lead, line, Line(1, accuracy: 3));

        Assert.Equal(1, result["added"]!.GetValue<int>());
        var error = Assert.Single(result["errors"]!.AsArray())!;
        Assert.Equal(1, error["line"]!.GetValue<int>());
        Assert.Contains(field, error["reasons"]!.AsObject().Select(reason => reason.Key));
        lead.Dispose();
    }

    [Fact]
    public async Task A_retired_item_is_handed_out_no_more()
    {
        await using var app = await TestApp.StartAsync();
        var (project, lead) = await ProjectAsync(app, share: 0.5, work: 30, gold: 1);
        var copy = Assert.Single(await CopiesAsync(app, project));

        var address = $"quality/p1/gold/{ItemBuilder.TaskIdOfItem("p1", "g1")}";
        Assert.Equal("invalid", await (await lead.DeleteAsync(address, new { why = " " })).ProblemAsync(422));
        Assert.Equal(HttpStatusCode.NoContent, (await lead.DeleteAsync(address, new { why = "It has become known." })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await lead.DeleteAsync(address, new { why = "It has become known." })).StatusCode);
        Assert.Equal("It has become known.", (string)(await (await lead.GetAsync("quality/p1/gold")).JsonAsync())["items"]![0]!["retiredWhy"]!);

        using var rater = await app.SignedInAsync(Roles.Annotator);
        while (await rater.NextAsync("p1") is { } next)
        {
            Assert.NotEqual(copy, next.TaskId());
            await rater.SubmitAsync(next, Work.Judgement());
        }

        lead.Dispose();
    }

    [Fact]
    public async Task Whoever_judged_a_gold_item_does_not_get_its_next_version_and_whoever_wrote_one_gets_none_of_it()
    {
        await using var app = await TestApp.StartAsync();
        var (project, lead) = await ProjectAsync(app, share: 0.5, work: 12, gold: 1, overlap: 50);
        var old = Assert.Single(await CopiesAsync(app, project));
        var (rater, met) = (await app.SignedInAsync(Roles.Annotator), false);
        for (var tries = 0; tries < 20 && !met; tries++) // whoever meets the original first never gets the copy
        {
            rater.Dispose();
            rater = await app.SignedInAsync(Roles.Annotator);
            for (var n = 0; n < 3 && !met && await rater.NextAsync("p1") is { } next; n++)
            {
                met = next.TaskId() == old;
                await rater.SubmitAsync(next, Work.Judgement());
            }
        }

        Assert.True(met);
        Assert.Equal(1, (await ImportAsync(lead, Line(1, accuracy: 3)))["added"]!.GetValue<int>());
        using var writer = await app.SignedInAsync(Someone.With(Roles.Annotator) with { Roles = [Roles.Lead, Roles.Annotator] });
        Assert.Equal(HttpStatusCode.OK, (await writer.PostAsync($"quality/p1/gold/items/{ItemBuilder.TaskIdOfItem("p1", "w1")}", Body.Of(new { judgement = Work.Judgement() }))).StatusCode);
        var copies = (await app.Store.AllAsync<GoldItem>(GoldItem.Of("p1"), default).ToListAsync()).ConvertAll(gold => gold.Value);
        Assert.Equal(3, copies.Count);
        async Task<List<string>> AllAsync(HttpClient client)
        {
            var handed = new List<string>();
            while (await client.NextAsync("p1") is { } next)
            {
                handed.Add(next.TaskId());
                await client.SubmitAsync(next, Work.Judgement());
            }

            return handed;
        }

        Assert.DoesNotContain(copies.Single(gold => gold.Version == 2).TaskId, await AllAsync(rater));
        Assert.DoesNotContain(copies.Single(gold => gold.GoldId == ItemBuilder.TaskIdOfItem("p1", "w1")).TaskId, await AllAsync(writer));
        rater.Dispose();
        lead.Dispose();
    }

    private static async Task<(Project Project, HttpClient Lead)> ProjectAsync(TestApp app, double share, int work, int gold, int overlap = 2)
    {
        var project = await app.AddProjectAsync("p1", p => p with { GoldShare = share, Overlap = overlap });
        await app.AddItemsAsync(project, Enumerable.Range(1, work).Select(n => Named(Work.Item("p1", n + 1_000), $"w{n}")));
        await app.AddItemsAsync(project, Enumerable.Range(1, gold).Select(n => Named(Work.Item("p1", n), $"g{n}")));
        var lead = await app.SignedInAsync(Roles.Lead);
        var result = await ImportAsync(lead, [.. Enumerable.Range(1, gold).Select(n => Line(n))]);
        Assert.Equal(gold, result["added"]!.GetValue<int>());
        return (project, lead);
    }

    private static EvalItem Named(EvalItem item, string id) => item with { ItemId = id, TaskId = ItemBuilder.TaskIdOfItem("p1", id) };

    /// <summary>An expert's judgement of item n; even ones are clean controls.</summary>
    private static string Line(int n, int accuracy = 4)
    {
        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["accuracy"] = accuracy;
        foreach (var entry in judgement["ratings"]!.AsArray().Concat(judgement["harm"]!.AsArray()))
        {
            entry!.AsObject().Remove("response");
            entry["responseId"] = $"r{n}-0";
        }

        return new JsonObject { ["item_id"] = $"g{n}", ["judgement"] = judgement, ["note"] = "why" }.ToJsonString();
    }

    private static async Task<JsonNode> ImportAsync(HttpClient lead, params string[] lines)
    {
        using var body = new StringContent(string.Join('\n', lines));
        var answer = await lead.PostAsync("quality/p1/gold", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private static async Task<HashSet<string>> CopiesAsync(TestApp app, Project project) =>
        [.. await app.Store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), default).Select(gold => gold.Value.TaskId).ToListAsync()];

    private static async Task<JsonArray> RatersAsync(HttpClient lead) => (await (await lead.GetAsync("quality/p1/gold/raters")).JsonAsync())["raters"]!.AsArray();

    /// <summary>An answer with every letter and digit of its values made alike.</summary>
    private static string Shape(HttpResponseMessage answer, JsonNode body)
    {
        var headers = string.Join(',', answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "Content-Length")).Select(header => $"{header.Key}={Regex.Replace(string.Join('|', header.Value), "[0-9a-z]", "x")}"));
        return headers + Regex.Replace(Regex.Replace(body.ToJsonString(), "(?<=:\\s*\")[^\"]*(?=\")", value => Regex.Replace(value.Value, @"\d+", "9").Length > 60 ? "text" : Regex.Replace(value.Value, "[0-9a-f]{8,}", "hex")), @"\d+", "9");
    }
}
