using System.Net;

namespace HealthEval.Http;

/// <summary>Whether, and how, the Azure Functions host has started this program as its custom handler.</summary>
internal static class FunctionsHost
{
    public const string PortVariable = "FUNCTIONS_CUSTOMHANDLER_PORT";

    public static bool IsActive(IConfiguration configuration) => configuration[PortVariable] is { Length: > 0 };

    /// <summary>The host inherits its own ASPNETCORE_URLS to us, so the address is fixed here and nowhere else.</summary>
    public static string Address(IConfiguration configuration) => $"http://{IPAddress.Loopback}:{configuration[PortVariable]}";

    /// <summary>
    /// What comes from outside always begins with /api/, because the host puts it there. Everything else is the host itself, from this machine:
    /// its readiness probe and its triggers. The web form is served by Static Web Apps.
    /// </summary>
    public static WebApplication UseFunctionsHost(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            var isApi = context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
            var isLocal = context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from);
            if (isApi || isLocal)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        return app;
    }
}
