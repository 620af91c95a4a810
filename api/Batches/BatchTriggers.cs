using System.Text.Json.Nodes;
using HealthEval.Batches.Pairing;
using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>What starts a load on Azure. The functions are described in the .function.json files beside this one.</summary>
internal static class BatchTriggers
{
    /// <summary>More files than this that were never loaded are found by the next sweep.</summary>
    private const int MaxSwept = 500;

    public static void MapBatchTriggers(this IEndpointRouteBuilder app)
    {
        app.MapTrigger("IngestBatch", (message, context) => StepAsync(message.Value("event"), context.Service<SweepDrops>(), context.Service<Steps>().Begin(), context.RequestAborted));
        app.MapTrigger("IngestBatchPoison", async (message, context) =>
        {
            await context.Service<GivenUp>().RecordAsync(FileOf(message.Value("event")), context.RequestAborted);
            return [];
        });
        app.MapTrigger("SweepBatches", async (_, context) =>
        [
            .. await context.Service<SweepDrops>().UnfinishedAsync(context.RequestAborted).Take(MaxSwept).Select(dropped => EventOf(DropFolder.Path(dropped.ProjectId, dropped.Name))).ToListAsync(context.RequestAborted),
            .. (await context.Service<IngestBatch>().DueAsync(context.RequestAborted)).Take(MaxSwept).Select(pending => EventOf(pending.ContentPath)),
        ]);
    }

    /// <summary>What is left to do: the rest of the file, or the outputs that waited for it.</summary>
    private static async Task<IReadOnlyList<JsonNode>> StepAsync(JsonNode? message, SweepDrops drops, StepTime time, CancellationToken cancellation)
    {
        var step = FileOf(message) is { } dropped ? await drops.StepAsync(dropped, time, cancellation)
            : Pending.Named(PathOf(message)) is var (projectId, batchId) ? await drops.StepAsync(projectId, batchId, time, cancellation)
            : new LoadStep(StepOutcome.Nothing, []);
        return step.Outcome is StepOutcome.MoreToDo ? [EventOf(PathOf(message)!)] : [.. step.Woken.Select(pending => EventOf(pending.ContentPath))];
    }

    /// <summary>The file that an Event Grid event is about; null for an event about anything but a file in the drop folder.</summary>
    public static Dropped? FileOf(JsonNode? gridEvent) =>
        PathOf(gridEvent) is { } path && path.StartsWith(DropFolder.Root, StringComparison.Ordinal) && path.Split('/') is [_, { Length: > 0 } projectId, { Length: > 0 } name]
            ? new Dropped(projectId, name, name)
            : null;

    private static string? PathOf(JsonNode? gridEvent) =>
        gridEvent is JsonObject fields && fields["subject"] is JsonValue text && text.TryGetValue<string>(out var subject) && subject.Split("/blobs/", 2) is [_, var path] ? path : null;

    /// <summary>As much of such an event as is read here.</summary>
    private static JsonObject EventOf(string path) => new JsonObject { ["subject"] = $"/blobs/{path}" };
}
