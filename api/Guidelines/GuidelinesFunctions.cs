using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Guidelines;

internal sealed class GuidelinesFunctions(HttpPipeline pipeline)
{
    [Function("Guidelines")]
    public Task GuidelinesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "guidelines/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
