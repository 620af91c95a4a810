namespace HealthEval.Reports.Workbook;

/// <summary>The taxonomy at two levels: which errors, how bad, how often, with an example; strengths apart.</summary>
internal static class ErrorsSheet
{
    private const string Name = "Errors";
    private const int MostInChart = 15;

    private static readonly IReadOnlyDictionary<string, string> GroupNames = new Dictionary<string, string>
    {
        ["F"] = "Factual",
        ["E"] = "Evidence",
        ["K"] = "Conceptual",
        ["D"] = "Diagnostics",
        ["H"] = "Health system and public health",
        ["R"] = "Unsafe reasoning",
        ["M"] = "Mental health",
        ["P"] = "Population and context",
        ["O"] = "Omission",
        ["C"] = "Communication",
        ["B"] = "Behaviour and guideline",
        ["G"] = "Strength",
    };

    private static readonly IReadOnlyList<Column> Codes =
    [
        Column.Text("Code", 14, wrap: false), Column.Text("Name", 32, wrap: false), Column.Text("Group", 24, wrap: false), new("Marked", 10, Look.Count), Column.Number("Cumulative share", Look.Rate),
        Column.Number("Minor", Look.Count), Column.Number("Major", Look.Count), Column.Number("Critical", Look.Count), Column.Number("No severity", Look.Count),
        Column.Number("Penalty", Look.Count), Column.Number("Responses affected", Look.Count), Column.Number("of responses", Look.Count), Column.Number("Affected", Look.Rate), Column.Number("95% low", Look.Rate), Column.Number("95% high", Look.Rate),
        Column.Text("Task", 16, wrap: false), Column.Text("Most severe example", 50),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet(Name, Look.Accent);
        pen.Title("Errors", $"Spans that raters marked, by taxonomy code. Severity weights: {Weights(book)}; penalty is their sum. Two raters who mark the same passage count twice under Marked, once under Responses.");
        var errors = book.Week.Codes.Values.Where(c => c.Count > 0 && !c.Code.StartsWith('G')).OrderByDescending(c => c.Count).ThenBy(c => c.Code, StringComparer.Ordinal).ToList();
        pen.Heading("By group");
        Groups(book, pen, errors);
        pen.Heading("By code");
        var block = pen.Table("ErrorCodes", Codes, Rows(book, errors), "No error was marked in this week.");
        Pareto(book, pen, block, errors);
        pen.Heading("Strengths");
        pen.Table("Strengths", Codes, book.Week.Codes.Values.Where(c => c.Count > 0 && c.Code.StartsWith('G')).OrderByDescending(c => c.Count).ThenBy(c => c.Code, StringComparer.Ordinal)
            .Select(c => (object?[])[c.Code, NameOf(book, c.Code), "Strength", c.Count, "–", .. c.BySeverity.Select(n => (object)n), "–", .. Rate(book, c), c.ExampleTask, c.Example]), "No strength was marked in this week.");
    }

    private static string Weights(Book book) => string.Join(", ", book.Week.Guideline.Severities.Select(s => $"{s.Key} {s.Weight}"));

    private static void Groups(Book book, Pen pen, List<CodeTally> errors)
    {
        var groups = errors.GroupBy(e => GroupOf(book, e.Code), StringComparer.Ordinal)
            .Select(g => (Name: g.Key, Counts: Enumerable.Range(0, 4).Select(s => g.Sum(c => c.BySeverity[s])).ToArray(), Penalty: g.Sum(c => c.Penalty)))
            .OrderByDescending(g => g.Counts.Sum()).ThenBy(g => g.Name, StringComparer.Ordinal).ToList();
        List<Column> columns =
        [
            Column.Text("Group", 14, wrap: false), Column.Text("Meaning", 32, wrap: false), Column.Number("Minor", Look.Count), Column.Number("Major", Look.Count), Column.Number("Critical", Look.Count), Column.Number("No severity", Look.Count), Column.Number("Marked", Look.Count), Column.Number("Penalty", Look.Count),
        ];
        var block = pen.Table("ErrorGroups", columns, groups.Select(g => (object?[])[LetterOf(g.Name), g.Name, .. g.Counts.Select(c => (object)c), g.Counts.Sum(), g.Penalty]), "No error was marked in this week.");
        if (groups.Count > 0)
        {
            var row = block.LastRow + 1;
            Pen.Put(pen.Sheet.Cell(row, 2), "All errors");
            double[] totals = [.. Enumerable.Range(0, 4).Select(s => (double)groups.Sum(g => g.Counts[s])), groups.Sum(g => g.Counts.Sum()), groups.Sum(g => g.Penalty)];
            for (var i = 0; i < totals.Length; i++)
            {
                var letter = (char)('C' + i);
                book.Formula(pen.Sheet.Cell(row, i + 3), $"SUM({letter}{block.FirstRow}:{letter}{block.LastRow})", totals[i]);
                pen.Sheet.Cell(row, i + 3).Style.NumberFormat.SetFormat(Look.Count);
            }

            pen.Sheet.Range(row, 1, row, columns.Count).Style.Font.SetBold();
            pen.Skip();
        }
    }

    private static IEnumerable<object?[]> Rows(Book book, List<CodeTally> errors)
    {
        var (all, sum) = ((double)errors.Sum(e => e.Count), 0);
        foreach (var code in errors)
        {
            sum += code.Count;
            yield return
            [
                code.Code, NameOf(book, code.Code), GroupOf(book, code.Code), code.Count, sum / all, .. code.BySeverity.Select(n => (object)n), code.Penalty,
                .. Rate(book, code), code.ExampleTask, code.Example,
            ];
        }
    }

    private static object?[] Rate(Book book, CodeTally code)
    {
        var rate = book.Figures.Affected(code);
        return [rate.Details.Number("successes") ?? 0, rate.Details.Number("trials") ?? 0, rate, .. Pen.Limits(rate)];
    }

    private static void Pareto(Book book, Pen pen, Block block, List<CodeTally> errors)
    {
        if (errors.Count < 2)
        {
            return;
        }

        var shown = errors.Take(MostInChart).ToList();
        double all = errors.Sum(e => e.Count);
        var names = new Texts(block.Reference(1, shown.Count), [.. shown.Select(e => e.Code)]);
        var counts = new Numbers(block.Reference(4, shown.Count), [.. shown.Select(e => (double?)e.Count)]);
        var shares = new Numbers(block.Reference(5, shown.Count), [.. shown.Select((_, i) => (double?)(shown.Take(i + 1).Sum(e => e.Count) / all))]);
        book.Charts.Add(new Chart(
            Name, ChartKind.Columns, "Most frequent errors (bars) and cumulative share (line)",
            [new ChartSeries("marked", names, counts, "1B6E78"), new ChartSeries("cumulative share", names, shares, "E69F00", AsLine: true)],
            (0, pen.Row - 1, 10, pen.Row + 17), new Axis("times marked", 0, null, "0"), new Axis("cumulative share", 0, 1, "0%")));
        pen.Skip(20);
    }

    private static string NameOf(Book book, string code) => book.Week.Guideline.Codes.FirstOrDefault(c => c.Code == code)?.Name ?? "not in the taxonomy";

    private static string GroupOf(Book book, string code) =>
        book.Week.Guideline.Codes.FirstOrDefault(c => c.Code == code)?.Group is { } letter ? GroupNames.GetValueOrDefault(letter, letter) : "not in the taxonomy";

    private static string LetterOf(string group) => GroupNames.FirstOrDefault(g => g.Value == group).Key ?? "–";
}
