using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Http;

/// <summary>Alive: the program answers. Ready: its storage does too.</summary>
internal static class HealthApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly DocumentKey Nothing = new(DocumentKind.Project, new Partition("_", "health"), "nothing");

    public static void MapHealth(this IEndpointRouteBuilder api) => api.MapGet("/health", GetAsync).AllowAnonymous().WithName("Health");

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
