using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthEval.Tests.Cosmos;

/// <summary>One container: its documents by partition key and id, spread over physical partitions by their hashed key.</summary>
internal sealed class CosmosContainer
{
    private static readonly string[] SystemFields = ["_rid", "_self", "_etag", "_ts", "_attachments"];
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Key, string Id), CosmosDocument> _documents = [];
    private readonly int _number;
    private readonly int _ranges;
    private readonly TimeProvider _time;
    private readonly string[][] _keyPaths;
    private readonly int? _defaultTtl;
    private readonly CompositeIndexes _indexes;
    private long _written;

    public CosmosContainer(JsonElement created, int number, int ranges, TimeProvider time)
    {
        (_number, _ranges, _time) = (number, ranges, time);
        Id = created.GetProperty("id").GetString()!;
        ResourceId = ResourceIds.Container(number);
        Properties = CosmosAccount.Container(created, ResourceId);
        _keyPaths = [.. created.GetProperty("partitionKey").GetProperty("paths").EnumerateArray().Select(path => path.GetString()!.Split('/', StringSplitOptions.RemoveEmptyEntries))];
        _defaultTtl = created.TryGetProperty("defaultTtl", out var ttl) ? ttl.GetInt32() : null;
        _indexes = new CompositeIndexes(created);
    }

    public string Id { get; }

    public string ResourceId { get; }

    public byte[] Properties { get; }

    public byte[] PartitionRanges() => CosmosAccount.Bytes(new
    {
        _rid = ResourceId,
        PartitionKeyRanges = Enumerable.Range(0, _ranges).Select(i => new
        {
            id = $"{i}",
            _rid = ResourceIds.Document(_number, 0x5000_0000_0000_0000 + i),
            minInclusive = Boundary(i),
            maxExclusive = Boundary(i + 1),
            ridPrefix = i,
            throughputFraction = 1.0 / _ranges,
            status = "online",
            parents = Array.Empty<string>(),
        }),
        _count = _ranges,
    });

    public Outcome Run(Operation operation)
    {
        lock (_gate)
        {
            return Apply(operation, undo: []);
        }
    }

    /// <summary>All operations or none: after a failure the other results say 424, as the service does.</summary>
    public IReadOnlyList<Outcome> RunTogether(IReadOnlyList<Operation> operations)
    {
        lock (_gate)
        {
            var undo = new Stack<Action>();
            var outcomes = new List<Outcome>();
            foreach (var operation in operations)
            {
                outcomes.Add(Apply(operation, undo));
                if (outcomes[^1].IsSuccess)
                {
                    continue;
                }

                while (undo.TryPop(out var step))
                {
                    step();
                }

                return [.. operations.Select((_, i) => i == outcomes.Count - 1 ? outcomes[i] : new Outcome(424) { Charge = 0 })];
            }

            return outcomes;
        }
    }

    public (IReadOnlyList<byte[]> Rows, double Charge) Query(SqlQuery query, QuerySegment segment)
    {
        _indexes.Require(query);
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var documents = _documents.Values.Where(document => !document.IsDead(now) && IsIn(document, segment)).OrderBy(document => document.Number);
            return query.Run([.. documents.Select(document => document.Body)]);
        }
    }

    private Outcome Apply(Operation operation, Stack<Action> undo)
    {
        var key = operation.Body is { } body ? KeyOf(body) : operation.PartitionKey!;
        if (operation.PartitionKey is { } sent && !Same(sent, key))
        {
            return Outcome.Error(400, "PartitionKey extracted from document doesn't match the one specified in the header.", 1001);
        }

        var id = operation.Id ?? operation.Body!.Value.GetProperty("id").GetString()!;
        var place = (string.Join('\0', key.Select(level => level.GetString())), id);
        var existing = _documents.GetValueOrDefault(place) is { } found && !found.IsDead(_time.GetUtcNow()) ? found : null;
        return (operation.Kind, existing) switch
        {
            (OperationKind.Create, not null) => Outcome.Error(409, "Entity with the specified id already exists in the system."),
            (OperationKind.Read or OperationKind.Replace or OperationKind.Delete, null) => Outcome.Error(404, "Entity with the specified id does not exist in the system."),
            (OperationKind.Read, _) => existing.Answer(200),
            (_, { } old) when operation.IfMatch is { } expected && expected != old.ETag => Outcome.Error(412, "One of the specified pre-condition is not met."),
            (OperationKind.Delete, _) => Delete(place, existing!, undo),
            _ => Store(place, id, key, operation.Body!.Value, existing, undo),
        };
    }

    private Outcome Delete((string, string) place, CosmosDocument existing, Stack<Action> undo)
    {
        _documents.Remove(place);
        undo.Push(() => _documents[place] = existing);
        return new Outcome(204) { Charge = RequestUnits.Write(existing.Bytes.Length) };
    }

    private Outcome Store((string, string) place, string id, IReadOnlyList<JsonElement> key, JsonElement body, CosmosDocument? existing, Stack<Action> undo)
    {
        if (id.Length is 0 or > 1023 || id.AsSpan().ContainsAny("/\\?#"))
        {
            return Outcome.Error(400, $"'{id}' is not an id.");
        }

        var number = existing?.Number ?? ++_written;
        var etag = $"\"{Guid.NewGuid()}\"";
        var stored = JsonNode.Parse(body.GetRawText())!.AsObject();
        foreach (var field in SystemFields)
        {
            stored.Remove(field);
        }

        stored["_rid"] = ResourceIds.Document(_number, number);
        stored["_self"] = $"dbs/{ResourceIds.Database}/colls/{ResourceId}/docs/{ResourceIds.Document(_number, number)}/";
        stored["_etag"] = etag;
        stored["_ts"] = _time.GetUtcNow().ToUnixTimeSeconds();
        var document = new CosmosDocument(number, EffectiveKey.Of(key), key, CosmosAccount.Bytes(stored), etag, Expiry(body));
        _documents[place] = document;
        undo.Push(() => _ = existing is null ? _documents.Remove(place) : (_documents[place] = existing) is not null);
        return document.Answer(existing is null ? 201 : 200) with { Charge = RequestUnits.Write(document.Bytes.Length) * (existing is null ? 1 : 2) };
    }

    private DateTimeOffset? Expiry(JsonElement body)
    {
        var ttl = body.TryGetProperty("ttl", out var own) ? own.GetInt32() : _defaultTtl;
        return _defaultTtl is not null && ttl > 0 ? _time.GetUtcNow().AddSeconds(ttl.Value) : null;
    }

    private IReadOnlyList<JsonElement> KeyOf(JsonElement body) => [.. _keyPaths.Select(path => path.Aggregate(body, (place, name) => place.GetProperty(name)))];

    private bool IsIn(CosmosDocument document, QuerySegment segment) =>
        (segment.PartitionKey is not { } key || Same(key, document.Key.Take(key.Count)))
        && (segment.Range is not { } range || RangeOf(document) == range)
        && string.CompareOrdinal(document.EffectiveKey, segment.From) >= 0
        && string.CompareOrdinal(document.EffectiveKey, segment.Until) < 0;

    private int RangeOf(CosmosDocument document) => Enumerable.Range(0, _ranges).Last(i => string.CompareOrdinal(document.EffectiveKey, Boundary(i)) >= 0);

    private string Boundary(int range) => range == 0 ? "" : range == _ranges ? "FF" : $"{0x40 * range / _ranges:X2}";

    private static bool Same(IEnumerable<JsonElement> left, IEnumerable<JsonElement> right) => left.Select(level => level.GetString()).SequenceEqual(right.Select(level => level.GetString()));
}

internal sealed record CosmosDocument(long Number, string EffectiveKey, IReadOnlyList<JsonElement> Key, byte[] Bytes, string ETag, DateTimeOffset? Expires)
{
    public JsonElement Body { get; } = JsonDocument.Parse(Bytes).RootElement;

    public bool IsDead(DateTimeOffset now) => Expires <= now;

    public Outcome Answer(int status) => Outcome.Json(status, Bytes) with { ETag = ETag, Charge = RequestUnits.Read(Bytes.Length) };
}
