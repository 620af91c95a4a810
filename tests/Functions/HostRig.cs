using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>
/// The program as a Functions worker, driven as the host drives it: HTTP forwarded to it, blob, queue and timer triggers.
/// HEALTHEVAL_PUBLISHED names a published folder; without it the build's own is used.
/// </summary>
internal sealed class HostRig : IDisposable
{
    private readonly HostStandIn _host;
    private readonly HttpClient _http;

    private HostRig(HostStandIn host)
    {
        _host = host;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, AllowAutoRedirect = false }) { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(120) };
    }

    public static string? Published => Environment.GetEnvironmentVariable("HEALTHEVAL_PUBLISHED") is { Length: > 0 } published ? published : null;

    /// <summary>The script root: host.json, functions.metadata, the executable.</summary>
    public static string Folder => Published ?? Path.Combine(Repository.Root, "api/bin/Debug/net10.0");

    public HostStandIn Host => _host;

    public Process Process => _host.Worker;

    /// <summary>What the host was given for its log, a line each.</summary>
    public IEnumerable<string> Lines => _host.Logs.Where(log => log["category"] is not null).Select(log => (string?)log["message"] ?? "");

    public string Output => string.Join('\n', Lines);

    /// <summary>The host's log gets its lines a little after what they tell of.</summary>
    public async Task<string> LineAsync(string containing)
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(20))
        {
            if (Lines.FirstOrDefault(line => line.Contains(containing, StringComparison.Ordinal)) is { } line)
            {
                return line;
            }
        }

        throw new TimeoutException($"No line says '{containing}'. {Output}");
    }

    public static async Task<HostRig> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["COSMOS_DISABLE_IMDS_ACCESS"] = "true",
            ["AZURE_COSMOS_USE_QUERY_PLAN_INTEROP_LINUX"] = "true",
            ["LD_LIBRARY_PATH"] = Path.Combine(AppContext.BaseDirectory, "runtimes/linux-x64/native"), // plans queries where the service would be asked
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", // a blob trigger's client is made with it; nothing is read through it
        };
        foreach (var (name, value) in settings)
        {
            environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new HostRig(await HostStandIn.StartAsync(HostStandIn.CommandOf(Folder), Folder, environment));
    }

    /// <summary>A call from outside, as the host forwards it: to the function whose route it is, if that takes the method.</summary>
    public async Task<HttpResponseMessage> ApiAsync(HttpMethod method, string path, string? principal = null, object? body = null, params (string Name, string Value)[] headers)
    {
        var call = Guid.NewGuid().ToString();
        using var request = new HttpRequestMessage(method, $"api/{path}") { Content = body switch { null => null, HttpContent content => content, _ => Body.Of(body) } };
        request.Headers.Add("X-Forwarded-Host", "healtheval.azurewebsites.net");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (principal is not null)
        {
            request.Headers.Add("x-ms-client-principal", principal);
        }

        request.Headers.Add("x-ms-invocation-id", call);
        if (FunctionFor(method, path) is not { } function)
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        var answer = _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var input = new JsonObject { ["inputData"] = new JsonArray(new JsonObject { ["name"] = "request", ["data"] = new JsonObject { ["http"] = new JsonObject() } }) };
        _ = InvokeAsync(function, input, call, headers.FirstOrDefault(header => header.Name == "traceparent").Value).ContinueWith(failed => failed.Exception, TaskScheduler.Default);
        return await answer;
    }

    /// <summary>A request that is forwarded, while the call of its function does not come.</summary>
    public async Task<HttpResponseMessage> ForwardedOnlyAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/{path}");
        request.Headers.Add("x-ms-invocation-id", Guid.NewGuid().ToString());
        return await _http.SendAsync(request);
    }

    /// <summary>The host's choice: the function with the most of the path in its route.</summary>
    public string? FunctionFor(HttpMethod method, string path)
    {
        var first = path.Split('/', '?')[0];
        var routes = _host.Functions.Values
            .Select(function => (Name: (string)function["name"]!, Trigger: JsonNode.Parse((string)function["rawBindings"]![0]!)!))
            .Where(function => (string)function.Trigger["type"]! == "httpTrigger")
            .ToDictionary(function => ((string)function.Trigger["route"]!).Replace("/{*path}", "", StringComparison.Ordinal));
        return routes.TryGetValue(first, out var own) || routes.TryGetValue("{*path}", out own)
            ? own.Trigger["methods"]!.AsArray().Any(allowed => string.Equals((string)allowed!, method.Method, StringComparison.OrdinalIgnoreCase)) ? own.Name : null
            : null;
    }

    public async Task<JsonNode> JsonAsync(HttpMethod method, string path, string principal, object? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await ApiAsync(method, path, principal, body, headers);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text} {Output}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>A new blob, as its trigger brings it: a reference. What is to be queued.</summary>
    public Task<IReadOnlyList<string>> BlobAsync(string path, string? call = null)
    {
        var reference = new JsonObject { ["Connection"] = "AzureWebJobsStorage", ["ContainerName"] = "healtheval", ["BlobName"] = path };
        return TriggerAsync("IngestBatch", "file", new JsonObject
        {
            ["modelBindingData"] = new JsonObject
            {
                ["version"] = "1.0",
                ["source"] = "AzureStorageBlobs",
                ["contentType"] = "application/json",
                ["content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(reference.ToJsonString())),
            },
        }, call);
    }

    public Task<IReadOnlyList<string>> QueueAsync(string function, string message, string? call = null, string? traceParent = null) =>
        TriggerAsync(function, "message", new JsonObject { ["string"] = message }, call, traceParent);

    public Task<IReadOnlyList<string>> TimerAsync(string function) =>
        TriggerAsync(function, "timer", new JsonObject { ["json"] = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":true}""" });

    /// <summary>Delivers messages to a queue's function, and what it puts into its own queue, until the queue is empty. How many deliveries it took.</summary>
    public async Task<int> DrainAsync(string function, params IReadOnlyList<string> messages)
    {
        var (queue, deliveries) = (new Queue<string>(messages), 0);
        for (; queue.TryDequeue(out var message); deliveries++)
        {
            Assert.True(deliveries < 200, $"{function} never comes to an end. {Output}");
            foreach (var next in await QueueAsync(function, message))
            {
                queue.Enqueue(next);
            }
        }

        return deliveries;
    }

    /// <summary>A new file in the drop folder: its trigger, and the steps that follow. How many calls it took.</summary>
    public async Task<int> DeliverAsync(string path) => 1 + await DrainAsync("ContinueBatch", await BlobAsync(path));

    /// <summary>An Event Grid event about a new blob, as the queue carries it.</summary>
    public static string BlobCreated(string path) => new JsonObject
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["eventType"] = "Microsoft.Storage.BlobCreated",
        ["subject"] = $"/blobServices/default/containers/healtheval/blobs/{path}",
        ["eventTime"] = "2026-11-22T10:00:00Z",
        ["data"] = new JsonObject { ["api"] = "PutBlockList", ["contentLength"] = 1, ["blobType"] = "BlockBlob", ["sequencer"] = "1" },
    }.ToJsonString();

    /// <summary>What the host leaves in its queue about a blob whose function failed five times.</summary>
    public static string BlobGivenUp(string path) => new JsonObject
    {
        ["Type"] = "BlobTrigger",
        ["FunctionId"] = "Host.Functions.IngestBatch",
        ["BlobType"] = "BlockBlob",
        ["ContainerName"] = "healtheval",
        ["BlobName"] = path,
        ["ETag"] = "\"0x8DE3\"",
    }.ToJsonString();

    /// <summary>The header of Static Web Apps.</summary>
    public static string Principal(string email, params string[] roles) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(
        new { identityProvider = "aad", userId = $"id-of-{email}", userDetails = email, userRoles = (string[])["anonymous", "authenticated", .. roles] }));

    public void Signal(string name) => System.Diagnostics.Process.Start("kill", [$"-{name}", $"{Process.Id}"])!.WaitForExit();

    public void Kill()
    {
        Process.Kill();
        Process.WaitForExit();
    }

    public void Dispose()
    {
        _host.Dispose();
        _http.Dispose();
    }

    /// <summary>The worker opens its port after its stream, so the host tries more than once.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        for (var tries = 0; ; tries++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (tries < 100)
            {
                socket.Dispose();
                await Task.Delay(20, cancellation);
            }
        }
    }

    private async Task<IReadOnlyList<string>> TriggerAsync(string function, string binding, JsonObject data, string? call = null, string? traceParent = null)
    {
        var returned = await InvokeAsync(function, new JsonObject { ["inputData"] = new JsonArray(new JsonObject { ["name"] = binding, ["data"] = data }) }, call ?? Guid.NewGuid().ToString(), traceParent);
        return (string?)returned?["json"] is { } messages ? [.. JsonNode.Parse(messages)!.AsArray().Select(message => (string)message!)] : [];
    }

    private async Task<JsonNode?> InvokeAsync(string function, JsonObject request, string call, string? traceParent)
    {
        var answer = await _host.InvokeAsync(function, request, call, traceParent);
        return (string?)answer["result"]?["status"] == "Success" ? answer["returnValue"] : throw new FunctionFailure($"{function}: {answer["result"]?.ToJsonString()}");
    }
}
