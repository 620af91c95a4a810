using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace HealthEval.Tests.Cosmos;

/// <summary>
/// A server that speaks as much of Cosmos DB's REST protocol as the document store uses, so that the real SDK can be tested over real
/// HTTP: point operations with ETags, hierarchical partition keys over several physical partitions, queries in pages, transactional
/// batches, time to live on a clock of the test's, and faults on demand. It keeps everything in memory.
/// </summary>
public sealed class CosmosTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CosmosProtocol _protocol;

    private CosmosTestServer(WebApplication app, CosmosProtocol protocol)
    {
        _app = app;
        _protocol = protocol;
    }

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Asked before every request; what it returns goes wrong.</summary>
    public Func<HttpRequest, Fault?> Faults
    {
        get => _protocol.Faults;
        set => _protocol.Faults = value;
    }

    /// <summary>What was asked, in order: for tests that count requests or look at the SQL.</summary>
    public ConcurrentQueue<CosmosRequest> Requests => _protocol.Requests;

    public static async Task<CosmosTestServer> StartAsync(int physicalPartitions = 3, TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]); // watching files takes one of few inotify instances
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 8 << 20;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var protocol = new CosmosProtocol(physicalPartitions, time ?? TimeProvider.System);
        var server = new CosmosTestServer(builder.Build(), protocol);
        server._app.Run(protocol.AnswerAsync);
        await server._app.StartAsync();
        server.Endpoint = protocol.Endpoint = new Uri(server._app.Urls.Single());
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <param name="Status">429, 503, 408, … or 0 for a connection that breaks.</param>
/// <param name="RetryAfter">What the server says to a throttled client.</param>
/// <param name="AfterDoingIt">The request takes effect and only its answer is lost.</param>
public sealed record Fault(int Status, TimeSpan RetryAfter = default, bool AfterDoingIt = false);

public sealed record CosmosRequest(string Method, string Path, string? Sql, double Charge);
