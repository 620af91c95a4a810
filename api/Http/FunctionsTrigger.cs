using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthEval.Http;

/// <summary>
/// Functions that are not HTTP arrive as POST /{FunctionName} with an envelope of data and metadata. They are answered {} when done, or with messages
/// for the queue behind the output binding "next", where the rest is to be done: the host counts that as a success, so no try is used up. Any exception
/// becomes a 5xx, which makes the host deliver again. Delivery is at least once, so every one of them can be repeated.
/// </summary>
internal static class FunctionsTrigger
{
    public const string Next = "next";

    public static void MapTrigger(this IEndpointRouteBuilder app, string function, Func<TriggerMessage, HttpContext, Task<IReadOnlyList<JsonNode>>> run)
    {
        app.MapPost($"/{function}", async (HttpContext context) =>
        {
            var message = await TriggerMessage.ReadAsync(context.Request.Body, context.RequestAborted);
            var next = await run(message, context);
            await context.Response.WriteAsJsonAsync(next.Count == 0 ? new JsonObject() : new JsonObject { ["Outputs"] = new JsonObject { [Next] = new JsonArray([.. next]) } }); // an empty answer would hang the host until its timeout
        }).AllowAnonymous().WithName(function).ExcludeFromDescription();
    }

    public static T Service<T>(this HttpContext context)
        where T : notnull => context.RequestServices.GetRequiredService<T>();
}

/// <summary>What a trigger brought.</summary>
internal sealed record TriggerMessage(JsonObject Data, JsonObject Metadata)
{
    private const int MaxWrappings = 4;

    public static async Task<TriggerMessage> ReadAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            var envelope = await JsonNode.ParseAsync(body, cancellationToken: cancellation) as JsonObject ?? throw new JsonException("The trigger's envelope is not an object.");
            return new TriggerMessage(envelope[nameof(Data)] as JsonObject ?? [], envelope[nameof(Metadata)] as JsonObject ?? []);
        }
        catch (JsonException failure)
        {
            throw new BadHttpRequestException("The trigger's envelope cannot be read.", failure);
        }
    }

    /// <summary>
    /// A binding's value. The host encodes texts and numbers once more as JSON inside a string, and what a queue carried may itself be JSON in
    /// a string: every layer is taken off; a text that is not JSON stays a text.
    /// </summary>
    public JsonNode? Value(string binding) => Unwrap(Data[binding]);

    public JsonNode? About(string name) => Unwrap(Metadata[name]);

    private static JsonNode? Unwrap(JsonNode? value)
    {
        for (var i = 0; i < MaxWrappings && value is JsonValue wrapped && wrapped.TryGetValue<string>(out var text); i++)
        {
            try
            {
                value = JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                break;
            }
        }

        return value;
    }
}
