using HealthEval.Storage;
using Microsoft.AspNetCore.HostFiltering;

namespace HealthEval.Http;

/// <summary>What every answer has in common, whatever slice gives it.</summary>
internal static class HttpSetup
{
    public static IServiceCollection AddHttp(this IServiceCollection services, IConfiguration configuration, bool underFunctionsHost)
    {
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, WebForm.First>());
        if (underFunctionsHost)
        {
            services.Insert(1, ServiceDescriptor.Singleton<IStartupFilter, LateCalls>());
        }

        services.AddSingleton(TimeProvider.System).AddSingleton<WriteProbe>();
        services.AddRouting();
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // answered in one place, ErrorHandling
        services.AddHostFiltering(options => options.AllowedHosts = underFunctionsHost ? ["*"] : ["localhost", "127.0.0.1", "[::1]"]); // under the Functions host the name is the platform's
        services.AddResponseCompression(options => options.EnableForHttps = true); // cookies are SameSite=Strict: nobody else can make a page's secrets be guessed
        services.AddOpenApi();
        return underFunctionsHost ? services.AddSingleton(configuration.Read<HttpOptions>("Http")) : services;
    }

    public static IApplicationBuilder UseHttp(this IApplicationBuilder app)
    {
        app.UseTelemetryExport();
        app.UseSafeHeaders();
        app.UseProblems();
        app.UseRequestRules();
        app.UseHostFiltering();
        app.UseResponseCompression();
        return app;
    }

    public static void MapHttp(this IEndpointRouteBuilder api)
    {
        api.MapOpenApi("/openapi.json").AllowAnonymous().Reaches(RouteScope.Nothing);
        api.MapHealth();
    }
}
