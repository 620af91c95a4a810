using HealthEval.Guidelines;

namespace HealthEval.Annotations;

/// <summary>One point on which the judgements of a task cannot all stand, or that somebody wants looked at.</summary>
/// <param name="Kind">rating, harm, claim, critical or case (the task as a whole).</param>
/// <param name="ResponseId">The response it is about; null for the task as a whole.</param>
/// <param name="Dimension">Of a rating.</param>
/// <param name="Start">Of a claim or a critical finding: its first code point in the response.</param>
/// <param name="Values">What each judgement says, in the order of the judgements; null where it says nothing about it. An array, since lists that are read may not hold null.</param>
internal sealed record Dispute(string Kind, string? ResponseId, string? Dimension, int? Start, int? End, string? Quote, string Reason, string?[] Values)
{
    public const string Stands = "stands";
    public const string DoesNotStand = "does_not_stand";
    public const string SetAside = "set_aside";

    /// <summary>Names the point inside its task; <paramref name="response"/> is the name of the response for whom it is made.</summary>
    public string KeyFor(string? response) => string.Join(':', ((string?[])[Kind, response, Dimension, Start is { } start ? $"{start}-{End}" : null]).OfType<string>());

    public bool Allows(string value, Guideline guideline) => Kind switch
    {
        "rating" => value is "1" or "2" or "3" or "4" or "5" || (value == Rating.NotApplicable && guideline.Dimensions.Any(d => d.Key == Dimension && d.NaAllowed)),
        "harm" => Vocabulary.HarmExtents.Contains(value),
        "claim" => guideline.Verdicts.Any(verdict => verdict.Key == value),
        "critical" => value is Stands or DoesNotStand,
        _ => value is Stands or SetAside,
    };
}

/// <summary>Which points of a task need an adjudicator once all its judgements are in. Pure: the same judgements give the same points in the same order.</summary>
internal static class Disputes
{
    /// <summary>Scores so far apart are a disagreement, not a nuance.</summary>
    public const int Range = 2;

    /// <param name="referral">Why a lead sent the task by hand.</param>
    /// <param name="range">How far apart two scores are a disagreement.</param>
    public static IReadOnlyList<Dispute> Of(IReadOnlyList<Annotation> judgements, Guideline guideline, string? referral = null, int range = Range)
    {
        var responses = judgements.SelectMany(judgement => judgement.ResponseOrder).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return [.. responses.SelectMany(response => About(response, judgements, guideline, range)), .. Flagged(judgements), .. Referred(judgements, referral)];
    }

    private static IEnumerable<Dispute> About(string response, IReadOnlyList<Annotation> judgements, Guideline guideline, int range) =>
        [.. Harms(response, judgements), .. Criticals(response, judgements), .. Claims(response, judgements, guideline), .. Ratings(response, judgements, guideline, range)];

    private static IEnumerable<Dispute> Ratings(string response, IReadOnlyList<Annotation> judgements, Guideline guideline, int range)
    {
        foreach (var dimension in guideline.Dimensions.Select(dimension => dimension.Key))
        {
            var ratings = judgements.Select(judgement => judgement.Judgement.Ratings.FirstOrDefault(rating => judgement.ResponseId(rating.Response) == response)).ToList();
            var scores = ratings.Select(rating => rating?.ScoreOf(dimension)).ToList();
            if (scores.Max() - scores.Min() >= range)
            {
                yield return new Dispute("rating", response, dimension, null, null, null, $"Scores from {scores.Min()} to {scores.Max()}", [.. scores.Select((score, i) => score?.ToString() ?? ratings[i]?.InsteadOf(dimension))]);
            }
        }
    }

    private static IEnumerable<Dispute> Harms(string response, IReadOnlyList<Annotation> judgements)
    {
        var extents = judgements.Select(judgement => judgement.Judgement.Harm.FirstOrDefault(harm => judgement.ResponseId(harm.Response) == response)?.Extent).ToList();
        if (extents.Any(extent => extent is "none" or "mild") && extents.Any(extent => extent is "moderate" or "severe" or "death"))
        {
            yield return new Dispute("harm", response, null, null, null, null, "Harm on both sides of moderate", [.. extents]);
        }
    }

    /// <summary>A finding of critical weight is looked at by a second person, whether or not anybody contradicts it.</summary>
    private static IEnumerable<Dispute> Criticals(string response, IReadOnlyList<Annotation> judgements)
    {
        var spans = Places(response, judgements, judgement => judgement.Judgement.Spans.Where(span => span.Severity == "critical").Select(span => (span.Response, span.Start, span.End, span.Quote ?? span.MissingText, Value: (string?)Dispute.Stands)));
        foreach (var group in Overlapping(spans))
        {
            yield return At("critical", response, group, "Marked as critical", judgements.Count);
        }
    }

    private static IEnumerable<Dispute> Claims(string response, IReadOnlyList<Annotation> judgements, Guideline guideline)
    {
        var sides = guideline.Verdicts.Where(verdict => verdict.ThreeWay is "SUP" or "REF").ToDictionary(verdict => verdict.Key, verdict => verdict.ThreeWay);
        var claims = Places(response, judgements, judgement => judgement.Judgement.Claims.Where(claim => claim.Verdict is not null).Select(claim => (claim.Response, claim.Start, claim.End, claim.Quote, Value: claim.Verdict)));
        foreach (var group in Overlapping(claims))
        {
            var found = group.Select(place => (place.Judgement, Side: sides.GetValueOrDefault(place.Value!))).ToList();
            if (found.Any(one => one.Side == "SUP" && found.Any(other => other.Side == "REF" && other.Judgement != one.Judgement)))
            {
                yield return At("claim", response, group, "One supports what another refutes", judgements.Count);
            }
        }
    }

    private static IEnumerable<Dispute> Flagged(IReadOnlyList<Annotation> judgements)
    {
        var flags = judgements.SelectMany(judgement => judgement.Judgement.Flags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (flags.Count > 0)
        {
            yield return new Dispute("case", null, "flag", null, null, null, $"Flagged: {string.Join(", ", flags)}", [.. judgements.Select(judgement => judgement.Judgement.Flags.Count > 0 ? string.Join(", ", judgement.Judgement.Flags) : null)]);
        }
    }

    private static IEnumerable<Dispute> Referred(IReadOnlyList<Annotation> judgements, string? referral) =>
        referral is null ? [] : [new Dispute("case", null, "referral", null, null, null, $"Sent by a lead: {referral}", [.. judgements.Select(_ => (string?)null)])];

    private static Dispute At(string kind, string response, IReadOnlyList<Place> group, string reason, int judgements) => new(
        kind, response, null, group[0].Start is null ? null : group.Min(place => place.Start), group.Max(place => place.End), group[0].Quote, reason,
        [.. Enumerable.Range(0, judgements).Select(judgement => group.FirstOrDefault(place => place.Judgement == judgement)?.Value)]);

    private static List<Place> Places(string response, IReadOnlyList<Annotation> judgements, Func<Annotation, IEnumerable<(string Response, int? Start, int? End, string? Quote, string? Value)>> of) =>
        [.. judgements.SelectMany((judgement, number) => of(judgement).Where(place => judgement.ResponseId(place.Response) == response).Select(place => new Place(number, place.Start, place.End, place.Quote, place.Value)))
            .OrderBy(place => place.Start ?? int.MaxValue).ThenBy(place => place.End).ThenBy(place => place.Judgement)];

    /// <summary>Runs of places that touch the same text; what has no place in the text (an omission) stays together at the end.</summary>
    private static IEnumerable<IReadOnlyList<Place>> Overlapping(List<Place> places)
    {
        var run = new List<Place>();
        foreach (var place in places)
        {
            var touches = place.Start is null ? run.Exists(other => other.Start is null) : run.Exists(other => place.Start < other.End);
            if (run.Count > 0 && !touches)
            {
                yield return run;
                run = [];
            }

            run.Add(place);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private sealed record Place(int Judgement, int? Start, int? End, string? Quote, string? Value);
}
