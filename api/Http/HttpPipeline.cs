using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace HealthEval.Http;

/// <summary>What a slice's HTTP function hands its request to: the middleware and routes that the program serves on one machine.</summary>
internal sealed class HttpPipeline(RequestDelegate run)
{
    public Task ServeAsync(HttpRequest request)
    {
        var context = request.HttpContext;
        Activity.Current = context.Features.Get<IHttpActivityFeature>()?.Activity ?? Activity.Current; // a function runs on the flow of the host's message, not on the request's
        context.SetEndpoint(null); // the function's own, which the worker's routing has found; ours looks again
        context.Request.RouteValues.Clear();
        return run(context);
    }
}
