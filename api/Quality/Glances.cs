using System.Text.RegularExpressions;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>Reduces a judgement to what the rules look at.</summary>
internal static partial class Glances
{
    private const int ShortestText = 20;
    private const double LeastDeviation = 0.5; // points; below, a scale of whole points has nothing to tell

    /// <summary>Of differences between two raters who mean the same, in points of the mean over the dimensions.</summary>
    private const double PeerDeviation = 0.7;
    private const double AcceptableShare = 0.8;

    public static Glance Of(Annotation made, EvalItem item, IReadOnlyList<Annotation> others, Norms norms)
    {
        var scores = made.Judgement.Ratings.Select(rating => rating.AllScores.Select(score => score.Score).OfType<int>().ToList()).Where(one => one.Count > 1).ToList();
        double? mean = scores.Count == 0 ? null : scores.SelectMany(one => one).Average();
        return new Glance(
            scores.Count == 0 ? null : scores.TrueForAll(one => one.Distinct().Count() == 1), PaceOf(made, item), TextOf(made.Judgement), mean, SeverityOf(made, mean, others, norms));
    }

    public static GoldGlance Of(GoldScore score) => new(
        score.Scores.Count > 0 && score.Scores.Count(one => one.Acceptable) >= AcceptableShare * score.Scores.Count,
        score.Scores.Count == 0 ? null : score.Scores.Average(one => one.Given - one.Reference), score.Planted, score.Found, score.FalseAlarm);

    private static double? PaceOf(Annotation made, EvalItem item)
    {
        var seconds = made.Judgement.ActiveSeconds + (made.Judgement.CheckingSeconds ?? 0);
        var words = item.Messages.Select(message => message.Content).Concat(item.Responses.Select(response => response.Content)).Sum(text => Words.Count(text));
        return seconds <= 0 ? null : words * 60d / seconds;
    }

    /// <summary>Without case, digits and punctuation: the same sentence with another number in it is the same text.</summary>
    private static string? TextOf(Judgement judgement)
    {
        var words = Words.Matches(string.Join(' ', judgement.Ratings.Select(rating => rating.Rationale)).ToLowerInvariant()).Select(word => word.Value);
        var text = string.Join(' ', words);
        return text.Length < ShortestText ? null : Sha.Of(text)[..12];
    }

    private static double? SeverityOf(Annotation made, double? mean, IReadOnlyList<Annotation> others, Norms norms)
    {
        if (others.Count > 0)
        {
            var gaps = (from rating in made.Judgement.Ratings
                        from score in rating.AllScores
                        where score.Score is not null
                        let peers = others.SelectMany(other => ScoresOf(other, made.ResponseId(rating.Response), score.Dimension)).ToList()
                        where peers.Count > 0
                        select score.Score!.Value - peers.Average()).ToList();
            return gaps.Count == 0 ? null : gaps.Average() / PeerDeviation;
        }

        return mean is { } own && norms is { Mean: { } usual, Deviation: { } deviation } ? (own - usual) / Math.Max(deviation, LeastDeviation) : null;
    }

    private static IEnumerable<double> ScoresOf(Annotation other, string responseId, string dimension) =>
        from rating in other.Judgement.Ratings
        where other.ResponseId(rating.Response) == responseId
        from score in rating.AllScores
        where score.Dimension == dimension && score.Score is not null
        select (double)score.Score!.Value;

    [GeneratedRegex(@"\p{L}+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Words { get; }
}
