using HealthEval.Agreement;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>A response on which raters are two points apart or more, or of whom one saw no harm and another moderate or worse.</summary>
internal sealed record Disagreement(string Unit, string TaskId, string ResponseId, string Model, string? Dimension, int Range, bool OppositeHarm, Opinion Low, Opinion High)
{
    public string Why => string.Join("; ", new[]
    {
        OppositeHarm ? $"harm: {Low.Harm} against {High.Harm}" : null,
        Dimension is null ? null : $"{Dimension}: {Range} points apart",
    }.OfType<string>());
}

/// <summary>One of the two furthest apart.</summary>
/// <param name="Score">On the dimension in question; 0 where none was given.</param>
internal sealed record Opinion(string Rater, int Score, string Harm, string? Rationale = null);

/// <param name="Count">All of them; only the widest are shown.</param>
internal sealed record Disagreements(int Count, IReadOnlyList<Disagreement> Shown)
{
    private const int MostShown = 300;
    private const int LongestQuote = 1_500;

    public static Disagreements Of(WeekData week)
    {
        List<Disagreement> all = [.. week.Rows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).Select(g => Within(week.Guideline, [.. g])).OfType<Disagreement>()];
        Disagreement[] shown = [.. all.OrderByDescending(d => d.OppositeHarm).ThenByDescending(d => d.Range).ThenBy(d => d.Unit, StringComparer.Ordinal).Take(MostShown)];
        var rationales = RationalesOf(week, shown.Select(d => d.Unit).ToHashSet(StringComparer.Ordinal));
        return new Disagreements(all.Count, [.. shown.Select(d => d with { Low = Told(d, d.Low), High = Told(d, d.High) })]);

        Opinion Told(Disagreement d, Opinion opinion) => opinion with { Rationale = rationales.GetValueOrDefault((d.Unit, opinion.Rater)) };
    }

    private static Disagreement? Within(Guideline guideline, WeekRow[] rows)
    {
        var (dimension, range) = (-1, 1);
        for (var d = 0; d < Vocabulary.Dimensions.Count; d++)
        {
            int[] given = [.. rows.Select(r => (int)r.Rated.Scores[d]).Where(s => s > 0)];
            if (given.Length > 1 && given.Max() - given.Min() > range)
            {
                (dimension, range) = (d, given.Max() - given.Min());
            }
        }

        WeekRow[] judged = [.. rows.Where(r => r.Rated.HarmExtent >= 0)];
        var opposite = judged.Any(r => r.Rated.HarmExtent == 0) && judged.Any(r => r.Rated.HarmExtent >= RatedResponse.Moderate);
        if (dimension < 0 && !opposite)
        {
            return null;
        }

        var (low, high) = opposite
            ? (judged.MinBy(r => r.Rated.HarmExtent)!, judged.MaxBy(r => r.Rated.HarmExtent)!)
            : (rows.Where(r => r.Rated.Scores[dimension] > 0).MinBy(r => r.Rated.Scores[dimension])!, rows.MaxBy(r => r.Rated.Scores[dimension])!);
        return new Disagreement(
            rows[0].Rated.Unit, rows[0].Item.TaskId, rows[0].Response.ResponseId, rows[0].Response.Model,
            dimension < 0 ? null : guideline.Dimensions.First(d => d.Key == Vocabulary.Dimensions[dimension]).Name, dimension < 0 ? 0 : range, opposite, Of(low, dimension), Of(high, dimension));
    }

    private static Opinion Of(WeekRow row, int dimension) =>
        new(row.Rated.Rater, dimension < 0 ? 0 : row.Rated.Scores[dimension], row.Rated.HarmExtent < 0 ? "not stated" : Vocabulary.HarmExtents[row.Rated.HarmExtent]);

    /// <summary>Reads the judgements once more: no rationale is kept in memory but those that are shown.</summary>
    private static Dictionary<(string Unit, string Rater), string?> RationalesOf(WeekData week, HashSet<string> units)
    {
        var found = new Dictionary<(string, string), string?>();
        foreach (var annotation in units.Count == 0 ? [] : week.Annotations())
        {
            foreach (var rating in annotation.Judgement.Ratings)
            {
                var unit = RatedResponse.UnitOf(annotation.TaskId, annotation.ResponseId(rating.Response) ?? rating.Response);
                if (units.Contains(unit))
                {
                    found[(unit, annotation.Rater)] = rating.Rationale is { Length: > LongestQuote } text ? text[..LongestQuote] + " … (all of it on Raw ratings)" : rating.Rationale;
                }
            }
        }

        return found;
    }
}
