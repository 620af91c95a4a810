using HealthEval.Http;
using Microsoft.Azure.Functions.Worker;

namespace HealthEval.Oversight;

internal sealed class OversightFunctions(HttpPipeline pipeline, NoticeSender notices)
{
    [Function("Oversight")]
    public Task OversightAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", "post", "put", "patch", "delete", "options", Route = "oversight/{*path}")] HttpRequest request) =>
        pipeline.ServeAsync(request);

    [Function("SendNotices")]
    public Task SendNoticesAsync([TimerTrigger("0 */2 * * * *")] TimerInfo timer, CancellationToken cancellation) => notices.SendAsync(cancellation);
}
