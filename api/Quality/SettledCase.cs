using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>Makes one judgement of a settled case: the one that was confirmed most, with every ruling put in its place.</summary>
internal static class SettledCase
{
    /// <summary>By keys of the item's responses in stored order, and the adjudicator's reasons; null without judgements.</summary>
    public static (Judgement Reference, string Why)? Reference(Adjudication settled, IReadOnlyList<Annotation> judgements, EvalItem item)
    {
        var order = item.Responses.Select(response => response.ResponseId).ToList();
        var shown = settled.Judgements.Select(id => judgements.FirstOrDefault(made => made.AnnotationId == id)).OfType<Annotation>().ToList();
        if (shown.Count == 0)
        {
            return null;
        }

        var confirmed = settled.Rulings.Select(ruling => ruling.Confirmed).OfType<int>().CountBy(number => number).OrderByDescending(count => count.Value).ThenBy(count => count.Key).FirstOrDefault();
        var most = shown[Math.Clamp(confirmed.Key, 1, shown.Count) - 1];
        var others = shown.Where(made => made != most).Select(made => InStoredOrder(made, order)).ToList();
        var reference = settled.Rulings.Aggregate(InStoredOrder(most, order), (said, ruling) => Ruled(said, ruling, order, others));
        var why = settled.Rulings.Select(ruling => $"{Name(ruling.Point)}: {ruling.Final}. {ruling.Rationale}").Distinct();
        return (reference with { Flags = [], ActiveSeconds = 0, CheckingSeconds = null }, string.Join('\n', why));
    }

    private static Judgement InStoredOrder(Annotation made, List<string> order) => made.Judgement.Renamed(key => ResponseOrder.Key(order.IndexOf(made.ResponseId(key))));

    private static Judgement Ruled(Judgement said, Ruling ruling, List<string> order, List<Judgement> others)
    {
        var point = ruling.Point;
        var key = point.ResponseId is null ? null : ResponseOrder.Key(order.IndexOf(point.ResponseId));
        return (point.Kind, key) switch
        {
            ("rating", { }) => said with { Ratings = [.. said.Ratings.Select(rating => rating.Response == key ? rating.With(point.Dimension!, ruling.Final) : rating)] },
            ("harm", { }) => said with { Harm = [.. said.Harm.Select(harm => harm.Response == key ? harm with { Extent = ruling.Final } : harm)] },
            ("claim", { }) => said with { Claims = [.. said.Claims.Select(claim => claim.Response == key && Touches(claim.Start, claim.End, point) ? claim with { Verdict = ruling.Final } : claim)] },
            ("critical", { }) => said with { Spans = [.. Criticals(said, ruling, key, others)] },
            _ => said,
        };
    }

    /// <summary>A finding that stands is in the reference, whoever made it; one that does not is not.</summary>
    private static IEnumerable<Span> Criticals(Judgement said, Ruling ruling, string key, List<Judgement> others)
    {
        bool About(Span span) => span.Response == key && span.Severity == "critical" && Touches(span.Start, span.End, ruling.Point);
        var kept = said.Spans.Where(span => !About(span));
        return ruling.Final != Dispute.Stands ? kept
            : said.Spans.Any(About) ? said.Spans
            : said.Spans.Concat(others.SelectMany(other => other.Spans).Where(About).Take(1));
    }

    private static bool Touches(int? start, int? end, Dispute point) => point.Start is null ? start is null : start < point.End && point.Start < end;

    private static string Name(Dispute point) => point.Dimension ?? point.Kind;
}
