namespace HealthEval.Http;

internal static class SameSite
{
    /// <summary>Refuses changes that another site's page asks the browser to make; the SameSite cookie is the first line, this the second.</summary>
    public static IApplicationBuilder UseSameSiteOnly(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            var from = context.Request.Headers["Sec-Fetch-Site"].ToString();
            var safe = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            return safe || from is "" or "same-origin" or "none"
                ? next(context)
                : Problems.Of(403, "cross_site", "Not from another site", "Open HealthEval itself and repeat the action there.").ExecuteAsync(context);
        });
        return app;
    }
}
