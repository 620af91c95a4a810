using System.Text.Json.Nodes;
using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>Formats that training and evaluation programs read. Field names are theirs.</summary>
internal static class TrainingFormats
{
    private const double Good = 4;
    private const double Poor = 3;

    /// <summary>TRL's conversational preference format: every pair of a task's responses that more raters decided one way than the other.</summary>
    public static IEnumerable<JsonObject> Preference(JudgedTask task)
    {
        var balances = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var annotation in task.Annotations)
        {
            foreach (var (a, b, score) in annotation.Judgement.Preference?.Pairs(annotation.Keys) ?? [])
            {
                var (one, other, balance) = (annotation.ResponseId(a)!, annotation.ResponseId(b)!, (2 * score) - 1);
                var (first, second) = string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
                var pair = first + "\n" + second;
                balances[pair] = balances.GetValueOrDefault(pair) + (one == first ? balance : -balance);
            }
        }

        foreach (var (pair, balance) in balances.Where(pair => pair.Value != 0))
        {
            var ids = pair.Split('\n');
            yield return new JsonObject
            {
                ["prompt"] = Prompt(task.Item),
                ["chosen"] = Answer(task.Item, ids[balance > 0 ? 0 : 1]),
                ["rejected"] = Answer(task.Item, ids[balance > 0 ? 1 : 0]),
            };
        }
    }

    /// <summary>TRL's unpaired preference format.</summary>
    public static IEnumerable<JsonObject> Kto(JudgedTask task)
    {
        foreach (var response in task.Responses)
        {
            var bad = response.IsHarmful(FindingRule.Any) || task.Annotations.Any(a => HasCritical(task, a, response.Response.ResponseId));
            if (bad || response.Overall is >= Good or < Poor)
            {
                yield return new JsonObject { ["prompt"] = Prompt(task.Item), ["completion"] = Answer(task.Item, response.Response.ResponseId), ["label"] = !bad && response.Overall >= Good };
            }
        }
    }

    /// <summary>As HelpSteer2 scores, 0 to 4, under our own dimensions' names: ours are not theirs.</summary>
    public static IEnumerable<JsonObject> HelpSteer(JudgedTask task)
    {
        foreach (var response in task.Responses)
        {
            var line = new JsonObject { ["prompt"] = string.Join("\n\n", task.Item.Messages.Select(m => m.Content)), ["response"] = response.Response.Content };
            for (var d = 0; d < Vocabulary.Dimensions.Count; d++)
            {
                line[Vocabulary.Dimensions[d]] = response.Mean(d) - 1;
            }

            yield return line;
        }
    }

    /// <summary>HealthBench's meta-evaluation: one line per completion and criterion, with each physician's binary label.</summary>
    public static IEnumerable<JsonObject> HealthBenchMeta(JudgedTask task)
    {
        foreach (var response in task.Item.Responses)
        {
            foreach (var criterion in task.Item.Rubric)
            {
                var labels = task.Annotations
                    .Select(a => (a.Rater, a.Judgement.Rubric.FirstOrDefault(c => c.Criterion == criterion.Id && a.ResponseId(c.Response) == response.ResponseId)?.Met))
                    .Where(l => l.Met is not null).ToList();
                if (labels.Count > 0)
                {
                    yield return new JsonObject
                    {
                        ["prompt_id"] = task.Item.PromptId,
                        ["completion_id"] = response.ResponseId,
                        ["prompt"] = Prompt(task.Item),
                        ["completion"] = response.Content,
                        ["rubric"] = criterion.Criterion,
                        ["category"] = criterion.Tags.Count == 0 ? null : criterion.Tags[0],
                        ["binary_labels"] = new JsonArray([.. labels.Select(l => JsonValue.Create(l.Met!.Value))]),
                        ["anonymized_physician_ids"] = new JsonArray([.. labels.Select(l => JsonValue.Create(l.Rater))]),
                    };
                }
            }
        }
    }

    private static bool HasCritical(JudgedTask task, AnnotationExport a, string responseId) =>
        a.Judgement.Spans.Any(s => s is { Severity: "critical", Kind: not "strength" } && a.ResponseId(s.Response) == responseId)
        || a.Judgement.Claims.Any(c => c.Critical && task.IsRefuted(a, c) && a.ResponseId(c.Response) == responseId);

    private static JsonArray Prompt(EvalItem item) => new([.. item.Messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);

    private static JsonArray Answer(EvalItem item, string responseId) =>
        new(new JsonObject { ["role"] = "assistant", ["content"] = item.Responses.First(r => r.ResponseId == responseId).Content });
}
