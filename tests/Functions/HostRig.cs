using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Functions;

/// <summary>
/// The executable, started and spoken to as the Functions host does: its environment, its readiness probe, forwarded HTTP, and triggers
/// with their doubly encoded payloads. HEALTHEVAL_PUBLISHED names a published folder; without it the build's own executable is used.
/// </summary>
internal sealed class HostRig : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private HostRig(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(120) };
        Port = port;
    }

    public static string Executable => Environment.GetEnvironmentVariable("HEALTHEVAL_PUBLISHED") is { Length: > 0 } published ? Path.Combine(published, "healtheval") : RealProcess.Executable;

    public int Port { get; }

    public StringBuilder Output { get; } = new();

    public StringBuilder Errors { get; } = new();

    public Process Process => _process;

    public static HostRig Start(IReadOnlyDictionary<string, string> settings)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var start = new ProcessStartInfo(Executable) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}";
        start.Environment["ASPNETCORE_URLS"] = "http://0.0.0.0:1"; // the host's own, inherited
        start.Environment["COSMOS_DISABLE_IMDS_ACCESS"] = "true";
        start.Environment["AZURE_COSMOS_USE_QUERY_PLAN_INTEROP_LINUX"] = "true";
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var rig = new HostRig(Process.Start(start)!, port);
        rig._process.OutputDataReceived += (_, line) => rig.Output.AppendLine(line.Data);
        rig._process.ErrorDataReceived += (_, line) => rig.Errors.AppendLine(line.Data);
        rig._process.BeginOutputReadLine();
        rig._process.BeginErrorReadLine();
        return rig;
    }

    /// <summary>Any answer to GET / within 30 seconds.</summary>
    public async Task<TimeSpan> ReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(30))
        {
            try
            {
                using var answer = await _http.GetAsync("");
                return watch.Elapsed;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                await Task.Delay(20);
            }
        }

        throw new TimeoutException($"The program was not ready in time. {Output} {Errors}");
    }

    /// <summary>A call from outside, as the host forwards it.</summary>
    public async Task<HttpResponseMessage> ApiAsync(HttpMethod method, string path, string? principal = null, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"api/{path}") { Content = body switch { null => null, HttpContent content => content, _ => Body.Of(body) } };
        request.Headers.Host = "healtheval.azurewebsites.net";
        request.Headers.Add("X-Forwarded-Host", "healtheval.azurewebsites.net");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        if (principal is not null)
        {
            request.Headers.Add("x-ms-client-principal", principal);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request);
    }

    /// <summary>A trigger; texts among the data are encoded once more, as the host does.</summary>
    public async Task<HttpResponseMessage> TriggerAsync(string function, string binding, JsonNode? data)
    {
        var sent = data is JsonValue value && value.GetValueKind() == JsonValueKind.String ? JsonValue.Create(value.ToJsonString()) : data?.DeepClone();
        var envelope = new JsonObject
        {
            ["Data"] = new JsonObject { [binding] = sent },
            ["Metadata"] = new JsonObject
            {
                ["DequeueCount"] = "1",
                ["Id"] = "\"5f7c8ec7-c33c-4c00-9bba-fe8200000000\"",
                ["sys"] = new JsonObject { ["MethodName"] = function, ["UtcNow"] = "2026-11-22T10:00:00Z", ["RandGuid"] = "0b5f7a52-3c5c-4d54-9a65-2a7d00000000" },
            },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, function) { Content = new StringContent(envelope.ToJsonString()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;
        return await _http.SendAsync(request);
    }

    /// <summary>A trigger that must succeed; what it asks to be queued.</summary>
    public async Task<IReadOnlyList<JsonNode>> RunAsync(string function, string binding, JsonNode? data)
    {
        using var answer = await TriggerAsync(function, binding, data);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType == "application/json", $"{function}: {(int)answer.StatusCode} {text} {Output} {Errors}");
        var outputs = Assert.IsType<JsonObject>(JsonNode.Parse(text))["Outputs"]?["next"]?.AsArray() ?? [];
        return [.. outputs.Select(message => JsonValue.Create(message!.ToJsonString()))]; // a queue carries texts
    }

    /// <summary>Delivers messages to a queue's function, and what it puts into its own queue, until the queue is empty. How many deliveries it took.</summary>
    public async Task<int> DrainAsync(string function, string binding, params IReadOnlyList<JsonNode> messages)
    {
        var (queue, deliveries) = (new Queue<JsonNode>(messages), 0);
        for (; queue.TryDequeue(out var message); deliveries++)
        {
            Assert.True(deliveries < 200, $"{function} never comes to an end. {Output}");
            foreach (var next in await RunAsync(function, binding, message))
            {
                queue.Enqueue(next);
            }
        }

        return deliveries;
    }

    public async Task<JsonNode> JsonAsync(HttpMethod method, string path, string principal, object? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await ApiAsync(method, path, principal, body, headers);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text} {Output}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>An Event Grid event about a new blob, as the storage queue carries it.</summary>
    public static JsonNode BlobCreated(string path) => JsonValue.Create(new JsonObject
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["eventType"] = "Microsoft.Storage.BlobCreated",
        ["subject"] = $"/blobServices/default/containers/healtheval/blobs/{path}",
        ["eventTime"] = "2026-11-22T10:00:00Z",
        ["data"] = new JsonObject { ["api"] = "PutBlockList", ["contentLength"] = 1, ["blobType"] = "BlockBlob", ["sequencer"] = "1" },
    }.ToJsonString());

    /// <summary>The header of Static Web Apps.</summary>
    public static string Principal(string email, params string[] roles) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(
        new { identityProvider = "aad", userId = $"id-of-{email}", userDetails = email, userRoles = (string[])["anonymous", "authenticated", .. roles] }));

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _http.Dispose();
    }
}
