using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>
/// Claims that come with an answer, so that every rater checks the same ones: <c>claims: [{"quote":…}]</c>, <c>[{"start":…,"end":…}]</c> in Unicode code points,
/// or texts. A list of anything else is somebody else's and stays metadata.
/// </summary>
internal static class GivenClaims
{
    private static readonly string[] Quotes = ["quote", "claim", "text", "statement"];
    private static readonly string[] Importances = ["must", "should", "not"];

    /// <param name="response">Whose claims these are; null when that follows from the record.</param>
    public static void Read(Fields fields, int? response = null)
    {
        if (fields.Look("claims") is not { } given)
        {
            return;
        }

        if (Structured.Any(given) is { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(IsClaim))
        {
            fields.Take("claims");
            fields.Draft.Claims.AddRange(list.EnumerateArray().Select(claim => Claim(claim) with { Response = response }));
        }
        else
        {
            fields.Foreign();
        }
    }

    private static bool IsClaim(JsonElement value) => value.ValueKind is JsonValueKind.String
        || (value.ValueKind is JsonValueKind.Object && (Array.Exists(Quotes, name => value.Has(name, JsonValueKind.String)) || (Offset(value, "start") is not null && Offset(value, "end") is not null)));

    private static DraftClaim Claim(JsonElement value) => value.ValueKind is JsonValueKind.String
        ? new DraftClaim(value.GetString(), null, null, null, null)
        : new DraftClaim(
            Array.Find(Quotes, name => value.Has(name, JsonValueKind.String)) is { } name && value.TryField(name, out var quote) ? quote.GetString() : null,
            Offset(value, "start"),
            Offset(value, "end"),
            value.TryField("importance", out var importance) && importance.ValueKind is JsonValueKind.String ? Array.Find(Importances, word => Names.Plain(importance.GetString()!).StartsWith(word, StringComparison.Ordinal)) : null,
            value.TryField("response_id", out var response) && response.ValueKind is JsonValueKind.String ? response.GetString() : null);

    private static int? Offset(JsonElement value, string name) => value.TryField(name, out var offset) && offset.ValueKind is JsonValueKind.Number && offset.TryGetInt32(out var number) ? number : null;
}
