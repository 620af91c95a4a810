using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace HealthEval.Tests.TestHost;

/// <summary>A collector that keeps what it is sent: OTLP over HTTP, read by the numbers of the published .proto files.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    public OtlpReceiver()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Endpoint = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        _listener.Prefixes.Add($"{Endpoint}/");
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Endpoint { get; }

    /// <summary>Everything that was sent, for a search for what must not be there.</summary>
    public string Raw => string.Concat(_received.Select(request => Encoding.UTF8.GetString(request.Body)));

    public List<Span> Spans => [.. Sent("/v1/traces").SelectMany(scope => scope.Children(2)).Select(span => new Span(
        Convert.ToHexStringLower(span.Bytes(1)), Convert.ToHexStringLower(span.Bytes(2)), Convert.ToHexStringLower(span.Bytes(4)), span.Text(5), span.Number(6), Attributes(span, 9)))];

    /// <summary>The last state of each series of a metric: its sum, its count, its attributes.</summary>
    public List<Series> Metric(string name) => [.. Sent("/v1/metrics").SelectMany(scope => scope.Children(2)).Where(metric => metric.Text(1) == name)
        .SelectMany(metric => metric.Children(7).SelectMany(sum => sum.Children(1)).Select(point => new Series(point.Fixed(6), point.Double(4) + point.Fixed(6), Attributes(point, 7)))
            .Concat(metric.Children(9).SelectMany(histogram => histogram.Children(1)).Select(point => new Series(point.Fixed(4), point.Double(5), Attributes(point, 9)))))
        .GroupBy(series => string.Join(',', series.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)))
        .Select(states => states.Last())];

    public void Dispose() => _listener.Close();

    internal sealed record Span(string Trace, string Id, string Parent, string Name, long Kind, IReadOnlyDictionary<string, string> Attributes);

    internal sealed record Series(long Count, double Sum, IReadOnlyDictionary<string, string> Attributes);

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.Close();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>Request → resource → scope.</summary>
    private IEnumerable<Message> Sent(string path) => _received.Where(request => request.Path == path).SelectMany(request => new Message(request.Body).Children(1)).SelectMany(resource => resource.Children(2));

    private static Dictionary<string, string> Attributes(Message owner, int field) => owner.Children(field).ToDictionary(pair => pair.Text(1), pair => pair.Children(2).Select(value => value.Has(3) ? $"{value.Number(3)}" : value.Text(1)).Single());

    /// <summary>One protobuf message: field numbers and their values.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

        public Message(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                var key = Varint(ref bytes);
                var size = (key & 7) switch { 1 => 8, 5 => 4, 2 => (int)Varint(ref bytes), _ => 0 };
                _fields.Add((key & 7) switch
                {
                    0 => ((int)(key >> 3), Varint(ref bytes), []),
                    1 => ((int)(key >> 3), BinaryPrimitives.ReadUInt64LittleEndian(bytes), []),
                    5 => ((int)(key >> 3), BinaryPrimitives.ReadUInt32LittleEndian(bytes), []),
                    _ => ((int)(key >> 3), 0, bytes[..size].ToArray()),
                });
                bytes = bytes[size..];
            }
        }

        public bool Has(int field) => _fields.Exists(value => value.Field == field);

        public IEnumerable<Message> Children(int field) => _fields.Where(value => value.Field == field).Select(value => new Message(value.Bytes));

        public byte[] Bytes(int field) => _fields.Find(value => value.Field == field).Bytes ?? [];

        public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

        public long Number(int field) => (long)_fields.Find(value => value.Field == field).Number;

        public long Fixed(int field) => Number(field);

        public double Double(int field) => BitConverter.UInt64BitsToDouble(_fields.Find(value => value.Field == field).Number);

        private static ulong Varint(ref ReadOnlySpan<byte> bytes)
        {
            var value = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var next = bytes[0];
                bytes = bytes[1..];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
