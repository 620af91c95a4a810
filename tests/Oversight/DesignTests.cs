using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Oversight;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.Quality;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>A comparison of models is balanced, its cost and width are told before it is opened, and what is opened are tasks as any other.</summary>
public sealed class DesignTests
{
    private static readonly string[] Five = ["a", "b", "c", "d", "e"];

    [Theory]
    [InlineData(2, 1, 30)]
    [InlineData(3, 1, 31)]
    [InlineData(5, 1, 100)]
    [InlineData(5, 3, 47)]
    [InlineData(8, 4, 60)]
    [InlineData(7, 21, 9)]
    public void Any_two_models_meet_equally_often_give_or_take_one(int models, int pairs, int prompts)
    {
        List<string> names = [.. Enumerable.Range(0, models).Select(n => $"m{n}")];
        var eligible = Prompts(prompts * 2, names);

        var design = ComparisonPlan.Of(eligible, names, prompts, pairs, seed: 3);

        Assert.Equal(prompts * pairs, design.Count);
        var met = ComparisonPlan.RoundRobin(names).Select(pair => design.Count(one => new HashSet<string> { one.First, one.Second }.SetEquals([pair.First, pair.Second]))).ToList();
        Assert.Equal(models * (models - 1) / 2, met.Count);
        Assert.InRange(met.Max() - met.Min(), 0, 1);
        Assert.All(design.GroupBy(one => one.Prompt), prompt => Assert.Equal(pairs, prompt.Select(one => string.Join('/', new[] { one.First, one.Second }.Order())).Distinct().Count()));
        var each = names.Select(name => design.Count(one => one.First == name || one.Second == name)).ToList();
        Assert.InRange(each.Max() - each.Min(), 0, 2);
    }

    [Fact]
    public void The_sample_has_the_strata_in_their_shares_and_the_seed_says_which_prompts()
    {
        List<DesignPrompt> eligible = [.. Prompts(70, Five), .. Prompts(20, Five, "emergency", "general", from: 1_000), .. Prompts(10, Five, "routine", "diagnostics", from: 2_000)];

        var design = ComparisonPlan.Of(eligible, Five, prompts: 20, pairsPerPrompt: 1, seed: 1);

        var strata = design.Select(one => one.Prompt).CountBy(prompt => prompt.Stratum).ToDictionary();
        Assert.Equal((14, 4, 2), (strata[("routine", "general")], strata[("emergency", "general")], strata[("routine", "diagnostics")]));
        Assert.Equal(Ids(design), Ids(ComparisonPlan.Of([.. eligible.AsEnumerable().Reverse()], Five, 20, 1, seed: 1)));
        Assert.NotEqual(Ids(design), Ids(ComparisonPlan.Of(eligible, Five, 20, 1, seed: 2)));
        Assert.Equal(100, ComparisonPlan.Allocation(eligible, 5_000).Values.Sum());

        static IEnumerable<string> Ids(IReadOnlyList<DesignedPair> design) => design.Select(one => $"{one.Prompt.PromptId} {one.First} {one.Second}").Order();
    }

    [Fact]
    public void Costs_and_width_are_those_of_the_design()
    {
        var eligible = Prompts(100, ["a", "b"]);
        var figures = DesignFigures.Of(eligible, ComparisonPlan.Of(eligible, ["a", "b"], 93, 1, seed: 1), ["a", "b"], overlap: 2, minutesEach: 10, "a test");

        Assert.Equal((93, 93, 186, 31.0), (figures.Prompts, figures.Tasks, figures.Judgements, figures.Hours));
        // Wilson at one half with n = 93: z/(2·√(n + z²)) = 1.95996 / (2·√96.84)
        Assert.Equal(0.09958, figures.PairHalfWidth!.Value, 4);
        Assert.Equal(93, figures.PromptsForTenPoints);
    }

    [Fact]
    public async Task A_design_is_looked_at_opened_with_a_reason_and_judged_as_comparisons()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, Enumerable.Range(1, 6).SelectMany(n => Five.Take(3).Select((model, m) => Single(n, model, m))));
        using var lead = await app.SignedInAsync(Roles.Lead);
        var models = await (await lead.GetAsync("oversight/p1/designs")).JsonAsync();
        Assert.Equal(["a 6", "b 6", "c 6"], models["models"]!.AsArray().Select(one => $"{one!["model"]} {one["prompts"]}"));
        object Form(bool preview, string? why = null) => new { models = Five.Take(3), prompts = 6, pairs = 1, preview, why };

        var plan = await (await lead.PostAsync("oversight/p1/designs", Body.Of(Form(preview: true)))).JsonAsync();
        Assert.Equal((6, 6, null), ((int)plan["figures"]!["tasks"]!, (int)plan["figures"]!["judgements"]!, (string?)plan["batchId"]));
        Assert.Contains("nothing has been judged", (string)plan["figures"]!["minutesFrom"]!, StringComparison.Ordinal);
        Assert.Equal("invalid", await (await lead.PostAsync("oversight/p1/designs", Body.Of(Form(preview: false)))).ProblemAsync(422));
        var opened = await (await lead.PostAsync("oversight/p1/designs", Body.Of(Form(preview: false, why: "the launch")))).JsonAsync();

        var batchId = (string)opened["batchId"]!;
        await Until.TrueAsync("the comparison to be loaded", async () => (string)(await (await lead.GetAsync($"batches/p1/{batchId}")).JsonAsync())["state"]! == "loaded");
        var items = await app.Store.AllAsync<EvalItem>(new DocumentQuery(DocumentKind.Item) { ProjectId = "p1" }, default).Select(item => item.Value).Where(item => item.BatchId == batchId).ToListAsync();
        Assert.Equal(6, items.Count);
        Assert.All(items, item => Assert.Equal((2, "emergency", "cardiology", "Keep it short."), (item.Responses.Count, item.RiskTier, item.Specialty, item.Rubric.Single().Criterion)));
        Assert.All(items, item => Assert.Contains((string)opened["tag"]!, item.Tags));
        Assert.All(items.SelectMany(item => item.Responses), response => Assert.Equal(Sha.Of(response.Content), response.Sha256));
        Assert.All(items.SelectMany(item => item.Responses.Select(response => (item.PromptId, response))), one => Assert.Equal($"Answer of {one.response.Model} to {one.PromptId}: drink. 💧", one.response.Content));
        Assert.Equal([2, 2, 2], items.Select(item => string.Join('/', item.Responses.Select(response => response.Model).Order())).CountBy(pair => pair).Select(pair => pair.Value));
        Assert.Contains(await app.Services.GetAuditAsync("p1"), entry => entry.Action == "comparison.opened" && entry.About == batchId);
    }

    [Theory]
    [InlineData("""{"models":["a"]}""", "models")]
    [InlineData("""{"models":["a","nobody"]}""", "models")]
    [InlineData("""{"models":["a","b"],"pairs":2}""", "pairs")]
    [InlineData("""{"models":["a","b"],"prompts":0}""", "prompts")]
    [InlineData("""{"models":["a","b"],"prompts":2147483647,"pairs":2147483647}""", "prompts")]
    public async Task A_design_that_cannot_be_is_refused_with_its_field(string form, string field)
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1");
        await app.AddItemsAsync(project, Five.Take(2).Select((model, m) => Single(1, model, m)));
        using var lead = await app.SignedInAsync(Roles.Lead);

        var answer = await lead.PostAsync("oversight/p1/designs", Body.Text(form));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotNull((await answer.JsonAsync())["errors"]![field]);
    }

    private static List<DesignPrompt> Prompts(int count, IReadOnlyList<string> models, string risk = "routine", string subdomain = "general", int from = 0) =>
        [.. Enumerable.Range(from, count).Select(n => new DesignPrompt($"p{n}", risk, subdomain, models.ToDictionary(model => model, model => $"t-{n}-{model}")))];

    private static EvalItem Single(int prompt, string model, int place)
    {
        var text = $"Answer of {model} to prompt-{prompt}: drink. 💧";
        var item = Work.Item("p1", (prompt * 10) + place) with
        {
            PromptId = $"prompt-{prompt}",
            RiskTier = "emergency",
            Specialty = "cardiology",
            Responses = [new EvalResponse($"r-{prompt}-{model}", text, Sha.Of(text), model)],
            Messages = [new HealthEval.Intake.EvalMessage("user", $"Question {prompt}?")],
            Rubric = [new HealthEval.Intake.RubricCriterion("c1", "Keep it short.", 3, ["axis:style"])],
        };
        return item with { ContentSha256 = item.ContentHash() };
    }
}
