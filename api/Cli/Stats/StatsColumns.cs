namespace HealthEval.Cli.Stats;

/// <summary>Typed access to named columns.</summary>
internal static class StatsColumns
{
    public static int Column(StatsTable table, string? named, params string[] standard) => named is not null ? table.Require(named) : table.Find(standard) is var at and >= 0
        ? at
        : throw new StatsInputException($"{table.Name} needs a column '{standard[0]}' (or {string.Join(", ", standard.Skip(1).Take(6))}); it has {string.Join(", ", table.Header)}.");

    public static double[] Numbers(StatsTable table, int column) => [.. table.Rows.Where(r => r.Cells[column].Trim().Length > 0).Select(r => Number(table, r, column))];

    public static double Number(StatsTable table, StatsRow row, int column) => StatsValues.Number(row.Cells[column])
        ?? throw new StatsInputException($"{table.Name}, line {row.Line}: '{row.Cells[column]}' in column '{table.Header[column]}' is not a number.");

    public static bool Truth(StatsTable table, StatsRow row, int column) => StatsValues.Truth(row.Cells[column])
        ?? throw new StatsInputException($"{table.Name}, line {row.Line}: '{row.Cells[column]}' in column '{table.Header[column]}' is neither yes nor no (1/0, true/false, yes/no, met/not met).");

    public static string[]? Clusters(StatsTable table, string? named) =>
        (named is not null ? table.Require(named) : table.Find("cluster", "prompt", "prompt_id")) is var at and >= 0 ? [.. table.Rows.Select(r => r.Cells[at].Trim())] : null;

    /// <summary>The only numeric column, or the one the caller named.</summary>
    public static int NumericColumn(StatsTable table, string? named, params string[] standard)
    {
        if (named is not null)
        {
            return table.Require(named);
        }
        if (table.Find(standard) is var at and >= 0)
        {
            return at;
        }
        int[] numeric = [.. Enumerable.Range(0, table.Header.Length).Where(c => table.Rows.All(r => StatsValues.Number(r.Cells[c]) is not null))];
        return numeric.Length == 0
            ? throw new StatsInputException($"{table.Name} has no column of numbers; it has {string.Join(", ", table.Header)}.")
            : numeric[^1];
    }
}
