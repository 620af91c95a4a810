using HealthEval.Storage;
using HealthEval.Storage.Azure;

namespace HealthEval.Tests.Storage;

/// <summary>The contract through the real SDK and the service's query planner, against the test server with three physical partitions.</summary>
public sealed class CosmosDocumentStoreTests(CosmosFixture cosmos) : DocumentStoreContract
{
    private protected override async Task<IDocumentStore> OpenAsync() => new CosmosDocumentStore(await cosmos.ClientAsync(), CosmosFixture.Database);
}
