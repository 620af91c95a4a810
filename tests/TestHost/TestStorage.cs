using HealthEval.Tests.Storage;

namespace HealthEval.Tests.TestHost;

/// <summary>
/// The one switch for all tests of the whole program: HEALTHEVAL_TEST_STORE=azure runs them on Cosmos DB (the test server) and Blob Storage
/// (the emulator), a database and a container for each; otherwise they run on the embedded store.
/// </summary>
internal static class TestStorage
{
    public static bool IsAzure { get; } = Environment.GetEnvironmentVariable("HEALTHEVAL_TEST_STORE") switch
    {
        "azure" => true,
        null or "" or "embedded" => false,
        var other => throw new InvalidOperationException($"HEALTHEVAL_TEST_STORE is '{other}'. Allowed values: embedded, azure."),
    };

    public static Task<Dictionary<string, string?>> SettingsAsync(string folder) =>
        IsAzure ? AzureSettingsAsync() : Task.FromResult(new Dictionary<string, string?> { ["Storage:DataFolder"] = folder });

    public static async Task<Dictionary<string, string?>> AzureSettingsAsync()
    {
        var name = $"t{Guid.NewGuid():N}";
        return new()
        {
            ["Storage:Kind"] = "Azure",
            ["Storage:CosmosEndpoint"] = (await CosmosFixture.Current.ServerAsync()).Endpoint.ToString(),
            ["Storage:CosmosDatabase"] = name,
            ["Storage:BlobEndpoint"] = (await AzuriteFixture.Current.EndpointAsync()).ToString(),
            ["Storage:BlobContainer"] = name,
        };
    }
}
