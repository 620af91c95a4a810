using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Guidelines;

public sealed class GuidelineTests
{
    [Fact]
    public void The_default_guideline_passes_its_own_rules() => Assert.Empty(GuidelineRules.Check(GuidelineLibrary.Default).ByField);

    [Fact]
    public void It_has_sixty_codes_of_which_seven_are_strengths()
    {
        var codes = GuidelineLibrary.Default.Codes;

        Assert.Equal(60, codes.Select(code => code.Code).Distinct().Count());
        Assert.Equal(["G1", "G2", "G3", "G4", "G5", "G6", "G7"], codes.Where(code => code.Kinds.Contains("strength")).Select(code => code.Code).Order());
        Assert.All(codes.GroupBy(code => code.Group), group => Assert.All(group, code => Assert.StartsWith(group.Key, code.Code, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_level_of_every_dimension_has_an_anchor()
    {
        Assert.Equal(Vocabulary.Dimensions, GuidelineLibrary.Default.Dimensions.Select(dimension => dimension.Key));
        Assert.All(GuidelineLibrary.Default.Dimensions, dimension => Assert.All(["1", "2", "3", "4", "5"], level => Assert.NotEmpty(dimension.Anchors[level])));
        Assert.Equal(["reasoning"], GuidelineLibrary.Default.Dimensions.Where(dimension => dimension.NaAllowed).Select(dimension => dimension.Key));
    }

    [Fact]
    public void It_has_seven_verdicts_six_tiers_twenty_checks_and_the_weights_1_5_25()
    {
        var guideline = GuidelineLibrary.Default;

        Assert.Equal((7, 6, 20), (guideline.Verdicts.Count, guideline.EvidenceTiers.Count, guideline.Behaviour.Count));
        Assert.Equal([1, 5, 25], guideline.Severities.Select(severity => severity.Weight));
        Assert.True(guideline.Sources.Count > 50);
    }

    [Fact]
    public async Task What_is_served_hashes_to_what_it_says()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await app.SignedInAsync(Roles.Annotator);

        var served = await (await rater.GetAsync("guidelines/healtheval/1")).JsonAsync();
        var sha = served["sha256"]!.GetValue<string>();
        served.AsObject().Remove("sha256");

        Assert.Equal(sha, Sha.Of(Json.Bytes(Json.Parse<Guideline>(Json.Bytes(served)))));
    }

    [Fact]
    public async Task A_put_makes_a_new_version_and_leaves_the_old_one_as_it_was()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        var draft = JsonNode.Parse(Json.Bytes(GuidelineLibrary.Default))!;

        var first = await (await lead.PutAsync("guidelines/house", Body.Of(draft))).JsonAsync();
        draft["title"] = "Changed";
        var second = await (await lead.PutAsync("guidelines/house", Body.Of(draft))).JsonAsync();

        Assert.Equal((1, 2), (first["version"]!.GetValue<int>(), second["version"]!.GetValue<int>()));
        Assert.NotEqual(first["sha256"]!.GetValue<string>(), second["sha256"]!.GetValue<string>());
        Assert.Equal(first["sha256"]!.GetValue<string>(), (await (await lead.GetAsync("guidelines/house/1")).JsonAsync())["sha256"]!.GetValue<string>());
        Assert.NotEqual("Changed", (await (await lead.GetAsync("guidelines/house/1")).JsonAsync())["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_built_in_guideline_cannot_be_replaced_and_a_broken_one_not_added()
    {
        await using var app = await TestApp.StartAsync();
        using var lead = await app.SignedInAsync(Roles.Lead);
        var draft = JsonNode.Parse(Json.Bytes(GuidelineLibrary.Default))!;
        Assert.Equal("invalid", await (await lead.PutAsync("guidelines/healtheval", Body.Of(draft))).ProblemAsync(422));

        draft["dimensions"]!.AsArray().RemoveAt(0);
        draft["codes"]![0]!["kinds"] = new JsonArray("gossip");
        var answer = await lead.PutAsync("guidelines/house", Body.Of(draft));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(["codes.F1.kinds", "dimensions"], (await answer.JsonAsync())["errors"]!.AsObject().Select(error => error.Key));
    }
}
