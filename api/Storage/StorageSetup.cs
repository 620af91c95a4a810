using Azure.Storage.Blobs;
using HealthEval.Storage.Azure;
using HealthEval.Storage.Embedded;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage;

/// <summary>The one switch between the two homes of the program.</summary>
internal static class StorageSetup
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        TempFolders.RemoveAbandoned();
        var options = Read(configuration);
        services.AddSingleton(options);
        return options.Kind switch
        {
            StorageKind.Embedded => services.AddEmbedded(options),
            _ => services.AddAzure(options),
        };
    }

    /// <param name="withBudget">Whether somebody kills what takes too long.</param>
    public static IServiceCollection AddSteps(this IServiceCollection services, IConfiguration configuration, bool withBudget)
    {
        var options = configuration.Read<StepOptions>("Steps");
        options.Budget = withBudget ? options.Budget : Steps.Unlimited;
        return services.AddSingleton(options).AddSingleton<Steps>();
    }

    private static IServiceCollection AddEmbedded(this IServiceCollection services, StorageOptions options)
    {
        try
        {
            Directory.CreateDirectory(options.DataFolder);
            OwnersOnly.Folder(options.DataFolder);
            var probe = Path.Combine(options.DataFolder, ".writable");
            File.WriteAllBytes(probe, new byte[4_096]);
            File.Delete(probe);
        }
        catch (IOException failure) when (FolderFailures.Of(failure) is StorageTrouble.DiskFull)
        {
            throw FolderFailures.Explain(failure, Path.GetFullPath(options.DataFolder));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{Path.GetFullPath(options.DataFolder)}' cannot be written ({failure.Message}). Choose another with --data DIR, or change its permissions.");
        }

        var opening = Task.Run(() => StoreFolder.Open(options.DataFolder)); // and reads it through, while the rest of the program is put together
        return services
            .AddSingleton<IDocumentStore>(_ => opening.GetAwaiter().GetResult())
            .AddSingleton<IFileStore>(_ => new FolderFileStore(Path.Combine(options.DataFolder, StoreFolder.Files)));
    }

    private static IServiceCollection AddAzure(this IServiceCollection services, StorageOptions options)
    {
        var (cosmos, blob) = (Endpoint(options.CosmosEndpoint), Endpoint(options.BlobEndpoint));
        if (cosmos is null || blob is null)
        {
            throw new StartupException("Storage:Kind = Azure needs "
                + string.Join(" and ", new[] { cosmos is null ? "Storage:CosmosEndpoint (such as https://ACCOUNT.documents.azure.com/)" : null, blob is null ? "Storage:BlobEndpoint (such as https://ACCOUNT.blob.core.windows.net/)" : null }.OfType<string>())
                + ". For documents on this machine set Storage:Kind = Embedded.");
        }

        return services
            .AddSingleton(_ => CosmosClients.Create(cosmos))
            .AddSingleton(_ => BlobClients.Create(blob))
            .AddSingleton<IDocumentStore>(provider => new CosmosDocumentStore(Prepared(provider.GetRequiredService<CosmosClient>(), cosmos, options), options.CosmosDatabase))
            .AddSingleton<IFileStore>(provider => new BlobFileStore(Prepared(provider.GetRequiredService<BlobServiceClient>(), blob, options), options.BlobContainer, Hold(options)) { Links = options.Links });
    }

    private static ReportHold? Hold(StorageOptions options) =>
        options.HoldReports > TimeSpan.Zero ? new ReportHold(options.HoldReports, options.HoldLocked, TimeProvider.System) : null;

    /// <summary>An emulator starts empty; on Azure the infrastructure makes the containers, and the program may not.</summary>
    private static CosmosClient Prepared(CosmosClient client, Uri endpoint, StorageOptions options)
    {
        if (endpoint.IsLoopback)
        {
            CosmosContainers.CreateAsync(client, options.CosmosDatabase, CancellationToken.None).GetAwaiter().GetResult();
        }

        return client;
    }

    private static BlobServiceClient Prepared(BlobServiceClient client, Uri endpoint, StorageOptions options)
    {
        if (endpoint.IsLoopback)
        {
            client.GetBlobContainerClient(options.BlobContainer).CreateIfNotExists();
        }

        return client;
    }

    private static Uri? Endpoint(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.IsLoopback && endpoint.Scheme == Uri.UriSchemeHttp)) ? endpoint : null;

    private static StorageOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Storage");
        var kind = section["Kind"] ?? nameof(StorageKind.Embedded);
        if (!Enum.TryParse<StorageKind>(kind, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
        {
            throw new StartupException($"Storage:Kind is '{kind}'. Allowed values: {string.Join(", ", Enum.GetNames<StorageKind>())}.");
        }

        var options = section.Get<StorageOptions>() ?? new StorageOptions();
        options.Kind = parsed;
        return options;
    }
}

/// <summary>The program cannot start, and the message says what to change.</summary>
internal sealed class StartupException(string message) : Exception(message);
