using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>One rater's view of which of two responses to a prompt is better.</summary>
/// <param name="Score">What the first is worth against the second: 1 preferred, ½ a tie, 0 the other preferred.</param>
/// <param name="WordsMore">How many words the first has more than the second; below 0 it is the shorter one.</param>
/// <param name="AllBad">The rater found that none of the task's responses will do.</param>
/// <param name="ShownFirst">The first was shown before the second.</param>
internal sealed record Vote(ItemBrief Item, string First, string Second, double Score, int WordsMore, bool AllBad, bool ShownFirst = true)
{
    public string Prompt => Item.PromptId;

    public Vote Turned() => new(Item, Second, First, 1 - Score, -WordsMore, AllBad, !ShownFirst);
}

/// <summary>All votes between two models.</summary>
internal sealed record PairTally(string First, string Second)
{
    public List<Vote> Votes { get; init; } = [];

    /// <summary>Two responses of one model: which is "first" means nothing, so there is no win rate.</summary>
    public bool IsOneModel => First == Second;

    public int Wins => Votes.Count(v => v.Score > 0.5);

    public int Losses => Votes.Count(v => v.Score < 0.5);

    public int Ties => Votes.Count - Wins - Losses;

    public int AllBad => Votes.Count(v => v.AllBad);

    public int Prompts => Votes.Select(v => v.Prompt).Distinct(StringComparer.Ordinal).Count();

    /// <summary>(wins + ½ ties) ÷ votes of the first model.</summary>
    public Estimate WinRate => IsOneModel ? Estimate.None("win rate", "two responses of one model") : Rate("win rate", Votes);

    /// <summary>Of the decided votes, the share won by the response shown first: ½ without an effect of position.</summary>
    public Estimate FirstShown => Rate("won by the one shown first", Votes.Where(v => v.Score is not 0.5).Select(v => v.ShownFirst ? v : v.Turned()));

    /// <summary>Of the decided votes between responses of different length, the share won by the longer one.</summary>
    public Estimate Longer => Rate("won by the longer one", Votes.Where(v => v.Score is not 0.5 && v.WordsMore != 0).Select(v => v.WordsMore > 0 ? v : v.Turned()));

    private static Estimate Rate(string measure, IEnumerable<Vote> votes) =>
        ClusteredRate.Compute(measure, [.. votes.Select(v => new ClusterTotals(v.Prompt, [v.Score], [1]))]);
}

/// <summary>All models on one scale of preference.</summary>
internal static class PreferenceModel
{
    /// <summary>
    /// Bradley–Terry with Davidson's ties over all votes between different models; each ability is relative to the first model by name. Standard errors
    /// take the votes of a prompt for what they are, dependent.
    /// </summary>
    public static BradleyTerryFit Fit(IEnumerable<PairTally> pairs)
    {
        Vote[] votes = [.. pairs.Where(p => !p.IsOneModel).SelectMany(p => p.Votes)];
        return BradleyTerry.Compute(votes.Select(Result), ties: TieModel.Davidson, clusters: [.. votes.Select(v => v.Prompt)]);
    }

    private static PairResult Result(Vote v) => new(v.First, v.Second, v.Score > 0.5 ? 1 : 0, v.Score < 0.5 ? 1 : 0, v.Score is 0.5 ? 1 : 0);
}
