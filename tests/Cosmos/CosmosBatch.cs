using System.Text;
using System.Text.Json;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;
using HybridResult = Microsoft.Azure.Cosmos.Serialization.HybridRow.Result;

namespace HealthEval.Tests.Cosmos;

/// <summary>A transactional batch travels as HybridRow records, whose schema is a resource inside the SDK.</summary>
internal static class CosmosBatch
{
    private const int MaxOperations = 100;
    private const int MaxBytes = 2 << 20;
    private static readonly LayoutResolverNamespace Layouts = new(ReadSchemas());
    private static readonly Layout ResultLayout = Layouts.Resolve(Layouts.Namespace.Schemas.Single(schema => schema.Name == "BatchResult").SchemaId);

    public static Outcome Run(CosmosContainer container, byte[] body, IReadOnlyList<JsonElement>? partitionKey)
    {
        if (body.Length > MaxBytes)
        {
            return Outcome.Error(413, "Request size is too large.");
        }

        var operations = Read(body, partitionKey);
        if (operations.Count > MaxOperations)
        {
            return Outcome.Error(400, "Batch request has more operations than what is supported.");
        }

        var outcomes = container.RunTogether(operations);
        return new Outcome(outcomes.All(outcome => outcome.IsSuccess) ? 200 : 207) { Body = Write(outcomes), ContentType = "application/octet-stream", Charge = outcomes.Sum(outcome => outcome.Charge) };
    }

    private static List<Operation> Read(byte[] body, IReadOnlyList<JsonElement>? partitionKey)
    {
        var operations = new List<Operation>();
        using var stream = new MemoryStream(body);
        var result = stream.ReadRecordIOAsync(
            (ReadOnlyMemory<byte> record) =>
            {
                var row = new RowBuffer(record.Length);
                return row.ReadFrom(record.Span, HybridRowVersion.V1, Layouts) && ReadOperation(ref row, partitionKey) is { } operation && Add(operation) ? HybridResult.Success : HybridResult.Failure;
            },
            (ReadOnlyMemory<byte> _) => HybridResult.Success,
            new MemorySpanResizer<byte>(body.Length + 1)).GetAwaiter().GetResult();
        return result == HybridResult.Success ? operations : throw new JsonException($"malformed batch: {result}");

        bool Add(Operation operation)
        {
            operations.Add(operation);
            return true;
        }
    }

    private static Operation ReadOperation(ref RowBuffer row, IReadOnlyList<JsonElement>? partitionKey)
    {
        var reader = new RowReader(ref row);
        var type = 0;
        string? id = null, ifMatch = null;
        byte[]? body = null;
        while (reader.Read())
        {
            switch (reader.Path.ToString())
            {
                case "operationType": reader.ReadInt32(out type); break;
                case "id": reader.ReadString(out id); break;
                case "ifMatch": reader.ReadString(out ifMatch); break;
                case "resourceBody": reader.ReadBinary(out body); break;
            }
        }

        var kind = type switch
        {
            0 => OperationKind.Create,
            2 => OperationKind.Read,
            4 => OperationKind.Delete,
            5 => OperationKind.Replace,
            20 => OperationKind.Upsert,
            _ => throw new JsonException($"operation {type} is not something this test server does"),
        };
        return new Operation(kind, id, partitionKey, body is null ? null : JsonDocument.Parse(body).RootElement, ifMatch);
    }

    private static byte[] Write(IReadOnlyList<Outcome> outcomes)
    {
        var stream = new MemoryStream();
        var resizer = new MemorySpanResizer<byte>(4096);
        stream.WriteRecordIOAsync(default, (long index, out ReadOnlyMemory<byte> record) =>
        {
            record = default;
            if (index >= outcomes.Count)
            {
                return HybridResult.Success;
            }

            var row = new RowBuffer(4096, resizer);
            row.InitLayout(HybridRowVersion.V1, ResultLayout, Layouts);
            var result = RowWriter.WriteBuffer(ref row, outcomes[(int)index], WriteOutcome);
            record = resizer.Memory[..row.Length];
            return result;
        }).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static HybridResult WriteOutcome(ref RowWriter writer, TypeArgument type, Outcome outcome)
    {
        var result = writer.WriteInt32("statusCode", outcome.Status);
        if (result == HybridResult.Success && outcome.ETag is { } etag)
        {
            result = writer.WriteString("eTag", etag);
        }

        if (result == HybridResult.Success && !outcome.IsSuccess && outcome.Body is { } error)
        {
            result = writer.WriteBinary("resourceBody", error);
        }

        return result == HybridResult.Success ? writer.WriteFloat64("requestCharge", outcome.Charge) : result;
    }

    private static Namespace ReadSchemas()
    {
        using var resource = typeof(CosmosClient).Assembly.GetManifestResourceStream("Microsoft.Azure.Cosmos.Batch.HybridRowBatchSchemas.json")!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        return Namespace.Parse(reader.ReadToEnd());
    }
}
