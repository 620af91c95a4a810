namespace HealthEval.Reports;

/// <summary>Responses of the week before that got more judgements in this one, and what last week's figures would be with them.</summary>
internal sealed record Rescoring(IReadOnlyList<Rescored> Responses, IReadOnlyList<RescoredFigure> Figures)
{
    private static readonly string[] Figured = ["index", "harm_any", "harm_majority", "critical_any", "critical_majority", "precision"];

    public static Rescoring Of(IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before, WeekHeadlines? headlines)
    {
        var known = now.ToDictionary(t => t.Unit, StringComparer.Ordinal);
        ResponseTotals[] together = [.. before.Select(t => known.TryGetValue(t.Unit, out var more) ? t.With(more) : t)];
        return new Rescoring(
            [.. before.Where(t => known.ContainsKey(t.Unit)).Select(t => new Rescored(t, known[t.Unit], t.With(known[t.Unit])))],
            [.. Figured.Select(key => headlines?.Find(key)).OfType<Headline>().Select(h => new RescoredFigure(h, Value(before, h.Key), Value(together, h.Key)))]);
    }

    private static double? Value(IReadOnlyList<ResponseTotals> responses, string key)
    {
        var parts = responses.Select(r => r.PartOf(key)!).ToList();
        double[] means = parts.Count == 0 ? [] : [.. Enumerable.Range(0, parts[0].Sums.Count).Select(c => parts.Sum(p => p.Sums[c]) / parts.Sum(p => p.Counts[c])).Where(double.IsFinite)];
        return means.Length == 0 ? null : means.Average();
    }
}

internal sealed record Rescored(ResponseTotals Before, ResponseTotals Now, ResponseTotals Together);

internal sealed record RescoredFigure(Headline Headline, double? Reported, double? WithRescores);
