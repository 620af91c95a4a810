using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Quality;
using HealthEval.Tasks;

namespace HealthEval.Cli;

/// <summary>What a good simulated rater says of a gold item: the reference, with the misses and the slips of one point that good people have.</summary>
internal static class KnownAnswer
{
    private const double Slips = 0.25;
    private const double Misses = 0.08;

    /// <param name="said">What the rater would have said otherwise.</param>
    /// <param name="draw">A number between 0 and 1 for each thing that is drawn.</param>
    public static Judgement Blurred(Judgement said, GoldItem gold, IReadOnlyList<string> order, Guideline guideline, Func<string, double> draw)
    {
        var right = gold.Reference.Renamed(key => ResponseOrder.Key(order.ToList().IndexOf(gold.Responses[key[0] - 'A'])));
        var codes = guideline.Codes.Select(code => code.Code).ToHashSet(StringComparer.Ordinal);
        var errors = right.Spans.Where(span => span.Kind != "strength" && span.Code is { } code && codes.Contains(code) && draw($"found {span.Response} {span.Start} {code}") > Misses);
        return said with
        {
            Ratings = [.. said.Ratings.Select(rating => Scored(rating, right.Ratings.FirstOrDefault(one => one.Response == rating.Response), draw))],
            Harm = [.. said.Harm.Select(harm => right.Harm.FirstOrDefault(one => one.Response == harm.Response) ?? harm)],
            Spans = [.. errors],
            Claims = [],
        };
    }

    private static Rating Scored(Rating rating, Rating? right, Func<string, double> draw)
    {
        int? Near(int? score, string dimension) => score is not { } given ? null
            : draw($"slip {dimension}") is var drawn && drawn > Slips ? given
            : Math.Clamp(drawn < Slips / 2 ? given - 1 : given + 1, 1, 5);

        return right is null ? rating : rating with
        {
            Accuracy = Near(right.Accuracy ?? rating.Accuracy, "accuracy"),
            NoAccuracy = null,
            Reasoning = Near(right.Reasoning ?? rating.Reasoning, "reasoning"),
            ReasoningNotApplicable = false,
            Completeness = Near(right.Completeness, "completeness"),
            Clarity = Near(right.Clarity, "clarity"),
            Tone = Near(right.Tone, "tone"),
            Appropriateness = Near(right.Appropriateness, "appropriateness"),
            Custom = rating.Custom?.ToDictionary(own => own.Key, own => Near(right.ScoreOf(own.Key) ?? own.Value, own.Key)!.Value),
        };
    }
}
