using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports.Workbook;

/// <summary>The behaviour checklist, the customer's rules and the rubrics.</summary>
internal static class BehaviourSheet
{
    public static void Write(Book book)
    {
        var pen = book.Sheet("Behaviour", Look.Accent);
        pen.Title("Behaviour, rules and rubrics", "Each check is answered yes, no, n/a or unclear per response; only yes and no enter the rate.");
        pen.Heading("Behaviour checklist");
        pen.Table("Behaviour", Columns("Check", "Yes", "No"), book.Week.Behaviour.Values.Select(t => Row(t, book.Week.Guideline.Behaviour.FirstOrDefault(b => b.Key == t.Key)?.Text, "yes", "no", "na")), "No check was answered in this week.");
        pen.Heading("Customer rules");
        pen.Note("Alignment = complies ÷ (complies + violates).");
        pen.Table("Rules", Columns("Rule", "Complies", "Violates"), book.Week.Rules.Values.Select(t => Row(t, RuleText(book, t.Key), "complies", "violates", "not_applicable")), "No customer rule was answered in this week.");
        pen.Heading("Rubrics");
        pen.Note("Score of one reading = Σ points of met criteria ÷ Σ positive points; a model's score is the mean, clipped to 0–1; the interval resamples prompts.");
        pen.Table("Rubrics", Rubrics, book.Week.RubricScores.GroupBy(r => r.Model, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(Row), "No rubric was answered in this week.");
    }

    private static IReadOnlyList<Column> Columns(string what, string good, string bad) =>
    [
        Column.Text(what, 16), Column.Text("Text", 56), Column.Number(good, Look.Count), Column.Number(bad, Look.Count), Column.Number("Not applicable", Look.Count), Column.Number("Unclear", Look.Count),
        Column.Number("Rate", Look.Rate), Column.Number("95% low", Look.Rate), Column.Number("95% high", Look.Rate), Column.Number("Answers", Look.Count), Column.Text("Remark", 26), Column.Text("Example", 60),
    ];

    private static readonly IReadOnlyList<Column> Rubrics =
    [
        Column.Text("Model", 16), Column.Text("What a reading is", 56), Column.Number("Score", Look.Score), Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score), Column.Number("Readings", Look.Count),
        Column.Number("Criteria met", Look.Count), Column.Number("of judged", Look.Count), Column.Number("Met", Look.Rate), Column.Text("Remark", 10, wrap: false),
    ];

    private static string? RuleText(Book book, string id) => book.Week.Guideline.Rules.FirstOrDefault(r => r.Id == id) is { } rule ? $"[{rule.Level}] {rule.Text}" : null;

    private static object?[] Row(AnswerTally tally, string? text, string good, string bad, string none)
    {
        var (yes, no) = (tally.Of(good), tally.Of(bad));
        var rate = tally.Rate;
        return [tally.Key, text, yes, no, tally.Of(none), tally.Of("unclear"), rate, .. Pen.Limits(rate), yes + no, Pen.Remark(rate), tally.WorstExample];
    }

    private static object?[] Row(IGrouping<string, RubricScore> model)
    {
        var scored = model.Where(r => r.Score is not null).ToList();
        var mean = ClusterMean.Compute([.. scored.Select(r => r.Score!.Value)], [.. scored.Select(r => r.Prompt)], Figures.Resampling, "rubric score");
        var (met, judged) = (model.Sum(r => r.Met), model.Sum(r => r.Judged));
        object score = mean.Value is { } v ? Math.Clamp(v, 0, 1) : mean;
        var clipped = mean.Interval is { } i ? new object?[] { Math.Clamp(i.Lower, 0, 1), Math.Clamp(i.Upper, 0, 1) } : Pen.Limits(mean);
        return [model.Key, "one rater's reading of one response", score, .. clipped, scored.Count, met, judged, judged == 0 ? "not defined" : (double)met / judged, Pen.Remark(mean)];
    }
}
