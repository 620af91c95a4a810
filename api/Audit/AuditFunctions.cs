using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Audit;

internal sealed class AuditFunctions(HttpPipeline pipeline)
{
    [Function("Audit")]
    public Task AuditAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "audit/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
