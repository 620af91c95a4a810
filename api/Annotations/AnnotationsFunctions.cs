using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Annotations;

internal sealed class AnnotationsFunctions(HttpPipeline pipeline)
{
    [Function("Annotations")]
    public Task AnnotationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "annotations/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("Adjudications")]
    public Task AdjudicationsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "adjudications/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
