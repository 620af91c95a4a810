using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.People;

internal sealed class TokensFunctions(HttpPipeline pipeline)
{
    [Function("Tokens")]
    public Task TokensAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "tokens/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
