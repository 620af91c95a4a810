using System.Reflection;
using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Cli;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Prompts;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval;

internal static class Program
{
    public static readonly string Version = typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static Task<int> Main(string[] args) => CommandLine.RunAsync(args);

    /// <summary>The whole program: options, storage, slices from left to right. The parameters are for the command line and the tests.</summary>
    public static WebApplication Build(Action<WebApplicationBuilder>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = ["--hostBuilder:reloadConfigOnChange=false"], // settings are read once; watching files takes one of few inotify instances
            ContentRootPath = AppContext.BaseDirectory,
        });
        configure?.Invoke(builder);
        var functions = FunctionsHost.IsActive(builder.Configuration);
        builder.Services.AddHttp(functions).AddTelemetryExport(builder.Configuration);
        builder.Services.AddStorage(builder.Configuration).AddSteps(builder.Configuration, withBudget: functions);
        builder.Services.AddSingleton<AuditTrail>().AddSingleton<GuidelineLibrary>();
        builder.Services.AddPeople(builder.Configuration);
        builder.Services.AddBatches(builder.Configuration);
        builder.Services.AddTasks().AddSingleton<Submission>().AddSingleton<Adjudications>();
        builder.Services.AddReports().AddHostedService<CronLoop>();

        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseHttp();
        if (functions)
        {
            app.UseFunctionsHost().MapBatchTriggers();
            app.MapReportTriggers();
        }

        app.UseSameSiteOnly().UseWebForm().UsePeople();

        var api = app.MapGroup("/api");
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
        api.MapAdjudications();
        api.MapQuality();
        api.MapReports();
        return app;
    }
}
