using System.Text.Json;

namespace HealthEval.Intake.Formats;

/// <summary>What any format may carry about an item, under the names of the canonical form.</summary>
internal static class CommonFields
{
    public static readonly IReadOnlyDictionary<string, string> Defaults = new Dictionary<string, string>
    {
        ["subdomain"] = "general",
        ["audience"] = "unknown",
        ["jurisdiction"] = "unspecified",
        ["language"] = "en",
        ["riskTier"] = "routine",
    };

    private static readonly (string Ours, string[] Theirs)[] Common =
    [
        ("subdomain", ["subdomain", "sub_domain"]), ("specialty", ["specialty"]), ("audience", ["audience"]), ("jurisdiction", ["jurisdiction"]), ("language", ["language", "lang"]),
        ("riskTier", ["risk_tier", "risk"]), ("tags", ["tags"]), ("reference", ["reference"]), ("rubric", ["rubric", "rubrics"]),
    ];

    /// <summary>A format's own fields, and the ones that any format may have.</summary>
    public static IReadOnlyList<(string Ours, string[] Theirs)> And(params ReadOnlySpan<(string Ours, string[] Theirs)> own) => [.. own, .. Common];

    public static void Read(Fields fields)
    {
        var draft = fields.Draft;
        draft.Subdomain ??= fields.Text("subdomain", "sub_domain");
        draft.Specialty ??= fields.Text("specialty");
        draft.Audience ??= fields.Text("audience");
        draft.Jurisdiction ??= fields.Text("jurisdiction");
        draft.Language ??= Languages.TagOf(fields.Text("language", "lang"));
        draft.RiskTier ??= fields.Text("risk_tier", "risk");
        fields.Texts("tags", draft.Tags);
        draft.Reference ??= fields.Take("reference");
        if (fields.TakeFirst("rubric", "rubrics") is var (rubric, path))
        {
            Rubrics.Read(rubric, path, draft);
        }
    }
}

internal static class Rubrics
{
    public static void Read(JsonElement rubric, string path, Draft draft)
    {
        if (rubric.ValueKind is JsonValueKind.String)
        {
            Criterion(rubric, 0, path, draft);
            return;
        }

        if (rubric.ValueKind is not JsonValueKind.Array)
        {
            draft.Refuse(path, $"Expected a list of criteria, found {JsonRecord.Name(rubric.ValueKind)}.");
            return;
        }

        foreach (var (criterion, index) in rubric.EnumerateArray().Select((criterion, index) => (criterion, index)))
        {
            Criterion(criterion, index, $"{path}[{index}]", draft);
        }
    }

    private static void Criterion(JsonElement value, int index, string path, Draft draft)
    {
        if (value.ValueKind is JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()))
        {
            draft.Rubric.Add(new RubricCriterion($"c{index + 1}", value.GetString()!, 1, []));
            return;
        }

        if (value.ValueKind is not JsonValueKind.Object)
        {
            draft.Refuse(path, $"Expected a criterion {{\"criterion\":…,\"points\":…}}, found {JsonRecord.Name(value.ValueKind)}.");
            return;
        }

        var fields = new Fields(value, draft, path);
        var text = fields.Text("criterion", "criterion_text", "text");
        if (string.IsNullOrWhiteSpace(text))
        {
            draft.Refuse(fields.At("criterion"), "Required: the text of the criterion.");
            return;
        }

        var tags = new List<string>();
        fields.Texts("tags", tags);
        draft.Rubric.Add(new RubricCriterion(fields.Id("id", "criterion_id") ?? $"c{index + 1}", text, Points(fields), tags));
    }

    private static double Points(Fields fields)
    {
        if (fields.Take("points") is not { } points)
        {
            return 1;
        }

        if (points.ValueKind is JsonValueKind.Number && points.TryGetDouble(out var number) && double.IsFinite(number))
        {
            return number;
        }

        fields.Refuse(fields.At("points"), "a number", points);
        return 0;
    }
}
