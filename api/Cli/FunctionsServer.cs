using HealthEval.Http;
using HealthEval.People;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary>The program as the custom handler of the Azure Functions host, which starts it, forwards to it, and kills it without notice.</summary>
internal static class FunctionsServer
{
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var app = Program.Build(Configure, LeaveTheRestToTheHost);
        await app.RunAsync(cancellation);
        return ExitCode.Failed; // after exit code 0 the host would not start the program again
    }

    private static void Configure(WebApplicationBuilder builder)
    {
        if (builder.Configuration["Auth:Mode"] != PeopleSetup.PlatformMode)
        {
            throw new StartupException($"Behind the Functions host the platform signs people in: set Auth__Mode = {PeopleSetup.PlatformMode}.");
        }

        builder.WebHost.UseUrls(FunctionsHost.Address(builder.Configuration)).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddLines(json: true);
    }

    /// <summary>Timers and the drop folder are the host's triggers there; our own would do the same work a second time in every instance.</summary>
    private static void LeaveTheRestToTheHost(IServiceCollection services)
    {
        foreach (var own in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(Program).Assembly).ToList())
        {
            services.Remove(own);
        }
    }
}
