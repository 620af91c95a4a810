using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using HealthEval.Batches.Pairing;
using HealthEval.Storage;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Batches;

/// <summary>
/// What starts a load on Azure, and what goes on with it: a new file begins it; whatever one call has no time for lies in the queue, where new
/// files can lie too (docs/operations.md, Intake). Delivery is at least once, so every one of these can be repeated.
/// </summary>
internal sealed class DropFunctions(
    SweepDrops drops, IngestBatch ingest, GivenUp givenUp, Retention retention, IFileStore files, Steps steps, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<DropFunctions> log)
{
    private const string Queue = "drops";

    /// <summary>More files than this that were never loaded are found by the next sweep.</summary>
    private const int MaxSwept = 500;

    /// <summary>A file is loaded within minutes of its event. What two sweeps have found is behind a load that takes long, or behind nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    /// <summary>The sweep of this hour (UTC) also removes files whose time is over.</summary>
    private const int RetentionHour = 3;

    /// <summary>Only the file's address crosses from the host to here, however large it is.</summary>
    [Function("IngestBatch")]
    [QueueOutput(Queue)]
    public Task<string[]> BeginAsync(
        [BlobTrigger("healtheval/drop/{projectId}/{name}", Source = BlobTriggerSource.EventGrid)] BlobClient file, CancellationToken cancellation) =>
        StepAsync(file.Name, cancellation);

    [Function("ContinueBatch")]
    [QueueOutput(Queue)]
    public Task<string[]> ContinueAsync([QueueTrigger(Queue)] string message, CancellationToken cancellation) => StepAsync(PathOf(message), cancellation);

    /// <summary>Where the host puts a file whose function failed five times.</summary>
    [Function("IngestBatchPoison")]
    public Task GiveUpFileAsync([QueueTrigger("webjobs-blobtrigger-poison")] string message, CancellationToken cancellation) =>
        givenUp.RecordAsync(FileOf(BlobOf(message)), cancellation);

    [Function("ContinueBatchPoison")]
    public Task GiveUpAsync([QueueTrigger($"{Queue}-poison")] string message, CancellationToken cancellation) => givenUp.RecordAsync(FileOf(PathOf(message)), cancellation);

    /// <summary>Finds what an event was lost for, and what waits for something that has come.</summary>
    [Function("SweepBatches")]
    [QueueOutput(Queue)]
    public async Task<string[]> SweepAsync([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (clock.GetUtcNow().Hour == RetentionHour)
        {
            await retention.RunAsync(cancellation);
        }

        await drops.RefuseAsync(cancellation);
        var waiting = await drops.UnfinishedAsync(cancellation).Take(MaxSwept).ToListAsync(cancellation);
        await TellOfLateAsync(waiting, cancellation);
        return
        [
            .. waiting.Select(dropped => MessageOf(DropFolder.Path(dropped.ProjectId, dropped.Name))),
            .. (await ingest.DueAsync(cancellation)).Take(MaxSwept).Select(pending => MessageOf(pending.ContentPath)),
        ];
    }

    /// <summary>The alert queue-age waits for these words (infra/modules/monitoring.bicep).</summary>
    private async Task TellOfLateAsync(IReadOnlyList<Dropped> waiting, CancellationToken cancellation)
    {
        var late = 0;
        foreach (var dropped in waiting)
        {
            late += (await files.FindAsync(DropFolder.Path(dropped.ProjectId, dropped.Name), cancellation))?.Modified < clock.GetUtcNow() - Patience ? 1 : 0;
        }

        if (late > 0)
        {
            log.LogWarning("{Count} dropped files have waited for more than two hours", late);
        }
    }

    /// <summary>What is left to do: the rest of the file, or the outputs that waited for it.</summary>
    private async Task<string[]> StepAsync(string? path, CancellationToken cancellation)
    {
        var time = steps.BeginUntil(lifetime.ApplicationStopping);
        var step = FileOf(path) is { } dropped ? await drops.StepAsync(dropped, time, cancellation)
            : Pending.Named(path) is var (projectId, batchId) ? await drops.StepAsync(projectId, batchId, time, cancellation)
            : new LoadStep(StepOutcome.Nothing, []);
        return step.Outcome is StepOutcome.MoreToDo ? [MessageOf(path!)] : [.. step.Woken.Select(pending => MessageOf(pending.ContentPath))];
    }

    /// <summary>Null for anything but a file in the drop folder.</summary>
    private static Dropped? FileOf(string? path) =>
        path is not null && path.StartsWith(DropFolder.Root, StringComparison.Ordinal) && path.Split('/') is [_, { Length: > 0 } projectId, { Length: > 0 } name]
            ? new Dropped(projectId, name, name)
            : null;

    /// <summary>What an event of Event Grid is about; null for anything else.</summary>
    private static string? PathOf(string message) => Text(message, "subject")?.Split("/blobs/", 2) is [_, var path] ? path : null;

    /// <summary>As much of such an event as is read here.</summary>
    private static string MessageOf(string path) => new JsonObject { ["subject"] = $"/blobs/{path}" }.ToJsonString();

    private static string? BlobOf(string message) => Text(message, "BlobName");

    private static string? Text(string message, string field)
    {
        try
        {
            return JsonNode.Parse(message, documentOptions: Json.Unique) is JsonObject fields && fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (JsonException)
        {
            return null; // somebody else's message: nothing to do, now or at any later try
        }
    }
}
