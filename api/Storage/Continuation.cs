using System.Text.Json;

namespace HealthEval.Storage;

/// <summary>Where a page ended: the order value, scope and id of its last document.</summary>
internal sealed record Continuation(string Scope, string Id, object? Value)
{
    public static Continuation? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(Convert.FromBase64String(text));
            var value = json.RootElement[2];
            return new Continuation(json.RootElement[0].GetString() ?? throw new FormatException(), json.RootElement[1].GetString() ?? throw new FormatException(), value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
                _ => null,
            });
        }
        catch (Exception failure) when (failure is FormatException or JsonException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new ContinuationException();
        }
    }

    public override string ToString() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new[] { Scope, Id, Value }));
}

/// <summary>What was sent as a continuation is none that a page ended with.</summary>
internal sealed class ContinuationException() : Exception("This is not a continuation.");
