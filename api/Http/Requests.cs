using Microsoft.Net.Http.Headers;

namespace HealthEval.Http;

/// <summary>Section <c>Http</c> of the settings.</summary>
internal sealed class HttpOptions
{
    /// <summary>Bytes. A body that names its length is read into memory by the Functions host, whole, before the program sees any of it; a chunked one is not.</summary>
    public long MaxContentLength { get; set; } = 32L << 20;
}

/// <summary>What is done to every request before a slice sees it.</summary>
internal static class Requests
{
    private const string Platform = "x-ms-";

    /// <summary>The platform's word about who is calling, which it puts in place of any that a client sends; nothing else with this beginning is listened to.</summary>
    private static readonly string[] Principal = ["x-ms-client-principal", "x-ms-client-principal-id", "x-ms-client-principal-idp"];

    public static IApplicationBuilder UseRequestRules(this IApplicationBuilder app) => app.Use(DropForeignHeaders).Use(RefuseLargeBodies).Use(AnswerHeadAndOptions);

    private static Task DropForeignHeaders(HttpContext context, RequestDelegate next)
    {
        foreach (var name in context.Request.Headers.Keys.Where(name => name.StartsWith(Platform, StringComparison.OrdinalIgnoreCase) && !Principal.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            context.Request.Headers.Remove(name);
        }

        return next(context);
    }

    private static Task RefuseLargeBodies(HttpContext context, RequestDelegate next) =>
        context.RequestServices.GetService<HttpOptions>() is { MaxContentLength: var limit } && context.Request.ContentLength > limit
            ? Problems.Of(413, "too_large", "The body is too large to be sent like this",
                $"Bodies that name their length may have {limit:N0} bytes. Ask for an upload link (POST /api/batches/PROJECT/uploads) and send the file there, put it into the drop container, or send it chunked.").ExecuteAsync(context)
            : next(context);

    /// <summary>HEAD is a GET whose body nobody gets; OPTIONS, like a refused method, says which there are.</summary>
    private static async Task AnswerHeadAndOptions(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        var isHead = HttpMethods.IsHead(request.Method) && request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        if (isHead)
        {
            request.Method = HttpMethods.Get;
            response.Body = Stream.Null;
        }

        await next(context);
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed && !response.HasStarted)
        {
            var allowed = response.Headers.Allow.ToString().Split(", ", StringSplitOptions.RemoveEmptyEntries).Append(HttpMethods.Options).ToList();
            response.Headers[HeaderNames.Allow] = string.Join(", ", (allowed.Contains(HttpMethods.Get) ? allowed.Append(HttpMethods.Head) : allowed).Order(StringComparer.Ordinal));
            response.StatusCode = HttpMethods.IsOptions(request.Method) ? StatusCodes.Status204NoContent : response.StatusCode;
        }
    }
}
