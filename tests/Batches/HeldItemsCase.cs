using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Batches;

/// <summary>A project that holds what looks like personal data, and a lead who decides about it.</summary>
public abstract class HeldItemsCase : IAsyncLifetime
{
    private protected const string Ssn = "078-05-1120";

    private protected static readonly string Three = string.Join('\n', Enumerable.Range(1, 3).Select(n => Line($"{n}", $"😀 My SSN is {Ssn}. What now?"))) + "\n" + Line("4", "q") + "\n";

    private protected TestApp App { get; private set; } = null!;
    private protected HttpClient Lead { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await TestApp.StartAsync();
        await App.AddProjectAsync("p1", project => project with { Privacy = "hold" });
        Lead = await App.SignedInAsync(Roles.Lead);
    }

    public async ValueTask DisposeAsync()
    {
        Lead.Dispose();
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static string Line(string id, string prompt) => new JsonObject { ["item_id"] = id, ["prompt"] = prompt, ["response"] = "a" }.ToJsonString(Json.Options);

    private protected async Task<Batch> LoadAsync(string content)
    {
        var project = (await App.Store.FindAsync<HealthEval.Projects.Project>(HealthEval.Projects.Project.Key("p1"), default))!.Value;
        return (await App.Services.GetRequiredService<IngestBatch>().RunAsync(project, IngestRig.Source(Encoding.UTF8.GetBytes(content)), _ => { }, again: false, default)).Batch;
    }

    private protected async Task<List<JsonNode>> HeldAsync(Batch batch) => [.. (await (await Lead.GetAsync($"batches/p1/{batch.BatchId}/held")).JsonAsync())["held"]!.AsArray().Select(item => item!)];

    private protected Task<HttpResponseMessage> PostAsync(Batch batch, string path, object decision) => Lead.PostAsync($"batches/p1/{batch.BatchId}/held{path}", Body.Of(decision));

    private protected async Task<JsonNode> DecidedAsync(Batch batch, JsonNode item, object decision)
    {
        using var answer = await PostAsync(batch, $"/{item["taskId"]}", decision);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    private protected async Task<JsonNode> ManyAsync(Batch batch, object decision) => await (await PostAsync(batch, "", decision)).JsonAsync();

    private protected async Task<Batch> BatchAsync(Batch batch) => (await App.Store.FindAsync<Batch>(Batch.Key("p1", batch.BatchId), default))!.Value;

    private protected async Task<string> ReceiptFileAsync(Batch batch)
    {
        await using var file = (await App.Files.OpenAsync(Batch.ReceiptPath("p1", batch.BatchId), default))!;
        return await new StreamReader(file).ReadToEndAsync();
    }

    private protected static async Task<string> MeAsync(HttpClient client) => (string)(await (await client.GetAsync("me")).JsonAsync())["personId"]!;

    private protected Task<long> TasksAsync() => App.Store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = "p1" }, default);

    private protected async Task<List<T>> AllAsync<T>(DocumentKind kind)
        where T : class
    {
        var all = new List<T>();
        await foreach (var document in App.Store.AllAsync<T>(new DocumentQuery(kind) { ProjectId = "p1" }, default))
        {
            all.Add(document.Value);
        }

        return all;
    }
}
