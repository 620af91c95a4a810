using System.Runtime.InteropServices;

namespace HealthEval.Agreement.Statistics;

/// <summary>A marked stretch of a text: half-open, in characters (code points).</summary>
/// <param name="Rater">Who marked it.</param>
/// <param name="Start">First character, 0-based.</param>
/// <param name="End">One past the last character; greater than <paramref name="Start"/>.</param>
/// <param name="Category">Its code, or an empty string where codes play no part.</param>
public sealed record RatedSpan(string Rater, int Start, int End, string Category = "");

/// <summary>One text with everybody's spans.</summary>
/// <param name="Unit">Name of the text.</param>
/// <param name="Length">Its length in characters.</param>
/// <param name="Raters">Everybody who read it, including those who marked nothing.</param>
/// <param name="Spans">The spans; all within the text.</param>
public sealed record SpanDocument(string Unit, int Length, IReadOnlyList<string> Raters, IReadOnlyList<RatedSpan> Spans);

/// <summary>Agreement on where spans begin and end.</summary>
public static class SpanAgreement
{
    /// <summary>
    /// Character F1 (Dice): 2·|A∩B| ÷ (|A|+|B|) over characters marked by two raters with the same category, summed over all pairs of raters and all texts.
    /// Range 0–1. Undefined when no text has two raters or nobody marked anything. Interval by bootstrap over texts.
    /// Source: Dice 1945; Hripcsak and Rothschild 2005 for F1 as agreement.
    /// </summary>
    public static Estimate CharacterF1(IReadOnlyList<SpanDocument> documents, Resampling? resampling = null)
    {
        var pairs = documents.Select(CharacterOverlap).ToArray();
        return Ratio("span-character-f1", documents, [.. pairs.Select(p => 2.0 * p.Both)], [.. pairs.Select(p => (double)p.Either)], resampling);
    }

    /// <summary>
    /// F1 of matched spans between pairs of raters: spans match one to one, of the same category and with intersection over union of at least
    /// <paramref name="overlap"/>, best pairs first. Range 0–1. With exactly two raters the details hold precision and recall of the second against the first.
    /// </summary>
    public static Estimate MatchedF1(IReadOnlyList<SpanDocument> documents, double overlap = 0.5, Resampling? resampling = null)
    {
        var matches = documents.Select(d => Pairs(d).Sum(p => Match(d, p.A, p.B, overlap))).ToArray();
        double[] sizes = [.. documents.Select(d => Pairs(d).Sum(p => d.Spans.Count(s => s.Rater == p.A || s.Rater == p.B))).Select(n => (double)n)];
        var estimate = Ratio("span-matched-f1", documents, [.. matches.Select(m => 2.0 * m)], sizes, resampling).With("overlap", overlap).With("matches", matches.Sum());
        var raters = documents.SelectMany(d => d.Raters).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (raters.Length != 2)
        {
            return estimate;
        }
        double Marked(string rater) => documents.Sum(d => d.Spans.Count(s => s.Rater == rater));
        return estimate.With("reference", raters[0]).With("precision", matches.Sum() / Marked(raters[1])).With("recall", matches.Sum() / Marked(raters[0]));
    }

    /// <summary>
    /// Krippendorff's unitizing alpha α_U over all categories: 1 − ΣD_o ÷ ΣD_e, texts laid end to end. Range: at most 1, may be negative.
    /// Undefined with one rater or no span. A rater's overlapping spans of one category are merged first.
    /// Every text must have been read by the same raters. Details: alpha per category. Source: Krippendorff 1995, Sociological Methodology 25: 47–76; 2004, §11.6.
    /// </summary>
    public static Estimate UnitizedAlpha(IReadOnlyList<SpanDocument> documents)
    {
        const string measure = "krippendorff-u-alpha";
        var raters = documents.SelectMany(d => d.Raters).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var size = new SampleSize(documents.Count, documents.Sum(d => d.Spans.Count), raters.Length);
        if (raters.Length < 2 || size.Ratings == 0)
        {
            return Estimate.None(measure, raters.Length < 2 ? UndefinedReason.OneRater : "nobody marked a span", size);
        }
        if (documents.Any(d => d.Raters.Distinct(StringComparer.Ordinal).Count() != raters.Length))
        {
            return Estimate.None(measure, "every text must have been read by the same raters", size);
        }
        var length = documents.Sum(d => (long)d.Length);
        var categories = documents.SelectMany(d => d.Spans.Select(s => s.Category)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(c => (Category: c, Result: UnitizedAlphaKernel.Disagreement(Continua(documents, raters, c), length))).ToArray();
        var (observed, expected) = (categories.Sum(c => c.Result.Observed), categories.Sum(c => c.Result.Expected));
        var result = expected > 0 ? Estimate.Of(measure, 1 - (observed / expected), size) : Estimate.None(measure, UndefinedReason.NoVariation, size);
        return result with
        {
            Details = Details.Of(
                ("observedDisagreement", observed), ("expectedDisagreement", expected),
                ("categories", categories.Select(c => Details.Of(("category", c.Category), ("alpha", 1 - (c.Result.Observed / c.Result.Expected)))).ToArray())),
        };
    }

    private static Estimate Ratio(string measure, IReadOnlyList<SpanDocument> documents, double[] above, double[] below, Resampling? resampling)
    {
        var raters = documents.SelectMany(d => d.Raters).Distinct(StringComparer.Ordinal).Count();
        var size = new SampleSize(documents.Count, documents.Sum(d => d.Spans.Count), raters);
        if (!documents.Any(d => d.Raters.Count > 1))
        {
            return Estimate.None(measure, documents.Count == 0 ? UndefinedReason.NoRatings : UndefinedReason.NoPairableUnits, size);
        }
        if (!(below.Sum() > 0))
        {
            return Estimate.None(measure, "nobody marked a span", size);
        }
        var estimate = Estimate.Of(measure, above.Sum() / below.Sum(), size);
        return resampling is null ? estimate : Bootstrap.Describe(estimate, documents.Count, () => 0, (times, _) => Resampled(times, above, below), resampling);
    }

    private static double Resampled(ReadOnlySpan<int> times, double[] above, double[] below)
    {
        var (a, b) = (0.0, 0.0);
        for (var i = 0; i < times.Length; i++)
        {
            a += times[i] * above[i];
            b += times[i] * below[i];
        }
        return b > 0 ? a / b : double.NaN;
    }

    private static IEnumerable<(string A, string B)> Pairs(SpanDocument document) =>
        from a in document.Raters from b in document.Raters where string.CompareOrdinal(a, b) < 0 select (a, b);

    private static (long Both, long Either) CharacterOverlap(SpanDocument document)
    {
        var (both, either) = (0L, 0L);
        foreach (var category in document.Spans.Select(s => s.Category).Distinct(StringComparer.Ordinal))
        {
            foreach (var (a, b) in Pairs(document))
            {
                var (x, y) = (Merge(document.Spans, a, category), Merge(document.Spans, b, category));
                either += x.Sum(s => (long)s.End - s.Start) + y.Sum(s => (long)s.End - s.Start);
                both += x.Sum(s => y.Sum(t => Math.Max(0L, Math.Min(s.End, t.End) - Math.Max(s.Start, t.Start))));
            }
        }
        return (both, either);
    }

    private static int Match(SpanDocument document, string a, string b, double overlap)
    {
        var candidates = from s in document.Spans.Where(s => s.Rater == a).Select((s, i) => (Span: s, Index: i))
                         from t in document.Spans.Where(t => t.Rater == b).Select((t, i) => (Span: t, Index: i))
                         where s.Span.Category == t.Span.Category
                         let both = Math.Min(s.Span.End, t.Span.End) - Math.Max(s.Span.Start, t.Span.Start)
                         let share = both / (double)(Math.Max(s.Span.End, t.Span.End) - Math.Min(s.Span.Start, t.Span.Start))
                         where both > 0 && share >= overlap
                         orderby share descending, s.Span.Start, t.Span.Start, s.Index, t.Index
                         select (First: s.Index, Second: t.Index);
        var (first, second) = (new HashSet<int>(), new HashSet<int>());
        return candidates.Count(c => !first.Contains(c.First) && !second.Contains(c.Second) && first.Add(c.First) && second.Add(c.Second));
    }

    private static List<(int Start, int End)> Merge(IEnumerable<RatedSpan> spans, string rater, string category)
    {
        var merged = new List<(int Start, int End)>();
        foreach (var s in spans.Where(s => s.Rater == rater && s.Category == category).OrderBy(s => s.Start))
        {
            if (merged.Count > 0 && s.Start < merged[^1].End)
            {
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, s.End));
            }
            else
            {
                merged.Add((s.Start, s.End));
            }
        }
        return merged;
    }

    /// <summary>Each rater's continuum: units and the gaps between them, the texts laid end to end.</summary>
    private static UnitizedAlphaKernel.Section[][] Continua(IReadOnlyList<SpanDocument> documents, string[] raters, string category) => [.. raters.Select(rater =>
    {
        var (sections, at, offset) = (new List<UnitizedAlphaKernel.Section>(), 0L, 0L);
        foreach (var document in documents)
        {
            foreach (var (start, end) in Merge(document.Spans, rater, category))
            {
                if (offset + start > at)
                {
                    sections.Add(new(at, offset + start - at, false));
                }
                sections.Add(new(offset + start, end - start, true));
                at = offset + end;
            }
            offset += document.Length;
        }
        if (offset > at)
        {
            sections.Add(new(at, offset - at, false));
        }
        return sections.ToArray();
    })];
}

/// <summary>Observed and expected disagreement of Krippendorff (1995) for one category.</summary>
internal static class UnitizedAlphaKernel
{
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Section(long Begin, long Length, bool IsUnit);

    public static (double Observed, double Expected) Disagreement(Section[][] continua, long length)
    {
        double m = continua.Length;
        var observed = 0.0;
        for (var i = 0; i < continua.Length; i++)
        {
            for (var j = i + 1; j < continua.Length; j++)
            {
                observed += 2 * continua[i].Sum(a => continua[j].Sum(b => Distance(a, b)));
            }
        }
        var units = continua.SelectMany(c => c).Where(s => s.IsUnit).ToArray();
        var gaps = continua.SelectMany(c => c).Where(s => !s.IsUnit).Select(s => (double)s.Length).ToArray();
        var expected = units.Sum(u =>
        {
            var l = (double)u.Length;
            var overlaps = (units.Length - 1) / 3.0 * ((2 * l * l * l) - (3 * l * l) + l);
            return overlaps + (l * l * gaps.Where(g => g >= l).Sum(g => g - l + 1));
        });
        var places = (m * length * ((m * length) - 1)) - units.Sum(u => (double)u.Length * (u.Length - 1));
        return (observed / (m * (m - 1) * length * length), 2 * expected / length / places);
    }

    internal static double Distance(Section a, Section b)
    {
        var apart = a.Begin - b.Begin;
        if (a.IsUnit && b.IsUnit)
        {
            var ends = apart + a.Length - b.Length;
            return -a.Length < apart && apart < b.Length ? ((double)apart * apart) + ((double)ends * ends) : 0;
        }
        if (a.IsUnit != b.IsUnit)
        {
            var (unit, gap) = a.IsUnit ? (a, b) : (b, a);
            var inside = unit.Begin >= gap.Begin && unit.Begin + unit.Length <= gap.Begin + gap.Length;
            return inside ? (double)unit.Length * unit.Length : 0;
        }
        return 0;
    }
}
