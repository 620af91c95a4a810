using System.Reflection;
using Microsoft.Extensions.FileProviders;

namespace HealthEval.Http;

/// <summary>Serves the built web form and the headers that keep it safe.</summary>
internal static class WebForm
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The form needs none of what a browser can do beside showing it, save copying a link.</summary>
    private const string PermissionsPolicy =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), clipboard-write=(self)";

    /// <summary>Where the form lies under the Functions host, which lets nothing through but what is below <c>/api</c>; Front Door shows it at <c>/</c>.</summary>
    private const string UnderTheHost = "/api/form";

    /// <summary>On every answer, errors included: they are set when it begins, since an error clears what was set before it.</summary>
    public static IApplicationBuilder UseSafeHeaders(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                SetHeaders(context);
                return Task.CompletedTask;
            });
            return next(context);
        });
        return app;
    }

    public static IApplicationBuilder UseWebForm(this IApplicationBuilder app)
    {
        if (Folder(app.ApplicationServices.GetRequiredService<IConfiguration>()) is { } folder)
        {
            var (files, below) = (new PhysicalFileProvider(folder), app.ApplicationServices.GetService<HttpOptions>() is null ? "" : UnderTheHost);
            app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RequestPath = below });
            app.UseStaticFiles(new StaticFileOptions { FileProvider = files, RequestPath = below, OnPrepareResponse = answer => Cache(answer, below) });
        }

        return app;
    }

    /// <summary>Before everything that the framework puts in front of our pipeline, such as the refusal of foreign host names.</summary>
    public sealed class First : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseSafeHeaders();
            next(app);
        };
    }

    private static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = PermissionsPolicy;
        if (context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"] == "https")
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }

        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !context.Request.Path.StartsWithSegments(UnderTheHost, StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
        }
    }

    /// <summary>The built form: a setting, else where this build made it, else beside the program.</summary>
    public static string? Folder(IConfiguration configuration)
    {
        var built = typeof(WebForm).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "WebRoot")?.Value;
        return new[] { configuration["Web:Root"], built, Path.Combine(AppContext.BaseDirectory, "web") }
            .OfType<string>()
            .Select(Path.GetFullPath)
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "index.html")));
    }

    /// <summary>Built assets have their hash in their name and never change; the page itself is asked for anew.</summary>
    private static void Cache(Microsoft.AspNetCore.StaticFiles.StaticFileResponseContext answer, string below) => answer.Context.Response.Headers.CacheControl =
        answer.Context.Request.Path.StartsWithSegments($"{below}/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
}
