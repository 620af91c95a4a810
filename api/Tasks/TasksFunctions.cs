using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Tasks;

internal sealed class TasksFunctions(HttpPipeline pipeline)
{
    [Function("Tasks")]
    public Task TasksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "tasks/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
