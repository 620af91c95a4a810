using HealthEval.Agreement.Statistics;
using HealthEval.Storage;

namespace HealthEval.Oversight;

/// <summary>A prompt that models have answered, as a design sees it.</summary>
/// <param name="Answers">Task that holds the answer, by model.</param>
internal sealed record DesignPrompt(string PromptId, string Risk, string Subdomain, IReadOnlyDictionary<string, string> Answers)
{
    public (string Risk, string Subdomain) Stratum => (Risk, Subdomain);
}

/// <summary>Two models on one prompt.</summary>
internal sealed record DesignedPair(DesignPrompt Prompt, string First, string Second);

/// <summary>
/// Which pairs of models are compared on which prompts: a sample in proportion to the strata of risk and sub-domain, and on each prompt the next pairs of a round robin, so that
/// any two pairs of models are compared equally often, give or take one, in the whole and in every stratum. Pure; the seed decides which prompts and where the round robin begins.
/// </summary>
internal static class ComparisonPlan
{
    public static IReadOnlyList<DesignedPair> Of(IReadOnlyList<DesignPrompt> eligible, IReadOnlyList<string> models, int prompts, int pairsPerPrompt, int seed)
    {
        var pairs = RoundRobin([.. models.OrderBy(model => Draw(seed, "model", model), StringComparer.Ordinal)]);
        var sample = Sample(eligible, prompts, seed);
        return
        [
            .. sample.SelectMany((prompt, i) => Enumerable.Range(0, pairsPerPrompt).Select(j => pairs[((i * pairsPerPrompt) + j) % pairs.Count])
                .Select(pair => new DesignedPair(prompt, pair.First, pair.Second))),
        ];
    }

    /// <summary>All pairs, in rounds in which no model comes twice (circle method): any stretch of them has every model about equally often.</summary>
    public static IReadOnlyList<(string First, string Second)> RoundRobin(IReadOnlyList<string> models)
    {
        List<string?> circle = [.. models, .. models.Count % 2 == 0 ? [] : (string?[])[null]];
        var pairs = new List<(string, string)>();
        for (var round = 0; round < circle.Count - 1; round++)
        {
            for (var i = 0; i < circle.Count / 2; i++)
            {
                if (circle[i] is { } one && circle[^(i + 1)] is { } other)
                {
                    pairs.Add((one, other));
                }
            }

            circle.Insert(1, circle[^1]);
            circle.RemoveAt(circle.Count - 1);
        }

        return pairs;
    }

    /// <summary>How many of each stratum: its share, rounded so that they add up (largest remainder), never more than it has.</summary>
    public static IReadOnlyDictionary<(string Risk, string Subdomain), int> Allocation(IReadOnlyList<DesignPrompt> eligible, int prompts)
    {
        var wanted = Math.Min(prompts, eligible.Count);
        var shares = eligible.CountBy(prompt => prompt.Stratum).Select(stratum => (stratum.Key, stratum.Value, Exact: (double)wanted * stratum.Value / Math.Max(1, eligible.Count))).ToList();
        var given = shares.ToDictionary(stratum => stratum.Key, stratum => (int)Math.Floor(stratum.Exact));
        foreach (var (key, _, _) in shares.OrderByDescending(stratum => stratum.Exact - Math.Floor(stratum.Exact)).ThenBy(stratum => stratum.Key).Take(wanted - given.Values.Sum()))
        {
            given[key]++;
        }

        return given;
    }

    private static IEnumerable<DesignPrompt> Sample(IReadOnlyList<DesignPrompt> eligible, int prompts, int seed)
    {
        var allocation = Allocation(eligible, prompts);
        return eligible.GroupBy(prompt => prompt.Stratum).OrderBy(stratum => stratum.Key)
            .SelectMany(stratum => stratum.OrderBy(prompt => Draw(seed, "prompt", prompt.PromptId), StringComparer.Ordinal).Take(allocation[stratum.Key]));
    }

    private static string Draw(int seed, string what, string name) => Sha.OfParts(what, $"{seed}", name);
}

/// <summary>What a design costs and what it will be able to say, before anything is opened.</summary>
/// <param name="Eligible">Prompts that all the chosen models have answered.</param>
/// <param name="PerPair">Prompts on which a pair of models meets: the fewest and the most.</param>
/// <param name="PairHalfWidth">Of the 95 % interval of a win rate between two models (Wilson, at one half). Votes on one prompt depend on each other, so each prompt counts once.</param>
/// <param name="ModelHalfWidth">The same of a model against all the others.</param>
/// <param name="PromptsForTenPoints">Prompts that a pair needs for a half-width of 0.10.</param>
internal sealed record DesignFigures(
    int Eligible, int Prompts, int Tasks, int Judgements, double MinutesEach, string MinutesFrom, double Hours, IReadOnlyList<PairCount> Pairs, IReadOnlyList<StratumCount> Strata,
    double? PairHalfWidth, double? ModelHalfWidth, int PromptsForTenPoints)
{
    private const double Even = 0.5;

    public static DesignFigures Of(IReadOnlyList<DesignPrompt> eligible, IReadOnlyList<DesignedPair> design, IReadOnlyList<string> models, int overlap, double minutesEach, string minutesFrom)
    {
        var pairs = ComparisonPlan.RoundRobin(models).Select(pair => new PairCount(
            pair.First, pair.Second, design.Count(one => (one.First == pair.First && one.Second == pair.Second) || (one.First == pair.Second && one.Second == pair.First)))).ToList();
        var chosen = design.Select(one => one.Prompt).Distinct().CountBy(prompt => prompt.Stratum).ToDictionary();
        var strata = eligible.CountBy(prompt => prompt.Stratum).OrderBy(stratum => stratum.Key)
            .Select(stratum => new StratumCount(stratum.Key.Risk, stratum.Key.Subdomain, stratum.Value, chosen.GetValueOrDefault(stratum.Key)));
        var perModel = models.Min(model => design.Where(one => one.First == model || one.Second == model).Select(one => one.Prompt.PromptId).Distinct().Count());
        var judgements = design.Count * overlap;
        return new DesignFigures(
            eligible.Count, chosen.Values.Sum(), design.Count, judgements, minutesEach, minutesFrom, judgements * minutesEach / 60, pairs, [.. strata],
            HalfWidth(pairs.Min(pair => pair.Prompts)), HalfWidth(perModel), (int)Planning.ItemsForProportion(Even, width: 0.2).Value!.Value);
    }

    private static double? HalfWidth(int prompts) => prompts > 0 && Proportions.WilsonInterval(Even * prompts, prompts, 0.95) is { } interval ? (interval.Upper - interval.Lower) / 2 : null;
}

internal sealed record PairCount(string First, string Second, int Prompts);

internal sealed record StratumCount(string Risk, string Subdomain, int Eligible, int Chosen);
