using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Reports;

internal sealed class ReportsFunctions(HttpPipeline pipeline)
{
    [Function("Reports")]
    public Task ReportsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "reports/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("Keys")]
    public Task KeysAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "keys")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("Exports")]
    public Task ExportsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "exports/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
