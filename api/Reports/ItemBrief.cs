using HealthEval.Batches;
using HealthEval.Intake;

namespace HealthEval.Reports;

/// <summary>What the figures need of an item, without its texts.</summary>
internal sealed record ItemBrief(
    string TaskId, string PromptId, string? ItemId, string Subdomain, string Audience, string RiskTier, string Language, IReadOnlyList<ResponseBrief> Responses, IReadOnlyList<RubricCriterion> Rubric,
    string Theme = ItemBrief.NotStated, string TaskType = ItemBrief.NotStated)
{
    public const string NotStated = "not stated";

    /// <summary>The items of a report's folder by task.</summary>
    public static Dictionary<string, ItemBrief> Read(string folder)
    {
        var items = new Dictionary<string, ItemBrief>(StringComparer.Ordinal);
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in JsonLines.Read<EvalItem>(Path.Combine(folder, ReportFiles.Items)))
        {
            items[item.TaskId] = new ItemBrief(
                item.TaskId, item.PromptId, item.ItemId, Shared(item.Subdomain), Shared(item.Audience), Shared(item.RiskTier), Shared(item.Language),
                [.. item.Responses.Select(r => new ResponseBrief(r.ResponseId, Shared(r.Model), WordCount(r.Content), r.Sha256))], item.Criteria, Shared(item.Theme), Shared(item.TaskType));
        }

        return items;

        string Shared(string? text) => text is null or "" ? NotStated : words.TryGetValue(text, out var known) ? known : words[text] = text;
    }

    /// <summary>The task's item; a stand-in when the store no longer had it, so that no judgement is dropped.</summary>
    public static ItemBrief Of(IReadOnlyDictionary<string, ItemBrief> items, string taskId) =>
        items.TryGetValue(taskId, out var item) ? item : new ItemBrief(taskId, taskId, null, NotStated, NotStated, NotStated, NotStated, [], []);

    public ResponseBrief Response(string? responseId) => Responses.FirstOrDefault(r => r.ResponseId == responseId) ?? new ResponseBrief(responseId ?? NotStated, NotStated, 0, null);

    private static int WordCount(string text)
    {
        var (count, inside) = (0, false);
        foreach (var c in text)
        {
            var space = char.IsWhiteSpace(c);
            count += !space && !inside ? 1 : 0;
            inside = !space;
        }

        return count;
    }
}

internal sealed record ResponseBrief(string ResponseId, string Model, int Words, string? Sha256);
