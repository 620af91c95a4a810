using System.Net;
using System.Text.Json.Nodes;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Quality;

/// <summary>What a rater learns of their own judging, and what is booked.</summary>
public sealed class FeedbackTests
{
    [Fact]
    public async Task Gold_is_shown_once_it_is_retired_and_never_before()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { GoldShare = 0.5, Quality = QualitySettings.Standard with { SecondShare = 0 } });
        await app.AddItemsAsync(project, Enumerable.Range(1, 20).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);
        (await lead.PostAsync("quality/p1/gold/items/t000015", Body.Of(new { judgement = Work.Judgement(), note = "Because rest is right here." }))).EnsureSuccessStatusCode();
        using var rater = await app.SignedInAsync(Roles.Annotator);
        for (var n = 0; n < 6; n++)
        {
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement())).StatusCode);
        }

        var before = await (await rater.GetAsync("quality/mine")).Content.ReadAsStringAsync();
        Assert.DoesNotContain("Because rest is right", before, StringComparison.Ordinal);
        Assert.Empty(JsonNode.Parse(before)!["projects"]![0]!["gold"]!.AsArray());
        await lead.DeleteAsync("quality/p1/gold/t000015", new { why = "It has become known." });

        var gold = Assert.Single((await (await rater.GetAsync("quality/mine")).JsonAsync())["projects"]![0]!["gold"]!.AsArray())!;
        Assert.Equal("Because rest is right here.", (string)gold["why"]!);
        Assert.All(gold["scores"]!.AsArray(), score => Assert.True(score!["acceptable"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Time_is_booked_by_week_and_the_own_page_tells_no_gold()
    {
        await using var app = await TestApp.StartAsync();
        var rates = new Dictionary<string, double> { ["full"] = 2.5 };
        var project = await app.AddProjectAsync("p1", p => p with { GoldShare = 0.5, Quality = QualitySettings.Standard with { SecondShare = 0, Rates = rates } });
        await app.AddItemsAsync(project, Enumerable.Range(1, 20).Select(n => Work.Item("p1", n)));
        using var lead = await app.SignedInAsync(Roles.Lead);
        for (var n = 10; n < 16; n++)
        {
            (await lead.PostAsync($"quality/p1/gold/items/t{n:D6}", Body.Of(new { judgement = Work.Judgement() }))).EnsureSuccessStatusCode();
        }

        var person = Someone.With(Roles.Annotator);
        using var rater = await app.SignedInAsync(person);
        for (var n = 0; n < 8; n++)
        {
            var said = Work.Judgement();
            said["checkingSeconds"] = 30;
            await rater.SubmitAsync((await rater.NextAsync("p1"))!, said);
        }

        var own = Assert.Single((await (await rater.GetAsync("quality/ledger")).JsonAsync())["projects"]!.AsArray().First(one => (string)one!["projectId"]! == "p1")!["lines"]!.AsArray())!;
        Assert.Equal(("work", 8, 720, 240, 20.0), ((string)own["kind"]!, own["tasks"]!.GetValue<int>(), own["activeSeconds"]!.GetValue<int>(), own["checkingSeconds"]!.GetValue<int>(), own["pay"]!.GetValue<double>()));
        var lines = (await (await lead.GetAsync("quality/p1/ledger")).JsonAsync())["lines"]!.AsArray();
        Assert.Equal(["gold", "work"], lines.Select(line => (string)line!["kind"]!));
        Assert.Equal(8, lines.Sum(line => line!["tasks"]!.GetValue<int>()));
        var csv = await (await lead.GetAsync("quality/p1/ledger.csv")).Content.ReadAsStringAsync();
        Assert.StartsWith("person,pseudonym,week_from,kind,mode,tasks,void,active_seconds,checking_seconds,rate,pay\r\n", csv, StringComparison.Ordinal);
        Assert.Contains($"{person.PersonId},{person.Pseudonym},2026-11-16,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_set_aside_is_taken_off_the_pay_and_stays_in_the_time()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Quality = QualitySettings.Standard with { SecondShare = 0, Rates = new Dictionary<string, double> { ["full"] = 3 } } });
        await app.AddItemsAsync(project, Enumerable.Range(1, 4).Select(n => Work.Item("p1", n)));
        var person = Someone.With(Roles.Annotator);
        using var rater = await app.SignedInAsync(person);
        using var lead = await app.SignedInAsync(Roles.Lead);
        for (var n = 0; n < 3; n++)
        {
            await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement());
        }

        (await lead.PostAsync($"oversight/p1/raters/{person.PersonId}/void", Body.Of(new { from = app.Time.GetUtcNow(), why = "Judged the wrong text." }))).EnsureSuccessStatusCode();

        var line = Assert.Single((await (await lead.GetAsync("quality/p1/ledger")).JsonAsync())["lines"]!.AsArray())!;
        Assert.Equal((3, 3, 270, 0.0), (line["tasks"]!.GetValue<int>(), line["void"]!.GetValue<int>(), line["activeSeconds"]!.GetValue<int>(), line["pay"]!.GetValue<double>()));
    }

    [Fact]
    public void Own_items_that_came_twice_give_the_lead_a_figure_per_rater_and_dimension()
    {
        var again = new List<RepeatedScore>();
        for (var n = 0; n < 6; n++)
        {
            again.Add(new RepeatedScore("R-1", $"i{n}/r", $"i{n}", "clarity", 4, default));
            again.Add(new RepeatedScore("R-1", $"i{n}/r", $"i{n}", "clarity", n < 3 ? 4 : 5, default));
        }

        var view = Assert.Single(ConsistencyView.Of(again));

        Assert.Equal((6, 0.5), (view.Items, view.ByDimension["clarity"].Value));
        Assert.Contains("fewer than 5", view.ByDimension["tone"].Undefined!, StringComparison.Ordinal);
    }
}
