using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace HealthEval.Tests.Cosmos;

/// <summary>A request and what its headers mean.</summary>
internal sealed record Incoming(HttpContext Context, string[] Segments, byte[] Body)
{
    public string Method => Context.Request.Method;

    public IReadOnlyList<JsonElement>? PartitionKey => Header("x-ms-documentdb-partitionkey") is { } key ? ParseKey(key) : null;

    public int MaxItems => int.TryParse(Header("x-ms-max-item-count"), out var most) && most > 0 ? most : 1000;

    /// <summary>Which part of the container a query is sent to.</summary>
    public QuerySegment Segment => new(PartitionKey, Range, Header("x-ms-start-epk") ?? "", Header("x-ms-end-epk") ?? "FF");

    public string? Sql => Flag("x-ms-documentdb-isquery") ? JsonDocument.Parse(Body).RootElement.GetProperty("query").GetString() : null;

    private int? Range => Header("x-ms-documentdb-partitionkeyrangeid") is { } range ? int.Parse(range[(range.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture) : null;

    public string? Header(string name) => Context.Request.Headers.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    public bool Flag(string name) => string.Equals(Header(name), "true", StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<JsonElement> ParseKey(string json) => [.. JsonDocument.Parse(json).RootElement.EnumerateArray()];
}

/// <summary>A query's target: a partition key or the beginning of one, a physical partition, a range of hashed keys.</summary>
internal sealed record QuerySegment(IReadOnlyList<JsonElement>? PartitionKey, int? Range, string From, string Until);

internal enum OperationKind
{
    Create,
    Read,
    Replace,
    Upsert,
    Delete,
}

internal sealed record Operation(OperationKind Kind, string? Id, IReadOnlyList<JsonElement>? PartitionKey, JsonElement? Body, string? IfMatch);

internal sealed record Outcome(int Status)
{
    public static readonly Outcome Missing = Error(404, "Resource Not Found.");

    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public string? ETag { get; init; }

    public int Substatus { get; init; }

    public string? Continuation { get; init; }

    public int? Items { get; init; }

    public TimeSpan RetryAfter { get; init; }

    public double Charge { get; init; } = 1;

    public bool IsSuccess => Status is >= 200 and < 300;

    public static Outcome Json(int status, byte[] body) => new(status) { Body = body };

    public static Outcome Error(int status, string message, int substatus = 0) =>
        new(status) { Body = JsonSerializer.SerializeToUtf8Bytes(new { code = $"{status}", message }), Substatus = substatus };
}
