using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Agreement;

internal sealed class AgreementFunctions(HttpPipeline pipeline)
{
    [Function("Quality")]
    public Task QualityAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "quality/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
