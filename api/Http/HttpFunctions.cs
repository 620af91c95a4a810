using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Http;

/// <summary>What belongs to no slice; <c>Elsewhere</c> says so in the words of every other refusal, where the host would answer with nothing.</summary>
internal sealed class HttpFunctions(HttpPipeline pipeline)
{
    [Function("Health")]
    public Task HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "health/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("OpenApi")]
    public Task OpenApiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "openapi.json")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("Elsewhere")]
    public Task ElsewhereAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
