using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HealthEval.Http;

/// <summary>
/// Sends traces and metrics to a collector, when OTEL_EXPORTER_OTLP_ENDPOINT names one; the other OTEL_ variables (protocol, headers, intervals,
/// resource attributes, sampler) mean what OpenTelemetry says. Without it nothing of this is loaded.
/// </summary>
internal static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, IConfiguration configuration) => IsWanted(configuration) ? services.AddProviders() : services;

    public static WebApplication UseTelemetryExport(this WebApplication app) => IsWanted(app.Configuration) ? app.UseProviders() : app;

    private static bool IsWanted(IConfiguration configuration) => configuration[Endpoint] is { Length: > 0 };

    private static IServiceCollection AddProviders(this IServiceCollection services) => services
        .AddSingleton(_ => Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddSource("Microsoft.AspNetCore", $"{Telemetry.Name}*").AddOtlpExporter().Build())
        .AddSingleton(_ => Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", $"{Telemetry.Name}*").AddOtlpExporter().Build());

    /// <summary>Starts them (they are flushed when the program's services are disposed of), and names the server's spans.</summary>
    private static WebApplication UseProviders(this WebApplication app)
    {
        app.Services.GetRequiredService<TracerProvider>();
        app.Services.GetRequiredService<MeterProvider>();
        app.Use(async (context, next) =>
        {
            var span = Activity.Current; // the server's own; it has no attributes yet
            try
            {
                await next(context);
            }
            finally
            {
                NameAfterRoute(span, context);
            }
        });
        return app;
    }

    /// <summary>The route, never the path: paths hold ids of people and tasks.</summary>
    private static void NameAfterRoute(Activity? span, HttpContext context)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        span.SetTag("http.request.method", context.Request.Method).SetTag("http.route", route).SetTag("http.response.status_code", context.Response.StatusCode).SetTag("url.scheme", context.Request.Scheme);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", $"{context.Response.StatusCode}").SetStatus(ActivityStatusCode.Error);
        }
    }

    private static void Describe(ResourceBuilder resource) => resource.Clear().AddTelemetrySdk().AddService("healtheval", serviceVersion: Program.Version).AddEnvironmentVariableDetector();
}
