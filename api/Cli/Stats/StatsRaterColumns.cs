namespace HealthEval.Cli.Stats;

/// <summary>Tells the columns of raters from what else a wide table carries.</summary>
internal static class StatsRaterColumns
{
    private const int FewestRows = 3;

    /// <summary>
    /// The columns that are not ratings. Where two columns or more are headed as raters, all others; else columns named for something else
    /// (an identifier, a time, a comment) and text that no other column ever uses. At least two columns stay.
    /// </summary>
    public static int[] Others(StatsTable table, StatsRequest request, int[] columns, Func<string, bool> raterLike, Func<int, bool> isAside)
    {
        if (columns.Count(c => raterLike(table.Header[c])) >= 2)
        {
            return [.. columns.Where(c => !raterLike(table.Header[c]))];
        }
        int[] named = [.. columns.Where(isAside)];
        named = columns.Length - named.Length >= 2 ? named : [];
        int[] left = [.. columns.Except(named)];
        var values = left.ToDictionary(c => c, c => Values(table, request, c));
        int[] texts = table.Rows.Count < FewestRows ? [] :
            [.. left.Where(c => !raterLike(table.Header[c]) && values[c].Count > 0 && values[c].All(v => StatsValues.Number(v) is null) && left.All(o => o == c || !values[o].Overlaps(values[c])))];
        return left.Length - texts.Length >= 2 ? [.. named, .. texts] : named;
    }

    private static HashSet<string> Values(StatsTable table, StatsRequest request, int column) =>
        [.. table.Rows.Select(r => r.Cells[column].Trim()).Where(v => !StatsValues.IsMissing(v, request.Missing))];
}
