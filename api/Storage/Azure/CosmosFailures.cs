using System.Net;
using Microsoft.Azure.Cosmos;

namespace HealthEval.Storage.Azure;

/// <summary>What is left when the SDK's own retries are used up.</summary>
internal static class CosmosFailures
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static bool WillPass(Exception failure) => failure is HttpRequestException or TimeoutException or CosmosOperationCanceledException
        || failure is CosmosException { StatusCode: var status } && WillPass(status);

    public static StorageUnavailableException Explain(Exception failure) =>
        new(StorageTrouble.Busy, $"Cosmos DB did not answer: {(failure as CosmosException)?.StatusCode.ToString() ?? failure.GetType().Name}.", (failure as CosmosException)?.RetryAfter ?? Pause, failure);

    /// <summary>Throws unless the answer is a success or one that the caller expects.</summary>
    public static void Require(ResponseMessage response, params ReadOnlySpan<HttpStatusCode> expected) =>
        Require(response.StatusCode, response.ErrorMessage, double.TryParse(response.Headers["x-ms-retry-after-ms"], out var pause) ? TimeSpan.FromMilliseconds(pause) : null, expected);

    public static void Require(TransactionalBatchResponse response, params ReadOnlySpan<HttpStatusCode> expected) =>
        Require(response.StatusCode, response.ErrorMessage, response.RetryAfter, expected);

    private static void Require(HttpStatusCode status, string? message, TimeSpan? retryAfter, params ReadOnlySpan<HttpStatusCode> expected)
    {
        if ((int)status is >= 200 and < 300 || expected.Contains(status))
        {
            return;
        }

        throw WillPass(status)
            ? new StorageUnavailableException(StorageTrouble.Busy, $"Cosmos DB did not answer: {status}.", retryAfter ?? Pause)
            : new InvalidOperationException($"Cosmos DB answered {(int)status}: {message}");
    }

    private static bool WillPass(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.RequestTimeout or HttpStatusCode.Gone or (HttpStatusCode)449;
}
