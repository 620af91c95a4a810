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
        pen.Sheet.Range(block.FirstRow + 1, 2, block.LastRow, matrix.GetLength(1)).AddConditionalFormat().ColorScale()
            .LowestValue(ClosedXML.Excel.XLColor.White).HighestValue(Look.Color("#E8A79F"));
        pen.Heading("How the harm would come about");
        pen.Table("Mechanisms", [Column.Text("Mechanism", 22), Column.Number("Judgements", Look.Count), Column.Text("Meaning", 14, wrap: false)], book.Week.Mechanisms.Select(m => (object?[])
            [guideline.Harm.Mechanism.FirstOrDefault(t => t.Key == m.Key)?.Name ?? m.Key, m.Value, guideline.Harm.Mechanism.FirstOrDefault(t => t.Key == m.Key)?.Description]), "No judgement stated a harm.");
        CriticalFindings(book);
    }

    /// <summary>Single raters' findings, before any adjudication: spans marked critical, and critical claims that were refuted or outdated.</summary>
    private static void CriticalFindings(Book book)
    {
        book.Long(new LongSheet(
            "Critical findings", "CriticalFindings",
            [
                Column.Text("Task", 20, wrap: false), Column.Text("Response", 20, wrap: false), Column.Text("Model", 20, wrap: false), Column.Text("Rater", 12, wrap: false), Column.Text("What", 24, wrap: false),
                Column.Text("Simulated", 11, wrap: false), Column.Text("Passage", 70, wrap: false), Column.Text("Comment or correction", 60, wrap: false),
            ],
            () => book.Week.Critical.Select(c => c.Unit[(c.TaskId.Length + 1)..] is var response ? (object?[])
                [c.TaskId, response, book.Week.Item(c.TaskId).Response(response).Model, c.Rater, c.What, c.Simulated ? "simulated" : "no", c.Quote, c.Comment] : []),
            "Nothing was marked critical in this week."));
    }
}
