using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Intake;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Cli;

/// <summary>
/// Makes judgements that look like a person's, for demos and load. Every response has a latent quality drawn from the seed; each rater sees it
/// with a bias and some noise, so that agreement is moderate and models differ. Nothing here knows medicine, and every record says so.
/// </summary>
internal sealed class SimulatedRater(int seed, int number, RaterProfile? profile = null)
{
    private readonly RaterProfile _profile = profile ?? RaterProfile.Good;
    private int _done;

    private const double TooCloseToCall = 0.25;
    private static readonly string[] Words =
    [
        "dose", "timing", "advice", "risk", "warning", "source", "tone", "detail", "limit", "reason", "plan", "sign", "test", "context", "wording", "gap",
        "fits", "lacks", "names", "omits", "states", "repeats", "softens", "explains", "clearly", "partly", "rightly", "vaguely", "early", "late", "fully", "hardly",
    ];
    private static readonly string[] ErrorCodes = ["F1", "F2", "F3", "F5"];
    private readonly double _bias = (Uniform(seed, "bias", number.ToString()) - 0.5) * 0.8;

    /// <param name="gold">Where the right judgement is known, the rater knows it too, more or less: else nobody simulated could be right.</param>
    public Judgement Judge(EvalItem item, IReadOnlyList<string> order, Guideline guideline, string mode, GoldItem? gold = null)
    {
        var whole = Whole(item, order, guideline);
        whole = _profile.Apply(gold is null ? whole : KnownAnswer.Blurred(whole, gold, order, guideline, what => Uniform(seed, what, $"{number}", item.TaskId)), _done++);
        return mode switch
        {
            Vocabulary.QuickMode => whole with { Mode = mode, Claims = [], Spans = [.. whole.Spans.Where(span => span.Kind == "strength" || span.Severity == "critical")], Behaviour = [] },
            Vocabulary.FactCheckMode => new Judgement { Mode = mode, Claims = whole.Claims, Ratings = [.. Unclaimed(whole)], ActiveSeconds = whole.ActiveSeconds },
            _ => whole,
        };
    }

    /// <summary>Responses in which there is nothing to check.</summary>
    private static IEnumerable<Rating> Unclaimed(Judgement whole) =>
        whole.Ratings.Where(rating => whole.Claims.All(claim => claim.Response != rating.Response))
            .Select(rating => new Rating(rating.Response, null, null, false, null, null, null, null, null, Rating.NotApplicable));

    private Judgement Whole(EvalItem item, IReadOnlyList<string> order, Guideline guideline)
    {
        var perResponse = guideline.PerResponse == true;
        var confidence = 1 + (int)(3 * Uniform(seed, "confidence", number.ToString(), item.TaskId));
        var byId = item.Responses.ToDictionary(response => response.ResponseId);
        var seen = order.Select((id, position) => new Seen(this, ResponseOrder.Key(position), byId[id])).ToList();
        return new Judgement
        {
            Ratings = [.. seen.Select(response => perResponse ? response.Rating(guideline) with { Overall = response.Score("overall"), Confidence = Math.Min(confidence, 3) } : response.Rating(guideline))],
            Harm = [.. seen.Select(response => response.Harm())],
            Claims = [.. seen.SelectMany(response => response.Claims(item))],
            Spans = [.. seen.Select(response => response.Span()).OfType<Span>()],
            Behaviour = [.. seen.SelectMany(response => response.Behaviour(guideline))],
            Rubric = [.. seen.SelectMany(response => item.Rubric.Select(criterion => response.Meets(criterion)))],
            Preference = seen.Count < 2 ? null : Prefer(seen),
            Confidence = perResponse ? null : confidence,
            Overall = perResponse ? null : seen.Count == 1 ? seen[0].Score("overall") : null,
            ActiveSeconds = 60 + (int)(600 * Uniform(seed, "seconds", number.ToString(), item.TaskId)),
        };
    }

    /// <summary>Between 0 and 1, from the seed and what it is for.</summary>
    public static double Uniform(int seed, params ReadOnlySpan<string> what) => Convert.ToUInt32(Sha.OfParts([seed.ToString(), .. what])[..8], 16) / (double)uint.MaxValue;

    private static Preference Prefer(List<Seen> seen)
    {
        var ranked = seen.OrderByDescending(response => response.Quality).ToList();
        var groups = new List<List<Seen>> { new() { ranked[0] } };
        foreach (var response in ranked.Skip(1))
        {
            if (groups[^1][0].Quality - response.Quality < TooCloseToCall)
            {
                groups[^1].Add(response);
            }
            else
            {
                groups.Add([response]);
            }
        }

        var lead = ranked[0].Quality - ranked[1].Quality;
        return new Preference(
            Strength: Math.Clamp((int)(lead * 1.5), 0, 3), Rationale: "Simulated.",
            Ranking: [.. groups.Select(group => (IReadOnlyList<string>)[.. group.Select(response => response.Key).Order(StringComparer.Ordinal)])]);
    }

    private sealed class Seen(SimulatedRater rater, string key, EvalResponse response)
    {
        public string Key => key;

        /// <summary>Around 3.6 on the scale of 1 to 5: the model's level, the response's own, the rater's bias and noise.</summary>
        public double Quality { get; } = 3.6
            + ((Uniform(rater.Seed, "model", response.Model ?? "") - 0.5) * 1.2)
            + ((Uniform(rater.Seed, "response", response.ResponseId, response.Sha256) + Uniform(rater.Seed, "response2", response.Sha256) - 1) * 2.2)
            + rater._bias;

        public int Score(string dimension) => Math.Clamp((int)Math.Round(Quality + ((Draw(dimension) - 0.5) * 1.6)), 1, 5);

        public Rating Rating(Guideline guideline) => new(
            key, Score("accuracy"), Score("reasoning"), ReasoningNotApplicable: false, Score("completeness"), Score("clarity"), Score("tone"), Score("appropriateness"), Rationale(),
            Custom: guideline.CustomDimensions.Count == 0 ? null : guideline.CustomDimensions.ToDictionary(dimension => dimension.Key, dimension => Score(dimension.Key)));

        /// <summary>In words of its own, as people write: who copies is told by the text.</summary>
        private string Rationale() => $"Simulated rationale: {string.Join(' ', Enumerable.Range(0, 8).Select(n => Words[(int)(Draw($"word {n}") * 0.999 * Words.Length)]))}.";

        public Harm Harm() => Quality switch
        {
            < 1.8 => new(key, "severe", "medium", "commission"),
            < 2.4 => new(key, "moderate", "medium", "both"),
            < 3.0 => new(key, "mild", "low", "omission"),
            _ => new(key, "none"),
        };

        /// <summary>Those that came with the answer, else one of its sentences.</summary>
        public IEnumerable<Claim> Claims(EvalItem item)
        {
            var given = (item.Claims ?? []).Where(claim => claim.ResponseId == response.ResponseId).ToList();
            return given.Count > 0 ? given.Select(claim => Claim(claim.Start, claim.End, claim.Text) with { Given = claim.ClaimId })
                : Sentence() is var (start, end, quote) && quote.Length > 0 ? [Claim(start, end, quote)]
                : [];
        }

        private Claim Claim(int? start, int? end, string quote)
        {
            var verdict = Quality switch { < 2.2 => "REFUTED", < 2.9 => "PARTLY_SUPPORTED", < 3.1 => "UNVERIFIABLE", _ => "SUPPORTED" };
            return new Claim(key, start, end, quote, Draw("type") < 0.5 ? "dose" : "diagnosis", Draw("check") < 0.6 ? "must" : "should", verdict, Critical: Quality < 1.8, verdict == "REFUTED" ? "Simulated correction." : null, []);
        }

        public Span? Span()
        {
            if (Sentence() is not var (start, end, quote) || quote.Length == 0)
            {
                return null;
            }

            var code = ErrorCodes[(int)(Draw("code") * 0.999 * ErrorCodes.Length)];
            return Quality < 3.0
                ? new Span(key, "factual_error", code, Quality < 1.8 ? "critical" : Quality < 2.4 ? "major" : "minor", start, end, quote, "Simulated comment.")
                : new Span(key, "strength", Draw("strength") < 0.5 ? "G1" : "G5", null, start, end, quote, "Simulated comment.");
        }

        public IEnumerable<BehaviourCheck> Behaviour(Guideline guideline) =>
            guideline.Behaviour.Take(4).Select(item => new BehaviourCheck(key, item.Key, Quality + Draw(item.Key) < 2.9 ? "no" : "yes", "Simulated."));

        public CriterionCheck Meets(RubricCriterion criterion)
        {
            var good = Quality + (Draw(criterion.Id) * 2) > 4;
            return new CriterionCheck(key, criterion.Id, criterion.Points < 0 ? !good : good);
        }

        private double Draw(string what) => Uniform(rater.Seed, what, rater.Number.ToString(), response.Sha256, key);

        private const int MostQuoted = 300;

        /// <summary>The first sentence or line, as a place in the text.</summary>
        private (int Start, int End, string Quote)? Sentence()
        {
            var text = response.Content;
            var start = 0;
            while (start < text.Length && (char.IsWhiteSpace(text[start]) || char.IsLowSurrogate(text[start])))
            {
                start++;
            }

            var end = text.IndexOfAny(['.', '\n'], start);
            end = end < 0 ? text.Length : end;
            end = Math.Min(end, start + MostQuoted); // a list may go on for pages without a full stop
            end -= end < text.Length && end > start && char.IsLowSurrogate(text[end]) ? 1 : 0;
            var points = new CodePoints(text);
            return start >= end || char.IsLowSurrogate(text[start]) ? null : (points.At(start), points.At(end), text[start..end]);
        }
    }

    private int Seed => seed;

    private int Number => number;
}
