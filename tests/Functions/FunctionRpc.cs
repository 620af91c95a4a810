using System.Buffers.Binary;
using System.Reflection;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace HealthEval.Tests.Functions;

/// <summary>The messages between the Functions host and its worker, as JSON; how they lie on the wire is taken from the worker's own (internal) description of them.</summary>
internal static class FunctionRpc
{
    public const string Path = "/AzureFunctionsRpcMessages.FunctionRpc/EventStream";
    private const int HeaderBytes = 5; // gRPC: one for compression, four for the length

    private static readonly MessageDescriptor Message = ((FileDescriptor)Assembly.Load("Microsoft.Azure.Functions.Worker.Grpc")
        .GetType("Microsoft.Azure.Functions.Worker.Grpc.Messages.FunctionRpcReflection", throwOnError: true)!
        .GetProperty("Descriptor")!.GetValue(null)!).MessageTypes.Single(type => type.Name == "StreamingMessage");

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(false));

    public static byte[] Frame(JsonObject message)
    {
        var bytes = JsonParser.Default.Parse(message.ToJsonString(), Message).ToByteArray();
        var frame = new byte[HeaderBytes + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, HeaderBytes);
        return frame;
    }

    /// <summary>The next message; null when the worker is gone.</summary>
    public static async Task<JsonObject?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        try
        {
            var header = new byte[HeaderBytes];
            await stream.ReadExactlyAsync(header, cancellation);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
            await stream.ReadExactlyAsync(body, cancellation);
            return JsonNode.Parse(Formatter.Format(Message.Parser.ParseFrom(body)))!.AsObject();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            return null;
        }
    }
}
