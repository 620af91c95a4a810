using System.Text.Json.Nodes;
using HealthEval.Http;

namespace HealthEval.Batches;

/// <summary>What starts a load on Azure. The functions are described in the .function.json files beside this one.</summary>
internal static class BatchTriggers
{
    public static void MapBatchTriggers(this IEndpointRouteBuilder app)
    {
        app.MapTrigger("IngestBatch", (message, context) => context.Service<SweepDrops>().LoadOrThrowAsync(Require(message), context.RequestAborted));
        app.MapTrigger("IngestBatchPoison", (message, context) => context.Service<GivenUp>().RecordAsync(Require(message), context.RequestAborted));
        app.MapTrigger("SweepBatches", (_, context) => context.Service<SweepDrops>().RunAsync(context.RequestAborted));
    }

    /// <summary>The file that an Event Grid event is about; null for an event about anything but a file in the drop folder.</summary>
    public static Dropped? FileOf(JsonNode? gridEvent) =>
        gridEvent is JsonObject { } fields
        && fields["subject"]?.GetValue<string>() is { } subject
        && subject.Split("/blobs/", 2) is [_, var path]
        && path.StartsWith(DropFolder.Root, StringComparison.Ordinal)
        && path.Split('/') is [_, { Length: > 0 } projectId, { Length: > 0 } name]
            ? new Dropped(projectId, name, name)
            : null;

    private static Dropped? Require(TriggerMessage message) => FileOf(message.Value("event"));

    private static T Service<T>(this HttpContext context)
        where T : notnull => context.RequestServices.GetRequiredService<T>();
}
