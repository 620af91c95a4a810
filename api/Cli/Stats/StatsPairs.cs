using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Paired comparisons from a CSV in any of their usual shapes.</summary>
internal static class StatsPairs
{
    public static IReadOnlyList<PairResult> Read(StatsTable table, StatsRequest request)
    {
        request.ShapeRead = $"a row per comparison: columns {string.Join(", ", table.Header)}";
        if (IsSquare(table))
        {
            request.ShapeRead = "square table of wins: row beats column";
            return [.. table.Rows.SelectMany(r => Enumerable.Range(1, table.Header.Length - 1).Select(c => new PairResult(r.Cells[0].Trim(), table.Header[c], Count(table, r, c), 0)))];
        }
        var (winner, loser) = (table.Find("winner", "won", "cited", "better", "chosen", "preferred"), table.Find("loser", "lost", "citing", "worse", "rejected"));
        if (winner >= 0 && loser >= 0)
        {
            var count = table.Find("count", "n", "wins", "times", "weight", "freq", "frequency");
            return [.. table.Rows.Select(r => new PairResult(r.Cells[winner].Trim(), r.Cells[loser].Trim(), count < 0 ? 1 : Count(table, r, count), 0))];
        }
        var (first, second) = FirstAndSecond(table, winner);
        if (winner >= 0)
        {
            return [.. table.Rows.Select(r => Outcome(table, r, first, second, winner))];
        }
        int[] numbers = [.. Enumerable.Range(0, table.Header.Length).Where(c => c != first && c != second && table.Rows.All(r => StatsValues.Number(r.Cells[c]) is not null))];
        var tie = Array.Find(numbers, c => StatsTable.Plain(table.Header[c]) is "tie" or "ties" or "draw" or "draws" or "tied") is var t && t > 0 ? t : -1;
        int[] wins = [.. numbers.Where(c => c != tie)];
        return wins.Length switch
        {
            0 => [.. table.Rows.Select(r => new PairResult(r.Cells[first].Trim(), r.Cells[second].Trim(), 1, 0))],
            1 => [.. table.Rows.Select(r => new PairResult(r.Cells[first].Trim(), r.Cells[second].Trim(), Count(table, r, wins[0]), 0, tie < 0 ? 0 : Count(table, r, tie)))],
            2 => [.. table.Rows.Select(r => new PairResult(r.Cells[first].Trim(), r.Cells[second].Trim(), Count(table, r, wins[0]), Count(table, r, wins[1]), tie < 0 ? 0 : Count(table, r, tie)))],
            3 when tie < 0 => [.. table.Rows.Select(r => new PairResult(r.Cells[first].Trim(), r.Cells[second].Trim(), Count(table, r, wins[0]), Count(table, r, wins[1]), Count(table, r, wins[2])))],
            _ => throw Unclear(table),
        };
    }

    private static bool IsSquare(StatsTable table) => table.Header.Length > 2
        && table.Header.Skip(1).Order(StringComparer.Ordinal).SequenceEqual(table.Rows.Select(r => r.Cells[0].Trim()).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static (int First, int Second) FirstAndSecond(StatsTable table, int winner)
    {
        var (first, second) = (
            table.Find("first", "a", "model_a", "item1", "player1", "home_team", "home", "left", "item_a", "response_a", "team1"),
            table.Find("second", "b", "model_b", "item2", "player2", "away_team", "away", "right", "item_b", "response_b", "team2"));
        if (first >= 0 && second >= 0)
        {
            return (first, second);
        }
        int[] text = [.. Enumerable.Range(0, table.Header.Length).Where(c => c != winner && table.Rows.Any(r => StatsValues.Number(r.Cells[c]) is null))];
        return text.Length == 2 ? (text[0], text[1]) : throw Unclear(table);
    }

    private static PairResult Outcome(StatsTable table, StatsRow row, int first, int second, int winner)
    {
        var (a, b, said) = (row.Cells[first].Trim(), row.Cells[second].Trim(), row.Cells[winner].Trim());
        if (said == a || said == b)
        {
            return new PairResult(a, b, said == a ? 1 : 0, said == b ? 1 : 0);
        }
        return StatsTable.Plain(said) switch
        {
            "a" or "first" or "modela" or "left" or "1" or "responsea" => new PairResult(a, b, 1, 0),
            "b" or "second" or "modelb" or "right" or "2" or "responseb" => new PairResult(a, b, 0, 1),
            "tie" or "draw" or "tied" or "both" or "bothbad" or "neither" or "0" or "tiebothbad" or "equal" => new PairResult(a, b, 0, 0, 1),
            _ => throw new StatsInputException($"{table.Name}, line {row.Line}: the winner '{said}' is neither '{a}' nor '{b}' nor A, B, first, second, tie."),
        };
    }

    private static double Count(StatsTable table, StatsRow row, int column) => row.Cells[column].Trim() is "" or "-" ? 0 : StatsValues.Number(row.Cells[column]) is { } n and >= 0
        ? n
        : throw new StatsInputException($"{table.Name}, line {row.Line}: '{row.Cells[column]}' is not a number of wins (0 or more).");

    private static StatsInputException Unclear(StatsTable table) => new(
        $"{table.Name} does not read as comparisons (columns: {string.Join(", ", table.Header)}). Use winner,loser[,count]; a,b,winner; or first,second,wins1,wins2[,ties].");
}
