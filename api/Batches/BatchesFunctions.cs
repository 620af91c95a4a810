using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Batches;

internal sealed class BatchesFunctions(HttpPipeline pipeline)
{
    [Function("Batches")]
    public Task BatchesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "batches/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("Benchmarks")]
    public Task BenchmarksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "benchmarks/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
