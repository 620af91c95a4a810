using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>
/// Duration and request units of every request, by OpenTelemetry's names for databases. The SDK can do this too, but its spans carry the texts of exceptions,
/// and with them addresses of documents.
/// </summary>
internal sealed class CosmosTelemetry : RequestHandler
{
    public const string Name = "HealthEval.Storage";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "db.client.operation.duration", "s", "Requests to Cosmos DB, retries included", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });

    private static readonly Histogram<double> RequestCharge = Meter.CreateHistogram(
        "azure.cosmosdb.client.operation.request_charge", "{request_unit}", "Request units of requests to Cosmos DB", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 10, 25, 50, 100, 250, 500, 1000] });

    public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken)
    {
        if ((!Duration.Enabled && !Activities.HasListeners()) || !IsAboutItems(request, out var database, out var container))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var operation = OperationOf(request);
        TagList tags = [new("db.system.name", "azure.cosmosdb"), new("db.operation.name", operation), new("db.collection.name", container), new("db.namespace", database)];
        using var span = Activities.StartActivity($"{operation} {container}", ActivityKind.Client, default(ActivityContext), tags);
        var begun = Stopwatch.GetTimestamp();
        ResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        catch (Exception failure)
        {
            tags.Add("error.type", failure.GetType().FullName);
            span?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error); // its message stays here
            Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, tags);
            throw;
        }

        tags.Add("db.response.status_code", $"{(int)response.StatusCode}");
        span?.SetTag("db.response.status_code", $"{(int)response.StatusCode}").SetTag("azure.cosmosdb.operation.request_charge", response.Headers.RequestCharge);
        if (!response.IsSuccessStatusCode)
        {
            tags.Add("error.type", $"{(int)response.StatusCode}");
        }

        Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds, tags);
        RequestCharge.Record(response.Headers.RequestCharge, tags);
        return response;
    }

    /// <summary>One item is /dbs/DATABASE/colls/CONTAINER/docs/ID, whose id stays out; new ones, batches and queries are posted to the container.</summary>
    private static bool IsAboutItems(RequestMessage request, out string database, out string container)
    {
        var address = request.RequestUri.OriginalString.Split('/', StringSplitOptions.RemoveEmptyEntries);
        (database, container) = address is ["dbs", var first, "colls", var second, ..] ? (first, second) : ("", "");
        return address is [_, _, "colls", _, "docs", ..] || (address is [_, _, "colls", _] && request.Method == HttpMethod.Post);
    }

    private static string OperationOf(RequestMessage request) => request.Method.Method switch
    {
        "GET" => "read_item",
        "PUT" => "replace_item",
        "DELETE" => "delete_item",
        _ when request.Headers["x-ms-documentdb-isquery"] == "True" => "query_items",
        _ when request.Headers["x-ms-cosmos-is-batch-request"] == "True" => "execute_batch",
        _ when request.Headers["x-ms-documentdb-is-upsert"] == "True" => "upsert_item",
        _ => "create_item",
    };
}
