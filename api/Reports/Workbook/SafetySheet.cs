using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports.Workbook;

/// <summary>Harm as raters judged it, and every finding they called critical.</summary>
internal static class SafetySheet
{
    public static void Write(Book book)
    {
        var pen = book.Sheet("Safety", "#B5483A");
        pen.Title("Safety", "Harm that would plausibly follow if the user acted on the answer. Counts are judgements (one rater on one response); rates on Summary count responses.");
        pen.Heading("Extent by likelihood");
        var (guideline, matrix) = (book.Week.Guideline, book.Week.HarmMatrix);
        List<Column> columns = [Column.Text("Extent", 22), .. guideline.Harm.Likelihood.Select(l => Column.Number(l.Name + " likelihood", Look.Count, 14)), Column.Number("Likelihood not stated", Look.Count, 14), Column.Number("All", Look.Count, 14)];
        var block = pen.Table("HarmMatrix", columns, Enumerable.Range(0, Vocabulary.HarmExtents.Count).Select(e => (object?[])
        [
            guideline.Harm.Extent.FirstOrDefault(t => t.Key == Vocabulary.HarmExtents[e])?.Name ?? Vocabulary.HarmExtents[e],
            .. Enumerable.Range(0, matrix.GetLength(1)).Select(l => (object)matrix[e, l]), Enumerable.Range(0, matrix.GetLength(1)).Sum(l => matrix[e, l]),
        ]));
        Shade(pen, block.FirstRow, matrix, column: 2);
        ByModel(book, pen);
        pen.Heading("How the harm would come about");
        pen.Table("Mechanisms", [Column.Text("Mechanism", 22), Column.Number("Judgements", Look.Count), Column.Text("Meaning", 14, wrap: false)], book.Week.Mechanisms.Select(m => (object?[])
            [guideline.Harm.Mechanism.FirstOrDefault(t => t.Key == m.Key)?.Name ?? m.Key, m.Value, guideline.Harm.Mechanism.FirstOrDefault(t => t.Key == m.Key)?.Description]), "No judgement stated a harm.");
        CriticalFindings(book);
    }

    /// <summary>By how bad it is, not by how often: a single death at high likelihood is dark.</summary>
    private static void Shade(Pen pen, int firstRow, int[,] matrix, int column)
    {
        for (var extent = 1; extent < matrix.GetLength(0); extent++)
        {
            for (var likelihood = 0; likelihood < Vocabulary.HarmLikelihoods.Count; likelihood++)
            {
                var color = (extent * (likelihood + 1)) switch { <= 2 => "#FDF1D3", <= 4 => "#F6D5B8", <= 8 => "#EFB2A6", _ => "#DD7A70" };
                pen.Sheet.Cell(firstRow + extent, column + likelihood).Style.Fill.SetBackgroundColor(Look.Color(color));
            }
        }
    }

    private static void ByModel(Book book, Pen pen)
    {
        var (week, figures) = (book.Week, book.Figures);
        pen.Heading("Extent by likelihood, model by model");
        string[] extents = [.. Vocabulary.HarmExtents];
        var rows = week.HarmByModel.SelectMany(m => extents.Select((extent, e) => (object?[])
            [$"{m.Key}: {extent}", .. Enumerable.Range(0, m.Value.GetLength(1)).Select(l => (object)m.Value[e, l]), Enumerable.Range(0, m.Value.GetLength(1)).Sum(l => m.Value[e, l])]));
        List<Column> columns =
        [
            Column.Text("Model and extent", 22), .. Vocabulary.HarmLikelihoods.Select(l => Column.Number($"{l} likelihood", Look.Count, 14)), Column.Number("not stated", Look.Count, 14), Column.Number("All", Look.Count, 14),
        ];
        var block = pen.Table("HarmByModel", columns, rows, "No harm was judged in this week.");
        foreach (var (matrix, i) in week.HarmByModel.Values.Select((m, i) => (m, i)))
        {
            Shade(pen, block.FirstRow + (i * extents.Length), matrix, column: 2);
        }

        pen.Heading("Unsafe reasoning (R), population (P) and other unsafe codes, per 100 responses of each model");
        pen.Note("A code that nobody marked is not impossible: the upper limit says how often it may still be.");
        pen.Table("SafetyCodes", Rates("Code"), figures.SafetyCodes.Select(c => Rate(c.Model, c.Code, c.Rate, week, "responses")), "No response was rated in this week.");
        pen.Heading("Checks and customer rules by model (musts first)");
        var levels = week.Guideline.Rules.ToDictionary(r => r.Id, r => r.Level, StringComparer.Ordinal);
        pen.Table("ChecksByModel", Rates("Check or rule"), week.AnswersByModel
            .OrderBy(a => levels.GetValueOrDefault(a.Key.Key, "~").StartsWith("must", StringComparison.Ordinal) ? 0 : 1)
            .Select(a => Rate(a.Key.Model, levels.TryGetValue(a.Key.Key, out var level) ? $"[{level}] {a.Key.Key}" : a.Key.Key, a.Value.Rate, week, "answers")), "No check was answered in this week.");
    }

    private static IReadOnlyList<Column> Rates(string what) =>
    [
        Column.Text("Model", 22), Column.Text(what, 14, wrap: false), Column.Number("Per 100", Look.OneDecimal, 14), Column.Number("95% low", Look.OneDecimal, 14), Column.Number("95% high", Look.OneDecimal, 14),
        Column.Number("Numerator", Look.Count, 14), Column.Number("Denominator", Look.Count, 14), Column.Text("of", 12, wrap: false), Column.Text("Meaning", 12, wrap: false),
    ];

    private static object?[] Rate(string model, string what, Estimate rate, WeekData week, string of) =>
    [
        model, what, rate.Value is { } v ? 100 * v : "not defined", rate.Interval is { } low ? 100 * low.Lower : "–", rate.Interval is { } high ? 100 * high.Upper : "–",
        rate.Details.Number("successes") ?? 0, rate.Details.Number("trials") ?? 0, of, week.Guideline.Codes.FirstOrDefault(c => c.Code == what)?.Name,
    ];

    /// <summary>Single raters' findings, before any adjudication: spans marked critical, and critical claims that were refuted or outdated.</summary>
    private static void CriticalFindings(Book book)
    {
        var ids = book.Cases.Shown.ToDictionary(c => (c.TaskId, c.ResponseId), c => c.Id);
        book.Long(new LongSheet(
            "Critical findings", "CriticalFindings",
            [
                Column.Text("Case", 8, wrap: false), Column.Text("Task", 20, wrap: false), Column.Text("Response", 20, wrap: false), Column.Text("Model", 20, wrap: false), Column.Text("Rater", 12, wrap: false), Column.Text("What", 24, wrap: false),
                Column.Text("Simulated", 11, wrap: false), Column.Text("Passage", 70, wrap: false), Column.Text("Comment or correction", 60, wrap: false),
            ],
            () => book.Week.Critical.Select(c => c.Unit[(c.TaskId.Length + 1)..] is var response ? (object?[])
                [ids.GetValueOrDefault((c.TaskId, response), "–"), c.TaskId, response, book.Week.Item(c.TaskId).Response(response).Model, c.Rater, c.What, c.Simulated ? "simulated" : "no", c.Quote, c.Comment] : []),
            "Nothing was marked critical in this week."));
    }
}
