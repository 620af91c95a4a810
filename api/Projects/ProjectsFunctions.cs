using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Projects;

internal sealed class ProjectsFunctions(HttpPipeline pipeline)
{
    [Function("Projects")]
    public Task ProjectsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "projects/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
