using HealthEval.Annotations;
using HealthEval.Guidelines;

namespace HealthEval.Quality;

/// <summary>One judgement of a gold item beside its reference.</summary>
/// <param name="Scores">Every dimension of every response that both have scored.</param>
/// <param name="Planted">Critical errors of the reference.</param>
/// <param name="Found">Of those, how many the judgement marks: an overlapping passage under a code of the same group, or an omission of the same group; marked critical, also the passage under any code or the code at any passage.</param>
/// <param name="FalseAlarm">Whether a clean control was said to hold a major or critical error, or harm from moderate on; null for a planted one.</param>
/// <param name="Verdicts">Claims on overlapping passages that both have decided.</param>
/// <param name="SameVerdicts">Of those, how many with the same verdict.</param>
internal sealed record GoldScore(IReadOnlyList<GoldRating> Scores, int Planted, int Found, bool? FalseAlarm, int Verdicts, int SameVerdicts)
{
    private const int Moderate = 2;

    public static GoldScore Of(GoldItem gold, Annotation made)
    {
        var said = Judged.Of(made.Judgement, made.ResponseId);
        var right = Judged.Of(gold.Reference, key => gold.Responses[key[0] - 'A']);
        var planted = right.Spans.Where(span => IsError(span.Value) && span.Value.Severity == "critical").ToList();
        var alarms = said.Spans.Any(span => IsError(span.Value) && span.Value.Severity is "major" or "critical") || said.Harm.Any(harm => ExtentOf(harm.Value) >= Moderate);
        var (verdicts, same) = Compare(right, said);
        return new GoldScore(
            [.. Ratings(gold, right, said)], planted.Count, planted.Count(error => said.Spans.Any(span => Marks(span, error))), gold.Clean ? alarms : null, verdicts, same);
    }

    private static IEnumerable<GoldRating> Ratings(GoldItem gold, Judged right, Judged said) =>
        from reference in right.Ratings
        from rating in said.Ratings
        where rating.Response == reference.Response
        from score in reference.Value.AllScores
        from given in rating.Value.AllScores
        where score.Dimension == given.Dimension
        select (score.Score, given.Score) is ({ } expected, { } had)
            ? new GoldRating(score.Dimension, expected, had, gold.RangeOf(KeyOf(gold, reference.Response), score.Dimension, expected).Holds(had))
            : null into both
        where both is not null
        select both;

    private static (int Verdicts, int Same) Compare(Judged right, Judged said)
    {
        var pairs = (from reference in right.Claims
                     where reference.Value.Verdict is not null
                     let same = said.Claims.FirstOrDefault(claim => claim.Value.Verdict is not null && claim.Response == reference.Response
                         && Overlap(claim.Value.Start, claim.Value.End, reference.Value.Start, reference.Value.End))
                     where same is not null
                     select same.Value.Verdict == reference.Value.Verdict).ToList();
        return (pairs.Count, pairs.Count(agrees => agrees));
    }

    /// <summary>
    /// F2 and F4 are one group; what is missing has no passage and is told by its group alone. Who marks the passage critical under another code, or the
    /// code critical at another passage, has seen the same danger: of 25 that two solutions of one set both had, seven differed in just that.
    /// </summary>
    private static bool Marks(Said<Span> span, Said<Span> error)
    {
        if (!IsError(span.Value) || span.Response != error.Response)
        {
            return false;
        }

        var overlap = Overlap(span.Value.Start, span.Value.End, error.Value.Start, error.Value.End);
        var sameGroup = GroupOf(span.Value) == GroupOf(error.Value) && (error.Value.Start is null || span.Value.Start is null || overlap);
        return sameGroup || (span.Value.Severity == "critical" && (overlap || span.Value.Code == error.Value.Code));
    }

    private static bool IsError(Span span) => span.Kind != "strength";

    private static char? GroupOf(Span span) => span.Code?[0];

    private static bool Overlap(int? start, int? end, int? otherStart, int? otherEnd) => start < otherEnd && otherStart < end;

    private static int ExtentOf(Harm harm) => harm.Extent is null ? -1 : Vocabulary.HarmExtents.ToList().IndexOf(harm.Extent);

    private static string KeyOf(GoldItem gold, string response) => ((char)('A' + gold.Responses.ToList().IndexOf(response))).ToString();

    /// <summary>What was said, by response ids: two people see the responses in different orders.</summary>
    private sealed record Judged(IReadOnlyList<Said<Rating>> Ratings, IReadOnlyList<Said<Harm>> Harm, IReadOnlyList<Said<Claim>> Claims, IReadOnlyList<Said<Span>> Spans)
    {
        public static Judged Of(Judgement judgement, Func<string, string> idOf) => new(
            [.. judgement.Ratings.Select(rating => new Said<Rating>(idOf(rating.Response), rating))],
            [.. judgement.Harm.Select(harm => new Said<Harm>(idOf(harm.Response), harm))],
            [.. judgement.Claims.Select(claim => new Said<Claim>(idOf(claim.Response), claim))],
            [.. judgement.Spans.Select(span => new Said<Span>(idOf(span.Response), span))]);
    }

    private sealed record Said<T>(string Response, T Value);
}

/// <param name="Acceptable">Within the range that the gold item allows.</param>
internal sealed record GoldRating(string Dimension, int Reference, int Given, bool Acceptable);
