using System.Runtime.CompilerServices;
using HealthEval.Storage.Azure;
using HealthEval.Tests.Cosmos;
using HealthEval.Tests.Storage;
using Microsoft.Azure.Cosmos;

[assembly: AssemblyFixture(typeof(CosmosFixture))]

namespace HealthEval.Tests.Storage;

/// <summary>One Cosmos test server for all tests that do not disturb it, started when the first of them asks.</summary>
public sealed class CosmosFixture : IAsyncDisposable
{
    public const string Database = "healtheval";
    private readonly SemaphoreSlim _starting = new(1, 1);

    public CosmosFixture() => Current = this;

    /// <summary>For the test host, which is not made by the test framework.</summary>
    public static CosmosFixture Current { get; private set; } = null!;

    private CosmosTestServer? _server;
    private CosmosClient? _client;

    /// <summary>The SDK then plans every query with the service's own parser, and does not look for a virtual machine around it.</summary>
    [ModuleInitializer]
    internal static void PrepareSdk()
    {
        Environment.SetEnvironmentVariable("AZURE_COSMOS_USE_QUERY_PLAN_INTEROP_LINUX", "true");
        Environment.SetEnvironmentVariable("COSMOS_DISABLE_IMDS_ACCESS", "true");
    }

    public async Task<CosmosTestServer> ServerAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_server is null)
            {
                _server = await CosmosTestServer.StartAsync();
                _client = await ConnectAsync(_server);
            }

            return _server;
        }
        finally
        {
            _starting.Release();
        }
    }

    public async Task<CosmosClient> ClientAsync()
    {
        await ServerAsync();
        return _client!;
    }

    public static async Task<CosmosClient> ConnectAsync(CosmosTestServer server)
    {
        var client = CosmosClients.Create(server.Endpoint);
        await CosmosContainers.CreateAsync(client, Database, CancellationToken.None);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _starting.Dispose();
    }
}
