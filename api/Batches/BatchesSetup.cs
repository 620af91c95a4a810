using HealthEval.Batches.Benchmarks;
using HealthEval.Batches.Privacy;
using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Batches;

internal static class BatchesSetup
{
    /// <summary>Needs an <see cref="OpenTask"/>, which Tasks registers.</summary>
    public static IServiceCollection AddBatches(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.Read<IngestOptions>("Ingest", nameof(IngestOptions.SettleFor), nameof(IngestOptions.FreeUnpackedBytes), nameof(IngestOptions.MaxMetaBytes),
            nameof(IngestOptions.MaxErrorsListed), nameof(IngestOptions.MaxErrorsInReceipt));
        if (options.MaxErrorsListed > IngestOptions.MostErrorsListed)
        {
            throw new StartupException($"Ingest:MaxErrorsListed is {options.MaxErrorsListed}. At most {IngestOptions.MostErrorsListed} can be carried from one step of a load to the next.");
        }

        services.AddSingleton(options).AddSingleton<HeldItems>().AddSingleton<IngestBatch>()
            .AddSingleton<Quotas>().AddSingleton<Uploads>().AddSingleton<Rereading>().AddSingleton<Refusals>()
            .AddSingleton<BenchmarkLibrary>().AddSingleton<Erasure>().AddSingleton<Retention>().AddSingleton<SettledFiles>().AddSingleton<SweepDrops>().AddSingleton<GivenUp>();
        return services;
    }

    /// <summary>On one machine: what the triggers do under the Functions host. Whatever else is due, <see cref="CronLoop"/> does.</summary>
    public static IServiceCollection AddWatching(this IServiceCollection services) =>
        services.AddSingleton<IngestQueue>().AddHostedService<DropFolderWatcher>().AddHostedService(provider => provider.GetRequiredService<Retention>())
            .AddHostedService<CronLoop>();
}
