using HealthEval.Http;

namespace HealthEval.Annotations;

/// <summary>
/// Which responses are better than which. What is recorded is <paramref name="Ranking"/> and <paramref name="BothBad"/>; <paramref name="Winner"/> is the
/// same thing said shorter, by the form for two responses and in judgements from before there were rankings, which stay as they were submitted.
/// </summary>
/// <param name="Winner">A key, "tie" or "both_bad".</param>
/// <param name="Strength">0–3: by how much the first group is better than the next.</param>
/// <param name="Ranking">Groups of keys from best to worst; ties are in one group. A key in no group is behind all that are, and not compared with others like it.</param>
/// <param name="BothBad">None of them will do: a fact of its own, whatever the ranking says.</param>
internal sealed record Preference(
    string? Winner = null,
    int? Strength = null,
    IReadOnlyDictionary<string, string>? PerDimension = null,
    string? Rationale = null,
    IReadOnlyList<IReadOnlyList<string>>? Ranking = null,
    bool? BothBad = null)
{
    private const string Tie = "tie";
    private const string AllBad = "both_bad";

    /// <summary>As it is recorded: the ranking in the place of the winner.</summary>
    public Preference Recorded(IReadOnlyList<string> keys) => this with { Winner = null, Ranking = Groups(keys), BothBad = IsAllBad ? true : null };

    public bool IsAllBad => BothBad == true || Winner == AllBad;

    /// <summary>The groups from best to worst, however the preference was said.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Groups(IReadOnlyList<string> keys) => Ranking ?? Winner switch
    {
        null => [],
        Tie or AllBad => [keys],
        _ when keys.Count == 2 => [[Winner], [.. keys.Where(key => key != Winner)]],
        _ => [[Winner]],
    };

    /// <summary>Every two responses that were compared, once: the one shown first, the other, and what the first is worth against it (1, ½ or 0).</summary>
    public IEnumerable<(string First, string Second, double Score)> Pairs(IReadOnlyList<string> keys)
    {
        var groups = Groups(keys);
        int[] places = [.. keys.Select(key => PlaceOf(groups, key))];
        for (var i = 0; groups.Count > 0 && i < keys.Count; i++)
        {
            for (var j = i + 1; j < keys.Count; j++)
            {
                if (places[i] < groups.Count || places[j] < groups.Count)
                {
                    yield return (keys[i], keys[j], places[i] == places[j] ? 0.5 : places[i] < places[j] ? 1 : 0);
                }
            }
        }
    }

    /// <summary>The place of a key, 1 is best; null when it is in no group.</summary>
    public int? RankOf(string key, IReadOnlyList<string> keys) => Groups(keys) is var groups && PlaceOf(groups, key) is var place && place < groups.Count ? place + 1 : null;

    /// <summary>The same in other keys.</summary>
    public Preference Renamed(Func<string, string> name) => this with
    {
        Winner = Winner is [>= 'A' and <= 'Z'] ? name(Winner) : Winner,
        PerDimension = PerDimension?.ToDictionary(pair => pair.Key, pair => pair.Value is [>= 'A' and <= 'Z'] ? name(pair.Value) : pair.Value),
        Ranking = Ranking is null ? null : [.. Ranking.Select(group => (IReadOnlyList<string>)[.. group.Select(name).Order(StringComparer.Ordinal)])],
    };

    /// <summary>What is wrong with it between these responses.</summary>
    public void Check(IReadOnlyCollection<string> keys, Faults faults)
    {
        const string winner = "judgement.preference.winner";
        const string ranking = "judgement.preference.ranking";
        var words = string.Join(", ", [.. keys, Tie, AllBad]);
        if (Ranking is not null)
        {
            string[] named = [.. Ranking.SelectMany(group => group)];
            var whole = Ranking.All(group => group.Count > 0) && named.Distinct(StringComparer.Ordinal).Count() == named.Length && !named.Except(keys, StringComparer.Ordinal).Any();
            faults.Require(
                whole && named.Length == keys.Count, ranking,
                $"Rank {string.Join(", ", keys)}, each once, in groups from best to worst; equally good ones share a group.");
            faults.Require(Winner is null, winner, "Give a ranking or a winner, not both.");
        }
        else if (Winner is null)
        {
            faults.Add(winner, "Say which response is better.");
        }
        else
        {
            faults.Require(Winner is Tie or AllBad || keys.Contains(Winner), winner, $"Choose one of: {words}.");
        }
    }

    private static int PlaceOf(IReadOnlyList<IReadOnlyList<string>> groups, string key)
    {
        var place = 0;
        while (place < groups.Count && !groups[place].Contains(key))
        {
            place++;
        }

        return place;
    }
}
