namespace HealthEval;

/// <summary>
/// Routes are mapped by these, not by the framework's own extensions of the same names (an enclosing namespace comes before a using): what a route
/// takes and answers with is described at the start, but the code that reads its parameters, which has to be compiled, is made at its first request.
/// Most runs of the program answer a few routes of many (decision 0033). RouteTableTests makes them all.
/// </summary>
internal static class LazyRoutes
{
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, handler, HttpMethods.Get);

    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, handler, HttpMethods.Post);

    public static RouteHandlerBuilder MapPut(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, handler, HttpMethods.Put);

    public static RouteHandlerBuilder MapPatch(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, handler, HttpMethods.Patch);

    public static RouteHandlerBuilder MapDelete(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, handler, HttpMethods.Delete);

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string pattern, Delegate handler, string method) =>
        RouteHandlerServices.Map(routes, pattern, handler, [method], RequestDelegateFactory.InferMetadata, Later);

    private static RequestDelegateResult Later(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? described)
    {
        var made = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options, described).RequestDelegate);
        options.EndpointBuilder!.Metadata.Add(new LateRoute(made));
        return new RequestDelegateResult(context => made.Value(context), [.. options.EndpointBuilder.Metadata]);
    }
}

/// <summary>On an endpoint: how its code is made before a request asks for it.</summary>
internal sealed class LateRoute(Lazy<RequestDelegate> made)
{
    public void Make() => _ = made.Value;
}
