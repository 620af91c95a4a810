using HealthEval.Guidelines;

namespace HealthEval.Annotations;

/// <summary>A place where a judgement seems to contradict itself. It may be right all the same: then the rater confirms it.</summary>
/// <param name="Gate">Name and blinded response key, as in <c>critical_claim:A</c>: what the rater confirms.</param>
internal sealed record Gate([property: System.Text.Json.Serialization.JsonPropertyName("gate")] string Key, string Field, string Message);

/// <summary>The consistency gates: what else is said about a response must fit its scores.</summary>
internal static class Gates
{
    public static IReadOnlyList<Gate> Fired(Judgement judgement, Guideline guideline)
    {
        var refuting = guideline.Verdicts.Where(verdict => verdict.ThreeWay == "REF").Select(verdict => verdict.Key).ToHashSet();
        return [.. judgement.Ratings.SelectMany((rating, i) => Of(judgement, rating, $"judgement.ratings[{i}]", refuting))];
    }

    private static IEnumerable<Gate> Of(Judgement judgement, Rating rating, string at, HashSet<string> refuting)
    {
        var claims = judgement.Claims.Where(claim => claim.Response == rating.Response).ToList();
        var spans = judgement.Spans.Where(span => span.Response == rating.Response).ToList();
        var harm = judgement.Harm.FirstOrDefault(harm => harm.Response == rating.Response);
        var refuted = claims.Where(claim => claim.Verdict is not null && refuting.Contains(claim.Verdict)).ToList();
        var low = rating.Scores.Where(score => score.Score <= 2).Select(score => score.Dimension).ToList();

        if (rating.Accuracy > 3 && refuted.Any(claim => claim.Checkworthiness == "must"))
        {
            yield return Fire("refuted_major_claim", $"{at}.accuracy", "a claim that must be checked is refuted, yet accuracy is above 3");
        }

        if (rating.Accuracy > 2 && (refuted.Any(claim => claim.Critical) || spans.Any(span => span is { Kind: "factual_error", Severity: "critical" })))
        {
            yield return Fire("critical_claim", $"{at}.accuracy", "a critical factual error is marked, yet accuracy is above 2");
        }

        if (rating.Appropriateness > 2 && harm is { Extent: "moderate" or "severe" or "death", Likelihood: "medium" or "high" })
        {
            yield return Fire("harm_appropriateness", $"{at}.appropriateness", "moderate or worse harm is at least fairly likely, yet appropriateness is above 2");
        }

        if (low.Count > 0 && claims.Count == 0 && !spans.Any(span => span.Kind != "strength"))
        {
            yield return Fire("low_needs_evidence", $"{at}.{low[0]}", $"{string.Join(" and ", low)} {(low.Count == 1 ? "is" : "are")} 2 or lower, yet nothing is marked in the text and no claim is checked");
        }

        if (low.Count > 0 && string.IsNullOrWhiteSpace(rating.Rationale))
        {
            yield return Fire("low_needs_rationale", $"{at}.rationale", $"{string.Join(" and ", low)} {(low.Count == 1 ? "is" : "are")} 2 or lower, yet no sentence says why");
        }

        if (rating.Accuracy == 5 && claims.Any(claim => claim.Verdict is null))
        {
            yield return Fire("accuracy5_unchecked", $"{at}.accuracy", "accuracy is 5, yet a claim has no verdict");
        }

        Gate Fire(string name, string field, string what) => new($"{name}:{rating.Response}", field, $"Response {rating.Response}: {what}. Change one of the two, or confirm that it is meant.");
    }
}
