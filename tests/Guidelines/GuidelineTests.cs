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
    public void Version_1_is_readable_for_ever_and_hashes_to_what_it_always_did()
    {
        var first = GuidelineLibrary.BuiltIn[0];

        Assert.Equal("790a15ff38302c74e99a18992ca02f47bdbaaebdfdbdc6abd919cdfd3787a89f", first.Sha256);
        Assert.Equal((1, 60, 7, 20), (first.Version, first.Codes.Count, first.Verdicts.Count, first.Behaviour.Count));
        Assert.Null(first.Gates);
        Assert.Equal(6, first.GatesInForce.Count);
    }

    [Fact]
    public void Version_2_has_78_codes_nine_checks_and_a_verdict_for_references_that_do_not_exist()
    {
        var second = GuidelineLibrary.BuiltIn[1];

        Assert.Same(second, GuidelineLibrary.Default);
        Assert.Equal((2, 78, 8, 9), (second.Version, second.Codes.Count, second.Verdicts.Count, second.Behaviour.Count));
        Assert.Equal("REF", second.Verdicts.Single(verdict => verdict.Key == "NOT_FOUND").ThreeWay);
        Assert.Equal(Enumerable.Range(1, 10).Select(n => $"G{n}").Order(), second.Codes.Where(code => code.Kinds.Contains("strength")).Select(code => code.Code).Order());
        Assert.Equal([1, 5, 25], second.Severities.Select(severity => severity.Weight));
        Assert.Equal(["accuracy", "reasoning"], second.Dimensions.Where(dimension => dimension.NaAllowed).Select(dimension => dimension.Key));
    }

    [Fact]
    public void Codes_stand_in_their_groups_and_every_level_has_an_anchor() => Assert.All(GuidelineLibrary.BuiltIn, guideline =>
    {
        Assert.Equal(guideline.Codes.Count, guideline.Codes.Select(code => code.Code).Distinct().Count());
        Assert.All(guideline.Codes, code => Assert.StartsWith(code.Group, code.Code, StringComparison.Ordinal));
        Assert.All(guideline.Dimensions, dimension => Assert.All(["1", "2", "3", "4", "5"], level => Assert.NotEmpty(dimension.Anchors[level])));
        Assert.Empty(GuidelineRules.Check(guideline).ByField);
    });

    [Fact]
    public async Task The_difference_between_two_versions_is_told_part_by_part()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await app.SignedInAsync(Roles.Annotator);

        var difference = await (await rater.GetAsync("guidelines/healtheval/2/changes")).JsonAsync();

        Assert.Equal(GuidelineLibrary.BuiltIn[0].Sha256, difference["sinceSha256"]!.GetValue<string>());
        var changes = difference["changes"]!.AsArray().Select(change => $"{change!["part"]} {change["what"]} {change["entry"]}").ToList();
        Assert.Contains("Claim verdicts added NOT_FOUND", changes);
        Assert.Contains("Taxonomy: codes added K7", changes);
        Assert.Contains("Gates added critical_mark_harm", changes);
        Assert.Contains("Behaviour checks removed CB16", changes);
        Assert.Equal(18, changes.Count(change => change.StartsWith("Taxonomy: codes added", StringComparison.Ordinal)));
        Assert.Equal("not_found", await (await rater.GetAsync("guidelines/healtheval/1/changes")).ProblemAsync(404));
    }

    [Fact]
    public async Task A_rater_reads_the_quiz_without_its_answers_and_a_lead_with_them()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await app.SignedInAsync(Roles.Annotator);
        using var lead = await app.SignedInAsync(Roles.Lead);
        var draft = JsonNode.Parse(Json.Bytes(GuidelineLibrary.Default))!;
        draft["quiz"] = JsonNode.Parse("""[{"id":"q1","topic":"t","question":"?","choices":[{"key":"a","name":"A"},{"key":"b","name":"B"}],"answer":"b","why":"Because."}]""");
        draft["calibration"] = new JsonArray();
        (await lead.PutAsync("guidelines/house", Body.Of(draft))).EnsureSuccessStatusCode();

        var (seen, known) = (await (await rater.GetAsync("guidelines/house/1")).JsonAsync(), await (await lead.GetAsync("guidelines/house/1")).JsonAsync());

        Assert.Null(seen["quiz"]![0]!["answer"]);
        Assert.Null(seen["quiz"]![0]!["why"]);
        Assert.Null(seen["calibration"]);
        Assert.Equal("b", known["quiz"]![0]!["answer"]!.GetValue<string>());
        Assert.Equal(known["sha256"]!.GetValue<string>(), seen["sha256"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_gates_of_version_1_are_served_beside_it()
    {
        await using var app = await TestApp.StartAsync();
        using var rater = await app.SignedInAsync(Roles.Annotator);

        Assert.Equal(6, (await (await rater.GetAsync("guidelines/healtheval/1")).JsonAsync())["legacyGates"]!.AsArray().Count);
        Assert.Null((await (await rater.GetAsync("guidelines/healtheval/2")).JsonAsync())["legacyGates"]);
    }

    [Theory]
    [InlineData("field", "\"gossip\"", "gates.refuted_major_claim.field")]
    [InlineData("when", "[]", "gates.refuted_major_claim")]
    [InlineData("when", """[{"claim":{"threeWay":["WRONG"]}}]""", "gates.refuted_major_claim.when")]
    [InlineData("when", """[{"span":{"codes":["Z9"]}}]""", "gates.refuted_major_claim.when")]
    [InlineData("when", """[{"above":{"charm":3}}]""", "gates.refuted_major_claim.when")]
    public void A_gate_that_could_never_ask_is_refused(string part, string json, string field)
    {
        var draft = JsonNode.Parse(Json.Bytes(GuidelineLibrary.Default))!;
        draft["gates"]![0]![part] = JsonNode.Parse(json);

        Assert.Equal([field], GuidelineRules.Check(Json.Parse<Guideline>(Json.Bytes(draft))).ByField.Keys);
    }

    [Theory]
    [InlineData(2, "https://www.bmj.com/content/1", "bmj.com/content")]
    [InlineData(2, "https://www.bmj.com/company", null)]
    [InlineData(2, "https://blogs.bmj.com/x", null)]
    [InlineData(2, "https://www.cdc.gov/vaccine-safety/about/autism.html", "cdc.gov/vaccine-safety/about/autism.html")]
    [InlineData(2, "https://www.cdc.gov/vaccine-safety/about/index.html", "cdc.gov/vaccine-safety")]
    [InlineData(2, "https://wwwnc.cdc.gov/travel", "*.cdc.gov")]
    [InlineData(2, "https://notcdc.gov/travel", null)]
    [InlineData(2, "https://iris.who.int/handle/1", "iris.who.int")]
    [InlineData(2, "https://ncbi.nlm.nih.gov/books/NBK430685/", "ncbi.nlm.nih.gov/books/NBK430685")]
    [InlineData(2, "https://www.ncbi.nlm.nih.gov/books/NBK537200/", "ncbi.nlm.nih.gov/books")]
    [InlineData(2, "https://www.ahajournals.org/doi/10.1161/CIR.0000000000001029", "ahajournals.org/doi/10.1161/CIR.0000000000001029")]
    [InlineData(2, "https://www.ahajournals.org/doi/10.1161/CIR.0000000000001", "ahajournals.org")]
    [InlineData(2, "http://nice.org.uk.example.com/x", null)]
    [InlineData(2, "ftp://nice.org.uk/x", null)]
    [InlineData(2, "nice.org.uk", null)]
    [InlineData(1, "https://blogs.bmj.com/x", "bmj.com")]
    [InlineData(1, "https://bnf.nice.org.uk/drugs/ibuprofen/", "bnf.nice.org.uk")]
    public void An_address_belongs_to_its_entry(int version, string url, string? address) =>
        Assert.Equal(address, SourceRegistry.Find(GuidelineLibrary.BuiltIn[version - 1], url)?.Address);

    [Theory]
    [InlineData("https://example.org/news", "example.org/news")]
    [InlineData("https://example.org/news/today", "example.org/news")]
    [InlineData("https://example.org/newsletter", "example.org")]
    [InlineData("https://example.org/news/2026/x", "example.org/news/2026/")]
    public void The_longest_path_wins_and_paths_end_where_words_end(string url, string address)
    {
        TrustedSource Entry(string? path) => new("example.org", "Example", "T1", "US", "guideline", path);
        var guideline = GuidelineLibrary.Default with { Sources = [Entry(null), Entry("/news"), Entry("/news/2026/")] };

        Assert.Equal(address, SourceRegistry.Find(guideline, url)?.Address);
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
