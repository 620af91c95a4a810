using System.Globalization;
using System.Text.Json.Nodes;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Tests.TestHost;
using ScoreRange = HealthEval.Quality.ScoreRange;

namespace HealthEval.Tests.Quality;

/// <summary>The shipped gold was solved twice; how far the two agreed, and how each difference was settled, stands in files that can be checked.</summary>
public sealed class SecondSolutionTests
{
    private static readonly Guideline Second = GuidelineLibrary.BuiltIn[1];
    private static readonly string[] Scores = [.. Vocabulary.Dimensions, "overall"];
    private static readonly List<JsonNode> Gold = Lines("gold.jsonl");
    private static readonly List<JsonNode> Solutions = Lines("gold-solutions.jsonl");
    private static readonly List<JsonNode> Judged = [.. Solutions.Where(line => line["responseId"] is not null)];
    private static readonly Dictionary<string, string> Texts = ResponseTexts();

    [Fact]
    public void Every_response_of_the_gold_and_every_calibration_item_was_solved_a_second_time()
    {
        Assert.Equal(Gold.SelectMany(line => line["acceptable"]!.AsObject()).Select(range => range.Key).Order(), Judged.Select(line => Word(line, "responseId")).Order());
        Assert.Equal(Second.Calibration!.Select(item => item.Id), Solutions.Where(line => line["calibration"] is not null).Select(line => Word(line, "calibration")));
        Assert.All(Solutions, line => Assert.All((string[])["first", "second"], who => Assert.All(Scores, name => Assert.NotNull(line[who]![name]))));
    }

    [Fact]
    public void The_second_solution_speaks_the_guidelines_words_about_passages_that_are_there() => Assert.All(Solutions, line =>
    {
        var text = line["responseId"] is null ? Second.Calibration!.Single(item => item.Id == Word(line, "calibration")).Response : Texts[Word(line, "responseId")];
        foreach (var mark in line["second"]!["marks"]!.AsArray())
        {
            Assert.Contains(Second.Codes, code => code.Code == Word(mark!, "code"));
            Assert.True(mark!["quote"] is null || text.Contains(Word(mark, "quote"), StringComparison.Ordinal), $"{line["responseId"]}: {mark["quote"]}");
        }

        Assert.All(line["second"]!["claims"]!.AsArray(), claim => Assert.True(
            text.Contains(Word(claim!, "quote"), StringComparison.Ordinal) && Second.Verdicts.Any(verdict => verdict.Key == Word(claim!, "verdict")), $"{line["responseId"]}: {claim!["quote"]}"));
    });

    [Fact]
    public void A_second_score_outside_what_is_acceptable_is_settled_with_a_reason() => Assert.All(Judged, line =>
    {
        var (response, ranges) = (Word(line, "responseId"), RangesOf(Word(line, "responseId")));
        foreach (var dimension in Vocabulary.Dimensions)
        {
            var (first, second) = (Score(line, "first", dimension), Score(line, "second", dimension));
            var within = second is { } given && ranges[dimension] is JsonArray range && given >= range[0]!.GetValue<int>() && given <= range[1]!.GetValue<int>();
            Assert.True(within || (first, second) is (null, null) || line["settled"]?[dimension] is not null, $"{response} {dimension}: {second}");
        }
    });

    [Fact]
    public void Only_a_difference_is_settled() => Assert.All(Solutions, line => Assert.All(
        (line["settled"] as JsonObject ?? []).Where(one => one.Key != "marks"),
        one => Assert.False(JsonNode.DeepEquals(line["first"]![one.Key], line["second"]![one.Key]), $"{line["responseId"]} {one.Key}")));

    /// <summary>A rater who finds the dangers must not fail for naming them in another way.</summary>
    [Fact]
    public void By_the_products_own_rule_the_second_solution_found_every_critical_error()
    {
        var scores = Judged.Select(line =>
        {
            var response = Word(line, "responseId");
            var reference = Gold.Single(gold => gold["acceptable"]!.AsObject().ContainsKey(response))["judgement"]!["spans"]!.AsArray().Where(span => Word(span!, "responseId") == response);
            var gold = new GoldItem("p", "g", 1, "t", "o", "general|en", false, [response], new Judgement { Spans = [.. reference.Select(span => Span(span!, Texts[response]))] },
                new Dictionary<string, IReadOnlyDictionary<string, ScoreRange>>(), null, "", "lead", default);
            var said = new Judgement { Spans = [.. line["second"]!["marks"]!.AsArray().Select(mark => Span(mark!, Texts[response]))] };
            return GoldScore.Of(gold, new Annotation(
                "a", "p", "t", "rater", "R-1", "l", [response], "", new GuidelineReference("healtheval", 2), "", "", [], false, default, default, "", said));
        }).ToList();

        Assert.Equal((32, 32), (scores.Sum(score => score.Planted), scores.Sum(score => score.Found)));
    }

    /// <summary>Rows as <c>| accuracy | 70 | 41 | 70 | 61 | .917 |</c>: both scored, the same, within one, within what was acceptable before, quadratic kappa.</summary>
    [Fact]
    public void The_page_gives_the_agreement_that_the_two_solutions_have()
    {
        var page = Repository.Text("docs/guideline.md");
        var scale = Scale.OfNumbers([1, 2, 3, 4, 5]);
        Assert.All(Scores, name =>
        {
            var pairs = Judged.Select(line => (First: Score(line, "first", name), Second: Score(line, "second", name))).Where(pair => pair is ({ }, { })).ToList();
            var counts = new double[5, 5];
            pairs.ForEach(pair => counts[pair.First!.Value - 1, pair.Second!.Value - 1]++);
            var kappa = TwoRaterAgreement.CohenKappa(ContingencyTable.Of(counts, scale), AgreementWeights.Of(WeightSet.Quadratic, scale)).Value!.Value;
            var same = pairs.Count(pair => pair.First == pair.Second);
            var near = pairs.Count(pair => Math.Abs(pair.First!.Value - pair.Second!.Value) <= 1);

            Assert.Contains($"| {name} | {pairs.Count} | {same} | {near} | {kappa.ToString(".000", CultureInfo.InvariantCulture)} |", page, StringComparison.Ordinal);
        });
        var extents = Judged.Count(line => JsonNode.DeepEquals(line["first"]!["harm"]!["extent"], line["second"]!["harm"]!["extent"]));
        Assert.Contains($"extent of harm was the same in {extents} of {Judged.Count}", page, StringComparison.Ordinal);
    }

    private static Span Span(JsonNode mark, string text)
    {
        var quote = (string?)mark["quote"];
        var start = quote is null ? (int?)null : text.IndexOf(quote, StringComparison.Ordinal);
        return new Span("A", (string?)mark["kind"] ?? (mark["severity"] is null ? "strength" : "improve"), Word(mark, "code"), (string?)mark["severity"], start, start + quote?.Length);
    }

    private static JsonObject RangesOf(string response) =>
        Gold.Select(line => line["acceptable"]![response]).OfType<JsonObject>().Single();

    /// <summary>Null for N/A.</summary>
    private static int? Score(JsonNode line, string who, string name) => line[who]![name]!.AsValue().TryGetValue<int>(out var score) ? score : null;

    private static Dictionary<string, string> ResponseTexts()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in ((string[])["responses.jsonl", "paired.jsonl", "chat.jsonl", "practice.jsonl"]).SelectMany(Lines).Where(item => item["prompt_id"] is not null))
        {
            foreach (var response in item["responses"] as JsonArray ?? [])
            {
                texts[Word(response!, "response_id")] = Word(response!, "content");
            }

            if (item["responses"] is null)
            {
                texts[(string?)item["response_id"] ?? $"{item["prompt_id"]}-r1"] = (string?)item["response"] ?? Word(item["messages"]!.AsArray()[^1]!, "content");
            }
        }

        return texts;
    }

    private static string Word(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static List<JsonNode> Lines(string file) => [.. File.ReadLines(Path.Combine(Repository.Root, "samples", file)).Select(line => JsonNode.Parse(line)!)];
}
