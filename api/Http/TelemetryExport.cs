using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
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

    public static IServiceCollection AddTelemetryExport(this IServiceCollection services, IConfiguration configuration, bool underFunctionsHost) =>
        IsWanted(configuration) ? services.AddProviders(underFunctionsHost) : services;

    public static IApplicationBuilder UseTelemetryExport(this IApplicationBuilder app) =>
        IsWanted(app.ApplicationServices.GetRequiredService<IConfiguration>()) ? app.UseProviders() : app;

    private static bool IsWanted(IConfiguration configuration) => configuration[Endpoint] is { Length: > 0 };

    private static IServiceCollection AddProviders(this IServiceCollection services, bool underFunctionsHost)
    {
        var telemetry = services.AddOpenTelemetry();
        (underFunctionsHost ? telemetry.UseFunctionsWorkerDefaults() : telemetry)
            .ConfigureResource(Describe)
            .WithTracing(traces => traces.AddSource("Microsoft.AspNetCore", $"{Telemetry.Name}*").AddOtlpExporter())
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", $"{Telemetry.Name}*").AddOtlpExporter());
        return services;
    }

    /// <summary>Starts them (they are flushed when the program's services are disposed of), and names the server's spans.</summary>
    private static IApplicationBuilder UseProviders(this IApplicationBuilder app)
    {
        app.ApplicationServices.GetRequiredService<TracerProvider>();
        app.ApplicationServices.GetRequiredService<MeterProvider>();
        app.Use(async (context, next) =>
        {
            var span = context.Features.Get<IHttpActivityFeature>()?.Activity; // the server's own; it has no attributes yet
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
