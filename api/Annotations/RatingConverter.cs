using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthEval.Annotations;

/// <summary>A rating in JSON: <c>"reasoning"</c> may be a number, null or "NA"; the other scores a number or null.</summary>
internal sealed class RatingConverter : JsonConverter<Rating>
{
    public override Rating Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var wire = JsonSerializer.Deserialize<Wire>(ref reader, options) ?? throw new JsonException("A rating is an object.");
        var notApplicable = wire.Reasoning is { ValueKind: JsonValueKind.String } text && text.ValueEquals("NA");
        return new Rating(wire.Response, wire.Accuracy, notApplicable ? null : Score(wire.Reasoning), notApplicable, wire.Completeness, wire.Clarity, wire.Tone, wire.Appropriateness, wire.Rationale);
    }

    public override void Write(Utf8JsonWriter writer, Rating value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("response", value.Response);
        foreach (var (dimension, score) in value.Scores)
        {
            if (score is { } number)
            {
                writer.WriteNumber(dimension, number);
            }
            else if (dimension == "reasoning" && value.ReasoningNotApplicable)
            {
                writer.WriteString(dimension, "NA");
            }
            else
            {
                writer.WriteNull(dimension);
            }
        }

        if (value.Rationale is not null)
        {
            writer.WriteString("rationale", value.Rationale);
        }

        writer.WriteEndObject();
    }

    private static int? Score(JsonElement? element) => element switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var score) => score,
        _ => throw new JsonException("\"reasoning\" is a number from 1 to 5, null or \"NA\"."),
    };

    private sealed record Wire(string Response, int? Accuracy = null, JsonElement? Reasoning = null, int? Completeness = null, int? Clarity = null, int? Tone = null, int? Appropriateness = null, string? Rationale = null);
}
