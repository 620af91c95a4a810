using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthEval.Tests.Cosmos;

/// <summary>The documents in which the service describes itself, as far as the SDK reads them.</summary>
internal static class CosmosAccount
{
    private const string QueryLimits = """
        {"maxSqlQueryInputLength":262144,"maxJoinsPerSqlQuery":10,"maxLogicalAndPerSqlQuery":2000,"maxLogicalOrPerSqlQuery":2000,"maxUdfRefPerSqlQuery":10,
        "maxInExpressionItemsCount":16000,"queryMaxInMemorySortDocumentCount":500,"maxQueryRequestTimeoutFraction":0.9,"sqlAllowNonFiniteNumbers":false,
        "sqlAllowAggregateFunctions":true,"sqlAllowSubQuery":true,"sqlAllowScalarSubQuery":true,"allowNewKeywords":true,"sqlAllowLike":true,
        "sqlAllowGroupByClause":true,"maxSpatialQueryCells":12,"spatialMaxGeometryPointCount":256,"sqlAllowTop":true,"enableSpatialIndexing":true}
        """;

    public static byte[] Describe(Uri endpoint)
    {
        var place = new { name = "Local", databaseAccountEndpoint = endpoint.ToString() };
        return Bytes(new
        {
            _self = "",
            id = "test",
            _rid = "test",
            writableLocations = new[] { place },
            readableLocations = new[] { place },
            enableMultipleWriteLocations = false,
            userReplicationPolicy = new { asyncReplication = false, minReplicaSetSize = 1, maxReplicasetSize = 4 },
            userConsistencyPolicy = new { defaultConsistencyLevel = "Strong" },
            systemReplicationPolicy = new { minReplicaSetSize = 1, maxReplicasetSize = 4 },
            readPolicy = new { primaryReadCoefficient = 1, secondaryReadCoefficient = 1 },
            queryEngineConfiguration = QueryLimits.ReplaceLineEndings(""),
        });
    }

    public static byte[] Database(string id) => Bytes(new { id, _rid = ResourceIds.Database, _self = $"dbs/{ResourceIds.Database}/", _etag = "\"1\"", _ts = 1, _colls = "colls/", _users = "users/" });

    /// <summary>The container as it was created, with the names that the service gives it.</summary>
    public static byte[] Container(JsonElement created, string rid)
    {
        var properties = JsonNode.Parse(created.GetRawText())!.AsObject();
        properties["_rid"] = rid;
        properties["_self"] = $"dbs/{ResourceIds.Database}/colls/{rid}/";
        properties["_etag"] = "\"1\"";
        properties["_ts"] = 1;
        return Bytes(properties);
    }

    public static byte[] Feed(string rid, IEnumerable<byte[]> rows)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("_rid", rid);
            json.WriteStartArray("Documents");
            var count = 0;
            foreach (var row in rows)
            {
                json.WriteRawValue(row, skipInputValidation: true);
                count++;
            }

            json.WriteEndArray();
            json.WriteNumber("_count", count);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value);
}

/// <summary>The service's internal ids: bytes in a layout that the SDK takes apart.</summary>
internal static class ResourceIds
{
    public static string Database { get; } = Text([0x80, 0x01, 0x00, 0x01]);

    public static string Container(int number) => Text([0x80, 0x01, 0x00, 0x01, 0x80, 0, 0, (byte)number]);

    public static string Document(int container, long number) => Text([0x80, 0x01, 0x00, 0x01, 0x80, 0, 0, (byte)container, .. BitConverter.GetBytes(number)]);

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).Replace('/', '-');
}
