using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Batches;

/// <summary>The samples do what their page says.</summary>
public sealed class SamplesTests
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "samples"));

    [Fact]
    public async Task Every_sample_loads_whole_and_all_sub_domains_are_there()
    {
        await using var app = await TestApp.StartAsync();

        var batches = await LoadAsync(app, "responses.jsonl", "paired.jsonl", "chat.jsonl", "table.csv", "pairs.csv");

        Assert.All(batches, batch => Assert.Equal(("loaded", 0L), (batch.State, batch.Rejected)));
        Assert.Equal(55, batches.Sum(batch => batch.Accepted));
        var items = await ItemsAsync(app);
        Assert.All(Vocabulary.Subdomains, subdomain => Assert.True(items.Count(item => item.Subdomain == subdomain) >= 5, subdomain));
        Assert.Contains(items, item => item.Responses.Any(response => response.Content.Length > 15_000));
        Assert.Contains(items, item => item.Responses.Count == 2);
    }

    [Fact]
    public async Task The_broken_sample_loads_its_good_lines_and_names_the_others()
    {
        await using var app = await TestApp.StartAsync();

        var batch = Assert.Single(await LoadAsync(app, "hostile.jsonl"));

        Assert.Equal("loaded_with_rejects", batch.State);
        Assert.Equal(12, batch.Read);
        Assert.Equal(batch.Read, batch.Accepted + batch.Duplicate + batch.Rejected);
        Assert.True(batch.Rejected >= 6);
        Assert.All(batch.Errors, error => Assert.False(string.IsNullOrWhiteSpace(error.Reason)));
    }

    [Fact]
    public async Task Every_expert_judgement_is_one_that_a_rater_could_hand_in()
    {
        await using var app = await TestApp.StartAsync();
        await LoadAsync(app, "responses.jsonl", "paired.jsonl", "chat.jsonl");
        var items = await ItemsAsync(app);
        var gold = File.ReadLines(Path.Combine(Folder, "gold.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.True(gold.Count >= 10);

        foreach (var expert in gold)
        {
            var item = Assert.Single(items, item => IsOf(expert, item));
            var order = item.Responses.Select(response => response.ResponseId).ToList();
            var judgement = Json.Parse<Judgement>(Json.Bytes(Blinded(expert["judgement"]!, order)));

            var faults = JudgementRules.Check(judgement, GuidelineLibrary.BuiltIn[0] with { Rules = Rules() }, item, order);

            Assert.True(!faults.Any, $"{expert["item_id"] ?? expert["prompt_id"]}: {string.Join(" | ", faults.ByField.Select(fault => $"{fault.Key}: {fault.Value[0]}"))}");
        }
    }

    private static IReadOnlyList<CustomerRule> Rules() =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "guideline-telehealth.json")))!["rules"]!.AsArray()
            .Select(rule => new CustomerRule(rule!["id"]!.GetValue<string>(), rule["level"]!.GetValue<string>(), rule["text"]!.GetValue<string>()))];

    private static bool IsOf(JsonNode expert, EvalItem item) =>
        expert["item_id"]?.GetValue<string>() is { } id
            ? item.ItemId == id
            : item.PromptId == expert["prompt_id"]!.GetValue<string>() && (expert["response_id"]?.GetValue<string>() is not { } response || item.Responses.Any(r => r.ResponseId == response));

    /// <summary>The judgement with keys in place of response ids.</summary>
    private static JsonNode Blinded(JsonNode judgement, List<string> order)
    {
        foreach (var (_, entries) in judgement.AsObject())
        {
            foreach (var entry in (entries as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                if (entry["responseId"]?.GetValue<string>() is { } id)
                {
                    entry.Remove("responseId");
                    entry["response"] = ResponseOrder.Key(order.IndexOf(id));
                }
            }
        }

        if (judgement["preference"] is JsonObject preference)
        {
            preference["winner"] = KeyOf(preference["winner"]!.GetValue<string>());
            foreach (var (dimension, winner) in (preference["perDimension"] as JsonObject ?? []).ToList())
            {
                preference["perDimension"]![dimension] = KeyOf(winner!.GetValue<string>());
            }
        }

        return judgement;

        string KeyOf(string winner) => order.IndexOf(winner) is >= 0 and var position ? ResponseOrder.Key(position) : winner;
    }

    private static async Task<List<EvalItem>> ItemsAsync(TestApp app) =>
        await app.Store.AllAsync<EvalItem>(new DocumentQuery(DocumentKind.Item) { ProjectId = "samples" }, default).Select(item => item.Value).ToListAsync();

    private static async Task<IReadOnlyList<Batch>> LoadAsync(TestApp app, params string[] files)
    {
        var project = await app.AddProjectAsync("samples");
        var batches = new List<Batch>();
        foreach (var file in files)
        {
            var source = new BatchSource(file, () => File.OpenRead(Path.Combine(Folder, file)));
            batches.Add((await app.Services.GetRequiredService<IngestBatch>().RunAsync(project, source, _ => { }, again: false, default)).Batch);
        }

        return batches;
    }
}
