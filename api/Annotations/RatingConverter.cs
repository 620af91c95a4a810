using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthEval.Annotations;

/// <summary>A rating in JSON: a score is a number or null; <c>"reasoning"</c> may be "NA", and <c>"accuracy"</c> "NA" or "NOT_CHECKED".</summary>
internal sealed class RatingConverter : JsonConverter<Rating>
{
    public override Rating Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var wire = JsonSerializer.Deserialize<Wire>(ref reader, options) ?? throw new JsonException("A rating is an object.");
        var (accuracy, noAccuracy) = Score("accuracy", wire.Accuracy, Rating.NotApplicable, Rating.NotChecked);
        var (reasoning, noReasoning) = Score("reasoning", wire.Reasoning, Rating.NotApplicable);
        return new Rating(
            wire.Response, accuracy, reasoning, noReasoning is not null, wire.Completeness, wire.Clarity, wire.Tone, wire.Appropriateness,
            wire.Rationale, noAccuracy, wire.Overall, wire.Confidence, CustomOf(wire.More));
    }

    /// <summary>Whole numbers under names of a guideline's own; whether it has these dimensions is for the rules to say.</summary>
    private static SortedDictionary<string, int>? CustomOf(Dictionary<string, JsonElement>? more)
    {
        var scores = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, value) in more ?? new Dictionary<string, JsonElement>())
        {
            if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var score))
            {
                scores[name] = score;
            }
        }

        return scores.Count == 0 ? null : scores;
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
            else
            {
                writer.WriteString(dimension, value.InsteadOf(dimension)); // null is written as null
            }
        }

        foreach (var (dimension, score) in value.Custom ?? new Dictionary<string, int>())
        {
            writer.WriteNumber(dimension, score);
        }

        if (value.Overall is { } overall)
        {
            writer.WriteNumber("overall", overall);
        }

        if (value.Confidence is { } confidence)
        {
            writer.WriteNumber("confidence", confidence);
        }

        if (value.Rationale is not null)
        {
            writer.WriteString("rationale", value.Rationale);
        }

        writer.WriteEndObject();
    }

    private static (int? Score, string? Instead) Score(string dimension, JsonElement? element, params ReadOnlySpan<string> words)
    {
        switch (element)
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return (null, null);
            case { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var score):
                return (score, null);
            case { ValueKind: JsonValueKind.String } text when words.Contains(text.GetString()!):
                return (null, text.GetString());
            default:
                throw new JsonException($"\"{dimension}\" is a number from 1 to 5, null or \"{string.Join("\" or \"", words)}\".");
        }
    }

    private sealed record Wire(
        string Response,
        JsonElement? Accuracy = null,
        JsonElement? Reasoning = null,
        int? Completeness = null,
        int? Clarity = null,
        int? Tone = null,
        int? Appropriateness = null,
        string? Rationale = null,
        int? Overall = null,
        int? Confidence = null)
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? More { get; init; }
    }
}
