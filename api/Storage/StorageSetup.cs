using HealthEval.Storage.Embedded;

namespace HealthEval.Storage;

/// <summary>The one switch between the two homes of the program.</summary>
internal static class StorageSetup
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var options = Read(configuration);
        services.AddSingleton(options);
        return options.Kind switch
        {
            StorageKind.Embedded => services.AddEmbedded(options),
            _ => throw new StartupException("Storage:Kind = Azure is not available in this build yet. Use Embedded."),
        };
    }

    private static IServiceCollection AddEmbedded(this IServiceCollection services, StorageOptions options)
    {
        try
        {
            Directory.CreateDirectory(options.DataFolder);
            var probe = Path.Combine(options.DataFolder, ".writable");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{Path.GetFullPath(options.DataFolder)}' cannot be written ({failure.Message}). Choose another with --data DIR, or change its permissions.");
        }

        return services
            .AddSingleton<IDocumentStore>(_ => new SqliteDocumentStore(Path.Combine(options.DataFolder, "healtheval.db")))
            .AddSingleton<IFileStore>(_ => new FolderFileStore(Path.Combine(options.DataFolder, "files")));
    }

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
