using System.Security.Claims;

namespace HealthEval.Audit;

internal static class AuditedRoutes
{
    /// <summary>
    /// Whoever gets an answer from this route (not: a refusal) is on record before its first byte leaves, with the values in the address
    /// other than the project as what it is about. A trail that cannot be written gives nothing out.
    /// </summary>
    /// <param name="part">What of it, where several routes give out parts of one thing.</param>
    public static TBuilder Audited<TBuilder>(this TBuilder route, string action, string? part = null)
        where TBuilder : IEndpointConventionBuilder =>
        route.AddEndpointFilter(async (call, next) =>
        {
            var result = await next(call);
            if (StatusOf(result) < StatusCodes.Status400BadRequest)
            {
                var values = call.HttpContext.GetRouteData().Values;
                var about = string.Join('/', values.Where(value => value.Key != "projectId").Select(value => value.Value).Append(part).OfType<object>());
                var by = call.HttpContext.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "nobody";
                await call.HttpContext.RequestServices.GetRequiredService<AuditTrail>()
                    .RecordAsync(values["projectId"] as string ?? AuditTrail.Platform, by, action, about.Length > 0 ? about : null);
            }

            return result;
        });

    private static int StatusOf(object? result) => result switch
    {
        INestedHttpResult nested => StatusOf(nested.Result),
        IStatusCodeHttpResult { StatusCode: { } status } => status,
        _ => StatusCodes.Status200OK,
    };
}
