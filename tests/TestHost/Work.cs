using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Intake;
using HealthEval.Projects;
using HealthEval.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.TestHost;

/// <summary>Items to judge, and what a rater does with them, in words.</summary>
internal static class Work
{
    public static EvalItem Item(string projectId, int number, string subdomain = "general", string language = "en", params string[] responses)
    {
        var contents = responses.Length == 0 ? [$"Answer {number}: drink water and rest. 💧 Call 112 if you faint."] : responses;
        var item = new EvalItem(
            projectId, $"t{number:D6}", $"prompt-{number}", [new EvalMessage("user", $"Question {number}?")],
            [.. contents.Select((content, i) => new EvalResponse($"r{number}-{i}", content, Sha.Of(content), $"model-{i}"))],
            subdomain, "lay", "US", language, "routine", "b1", number, "", [], []);
        return item with { ContentSha256 = item.ContentHash() };
    }

    public static async Task AddItemsAsync(this TestApp app, Project project, IEnumerable<EvalItem> items)
    {
        var open = app.Services.GetRequiredService<OpenTask>();
        foreach (var chunk in items.Chunk(1_000))
        {
            var results = await app.Store.CommitManyAsync([.. chunk.Select(item => (IReadOnlyList<Write>)[new Write.Create(item.Key(), item), open(item, project)])], default);
            Assert.All(results, result => Assert.True(result.Succeeded));
        }
    }

    public static async Task<JsonNode?> NextAsync(this HttpClient client, string? projectId = null, params string[] holding)
    {
        var response = await client.PostAsync("tasks/next", Body.Of(new { projectId, holding }));
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return null;
        }

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    public static string TaskId(this JsonNode next) => next["task"]!["taskId"]!.GetValue<string>();

    public static string LeaseId(this JsonNode next) => next["lease"]!["leaseId"]!.GetValue<string>();

    public static Task<HttpResponseMessage> SubmitAsync(this HttpClient client, JsonNode next, JsonNode judgement, Guid? annotationId = null, params string[] acknowledged) =>
        client.PutAsync(
            $"annotations/{next["task"]!["projectId"]}/{next.TaskId()}/{annotationId ?? Guid.NewGuid()}",
            Body.Of(new { leaseId = next.LeaseId(), judgement, acknowledged }));

    /// <summary>A judgement with nothing but what must be there.</summary>
    public static JsonNode Judgement(params string[] keys)
    {
        keys = keys.Length == 0 ? ["A"] : keys;
        var judgement = new JsonObject
        {
            ["ratings"] = new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject
            {
                ["response"] = key, ["accuracy"] = 4, ["reasoning"] = 4, ["completeness"] = 3, ["clarity"] = 5, ["tone"] = 4, ["appropriateness"] = 4,
            })]),
            ["harm"] = new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject { ["response"] = key, ["extent"] = "none" })]),
            ["confidence"] = 2,
            ["activeSeconds"] = 90,
        };
        if (keys.Length > 1)
        {
            judgement["preference"] = new JsonObject { ["winner"] = "A", ["strength"] = 1 };
        }

        return judgement;
    }
}

internal static class Finishing
{
    /// <summary>Fills a slot without writing a judgement, for measurements of what comes after.</summary>
    public static async Task FinishAsync(this IDocumentStore store, HealthEval.Tasks.EvalTask task, HealthEval.Tasks.Slot slot)
    {
        var key = HealthEval.Tasks.EvalTask.Key(task.ProjectId, task.TaskId);
        var stored = (await store.FindAsync<HealthEval.Tasks.EvalTask>(key, default))!;
        await store.CommitAsync([new Write.Replace(key, stored.Value.Fill(slot.Rater, slot.LeaseId, Guid.NewGuid().ToString(), slot.LeasedAt)!, stored.ETag)], default);
    }
}
