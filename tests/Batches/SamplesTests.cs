using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Storage;
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

        var batches = await LoadAsync(app, "responses.jsonl", "paired.jsonl", "chat.jsonl", "practice.jsonl", "table.csv", "pairs.csv");

        Assert.All(batches, batch => Assert.Equal(("loaded", 0L), (batch.State, batch.Rejected)));
        Assert.Equal(78, batches.Sum(batch => batch.Accepted));
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
