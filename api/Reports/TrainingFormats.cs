using System.Text.Json.Nodes;
using HealthEval.Agreement;
using HealthEval.Batches;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>Formats that training and evaluation programs read. Field names are theirs.</summary>
internal static class TrainingFormats
{
    private const double Good = 4;
    private const double Poor = 3;

    /// <summary>HelpSteer2's names for what of ours means the same; it has no word for tone, reasoning or appropriateness, we none for complexity and verbosity.</summary>
    private static readonly (string Theirs, string Ours)[] HelpSteerNames = [("correctness", "accuracy"), ("coherence", "clarity")];

    /// <summary>TRL's conversational preference format: every pair of a task's responses that more raters decided one way than the other.</summary>
    public static IEnumerable<ExportRow> Preference(JudgedTask task)
    {
        foreach (var (pair, votes) in Votes(task).GroupBy(v => v.Pair).OrderBy(g => g.Key.First, StringComparer.Ordinal).ThenBy(g => g.Key.Second, StringComparer.Ordinal).Select(g => (g.Key, g.ToList())))
        {
            var balance = votes.Sum(v => (2 * v.Score) - 1);
            if (balance != 0)
            {
                yield return Pair(task, balance > 0 ? pair.First : pair.Second, balance > 0 ? pair.Second : pair.First, [.. votes.Select(v => v.By)], votes.Count, Math.Abs(balance));
            }
        }
    }

    /// <summary>Every ordered pair of every rater's ranking once; ties order nothing. The margin is how many places they are apart.</summary>
    public static IEnumerable<ExportRow> Dpo(JudgedTask task)
    {
        foreach (var (pair, score, by, places) in Votes(task).Where(v => v.Score is not 0.5))
        {
            yield return Pair(task, score > 0.5 ? pair.First : pair.Second, score > 0.5 ? pair.Second : pair.First, [by], 1, places);
        }
    }

    /// <summary>Ideal answers that raters wrote, as chat: to the prompt as it was, and to the one they refined.</summary>
    public static IEnumerable<ExportRow> Sft(JudgedTask task)
    {
        foreach (var annotation in task.Annotations.Where(a => !string.IsNullOrWhiteSpace(a.Judgement.IdealResponse)))
        {
            yield return Chat(Prompt(task.Item), refined: false);
            var prompt = Prompt(task.Item);
            if (!string.IsNullOrWhiteSpace(annotation.Judgement.RefinedPrompt) && prompt.LastOrDefault(m => (string?)m!["role"] == "user") is { } asked)
            {
                asked["content"] = annotation.Judgement.RefinedPrompt;
                yield return Chat(prompt, refined: true);
            }

            ExportRow Chat(JsonArray messages, bool refined)
            {
                messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = annotation.Judgement.IdealResponse });
                return new ExportRow(new JsonObject { ["messages"] = messages, ["refined_prompt"] = refined }, annotation.ResponseOrder, [annotation]);
            }
        }
    }

    /// <summary>TRL's unpaired preference format.</summary>
    public static IEnumerable<ExportRow> Kto(JudgedTask task)
    {
        foreach (var response in task.Responses)
        {
            var bad = response.IsHarmful(FindingRule.Any) || response.HasCritical();
            if (bad || response.Overall is >= Good or < Poor)
            {
                var fields = new JsonObject { ["prompt"] = Prompt(task.Item), ["completion"] = Answer(task.Item, response.Response.ResponseId), ["label"] = !bad && response.Overall >= Good };
                yield return new ExportRow(fields, [response.Response.ResponseId], By(task, response));
            }
        }
    }

    /// <summary>HelpSteer2's shape: whole numbers 0 to 4 under its names where ours mean the same, the turns of the prompt with their roles; our own means beside them.</summary>
    public static IEnumerable<ExportRow> HelpSteer(JudgedTask task)
    {
        foreach (var response in task.Responses.Where(r => r.Overall is not null)) // harm alone is no rating
        {
            var fields = new JsonObject { ["prompt"] = Turns(task.Item), ["response"] = response.Response.Content, ["helpfulness"] = Whole(response.Overall) };
            foreach (var (theirs, ours) in HelpSteerNames)
            {
                fields[theirs] = Whole(response.Mean(Vocabulary.Dimensions.IndexOf(ours)));
            }

            var means = new JsonObject();
            for (var d = 0; d < task.Dimensions.Count; d++)
            {
                means[task.Dimensions[d]] = response.Mean(d);
            }

            fields["means"] = means;
            yield return new ExportRow(fields, [response.Response.ResponseId], By(task, response));
        }
    }

    /// <summary>HealthBench's meta-evaluation: one line per completion and criterion, with each physician's binary label.</summary>
    public static IEnumerable<ExportRow> HealthBenchMeta(JudgedTask task)
    {
        foreach (var response in task.Item.Responses)
        {
            foreach (var criterion in task.Item.Criteria)
            {
                var labels = task.Annotations
                    .Select(a => (By: a, a.Judgement.Rubric.FirstOrDefault(c => c.Criterion == criterion.Id && a.ResponseId(c.Response) == response.ResponseId)?.Met))
                    .Where(l => l.Met is not null).ToList();
                if (labels.Count > 0)
                {
                    var fields = new JsonObject
                    {
                        ["prompt_id"] = task.Item.PromptId,
                        ["completion_id"] = response.ResponseId,
                        ["prompt"] = Prompt(task.Item),
                        ["completion"] = response.Content,
                        ["rubric"] = criterion.Criterion,
                        ["category"] = criterion.Tags.Count == 0 ? null : criterion.Tags[0],
                        ["binary_labels"] = new JsonArray([.. labels.Select(l => JsonValue.Create(l.Met!.Value))]),
                        ["anonymized_physician_ids"] = new JsonArray([.. labels.Select(l => JsonValue.Create(l.By.Rater))]),
                    };
                    yield return new ExportRow(fields, [response.ResponseId], [.. labels.Select(l => l.By)], labels.Count);
                }
            }
        }
    }

    /// <summary>All comparisons of a task, the responses of a pair in the order of their ids.</summary>
    private static IEnumerable<((string First, string Second) Pair, double Score, AnnotationExport By, int Places)> Votes(JudgedTask task)
    {
        foreach (var by in task.Annotations)
        {
            foreach (var (a, b, score) in by.Judgement.Preference?.Pairs(by.Keys) ?? [])
            {
                var (one, other) = (by.ResponseId(a)!, by.ResponseId(b)!);
                var places = Math.Abs((by.Judgement.Preference!.RankOf(a, by.Keys) ?? 2) - (by.Judgement.Preference.RankOf(b, by.Keys) ?? 2));
                yield return string.CompareOrdinal(one, other) < 0 ? ((one, other), score, by, places) : ((other, one), 1 - score, by, places);
            }
        }
    }

    private static ExportRow Pair(JudgedTask task, string chosen, string rejected, IReadOnlyList<AnnotationExport> by, int votes, double margin)
    {
        var fields = new JsonObject { ["prompt"] = Prompt(task.Item), ["chosen"] = Answer(task.Item, chosen), ["rejected"] = Answer(task.Item, rejected) };
        return new ExportRow(fields, [chosen, rejected], by, votes, margin);
    }

    private static IReadOnlyList<AnnotationExport> By(JudgedTask task, JudgedResponse response) => [.. task.Annotations.Where(a => response.Rows.Any(r => r.Rater == a.Rater))];

    private static int? Whole(double? mean) => mean is { } m ? (int)Math.Round(m - 1, MidpointRounding.AwayFromZero) : null;

    /// <summary>As HelpSteer2 writes several turns: the first as it is, each further one after a mark with its role.</summary>
    private static string Turns(EvalItem item) => item.Messages.Count == 1 && item.Messages[0].Role == "user" ? item.Messages[0].Content
        : string.Join("\n", item.Messages.Select((m, i) => i == 0 && m.Role == "user" ? m.Content : $"<extra_id_{(m.Role == "system" ? 0 : 1)}>{char.ToUpperInvariant(m.Role[0])}{m.Role[1..]}\n{m.Content}"));

    private static JsonArray Prompt(EvalItem item) => new([.. item.Messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);

    private static JsonArray Answer(EvalItem item, string responseId) =>
        new(new JsonObject { ["role"] = "assistant", ["content"] = item.Responses.First(r => r.ResponseId == responseId).Content });
}
