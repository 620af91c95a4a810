using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Prompts;

internal sealed class PromptsFunctions(HttpPipeline pipeline)
{
    [Function("Prompts")]
    public Task PromptsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "prompts/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);
}
