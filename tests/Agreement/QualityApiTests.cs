using HealthEval.People;
using HealthEval.Tests.Reports;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Agreement;

public sealed class QualityApiTests
{
    [Fact]
    public async Task The_live_figures_are_those_of_all_judgements()
    {
        await using var app = await TestApp.StartAsync();
        var sample = new WeekSample(tasks: 20);
        await sample.StoreAsync(app.Store);
        var quality = await (await (await app.SignedInAsync(Roles.Lead)).GetAsync("quality/p1")).JsonAsync();
        var scores = sample.Annotations.SelectMany(a => a.Judgement.Ratings).Select(r => r.Accuracy!.Value).ToList();
        var accuracy = quality["dimensions"]![0]!;
        Assert.Equal("accuracy", (string?)accuracy["key"]);
        Assert.Equal(scores.Average(), (double)accuracy["mean"]!["value"]!, 12);
        Assert.Equal(Enumerable.Range(1, 5).Select(level => scores.Count(s => s == level)), accuracy["distribution"]!.AsArray().Select(n => (int)n!));
        Assert.Equal(40, (int)quality["n"]!["units"]!);
        Assert.Equal(80, (int)quality["n"]!["ratings"]!);
        Assert.Equal(40, (int)quality["harmRate"]!["denominator"]!);
        Assert.False((bool)quality["simulated"]!);
    }

    [Fact]
    public async Task Without_judgements_every_figure_is_a_reason_and_no_number()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("empty");
        var quality = await (await (await app.SignedInAsync(Roles.Lead)).GetAsync("quality/empty")).JsonAsync();
        foreach (var dimension in quality["dimensions"]!.AsArray())
        {
            Assert.True(dimension!["mean"]!.AsObject().ContainsKey("value"));
            Assert.Null(dimension["mean"]!["value"]);
            Assert.Equal("there are no ratings", (string?)dimension["agreement"]!["undefined"]);
        }
    }
}
