using HealthEval.Batches.Privacy;
using HealthEval.Storage;

namespace HealthEval.Batches;

internal static class BatchesSetup
{
    /// <summary>Needs an <see cref="OpenTask"/>, which Tasks registers.</summary>
    public static IServiceCollection AddBatches(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection("Ingest").Get<IngestOptions>() ?? new IngestOptions();
        services.AddSingleton(options).AddSingleton<HeldItems>().AddSingleton<IngestBatch>().AddSingleton<IngestQueue>().AddSingleton<Uploads>().AddSingleton<SweepDrops>().AddSingleton<GivenUp>();
        services.AddHostedService<DropFolderWatcher>();
        return services;
    }
}
