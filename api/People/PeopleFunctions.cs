using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.People;

internal sealed class PeopleFunctions(HttpPipeline pipeline)
{
    [Function("People")]
    public Task PeopleAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "people/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("Session")]
    public Task SessionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "session")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("Me")]
    public Task MeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "me/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
