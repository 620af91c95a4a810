using HealthEval.Annotations;
using HealthEval.Guidelines;

namespace HealthEval.Agreement;

/// <summary>What one rater said about one response, reduced to what figures are made of, so that a whole week fits in memory.</summary>
/// <param name="Unit">The response: task and response id.</param>
/// <param name="Prompt">What resampling draws: responses to one prompt are not independent of each other.</param>
/// <param name="Scores">1–5 in the order of <see cref="Vocabulary.Dimensions"/>, behind them of the dimensions that were asked for beside the six; 0 where none was given.</param>
/// <param name="HarmExtent">Place in <see cref="Vocabulary.HarmExtents"/>, or −1.</param>
internal sealed record RatedResponse(string Unit, string Prompt, string Rater, byte[] Scores, sbyte HarmExtent)
{
    /// <summary>Extents from here on count as harm: moderate, severe, death.</summary>
    public const int Moderate = 2;

    public static string UnitOf(string taskId, string responseId) => $"{taskId}/{responseId}";

    /// <summary>One row for each response that the judgement rates or assigns a harm to.</summary>
    /// <param name="beside">Keys of dimensions beside the six whose scores are wanted too.</param>
    public static IEnumerable<RatedResponse> From(
        string taskId, string prompt, string rater, IReadOnlyList<string> order, Judgement judgement, IReadOnlyList<string>? beside = null)
    {
        for (var i = 0; i < order.Count; i++)
        {
            var key = ((char)('A' + i)).ToString();
            var rating = judgement.Ratings.FirstOrDefault(r => r.Response == key);
            var harm = judgement.Harm.FirstOrDefault(h => h.Response == key);
            if (rating is not null || harm?.Extent is not null)
            {
                yield return new RatedResponse(UnitOf(taskId, order[i]), prompt, rater, ScoresOf(rating, beside ?? []), ExtentOf(harm));
            }
        }
    }

    private static byte[] ScoresOf(Rating? rating, IReadOnlyList<string> beside)
    {
        var six = Vocabulary.Dimensions.Count;
        var scores = new byte[six + beside.Count];
        for (var d = 0; rating is not null && d < scores.Length; d++)
        {
            scores[d] = (byte)((d < six ? rating.Scores[d].Score : rating.ScoreOf(beside[d - six])) ?? 0);
        }

        return scores;
    }

    private static sbyte ExtentOf(Harm? harm)
    {
        for (sbyte i = 0; i < Vocabulary.HarmExtents.Count; i++)
        {
            if (Vocabulary.HarmExtents[i] == harm?.Extent)
            {
                return i;
            }
        }

        return -1;
    }
}
