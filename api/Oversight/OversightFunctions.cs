using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Oversight;

internal sealed class OversightFunctions(HttpPipeline pipeline)
{
    [Function("Oversight")]
    public Task OversightAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "oversight/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
