using System.Reflection;
using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Cli;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tasks;
using Microsoft.AspNetCore.HostFiltering;

namespace HealthEval;

internal static class Program
{
    public static readonly string Version = typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static Task<int> Main(string[] args) => CommandLine.RunAsync(args);

    /// <summary>The whole program: options, storage, slices from left to right. The parameters are for the command line and the tests.</summary>
    public static WebApplication Build(Action<WebApplicationBuilder>? configure = null, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        configure?.Invoke(builder);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // answered in one place, ErrorHandling
        var functions = FunctionsHost.IsActive(builder.Configuration);
        builder.Services.AddHostFiltering(options => options.AllowedHosts = functions ? ["*"] : ["localhost", "127.0.0.1", "[::1]"]); // behind the Functions host the name is the platform's
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true); // cookies are SameSite=Strict: nobody else can make a page's secrets be guessed
        builder.Services.AddStorage(builder.Configuration);
        builder.Services.AddOpenApi();

        builder.Services.AddSingleton<GuidelineLibrary>();
        builder.Services.AddPeople(builder.Configuration);
        builder.Services.AddBatches(builder.Configuration);
        builder.Services.AddTasks();
        builder.Services.AddSingleton<Submission>();
        builder.Services.AddReports();
        builder.Services.AddHostedService<CronLoop>();

        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseProblems();
        app.UseHostFiltering();
        app.UseResponseCompression();
        if (functions)
        {
            app.UseFunctionsHost();
            app.MapTimers();
            app.MapBatchTriggers();
        }

        app.UseSameSiteOnly();
        app.UseWebForm();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseOwnProjectsOnly();

        var api = app.MapGroup("/api");
        api.CloseTheRest();
        api.MapOpenApi("/openapi.json").AllowAnonymous();
        api.MapHealth();
        api.MapSession();
        api.MapGuidelines(Policies.SignedIn, Policies.Leads);
        api.MapPeople();
        api.MapProjects();
        api.MapBatches();
        api.MapTasks();
        api.MapAnnotations();
        api.MapQuality();
        api.MapReports();
        return app;
    }
}
