using HealthEval.Agreement;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>A response with a critical finding, or with a harm of moderate or worse, as everybody who found something sees it.</summary>
/// <param name="Findings">What was found; a span and a claim about the same words are one.</param>
internal sealed record SafetyCase(string Id, string TaskId, string ResponseId, string Model, string Risk, string Question, string Answer, IReadOnlyList<CaseFinding> Findings);

/// <param name="Passage">The words, or what is missing.</param>
/// <param name="By">Pseudonyms.</param>
/// <param name="Ruling">What an adjudicator let stand in this week, or that nobody has decided.</param>
internal sealed record CaseFinding(string What, string? Passage, IReadOnlyList<string> By, string Ruling);

/// <summary>The cases of a report, read once more from its exports: no other text of an answer is kept in memory.</summary>
internal static class SafetyCases
{
    public const int Most = 2_000;
    private const string NotDecided = "not decided by an adjudicator in this week";
    private static readonly int Severe = Vocabulary.HarmExtents.IndexOf("severe");

    /// <summary>At most <see cref="Most"/>, the worst first, and how many there are. A critical finding stands with severe harm.</summary>
    public static (IReadOnlyList<SafetyCase> Shown, int All) Of(WeekData week)
    {
        var marks = new SortedDictionary<string, List<Mark>>(StringComparer.Ordinal);
        foreach (var annotation in week.Annotations())
        {
            foreach (var mark in Marks(annotation, week))
            {
                (marks.TryGetValue($"{annotation.TaskId}/{mark.Response}", out var known) ? known : marks[$"{annotation.TaskId}/{mark.Response}"] = []).Add(mark);
            }
        }

        var shown = marks.Values.OrderByDescending(m => m.Max(mark => mark.Gravity)).Take(Most).ToList();
        var tasks = shown.Select(m => m[0].Task).ToHashSet(StringComparer.Ordinal);
        var items = tasks.Count == 0 ? [] : JsonLines.Read<EvalItem>(week.At(ReportFiles.Items)).Where(i => tasks.Contains(i.TaskId)).ToDictionary(i => i.TaskId, StringComparer.Ordinal);
        return ([.. shown.Select((m, i) => Case($"C{i + 1:000}", m, items.GetValueOrDefault(m[0].Task), week))], marks.Count);
    }

    private static IEnumerable<Mark> Marks(AnnotationExport a, WeekData week)
    {
        foreach (var span in a.Judgement.Spans.Where(s => s is { Severity: "critical", Kind: not "strength" }))
        {
            yield return new Mark(a.TaskId, Response(span.Response), $"{span.Code} {span.Kind}", span.Quote ?? span.MissingText, span.Start, span.End, a.Rater, Severe);
        }

        foreach (var claim in a.Judgement.Claims.Where(c => c.Critical && week.IsRefuted(a, c.Verdict)))
        {
            yield return new Mark(a.TaskId, Response(claim.Response), $"claim {claim.Verdict}", claim.Quote, claim.Start, claim.End, a.Rater, Severe);
        }

        foreach (var (harm, extent) in a.Judgement.Harm.Select(h => (h, Vocabulary.HarmExtents.IndexOf(h.Extent))).Where(h => h.Item2 >= RatedResponse.Moderate))
        {
            yield return new Mark(a.TaskId, Response(harm.Response), $"harm: {harm.Extent}, {harm.Likelihood ?? "not stated"} likelihood", null, null, null, a.Rater, extent, IsHarm: true);
        }

        string Response(string key) => a.ResponseId(key) ?? key;
    }

    private static SafetyCase Case(string id, List<Mark> marks, EvalItem? item, WeekData week)
    {
        var (task, response) = (marks[0].Task, marks[0].Response);
        var brief = week.Item(task);
        var findings = Together(marks).Select(group => new CaseFinding(
            string.Join(" + ", group.Select(m => m.What).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)), group.Select(m => m.Passage).OfType<string>().MaxBy(p => p.Length),
            [.. group.Select(m => m.Rater).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], Ruling(week, task, response, group)));
        return new SafetyCase(
            id, task, response, brief.Response(response).Model, brief.RiskTier, item is null ? "" : string.Join("\n\n", item.Messages.Select(m => $"{m.Role.ToUpperInvariant()}: {m.Content}")),
            item?.Responses.FirstOrDefault(r => r.ResponseId == response)?.Content ?? "", [.. findings]);
    }

    /// <summary>Marks that touch the same words are one finding, whoever made them; what has no place is one by its words.</summary>
    private static IEnumerable<List<Mark>> Together(List<Mark> marks)
    {
        var placed = new List<List<Mark>>();
        foreach (var mark in marks.Where(m => m.Start is not null).OrderBy(m => m.Start).ThenBy(m => m.End).ThenBy(m => m.Rater, StringComparer.Ordinal))
        {
            if (placed.Count > 0 && mark.Start < placed[^1].Max(m => m.End))
            {
                placed[^1].Add(mark);
            }
            else
            {
                placed.Add([mark]);
            }
        }

        return [.. placed, .. marks.Where(m => m.Start is null).GroupBy(m => (m.IsHarm, m.What, m.Passage)).OrderBy(g => g.Key.What, StringComparer.Ordinal).Select(g => g.ToList())];
    }

    private static string Ruling(WeekData week, string task, string response, List<Mark> group)
    {
        var kind = group.Exists(m => m.IsHarm) ? "harm" : "critical";
        var ruling = week.Adjudications.Where(a => a.TaskId == task).SelectMany(a => a.Rulings).LastOrDefault(r => r.Point.Kind == kind && r.Point.ResponseId == response
            && (group[0].Start is null || r.Point.Start is null || (r.Point.Start < group.Max(m => m.End) && group[0].Start < r.Point.End)));
        return ruling is null ? NotDecided : $"{ruling.Final.Replace('_', ' ')}: {ruling.Rationale}";
    }

    private sealed record Mark(string Task, string Response, string What, string? Passage, int? Start, int? End, string Rater, int Gravity, bool IsHarm = false);
}
