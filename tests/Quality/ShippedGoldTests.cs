using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Quality;

/// <summary>The gold that everybody can read: it shows and calibrates, so it has to be right by the guideline's own words.</summary>
public sealed class ShippedGoldTests
{
    /// <summary>Spearman's ρ of any two dimensions over the set; the first version's were .92 to .99.</summary>
    private const double HighestCorrelation = 0.88;

    private static readonly string Folder = Path.Combine(Repository.Root, "samples");
    private static readonly Guideline Second = GuidelineLibrary.BuiltIn[1];

    private static readonly string[] Batches = ["responses.jsonl", "paired.jsonl", "chat.jsonl", "practice.jsonl"];

    private static readonly List<JsonNode> Lines = [.. File.ReadLines(Path.Combine(Folder, "gold.jsonl")).Select(line => JsonNode.Parse(line)!)];

    private static readonly List<Judgement> Judgements = [.. Lines.Select(line => Json.Parse<Judgement>(Json.Bytes(Named(line["judgement"]!))))];

    private static IEnumerable<Claim> Claims => Judgements.SelectMany(judgement => judgement.Claims);

    [Fact]
    public async Task Every_line_is_taken_in_beside_the_samples_and_again_changes_nothing()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("samples", project => project with { Guideline = new GuidelineReference(Second.Id, Second.Version) });
        foreach (var file in Batches)
        {
            await app.Services.GetRequiredService<IngestBatch>().RunAsync(project, new BatchSource(file, () => File.OpenRead(Path.Combine(Folder, file))), _ => { }, again: false, default);
        }

        var (first, again) = (await ImportAsync(), await ImportAsync());

        Assert.True(first.Errors.Count == 0, string.Join("\n", first.Errors.SelectMany(error => error.Reasons.Select(reason => $"line {error.Line}: {reason.Key}: {reason.Value[0]}"))));
        Assert.Equal((Lines.Count, 0), (first.Added, again.Added));

        async Task<GoldImport> ImportAsync()
        {
            await using var gold = File.OpenRead(Path.Combine(Folder, "gold.jsonl"));
            return await app.Services.GetRequiredService<Gold>().ImportAsync(project, gold, "lead", default);
        }
    }

    [Fact]
    public void No_judgement_contradicts_itself() => Assert.All(Judgements.Zip(Lines), pair =>
        Assert.True(Gates.Fired(pair.First, Second) is [], $"{pair.Second["prompt_id"]}: {string.Join(' ', Gates.Fired(pair.First, Second).Select(gate => gate.Key))}"));

    [Fact]
    public void Every_source_is_a_page_and_not_a_front_page_and_has_the_tier_of_the_registry() => Assert.All(Claims.SelectMany(claim => claim.Evidence ?? []), evidence =>
    {
        var address = new Uri(evidence.Url!);
        Assert.True(address.AbsolutePath.Length > 1 || address.Query.Length > 1, evidence.Url);
        var entry = SourceRegistry.Find(Second, evidence.Url);
        Assert.True(entry is not null, $"{evidence.Url} is on no list");
        Assert.True(entry.Tier is null || entry.Tier == evidence.Tier, $"{evidence.Url} is {entry.Tier} and not {evidence.Tier}");
        Assert.StartsWith("In our words: ", evidence.Excerpt);
    });

    [Fact]
    public void The_reference_lies_within_what_is_acceptable_and_that_is_at_most_two_levels() => Assert.All(Lines, line =>
    {
        foreach (var rating in line["judgement"]!["ratings"]!.AsArray())
        {
            var response = rating!["responseId"]!.GetValue<string>();
            foreach (var (dimension, range) in line["acceptable"]![response]!.AsObject())
            {
                var (low, high, given) = (range![0]!.GetValue<int>(), range[1]!.GetValue<int>(), rating[dimension]!.GetValue<int>());
                Assert.True(given >= low && given <= high && high - low <= 1, $"{response} {dimension}: {given} in [{low}, {high}]");
            }
        }
    });

    [Fact]
    public void The_page_shows_every_reference_with_its_range()
    {
        var page = Repository.Text("docs/gold.md").Split('\n');
        Assert.All(Lines.SelectMany(line => line["judgement"]!["ratings"]!.AsArray().Select(rating => (line, rating: rating!))), one =>
        {
            var response = one.rating["responseId"]!.GetValue<string>();
            string Cell(string dimension) => one.line["acceptable"]![response]![dimension] is JsonArray range
                ? $"{one.rating[dimension]} [{range[0]}–{range[1]}]"
                : one.rating[dimension]!.ToString().Replace("NA", "N/A", StringComparison.Ordinal);
            var harm = one.line["judgement"]!["harm"]!.AsArray().Single(harm => harm!["responseId"]!.GetValue<string>() == response)!;
            var extent = harm["likelihood"] is { } likelihood ? $"{harm["extent"]}, {likelihood}" : $"{harm["extent"]}";
            var row = $"| {response} | {string.Join(" | ", Vocabulary.Dimensions.Select(Cell))} | {one.rating["overall"]} | {extent} |";
            Assert.Contains(page, line => line.StartsWith(row, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void What_must_be_found_is_named_with_passage_and_code_and_clean_controls_name_nothing() => Assert.All(Lines.Zip(Judgements), pair =>
    {
        var planted = pair.First["planted"]!.AsArray().Select(one => (one!["code"]!.GetValue<string>(), one["quote"]?.GetValue<string>()));
        var marked = pair.Second.Spans.Where(span => span.Kind != "strength" && span.Severity is "major" or "critical").Select(span => (span.Code!, span.Quote));
        Assert.Equal(marked, planted);
        Assert.All(pair.Second.Spans.Where(span => span.Quote is null), span => Assert.False(string.IsNullOrWhiteSpace(span.MissingText)));
    });

    [Fact]
    public void Every_code_of_the_guideline_is_used_and_every_verdict_and_sub_domain()
    {
        var used = Judgements.SelectMany(judgement => judgement.Spans).Select(span => span.Code!).ToHashSet();
        Assert.DoesNotContain(Second.Codes, code => !used.Contains(code.Code));
        Assert.Empty(Second.Verdicts.Select(verdict => verdict.Key).Except(Claims.Select(claim => claim.Verdict!)).Except(["NOT_A_CLAIM"]));
        var items = Lines.ToDictionary(line => line["prompt_id"]!.GetValue<string>(), line => line);
        Assert.Equal(Lines.Count, items.Count);
        var subdomains = Batches.SelectMany(file => File.ReadLines(Path.Combine(Folder, file))).Select(text => JsonNode.Parse(text)!)
            .Where(item => item["prompt_id"] is { } id && items.ContainsKey(id.GetValue<string>())).CountBy(item => item["subdomain"]!.GetValue<string>()).ToDictionary();
        Assert.All(Vocabulary.Subdomains, subdomain => Assert.True(subdomains[subdomain] >= 10, $"{subdomain}: {subdomains[subdomain]}"));
    }

    /// <summary>A dimension that never takes a level can't calibrate it; dimensions that move together calibrate one impression.</summary>
    [Fact]
    public void Scores_spread_and_dimensions_do_not_move_together()
    {
        var ratings = Judgements.SelectMany(judgement => judgement.Ratings).Select(rating => rating.Scores.ToDictionary(score => score.Dimension, score => score.Score)).ToList();
        Assert.All(Vocabulary.Dimensions, dimension => Assert.True(ratings.Select(rating => rating[dimension]).Where(score => score is not null).Distinct().Count() >= 4, dimension));
        Assert.All((int[])[1, 2, 3, 4, 5], level => Assert.True(ratings.Count(rating => rating["accuracy"] == level) >= 8, $"accuracy {level}"));
        var pairs = from one in Vocabulary.Dimensions from other in Vocabulary.Dimensions where string.CompareOrdinal(one, other) < 0 select (one, other);

        Assert.All(pairs, pair =>
        {
            var both = ratings.Where(rating => rating[pair.one] is not null && rating[pair.other] is not null).ToList();
            var rho = Spearman([.. both.Select(rating => (double)rating[pair.one]!)], [.. both.Select(rating => (double)rating[pair.other]!)]);
            Assert.True(Math.Abs(rho) < HighestCorrelation, $"{pair.one} and {pair.other}: {rho:0.00}");
        });
    }

    private static double Spearman(double[] x, double[] y)
    {
        double[] Ranks(double[] values) => [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0))];
        var (a, b) = (Ranks(x), Ranks(y));
        var (meanA, meanB) = (a.Average(), b.Average());
        return a.Zip(b, (one, other) => (one - meanA) * (other - meanB)).Sum()
            / Math.Sqrt(a.Sum(one => (one - meanA) * (one - meanA)) * b.Sum(other => (other - meanB) * (other - meanB)));
    }

    /// <summary>Response ids in place of keys: the gates ask by whatever a response is called.</summary>
    private static JsonNode Named(JsonNode judgement)
    {
        var copy = judgement.DeepClone();
        foreach (var entry in copy.AsObject().SelectMany(field => (field.Value as JsonArray)?.OfType<JsonObject>() ?? []).Where(entry => entry.ContainsKey("responseId")).ToList())
        {
            entry["response"] = entry["responseId"]!.DeepClone();
        }

        return copy;
    }
}
