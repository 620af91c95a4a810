namespace HealthEval.Cli.Stats;

/// <summary>Whether whole numbers under names are counts of levels or ratings by raters. Where both readings fit, neither is guessed: the table is refused with both named.</summary>
internal static class StatsAmbiguity
{
    /// <summary>More than any rating scale has: then rows of one total are counts.</summary>
    private const int BeyondScales = 11;
    private const int FewestRows = 3;

    private static readonly string[] LevelNames =
    [
        "none", "mild", "moderate", "severe", "death", "low", "medium", "high", "minor", "major", "critical", "yes", "no", "unclear", "true", "false",
        "positive", "negative", "neutral", "good", "fair", "poor", "bad", "excellent", "agree", "disagree", "supported", "refuted", "outdated", "never", "rarely", "sometimes", "often", "always",
    ];

    /// <param name="table">The file's name.</param>
    /// <param name="names">Headings of the columns.</param>
    /// <param name="rows">Whole numbers of 0 or more, a row per unit.</param>
    /// <param name="hasBlank">Some of the zeros are blank cells: a missing rating as likely as a count of none.</param>
    public static bool IsCounts(string table, string[] names, int[][] rows, bool hasBlank)
    {
        int[] totals = [.. rows.Select(r => r.Sum())];
        var (isConstant, hasZero, most) = (totals.Distinct().Count() == 1 && totals[0] >= 2, rows.Any(r => r.Contains(0)), rows.Max(r => r.Max()));
        if (isConstant && rows.Length >= FewestRows && IsRanks(rows))
        {
            throw Both(table, $"ranks that the raters {Said(names)} gave", $"counts of the levels {Said(names)}");
        }

        var numbered = names.Select(n => int.TryParse(n, out var number) ? number : -1).ToHashSet();
        if (isConstant && hasZero && !numbered.Contains(-1) && rows.All(r => r.All(numbered.Contains)))
        {
            throw Both(table, $"ratings by raters called {Said(names)}", $"counts of the levels {Said(names)}");
        }

        if (isConstant)
        {
            return hasZero || most >= BeyondScales
                || (rows.Length >= FewestRows ? throw Both(table, $"ratings by the raters {Said(names)}", $"counts of the levels {Said(names)}, {totals[0]} for every unit") : false);
        }

        if (Array.TrueForAll(names, IsLevel)) // nobody is called so, but a heading may be chosen badly
        {
            return most >= BeyondScales ? true : throw Both(table, $"ratings by the raters {Said(names)}", $"counts of the levels {Said(names)}, by unequal numbers of raters");
        }

        // A level is rarely chosen by one rater at most in every unit, and a unit with one rating tells nothing: without these, they are ratings.
        // Blank cells are missing ratings unless the headings are words that levels are called by.
        return hasZero && (!hasBlank || names.Any(IsLevel)) && most >= 2 && rows.Length >= FewestRows && numbered.Contains(-1) && names.Length >= 3 && totals.Min() >= 2
            && (most >= BeyondScales ? true : throw Both(table, $"ratings by the raters {Said(names)}", $"counts of the levels {Said(names)}, by unequal numbers of raters"));
    }

    /// <summary>Refuses a square of numbers under numbers that are all among those: two raters' contingency table, or numbered units by numbered raters as pandas writes them.</summary>
    public static void AskAboutSquare(string table, IReadOnlyList<string> labels, IEnumerable<double?> cells)
    {
        var numbers = labels.Select(label => int.TryParse(label, out var number) ? number : -1).ToHashSet();
        if (!numbers.Contains(-1) && cells.All(cell => cell is { } value && value == Math.Floor(value) && numbers.Contains((int)value)))
        {
            throw new StatsInputException(
                $"{table} can be read in two ways: as ratings by raters called {Said([.. labels])}, or as a contingency table of the levels {Said([.. labels])}. Say which with --format wide or --format square.");
        }
    }

    private static bool IsLevel(string name) => Array.IndexOf(LevelNames, name.Trim().ToLowerInvariant()) >= 0;

    private static bool IsRanks(int[][] rows)
    {
        int[] first = [.. rows[0].Order()];
        return first.Distinct().Count() == first.Length && first[0] <= 1 && first[^1] - first[0] == first.Length - 1 && rows.All(r => r.Order().SequenceEqual(first));
    }

    private static string Said(string[] names) => string.Join(", ", names.Take(6)) + (names.Length > 6 ? ", …" : "");

    private static StatsInputException Both(string table, string wide, string counts) =>
        new($"{table} can be read in two ways: as {wide}, or as {counts}. Say which with --format wide or --format counts.");
}
