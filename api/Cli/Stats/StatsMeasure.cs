using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>What a reader should know about a measure.</summary>
/// <param name="Formula">How it is computed.</param>
/// <param name="Means">What the value says.</param>
/// <param name="DoesNotMean">What it does not say.</param>
/// <param name="Source">Where it comes from.</param>
internal sealed record StatsExplanation(string Formula, string Means, string DoesNotMean, string Source);

/// <summary>One measure of <c>healtheval stats</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Aliases">Other names a statistician might type; case and punctuation never matter.</param>
/// <param name="Group">Heading in the help.</param>
/// <param name="Input">What the file must hold, or an empty string where no file is read.</param>
/// <param name="Explanation">For --explain.</param>
/// <param name="Run">Computes it.</param>
/// <param name="Settings">What --set takes, or an empty string.</param>
internal sealed record StatsMeasure(
    string Name, string[] Aliases, string Group, string Input, StatsExplanation Explanation, Func<StatsTable?, StatsRequest, Estimate> Run, string Settings = "")
{
    public bool NeedsFile => Input.Length > 0;
}

/// <summary>All measures and how to find one.</summary>
internal static class StatsMeasures
{
    public static readonly IReadOnlyList<StatsMeasure> All =
        [.. StatsAgreement.Measures, .. StatsConsensus.Measures, .. StatsPreference.Measures, .. StatsScores.Measures, .. StatsQuality.Measures, .. StatsPlanning.Measures];

    public static StatsMeasure Find(string name)
    {
        var plain = StatsTable.Plain(name);
        return All.FirstOrDefault(m => StatsTable.Plain(m.Name) == plain || m.Aliases.Any(a => StatsTable.Plain(a) == plain))
            ?? throw new StatsInputException($"There is no measure '{name}'.{Suggestion(plain)} Measures: {string.Join(", ", All.Select(m => m.Name))}.");
    }

    private static string Suggestion(string plain)
    {
        var near = All.SelectMany(m => m.Aliases.Append(m.Name).Select(n => (m.Name, Distance: Distance(StatsTable.Plain(n), plain)))).MinBy(x => x.Distance);
        return near.Distance <= Math.Max(2, plain.Length / 3) ? $" Did you mean '{near.Name}'?" : "";
    }

    /// <summary>Edit distance (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }
        return row[^1];
    }
}
