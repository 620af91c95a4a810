using System.Text.Json;
using HealthEval.Intake;

namespace HealthEval.Batches.Grouping;

/// <summary>Lines about one prompt as one draft with their responses side by side.</summary>
internal static class MergedDraft
{
    /// <summary>The order is that of the lines' ids, so that it makes no difference in which order a file has them.</summary>
    public static Draft Of(IReadOnlyList<Draft> lines)
    {
        var first = lines[0];
        var merged = new Draft
        {
            PromptId = first.PromptId,
            Messages = first.Messages,
            Subdomain = first.Subdomain,
            Specialty = first.Specialty,
            Audience = first.Audience,
            Jurisdiction = first.Jurisdiction,
            Language = first.Language,
            RiskTier = first.RiskTier,
            Theme = first.Theme,
            TaskType = first.TaskType,
            Mode = first.Mode,
            Benchmark = first.Benchmark,
            Reference = first.Reference,
        };
        merged.Bookkeeping.UnionWith(lines.SelectMany(line => line.Bookkeeping));
        merged.Claims.AddRange(lines.SelectMany((line, place) => line.Claims.Select(claim => claim with { Response = place })));
        merged.Rubric.AddRange(first.Rubric);
        merged.Tags.AddRange(lines.SelectMany(line => line.Tags).Distinct().Order(StringComparer.Ordinal));
        merged.Responses.AddRange(lines.Select(line => line.Responses[0]));
        Meta(lines, merged);
        return merged;
    }

    /// <summary>What all lines say stays as it is; the rest is kept response by response.</summary>
    private static void Meta(IReadOnlyList<Draft> lines, Draft merged)
    {
        foreach (var (name, value) in lines[0].Meta.Where(field => lines.All(line => line.Meta.TryGetValue(field.Key, out var other) && other.GetRawText() == field.Value.GetRawText())))
        {
            merged.Meta[name] = value;
        }

        var own = lines.Select(line => new SortedDictionary<string, JsonElement>(line.Meta.Where(field => !merged.Meta.ContainsKey(field.Key)).ToDictionary(), StringComparer.Ordinal)).ToList();
        foreach (var (line, fields) in lines.Zip(own).Where(pair => pair.First.ItemId is not null))
        {
            fields["item_id"] = JsonSerializer.SerializeToElement(line.ItemId);
        }

        if (own.Exists(fields => fields.Count > 0))
        {
            merged.Meta["responses"] = JsonSerializer.SerializeToElement(own);
        }
    }
}
