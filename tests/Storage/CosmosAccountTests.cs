using HealthEval.Storage;
using HealthEval.Storage.Azure;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Tests.Storage;

/// <summary>
/// The contract against a real account or the official emulator: COSMOS_ENDPOINT, and COSMOS_KEY or a signed-in identity. The database
/// 'healtheval-contract' is made where the key allows it; with an identity it must exist, with the containers of infra/.
/// </summary>
public sealed class CosmosAccountTests : DocumentStoreContract
{
    private const string Database = "healtheval-contract";
    private static readonly Lazy<Task<CosmosClient>> Client = new(ConnectAsync);

    private protected override async Task<IDocumentStore> OpenAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COSMOS_ENDPOINT") is { Length: > 0 }, "COSMOS_ENDPOINT is not set.");
        return new CosmosDocumentStore(await Client.Value, Database);
    }

    private static async Task<CosmosClient> ConnectAsync()
    {
        var endpoint = new Uri(Environment.GetEnvironmentVariable("COSMOS_ENDPOINT")!);
        if (Environment.GetEnvironmentVariable("COSMOS_KEY") is not { Length: > 0 } key)
        {
            return CosmosClients.Create(endpoint);
        }

        var client = new CosmosClient(endpoint.ToString(), key, CosmosClients.Options(limitToEndpoint: endpoint.IsLoopback));
        await CosmosContainers.CreateAsync(client, Database, CancellationToken.None);
        return client;
    }
}
