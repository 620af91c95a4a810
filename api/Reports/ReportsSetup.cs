using HealthEval.Http;

namespace HealthEval.Reports;

internal static class ReportsSetup
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton<ReportArchive>()
        .AddSingleton<Gathering>()
        .AddSingleton<WeeklyReports>()
        .AddSingleton<ReportViews>()
        .AddSingleton<DatasetExport>()
        .AddSingleton(provider => new CronJob(typeof(WeeklyFunctions), nameof(WeeklyFunctions.FindDueAsync), cancellation => provider.GetRequiredService<WeeklyReports>().CompileDueAsync(cancellation)));
}
