using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;
using Microsoft.Azure.Functions.Worker.Builder;

namespace HealthEval.Cli;

/// <summary>The program as the worker of an Azure Functions host, which starts it, forwards requests to it, sends it triggers, and may kill it without notice.</summary>
internal static class FunctionsWorker
{
    /// <summary>Only the host says where it listens. Its other arguments have names that people use too (--port), and its settings are inherited by whatever it starts.</summary>
    public static bool IsMeant(string[] args) => args.Contains("--functions-uri");

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            using var host = Build(args);
            await host.RunAsync();
            return ExitCode.Failed; // after exit code 0 the host would not start the program again
        }
        catch (StartupException cannot)
        {
            await Console.Error.WriteLineAsync($"healtheval: {cannot.Message}");
            return ExitCode.Usage;
        }
        catch (Exception wrong) when (Settings.FaultOf(wrong) is { } fault)
        {
            await Console.Error.WriteLineAsync($"healtheval: {fault}");
            return ExitCode.Usage;
        }
    }

    private static IHost Build(string[] args)
    {
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false"); // settings are read once; watching files takes one of few inotify instances
        var builder = FunctionsApplication.CreateBuilder(args);
        if (builder.Configuration["Auth:Mode"] != PeopleSetup.PlatformMode)
        {
            throw new StartupException($"Under the Functions host the platform signs people in: set Auth__Mode = {PeopleSetup.PlatformMode}.");
        }

        builder.ConfigureFunctionsWebApplication();
        builder.AddSlices(underFunctionsHost: true);
        builder.AddFunctionCalls();
        builder.Services.AddSingleton(services => new HttpPipeline(Pipeline(services)));
        return builder.Build();
    }

    private static RequestDelegate Pipeline(IServiceProvider services)
    {
        var app = new ApplicationBuilder(services);
        app.UseSlices();
        return app.Build();
    }
}
