using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Http;

/// <summary>Live: the program answers, whatever its storage does. Ready: documents and files answer too, within five seconds.</summary>
internal static class HealthApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly DocumentKey Nothing = new(DocumentKind.Project, new Partition("_", "health"), "nothing");

    public static void MapHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/health", GetAsync).AllowAnonymous().WithName("Health").Reaches(RouteScope.Nothing);
        api.MapGet("/health/live", Live).AllowAnonymous().WithName("Live").Reaches(RouteScope.Nothing);
    }

    private static Ok<Alive> Live() => TypedResults.Ok(new Alive(Live: true));

    private static async Task<JsonHttpResult<Health>> GetAsync(IDocumentStore documents, IFileStore files, ILoggerFactory log, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await documents.FindAsync<object>(Nothing, patience.Token);
            await files.FindAsync("health/nothing", patience.Token);
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
