using System.Text.Json;
using Azure.Core;
using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>The one client of the process.</summary>
internal static class CosmosClients
{
    /// <summary>The published key of every emulator. It opens nothing but an emulator.</summary>
    private const string EmulatorKey = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    /// <summary>On Azure the program's identity; keys are accepted only by an emulator on this machine.</summary>
    public static CosmosClient Create(Uri endpoint, TokenCredential? credential = null) => endpoint.IsLoopback
        ? new CosmosClient(endpoint.ToString(), EmulatorKey, Options(limitToEndpoint: true))
        : new CosmosClient(endpoint.ToString(), credential ?? new DefaultAzureCredential(), Options(limitToEndpoint: false));

    public static CosmosClientOptions Options(bool limitToEndpoint) => new()
    {
        ApplicationName = "HealthEval",
        ConnectionMode = ConnectionMode.Gateway, // one hop more than Direct, but few sockets per instance, and what the tests exercise is what runs
        LimitToEndpoint = limitToEndpoint,
        MaxRetryAttemptsOnRateLimitedRequests = 9,
        MaxRetryWaitTimeOnRateLimitedRequests = TimeSpan.FromSeconds(10), // a person is waiting; beyond it the answer is 503 with Retry-After
        CustomHandlers = { new CosmosTelemetry() },
        UseSystemTextJsonSerializerWithOptions = new JsonSerializerOptions(JsonSerializerDefaults.Web), // query parameters only: documents are streams
    };
}
