using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Http;

/// <summary>Live: the program answers, whatever its storage does. Ready: documents and files can be read and written, within five seconds.</summary>
internal static class HealthApi
{
    private static readonly byte[] Living = "{\"live\":true}"u8.ToArray();
    private const string Probe = "health/probe";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly DocumentKey Nothing = new(DocumentKind.Project, new Partition("_", "health"), "nothing");
    private static readonly DocumentKey Written = new(DocumentKind.Step, new Partition("_", "health"), "probe");

    /// <summary>In front of the routes, which are still being described when the first probe comes after a start.</summary>
    public static IApplicationBuilder UseLiveness(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path != "/api/health/live" || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            return next(context);
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = Living.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(Living, context.RequestAborted).AsTask();
    });

    public static void MapHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/health", GetAsync).AllowAnonymous().WithName("Health").Reaches(RouteScope.Nothing);
        api.MapGet("/health/live", Live).AllowAnonymous().WithName("Live").Reaches(RouteScope.Nothing);
    }

    private static async Task WriteAsync(IDocumentStore documents, IFileStore files, CancellationToken cancellation)
    {
        await documents.CommitAsync(new Write.Put(Written, new Health(Live: true, Ready: true)), cancellation);
        await files.WriteBytesAsync(Probe, new byte[4_096], FileCondition.None, cancellation);
        await files.DeleteAsync(Probe, cancellation);
    }

    private static Ok<Alive> Live() => TypedResults.Ok(new Alive(Live: true));

    private static async Task<JsonHttpResult<Health>> GetAsync(IDocumentStore documents, IFileStore files, WriteProbe probe, ILoggerFactory log, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await documents.FindAsync<object>(Nothing, patience.Token);
            await files.FindAsync("health/nothing", patience.Token);
            await probe.PassAsync(() => WriteAsync(documents, files, patience.Token)).WaitAsync(patience.Token);
            return TypedResults.Json(new Health(Live: true, Ready: true));
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            log.CreateLogger("HealthEval.Health").LogWarning("Storage does not answer ({Failure})", failure.GetType().Name);
            return TypedResults.Json(new Health(Live: true, Ready: false), statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}

internal sealed record Health(bool Live, bool Ready);

internal sealed record Alive(bool Live);

/// <summary>Anybody may ask about the health, so what writing costs is paid at most every ten seconds, whoever asks; meanwhile all get the last outcome.</summary>
internal sealed class WriteProbe(TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private readonly Lock _changing = new();
    private Task? _last;
    private long _at;

    public Task PassAsync(Func<Task> write)
    {
        lock (_changing)
        {
            if (_last is null || (_last.IsCompleted && clock.GetElapsedTime(_at) >= Every))
            {
                (_last, _at) = (write(), clock.GetTimestamp());
            }

            return _last;
        }
    }
}
