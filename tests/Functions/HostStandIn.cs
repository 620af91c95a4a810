using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace HealthEval.Tests.Functions;

/// <summary>What stands where the Functions host stands: starts the worker with the host's arguments, speaks the host's protocol with it, lets it list and load its functions, and calls them.</summary>
internal sealed class HostStandIn : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonNode>> _answers = new();
    private readonly Channel<JsonObject> _toWorker = Channel.CreateUnbounded<JsonObject>();
    private readonly ConcurrentQueue<JsonNode> _logs = new();
    private readonly ConcurrentQueue<string> _console = new();
    private WebApplication _server = null!;
    private Stopwatch _started = null!;

    public Process Worker { get; private set; } = null!;

    /// <summary>By name, as the worker lists them.</summary>
    public IReadOnlyDictionary<string, JsonNode> Functions { get; private set; } = new Dictionary<string, JsonNode>();

    /// <summary>Where the worker takes the HTTP requests that the host forwards.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>From the start of the process until the worker has opened its stream, and until its functions were loaded.</summary>
    public (TimeSpan Connected, TimeSpan Loaded) Times { get; private set; }

    /// <summary>The lines that the worker sent to the host's log: level, category, message, exception.</summary>
    public IReadOnlyCollection<JsonNode> Logs => _logs;

    /// <summary>What it wrote on stdout and stderr.</summary>
    public string Console => string.Join('\n', _console);

    /// <summary>What the host starts: worker.config.json says which program (dotnet, or one that brings its runtime) and which of its files.</summary>
    public static IReadOnlyList<string> CommandOf(string folder)
    {
        var described = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "worker.config.json")))!["description"]!;
        var program = ((string)described["defaultExecutablePath"]!).Replace("{WorkerRoot}", folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return [program, Path.Combine(folder, (string)described["defaultWorkerPath"]!)];
    }

    /// <param name="command">The executable, and what comes before the host's arguments.</param>
    public static async Task<HostStandIn> StartAsync(IReadOnlyList<string> command, string appFolder, IReadOnlyDictionary<string, string> environment)
    {
        var host = new HostStandIn();
        await host.ListenAsync();
        host.StartWorker(command, appFolder, environment);
        await host.LoadAsync(appFolder);
        return host;
    }

    /// <summary>Calls a function; the answer when it has one. Fails when the worker is gone before that.</summary>
    public Task<JsonNode> InvokeAsync(string function, JsonObject request, string invocationId, string? traceParent = null)
    {
        request["invocationId"] = invocationId;
        request["functionId"] = Functions[function]["functionId"]!.DeepClone();
        request["traceContext"] = new JsonObject { ["traceParent"] = traceParent ?? "" };
        request["retryContext"] = new JsonObject();
        var answer = AnswerAsync($"invocationResponse:{invocationId}", TimeSpan.FromMinutes(5));
        Send("invocationRequest", request);
        return answer;
    }

    public void Cancel(string invocationId) => Send("invocationCancel", new JsonObject { ["invocationId"] = invocationId });

    /// <summary>What the host does when it is stopped itself.</summary>
    public void Terminate() => Send("workerTerminate", new JsonObject { ["gracePeriod"] = "5s" });

    public void Dispose()
    {
        if (!Worker.HasExited)
        {
            Worker.Kill();
            Worker.WaitForExit();
        }

        Worker.Dispose();
        _toWorker.Writer.TryComplete();
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]); // watching files takes one of few inotify instances
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.MapPost(FunctionRpc.Path, ServeAsync);
        await _server.StartAsync();
    }

    private void StartWorker(IReadOnlyList<string> command, string appFolder, IReadOnlyDictionary<string, string> environment)
    {
        var port = new Uri(_server.Urls.Single()).Port;
        string[] arguments =
        [
            "--host", "127.0.0.1", "--port", $"{port}", "--workerId", "w1", "--requestId", "r1", "--grpcMaxMessageLength", "2147483647",
            "--functions-uri", $"http://127.0.0.1:{port}/", "--functions-worker-id", "w1", "--functions-request-id", "r1", "--functions-grpc-max-message-length", "2147483647",
        ];
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            WorkingDirectory = appFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = appFolder;
        start.Environment["ASPNETCORE_URLS"] = "http://0.0.0.0:1"; // the host's own, inherited
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _started = Stopwatch.StartNew();
        Worker = Process.Start(start)!;
        Worker.EnableRaisingEvents = true;
        Worker.Exited += (_, _) => Lost();
        Worker.OutputDataReceived += (_, line) => Note(line.Data);
        Worker.ErrorDataReceived += (_, line) => Note(line.Data);
        Worker.BeginOutputReadLine();
        Worker.BeginErrorReadLine();
    }

    private async Task LoadAsync(string appFolder)
    {
        await AnswerAsync("startStream", Patience);
        var connected = _started.Elapsed;
        var ready = AnswerAsync("workerInitResponse", Patience);
        Send("workerInitRequest", new JsonObject { ["hostVersion"] = "4.1037.0", ["workerDirectory"] = appFolder, ["functionAppDirectory"] = appFolder });
        Address = new Uri((string)(await ready)["capabilities"]!["HttpUri"]!);
        var listed = AnswerAsync("functionMetadataResponse", Patience);
        Send("functionsMetadataRequest", new JsonObject { ["functionAppDirectory"] = appFolder });
        Functions = (await listed)["functionMetadataResults"]!.AsArray().ToDictionary(function => (string)function!["name"]!, function => function!);
        foreach (var function in Functions.Values)
        {
            var id = (string)function["functionId"]!;
            var loaded = AnswerAsync($"functionLoadResponse:{id}", Patience);
            Send("functionLoadRequest", new JsonObject { ["functionId"] = id, ["metadata"] = function.DeepClone() });
            if ((string?)(await loaded)["result"]!["status"] is var status and not "Success")
            {
                throw new InvalidOperationException($"{function["name"]} was not loaded: {status}.");
            }
        }

        Times = (connected, _started.Elapsed);
    }

    private void Send(string kind, JsonObject content) => _toWorker.Writer.TryWrite(new JsonObject { [kind] = content });

    private async Task<JsonNode> AnswerAsync(string kind, TimeSpan patience)
    {
        var answer = _answers.GetOrAdd(kind, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Worker.HasExited)
        {
            Lost();
        }

        return await answer.Task.WaitAsync(patience);
    }

    private async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.FlushAsync();
        _ = WriteAsync(context);
        while (await FunctionRpc.ReadAsync(context.Request.Body, context.RequestAborted) is { } message)
        {
            foreach (var (kind, content) in message.Where(field => field.Key != "requestId"))
            {
                Take(kind, content!);
            }
        }
    }

    private void Take(string kind, JsonNode content)
    {
        if (kind is "rpcLog")
        {
            _logs.Enqueue(content);
            return;
        }

        var key = kind switch
        {
            "functionLoadResponse" => $"{kind}:{content["functionId"]}",
            "invocationResponse" => $"{kind}:{content["invocationId"]}",
            _ => kind,
        };
        _answers.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(content);
    }

    private async Task WriteAsync(HttpContext context)
    {
        await foreach (var message in _toWorker.Reader.ReadAllAsync())
        {
            await context.Response.Body.WriteAsync(FunctionRpc.Frame(message));
            await context.Response.Body.FlushAsync();
        }
    }

    private void Note(string? line)
    {
        if (line is { Length: > 0 })
        {
            _console.Enqueue(line);
        }
    }

    /// <summary>Whoever still waits for the worker waits in vain.</summary>
    private void Lost()
    {
        Worker.WaitForExit(); // until its last words have been read
        foreach (var answer in _answers.Values)
        {
            answer.TrySetException(new WorkerLostException(Console));
        }
    }
}

internal sealed class WorkerLostException(string console) : Exception($"The worker ended. {console}");

/// <summary>A function failed; the host would try again.</summary>
internal sealed class FunctionFailure(string message) : Exception(message);
