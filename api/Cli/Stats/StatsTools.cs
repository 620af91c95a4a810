namespace HealthEval.Cli.Stats;

/// <summary>
/// Tables of tools that hold several questions: Potato's (a row per user and instance, a column <c>schema:::label</c> for each label, filled where it was chosen)
/// and Langfuse's scores (a row per score: <c>name, value, authorUserId, traceId</c>).
/// </summary>
internal static class StatsTools
{
    private const string Mark = ":::";

    /// <summary>The same as a row per rating, for the one schema there is or the one that --item names; other tables as they are.</summary>
    public static StatsTable Reshaped(StatsTable table, StatsRequest request)
    {
        int[] labels = [.. Enumerable.Range(0, table.Header.Length).Where(c => table.Header[c].Contains(Mark, StringComparison.Ordinal))];
        var (user, instance) = (table.Find("user", "user_id", "annotator"), table.Find("instance_id", "instance"));
        if (labels.Length == 0 || user < 0 || instance < 0)
        {
            return Scores(table, request);
        }
        var schema = Question(table, request, [.. labels.Select(c => Part(c, 0)).Distinct(StringComparer.Ordinal)]);
        return table with
        {
            Header = ["unit", "rater", "value"],
            Rows = [.. from row in table.Rows from c in labels where Part(c, 0) == schema && IsChosen(row.Cells[c]) select row with { Cells = [row.Cells[instance], row.Cells[user], Part(c, 1)] }],
        };

        string Part(int column, int part) => table.Header[column].Split(Mark)[part];
    }

    private static StatsTable Scores(StatsTable table, StatsRequest request)
    {
        var (name, value, author, trace) = (table.Find("name"), table.Find("value"), table.Find("authorUserId"), table.Find("traceId"));
        if (name < 0 || value < 0 || author < 0 || trace < 0)
        {
            return table;
        }
        var question = Question(table, request, [.. table.Rows.Select(r => r.Cells[name].Trim()).Distinct(StringComparer.Ordinal)]);
        return table with
        {
            Header = ["unit", "rater", "value"],
            Rows = [.. table.Rows.Where(r => r.Cells[name].Trim() == question).Select(r => r with { Cells = [r.Cells[trace], r.Cells[author], r.Cells[value]] })],
        };
    }

    private static string Question(StatsTable table, StatsRequest request, string[] all)
    {
        var question = all.Length == 1 ? all[0] : request.Item ?? throw new StatsInputException($"{table.Name} holds several questions: {string.Join(", ", all)}. Say which with --item.");
        return all.Contains(question) ? question : throw new StatsInputException($"{table.Name} has no question '{question}'; it has {string.Join(", ", all)}.");
    }

    private static bool IsChosen(string cell) => cell.Trim().ToLowerInvariant() is not ("" or "false" or "0" or "nan" or "none");
}
