namespace HealthEval.Reports;

internal static class ReportsSetup
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton<Gathering>()
        .AddSingleton<ReportArchive>();
}
