namespace HealthEval.Http;

/// <summary>
/// The Functions host forwards a request and calls the function for it by two ways; the worker's own middleware waits five seconds for the second to come
/// after the first. On a machine with far too much to do that is too short, and what escapes then is a 500 without a word.
/// </summary>
internal sealed class LateCalls : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(AnswerAsync);
        next(app);
    };

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (TimeoutException) when (!context.Response.HasStarted)
        {
            context.Response.Headers.RetryAfter = "5";
            await Problems.Of(503, "busy", "The server is too busy just now", "The request did not reach the program in time, and nothing was done. Send it again in a few seconds.").ExecuteAsync(context);
        }
    }
}
