using System.Text.Json;

namespace HealthEval.Tests.Cosmos;

/// <summary>The service's values are JSON plus "undefined", which a <see cref="JsonElement"/> that was never set happens to be.</summary>
internal static class SqlValues
{
    public static JsonElement Undefined => default;
    public static readonly JsonElement True = Of(true);
    public static readonly JsonElement False = Of(false);

    public static JsonElement Of<T>(T value) => JsonSerializer.SerializeToElement(value);

    public static JsonElement Of(bool? value) => value switch { true => True, false => False, null => Undefined };

    public static bool? Truth(JsonElement value) => value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    /// <summary>Comparing different types, or anything with undefined, has no answer; arrays and objects are only ever equal or not.</summary>
    public static JsonElement Compare(string symbol, JsonElement left, JsonElement right)
    {
        if (left.ValueKind == JsonValueKind.Undefined || right.ValueKind == JsonValueKind.Undefined)
        {
            return Undefined;
        }

        if (symbol is "=" or "!=")
        {
            return Of(JsonElement.DeepEquals(left, right) == (symbol == "="));
        }

        if (Rank(left) != Rank(right) || left.ValueKind is JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null)
        {
            return Undefined;
        }

        var order = Order(left, right);
        return Of(symbol switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 });
    }

    /// <summary>The order of ORDER BY: undefined, null, booleans, numbers, text.</summary>
    public static int Order(JsonElement left, JsonElement right) => Rank(left) != Rank(right)
        ? Rank(left).CompareTo(Rank(right))
        : left.ValueKind switch
        {
            JsonValueKind.Number => left.GetDouble().CompareTo(right.GetDouble()),
            JsonValueKind.String => string.CompareOrdinal(left.GetString(), right.GetString()),
            JsonValueKind.True or JsonValueKind.False => (left.ValueKind == JsonValueKind.True).CompareTo(right.ValueKind == JsonValueKind.True),
            _ => 0,
        };

    private static int Rank(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => 0,
        JsonValueKind.Null => 1,
        JsonValueKind.True or JsonValueKind.False => 2,
        JsonValueKind.Number => 3,
        JsonValueKind.String => 4,
        JsonValueKind.Array => 5,
        _ => 6,
    };
}
