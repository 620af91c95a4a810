using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HealthEval.Tests.Cosmos;

/// <summary>From an HTTP request to an operation on a container, and from its outcome to an HTTP response.</summary>
internal sealed class CosmosProtocol(int physicalPartitions, TimeProvider time)
{
    private const int MaxDocumentBytes = 2 << 20;
    private const int MaxResponseBytes = 4 << 20;
    private readonly ConcurrentDictionary<string, byte> _databases = [];
    private readonly ConcurrentDictionary<string, CosmosContainer> _containers = [];
    private readonly ConcurrentDictionary<string, IReadOnlyList<byte[]>> _restOfPages = [];

    public Uri Endpoint { get; set; } = null!;

    public Func<HttpRequest, Fault?> Faults { get; set; } = _ => null;

    public ConcurrentQueue<CosmosRequest> Requests { get; } = [];

    public async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new Incoming(context, Segments(context), body.ToArray());
        var fault = Faults(context.Request);
        var outcome = fault is null or { AfterDoingIt: true } ? Try(request) : new Outcome(0);
        Requests.Enqueue(new CosmosRequest(context.Request.Method, context.Request.Path, request.Sql, outcome.Charge));
        if (fault is { Status: 0 })
        {
            context.Abort();
            return;
        }

        await WriteAsync(context.Response, fault is null ? outcome : Outcome.Error(fault.Status, "injected fault") with { RetryAfter = fault.RetryAfter });
    }

    private Outcome Try(Incoming request)
    {
        try
        {
            return request.Header("authorization") is null ? Outcome.Error(401, "The authorization header is missing.") : Answer(request);
        }
        catch (SqlException mistake)
        {
            return Outcome.Error(400, mistake.Message);
        }
        catch (JsonException mistake)
        {
            return Outcome.Error(400, $"The request body is not valid JSON: {mistake.Message}");
        }
    }

    private Outcome Answer(Incoming request) => (request.Method, request.Segments) switch
    {
        ("GET", []) => Outcome.Json(200, CosmosAccount.Describe(Endpoint)),
        ("POST", ["dbs"]) => CreateDatabase(request),
        ("GET", ["dbs", var database]) => _databases.ContainsKey(database) ? Outcome.Json(200, CosmosAccount.Database(database)) : Outcome.Missing,
        ("POST", ["dbs", var database, "colls"]) => CreateContainer(database, request),
        (_, ["dbs", var database, "colls", var name, .. var rest]) => Find(database, name) is { } container ? Answer(container, rest, request) : Outcome.Missing,
        _ => Outcome.Error(405, $"{request.Method} {string.Join('/', request.Segments)} is not something this test server does."),
    };

    private Outcome Answer(CosmosContainer container, string[] path, Incoming request) => (request.Method, path) switch
    {
        ("GET", []) => Outcome.Json(200, container.Properties),
        ("GET", ["pkranges"]) => request.Header("if-none-match") is null ? Outcome.Json(200, container.PartitionRanges()) with { ETag = "\"ranges\"" } : new Outcome(304),
        ("POST", ["docs"]) when request.Flag("x-ms-documentdb-isquery") => Query(container, request),
        ("POST", ["docs"]) when request.Flag("x-ms-cosmos-is-batch-request") => CosmosBatch.Run(container, request.Body, request.PartitionKey),
        ("POST", ["docs"]) => Write(container, request, request.Flag("x-ms-documentdb-is-upsert") ? OperationKind.Upsert : OperationKind.Create, null),
        ("GET", ["docs", var id]) => container.Run(new Operation(OperationKind.Read, id, request.PartitionKey, null, null)),
        ("PUT", ["docs", var id]) => Write(container, request, OperationKind.Replace, id),
        ("DELETE", ["docs", var id]) => container.Run(new Operation(OperationKind.Delete, id, request.PartitionKey, null, request.Header("if-match"))),
        _ => Outcome.Error(405, $"{request.Method} {string.Join('/', path)} is not something this test server does."),
    };

    private static Outcome Write(CosmosContainer container, Incoming request, OperationKind kind, string? id)
    {
        if (request.Body.Length > MaxDocumentBytes)
        {
            return Outcome.Error(413, "Request size is too large.");
        }

        var outcome = container.Run(new Operation(kind, id, request.PartitionKey, JsonDocument.Parse(request.Body).RootElement, request.Header("if-match")));
        return outcome.IsSuccess && request.Header("prefer") == "return=minimal" ? outcome with { Body = null } : outcome;
    }

    private Outcome Query(CosmosContainer container, Incoming request)
    {
        if (request.Flag("x-ms-cosmos-is-query-plan-request"))
        {
            return Outcome.Error(400, "This test server makes no query plans; set AZURE_COSMOS_USE_QUERY_PLAN_INTEROP_LINUX=true.");
        }

        var charge = 0.0;
        if (request.Header("x-ms-continuation") is not { } token || !_restOfPages.TryRemove(token, out var rows))
        {
            using var query = JsonDocument.Parse(request.Body);
            (rows, charge) = container.Query(SqlQuery.Parse(query.RootElement), request.Segment);
        }

        var page = FirstPage(rows, request.MaxItems);
        string? continuation = null;
        if (page < rows.Count)
        {
            continuation = Guid.NewGuid().ToString("N");
            _restOfPages[continuation] = [.. rows.Skip(page)];
        }

        return Outcome.Json(200, CosmosAccount.Feed(container.ResourceId, rows.Take(page))) with { Continuation = continuation, Items = page, Charge = charge };
    }

    private static int FirstPage(IReadOnlyList<byte[]> rows, int maxItems)
    {
        var bytes = 0;
        var count = 0;
        while (count < Math.Min(rows.Count, maxItems) && (count == 0 || bytes + rows[count].Length <= MaxResponseBytes))
        {
            bytes += rows[count++].Length;
        }

        return count;
    }

    /// <summary>The SDK asks for a container by its name, and for its ranges by its resource id.</summary>
    private CosmosContainer? Find(string database, string name) =>
        _containers.GetValueOrDefault($"{database}/{name}") ?? (database == ResourceIds.Database ? _containers.Values.FirstOrDefault(container => container.ResourceId == name) : null);

    private Outcome CreateDatabase(Incoming request)
    {
        var id = JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetString()!;
        return _databases.TryAdd(id, 0) ? Outcome.Json(201, CosmosAccount.Database(id)) : Outcome.Error(409, "The database exists.");
    }

    private Outcome CreateContainer(string database, Incoming request)
    {
        var container = new CosmosContainer(JsonDocument.Parse(request.Body).RootElement, _containers.Count + 1, physicalPartitions, time);
        return _containers.TryAdd($"{database}/{container.Id}", container) ? Outcome.Json(201, container.Properties) : Outcome.Error(409, "The container exists.");
    }

    /// <summary>The path as it was sent: an id may hold an encoded slash.</summary>
    private static string[] Segments(HttpContext context) =>
        [.. context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];

    private static async Task WriteAsync(HttpResponse response, Outcome outcome)
    {
        response.StatusCode = outcome.Status;
        response.Headers["x-ms-activity-id"] = Guid.NewGuid().ToString();
        response.Headers["x-ms-request-charge"] = outcome.Charge.ToString("F2", CultureInfo.InvariantCulture);
        response.Headers["x-ms-session-token"] = "0:-1#1";
        Add("etag", outcome.ETag);
        Add("x-ms-continuation", outcome.Continuation);
        Add("x-ms-substatus", outcome.Substatus is 0 ? null : $"{outcome.Substatus}");
        Add("x-ms-item-count", outcome.Items is { } items ? $"{items}" : null);
        Add("x-ms-retry-after-ms", outcome.RetryAfter > TimeSpan.Zero ? $"{outcome.RetryAfter.TotalMilliseconds:F0}" : null);
        if (outcome.Body is { } body)
        {
            response.ContentType = outcome.ContentType;
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body);
        }

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                response.Headers[name] = value;
            }
        }
    }
}
