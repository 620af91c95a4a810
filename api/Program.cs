using System.Reflection;
using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Cli;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Oversight;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Prompts;
using HealthEval.Quality;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval;

internal static class Program
{
    public static readonly string Version = typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static Task<int> Main(string[] args) => FunctionsWorker.IsMeant(args) ? FunctionsWorker.RunAsync(args) : CommandLine.RunAsync(args);

    /// <summary>The program on one machine. The parameters are for the command line and the tests.</summary>
    public static WebApplication Build(Action<WebApplicationBuilder>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"], // settings are read once; watching files takes one of few inotify instances
            ContentRootPath = AppContext.BaseDirectory,
        });
        configure?.Invoke(builder);
        builder.AddSlices(underFunctionsHost: false);
        builder.Services.AddWatching(); // what triggers do under the Functions host
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseSlices();
        return app;
    }

    /// <summary>Options, storage, slices from left to right.</summary>
    public static void AddSlices(this IHostApplicationBuilder builder, bool underFunctionsHost)
    {
        builder.Services.AddHttp(builder.Configuration, underFunctionsHost).AddTelemetryExport(builder.Configuration, underFunctionsHost);
        builder.Services.AddStorage(builder.Configuration).AddSteps(builder.Configuration, withBudget: underFunctionsHost);
        builder.Services.AddSingleton<AuditTrail>().AddSingleton<GuidelineLibrary>();
        builder.Services.AddRateLimits(builder.Configuration).AddPeople(builder.Configuration).AddProjects().AddBatches(builder.Configuration);
        builder.Services.AddTasks().AddAnnotations().AddGold().AddOversight(builder.Configuration).AddReports();
    }

    /// <summary>What every request passes through, on one machine and under the Functions host alike.</summary>
    public static void UseSlices(this IApplicationBuilder app) => app.UseHttp().UseSameSiteOnly().UseWebForm().UseLiveness().UsePeople().UseEndpoints(endpoints =>
    {
        var api = endpoints.MapGroup("/api");
        api.CloseTheRest();
        api.MapHttp();
        api.MapAudit(Policies.Leads);
        api.MapSession();
        api.MapGuidelines(Policies.SignedIn, Policies.Leads);
        api.MapPeople();
        api.MapProjects();
        api.MapPrompts();
        api.MapBatches();
        api.MapTasks();
        api.MapAnnotations();
        api.MapQuality().MapGold();
        api.MapOversight();
        api.MapReports();
    });
}
