using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

/// <summary>The gate table of each version, by the cases that the form's tests run too.</summary>
public sealed class GateTableTests
{
    private static readonly JsonArray Cases = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Annotations", "GateCases.json")))!.AsArray();

    public static TheoryData<int, string> Rules => [.. GuidelineLibrary.BuiltIn.SelectMany(guideline => guideline.GatesInForce.Select(rule => (guideline.Version, rule.Key)))];

    [Fact]
    public void Every_case_fires_exactly_what_it_says()
    {
        var wrong = Cases.Select(one => (Name: $"v{one!["guideline"]} {one["name"]}", Expected: Words(one, "fires").Concat(Words(one, "also")).Order(), Fired: FiredIn(one!).Order()))
            .Where(one => !one.Expected.SequenceEqual(one.Fired)).Select(one => $"{one.Name}: expected [{string.Join(' ', one.Expected)}], fired [{string.Join(' ', one.Fired)}]");

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_is_seen_to_fire_and_not_to_fire(int version, string rule)
    {
        var own = Cases.Where(one => one!["guideline"]!.GetValue<int>() == version).ToList();

        Assert.Contains(own, one => Words(one, "fires").Contains(rule));
        Assert.Contains(own, one => Words(one, "quiet").Contains(rule) && !FiredIn(one!).Contains(rule));
    }

    [Fact]
    public void What_must_stay_quiet_is_quiet() =>
        Assert.All(Cases, one => Assert.Empty(Words(one, "quiet").Intersect(FiredIn(one!))));

    [Fact]
    public void A_judgement_under_version_1_is_asked_by_the_rules_of_version_1()
    {
        var judgement = Of(Cases.Single(one => one!["name"]!.GetValue<string>() == "critical under-triage, harm none, all fives")!);

        Assert.Empty(Gates.Fired(judgement, GuidelineLibrary.BuiltIn[0]));
        Assert.NotEmpty(Gates.Fired(judgement, GuidelineLibrary.BuiltIn[1]));
    }

    [Fact]
    public void A_gate_about_a_claim_names_the_claim_and_the_place_where_it_is()
    {
        var judgement = new Judgement { Claims = [new Claim("A", Quote: "x"), new Claim("B", Quote: "y", Type: "dose", Checkworthiness: "must", Verdict: "SUPPORTED")] };

        var gate = Assert.Single(Gates.Fired(judgement, GuidelineLibrary.BuiltIn[1]));

        Assert.Equal(("label_missing:B:2", "judgement.claims[1].verdict", true), (gate.Key, gate.Field, gate.NeedsReason));
    }

    [Fact]
    public void A_low_score_is_asked_about_where_it_is()
    {
        var rating = new Rating("B", 4, 4, false, 4, 4, 2, 4, null);

        var gate = Gates.Fired(new Judgement { Ratings = [rating with { Response = "A", Tone = 4 }, rating] }, GuidelineLibrary.BuiltIn[0])[0];

        Assert.Equal(("low_needs_evidence:B", "judgement.ratings[1].tone"), (gate.Key, gate.Field));
    }

    [Fact]
    public void The_page_shows_every_gate_with_its_words_and_cases()
    {
        var page = Repository.Text("docs/guideline.md");
        Assert.All(GuidelineLibrary.BuiltIn[1].Gates!, rule =>
        {
            var row = page.Split('\n').SingleOrDefault(line => line.StartsWith($"| `{rule.Key}` | {rule.Field} | {rule.Message} |", StringComparison.Ordinal));
            Assert.True(row is not null, rule.Key);
            var shown = row.Split('|')[^3..^1].Select(name => name.Trim()).ToList();
            Assert.Contains(Cases, one => Words(one, "fires").Contains(rule.Key) && one!["name"]!.GetValue<string>() == shown[0]);
            Assert.Contains(Cases, one => Words(one, "quiet").Contains(rule.Key) && one!["name"]!.GetValue<string>() == shown[1]);
        });
    }

    private static List<string> FiredIn(JsonNode one)
    {
        var guideline = GuidelineLibrary.BuiltIn.Single(guideline => guideline.Version == one["guideline"]!.GetValue<int>());
        return [.. Gates.Fired(Of(one), guideline).Select(gate => gate.Key.Split(':')).Where(key => key[1] == "A").Select(key => key[0]).Distinct()];
    }

    private static Judgement Of(JsonNode one)
    {
        var judgement = new JsonObject
        {
            ["mode"] = one["mode"]?.DeepClone(),
            ["ratings"] = one["rating"] is { } rating ? new JsonArray(WithKey(rating)) : [],
            ["harm"] = one["harm"] is { } harm ? new JsonArray(WithKey(harm)) : [],
            ["flags"] = one["flags"]?.DeepClone() ?? new JsonArray(),
        };
        foreach (var list in (ReadOnlySpan<string>)["claims", "spans", "behaviour"])
        {
            judgement[list] = new JsonArray([.. (one[list] as JsonArray ?? []).Select(entry => WithKey(entry!))]);
        }

        return Json.Parse<Judgement>(Json.Bytes(judgement));
    }

    private static JsonNode WithKey(JsonNode entry)
    {
        var copy = entry.DeepClone();
        copy["response"] ??= "A";
        return copy;
    }

    private static IEnumerable<string> Words(JsonNode? one, string field) => (one![field] as JsonArray ?? []).Select(word => word!.GetValue<string>());
}
