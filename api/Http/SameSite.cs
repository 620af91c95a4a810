namespace HealthEval.Http;

internal static class SameSite
{
    /// <summary>
    /// Refuses changes that another site's page asks the browser to make; the SameSite cookie is the first line, this the second. A browser too old to
    /// say what site a request is from still says which origin; what is no browser says neither.
    /// </summary>
    public static IApplicationBuilder UseSameSiteOnly(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            var from = context.Request.Headers["Sec-Fetch-Site"].ToString();
            var safe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            return safe || from is "same-origin" or "none" || (from.Length == 0 && IsOwn(context.Request))
                ? next(context)
                : Problems.Of(403, "cross_site", "Not from another site", "Open HealthEval itself and repeat the action there.").ExecuteAsync(context);
        });
        return app;
    }

    /// <summary>On Azure the browser knows the site under another name than the program does; the platform says which.</summary>
    private static bool IsOwn(HttpRequest request) =>
        request.Headers.Origin.ToString() is not { Length: > 0 } origin
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && (page.Authority == request.Host.Value || page.Authority == request.Headers["X-Forwarded-Host"] || page.Authority == HostOf(request.Headers["X-MS-Original-Url"])));

    private static string? HostOf(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var original) ? original.Authority : null;
}
