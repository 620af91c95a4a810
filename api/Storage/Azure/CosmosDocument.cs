using System.Text;
using System.Text.Json;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>How a document looks in Cosmos DB: its address, its kind, and the value, untouched, in <c>body</c>.</summary>
internal static class CosmosDocument
{
    private const int MaxIdLength = 250;

    public static PartitionKey PartitionKey(Partition partition) => new PartitionKeyBuilder().Add(partition.ProjectId).Add(partition.Scope).Build();

    public static PartitionKey PartitionKey(string projectId) => new PartitionKeyBuilder().Add(projectId).Build();

    /// <summary>
    /// The service's id: kinds share partitions, and '/', '\', '?' and '#' are not allowed, so anything unusual is written as ~XX per
    /// UTF-8 byte. A very long id is a hash; the real one stands in <c>documentId</c>.
    /// </summary>
    public static string Id(DocumentKey key)
    {
        var id = new StringBuilder($"{key.Kind}:");
        foreach (var unit in Encoding.UTF8.GetBytes(key.Id))
        {
            _ = char.IsAsciiLetterOrDigit((char)unit) || (char)unit is '-' or '_' or '.' or ':' ? id.Append((char)unit) : id.Append('~').Append(unit.ToString("X2"));
        }

        return id.Length <= MaxIdLength ? id.ToString() : $"{key.Kind}:~~{Sha.Of(key.Id)}";
    }

    public static MemoryStream Stream(SerializedWrite write)
    {
        var stream = new MemoryStream(write.Body.Length + 512);
        using (var json = new Utf8JsonWriter(stream))
        {
            var key = write.Key;
            json.WriteStartObject();
            json.WriteString("id", Id(key));
            json.WriteString("projectId", key.Partition.ProjectId);
            json.WriteString("scope", key.Partition.Scope);
            json.WriteString("kind", key.Kind.Name);
            json.WriteString("documentId", key.Id);
            if (key.Kind.KeepFor is { } keepFor)
            {
                json.WriteNumber("ttl", (int)keepFor.TotalSeconds);
            }

            json.WritePropertyName("body");
            json.WriteRawValue(write.Body.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        stream.Position = 0;
        return stream;
    }

    public static Stored<T> Read<T>(JsonElement document)
        where T : class
    {
        try
        {
            return new(
                document.GetProperty("body").Deserialize<T>(Json.Options) ?? throw new JsonException($"'null' is not a {typeof(T).Name}."),
                ETag(document.GetProperty("_etag").GetString()!));
        }
        catch (JsonException why)
        {
            throw StoreDamagedException.Document<T>(why);
        }
    }

    /// <summary>Without the quotes that HTTP puts around it.</summary>
    public static string ETag(string header) => header.Trim('"');

    public static string Header(string etag) => $"\"{etag}\"";
}
