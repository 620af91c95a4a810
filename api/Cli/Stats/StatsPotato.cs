namespace HealthEval.Cli.Stats;

/// <summary>Potato's annotation tables: a row per user and instance, a column <c>schema:::label</c> for each label of each question, filled where it was chosen.</summary>
internal static class StatsPotato
{
    private const string Mark = ":::";

    /// <summary>The same as a row per rating, for the one schema there is or the one that --item names; other tables as they are.</summary>
    public static StatsTable Reshaped(StatsTable table, StatsRequest request)
    {
        int[] labels = [.. Enumerable.Range(0, table.Header.Length).Where(c => table.Header[c].Contains(Mark, StringComparison.Ordinal))];
        var (user, instance) = (table.Find("user", "user_id", "annotator"), table.Find("instance_id", "instance"));
        if (labels.Length == 0 || user < 0 || instance < 0)
        {
            return table;
        }
        string[] schemas = [.. labels.Select(c => Part(c, 0)).Distinct(StringComparer.Ordinal)];
        var schema = schemas.Length == 1 ? schemas[0] : request.Item ?? throw new StatsInputException($"{table.Name} holds several questions: {string.Join(", ", schemas)}. Say which with --item.");
        if (!schemas.Contains(schema))
        {
            throw new StatsInputException($"{table.Name} has no question '{schema}'; it has {string.Join(", ", schemas)}.");
        }
        return table with
        {
            Header = ["unit", "rater", "value"],
            Rows = [.. from row in table.Rows from c in labels where Part(c, 0) == schema && IsChosen(row.Cells[c]) select row with { Cells = [row.Cells[instance], row.Cells[user], Part(c, 1)] }],
        };

        string Part(int column, int part) => table.Header[column].Split(Mark)[part];
    }

    private static bool IsChosen(string cell) => cell.Trim().ToLowerInvariant() is not ("" or "false" or "0" or "nan" or "none");
}
