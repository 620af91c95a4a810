using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Storage;

/// <summary>
/// What the program's main operations cost in Cosmos DB, by the documented prices (see RequestUnits) applied to the requests that it really
/// sends. The table in docs/azure-costs.md is this test's result; it fails when an operation becomes dearer than the table says.
/// </summary>
public sealed class RequestUnitTests(CosmosFixture cosmos)
{
    private const int Items = 40;
    private const int Judgements = 500;

    [Fact]
    public async Task Operations_cost_what_the_table_says()
    {
        var settings = await TestStorage.AzureSettingsAsync();
        await using var app = await TestApp.StartAsync(builder => builder.Configuration.AddInMemoryCollection(settings));
        var server = await cosmos.ServerAsync();
        var mine = $"/dbs/{settings["Storage:CosmosDatabase"]}/";
        double Spent() => server.Requests.Where(request => request.Path.StartsWith(mine, StringComparison.Ordinal)).Sum(request => request.Charge);
        async Task<double> CostAsync(Func<Task> work)
        {
            var before = Spent();
            await work();
            return Spent() - before;
        }

        var project = await app.AddProjectAsync("p1", project => project with { Overlap = 1 });
        using var rater = await app.SignedInAsync(Roles.Annotator, "p1");
        var file = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, Items).Select(n => $$"""{"item_id":"{{n}}","prompt":"{{new string('q', 400)}} {{n}}","response":"{{new string('a', 1_600)}} {{n}}"}""")));
        var ingest = await CostAsync(() => app.Services.GetRequiredService<IngestBatch>().RunAsync(project, new BatchSource("b.jsonl", () => new MemoryStream(file)), _ => { }, again: false, default));
        await rater.NextAsync(); // the first search of a day fills the desk
        var nexts = new List<System.Text.Json.Nodes.JsonNode>();
        var measured = new Dictionary<string, double> { ["ingest, per item of 2 KB"] = ingest / Items };
        measured["next task"] = await CostAsync(async () => nexts.Add((await rater.NextAsync(null, nexts.Select(next => next.TaskId()).ToArray()))!));
        var task = nexts[0];
        measured["save a draft"] = await CostAsync(async () => Assert.Equal(HttpStatusCode.OK, (await rater.PutAsync(
            $"tasks/p1/{task.TaskId()}/draft", Body.Of(new { leaseId = task.LeaseId(), revision = 0, judgement = Work.Judgement() }))).StatusCode));
        measured["submit a judgement"] = await CostAsync(async () => Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync(task, Work.Judgement())).StatusCode));
        await FillAsync(app);
        measured["read a week, per 1,000 judgements of 1 KB"] = 1000 * await CostAsync(() => ReadAsync(app)) / Judgements;

        var table = Table();
        Assert.True(measured.All(operation => table.TryGetValue(operation.Key, out var approved) && operation.Value <= approved * 1.15 && operation.Value >= approved * 0.6),
            "docs/azure-costs.md should say:\n" + string.Join('\n', measured.Select(operation => $"| {operation.Key} | {operation.Value.ToString("F0", CultureInfo.InvariantCulture)} |")));
    }

    private static async Task ReadAsync(TestApp app)
    {
        var query = new DocumentQuery(DocumentKind.Annotation) { ProjectId = "cost", Top = 500 };
        await foreach (var _ in app.Store.AllAsync<Card>(query, default))
        {
        }
    }

    private static async Task FillAsync(TestApp app) => await app.Store.CommitManyAsync([.. Enumerable.Range(0, Judgements).Select(i => (IReadOnlyList<Write>)
        [new Write.Create(new DocumentKey(DocumentKind.Annotation, new Partition("cost", $"t{i}"), "a"), new Card { Text = new string('x', 1_000) })])], default);

    private static Dictionary<string, double> Table() => Regex.Matches(Repository.Text("docs/azure-costs.md"), @"^\| (?<what>[^|]+) \| (?<units>\d+) \|", RegexOptions.Multiline)
        .ToDictionary(row => row.Groups["what"].Value, row => double.Parse(row.Groups["units"].Value, CultureInfo.InvariantCulture));
}
