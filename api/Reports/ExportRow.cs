using System.Text.Json.Nodes;

namespace HealthEval.Reports;

/// <summary>One row of an export: the other program's fields, and on every row where it comes from.</summary>
/// <param name="ResponseIds">The responses it is about, in the row's order.</param>
/// <param name="Raters">Pseudonyms of those it rests on.</param>
/// <param name="Votes">Null where nobody voted.</param>
/// <param name="Margin">By how many votes it is decided.</param>
internal sealed record ExportRow(JsonObject Fields, IReadOnlyList<string> ResponseIds, IReadOnlyList<AnnotationExport> By, int? Votes = null, double? Margin = null)
{
    public int Raters => By.Select(a => a.Rater).Distinct(StringComparer.Ordinal).Count();

    /// <summary>The fields with the columns of origin; Label Studio wants them among a task's data.</summary>
    public JsonObject With(JudgedTask task, string? part)
    {
        var into = Fields["data"] as JsonObject ?? Fields;
        into["item_id"] = task.Item.ItemId;
        into["task_id"] = task.Item.TaskId;
        into["prompt_id"] = into["prompt_id"]?.DeepClone() ?? task.Item.PromptId;
        into["response_ids"] = Names(ResponseIds);
        into["models"] = Names(ResponseIds.Select(id => task.Item.Responses.FirstOrDefault(r => r.ResponseId == id)?.Model));
        into["raters"] = Names(By.Select(a => a.Rater).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        into["votes"] = Votes;
        into["margin"] = Margin;
        into["simulated"] = By.Any(a => a.Simulated);
        into["guideline_sha256"] = Names(By.Select(a => a.GuidelineSha256).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        into["adjudicated"] = task.IsAdjudicated(ResponseIds);
        if (part is not null)
        {
            into["split"] = part;
        }

        return Fields;
    }

    private static JsonArray Names(IEnumerable<string?> names) => new([.. names.Select(n => (JsonNode?)n)]);
}
