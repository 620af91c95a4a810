using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Reports;

internal static class ReportsSetup
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton<ReportArchive>()
        .AddSingleton<Gathering>()
        .AddSingleton<WeeklyReports>()
        .AddSingleton<ReportViews>()
        .AddSingleton<DatasetExport>()
        .AddSingleton(provider => Signer(provider.GetRequiredService<StorageOptions>(), provider.GetRequiredService<IConfiguration>()["Reports:SigningKey"]))
        .AddSingleton(provider => new CronJob(typeof(WeeklyFunctions), nameof(WeeklyFunctions.FindDueAsync), cancellation => provider.GetRequiredService<WeeklyReports>().CompileDueAsync(cancellation)));

    /// <summary>On Azure a key of a vault, where one is named; on one machine a file beside the data.</summary>
    private static ReportSigner Signer(StorageOptions storage, string? key) => (storage.Kind, key) switch
    {
        (_, { Length: > 0 }) when Uri.TryCreate(key, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.AbsolutePath.StartsWith("/keys/", StringComparison.Ordinal) => new VaultSigner(address),
        (_, { Length: > 0 }) => throw new StartupException($"Reports:SigningKey is '{key}'. Write the address of a key in a Key Vault: https://VAULT.vault.azure.net/keys/NAME."),
        (StorageKind.Embedded, _) => new FileSigner(Path.Combine(storage.DataFolder, FileSigner.FileName)),
        _ => new ReportSigner(),
    };
}
