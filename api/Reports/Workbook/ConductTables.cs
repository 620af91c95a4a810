using HealthEval.Agreement;

namespace HealthEval.Reports.Workbook;

/// <summary>Gold items, repeats, steps, pauses and time on the sheets Raters, Operations and Changes.</summary>
internal static class ConductTables
{
    private const int Fewest = 5;

    private static readonly IReadOnlyList<Column> OfRaters =
    [
        Column.Text("Rater", 14), Column.Number("Gold items", Look.Count), Column.Number("Scores as experts accept", Look.Rate, 11), Column.Number("95% low", Look.Rate), Column.Number("95% high", Look.Rate),
        Column.Number("Critical errors found", Look.Rate, 11), Column.Number("of", Look.Count), Column.Number("Bias against gold", "+0.00;-0.00;0.00", 11), Column.Number("Items judged twice", Look.Count),
        Column.Number("Same score again", Look.Rate, 11), Column.Text("Steps passed", 26), Column.Number("Pauses so far", Look.Count), Column.Text("State", 12), Column.Number("Tasks handed in", Look.Count),
        Column.Number("Active hours", Look.Score), Column.Number("Hours at sources", Look.Score),
    ];

    public static void Raters(Book book, Pen pen)
    {
        if (book.Week.Context?.Conduct is not { } conduct)
        {
            return;
        }

        pen.Heading("Gold items, repeats and time");
        pen.Note("Everything up to the end of this week. Gold items have a known right judgement and come unseen in between; an item judged twice is one's own, at least a week later. Neither enters any other figure. With fewer than five there is no figure.");
        pen.Table("RaterConduct", OfRaters, conduct.Raters.Select(Row), "Nobody has judged yet.");
    }

    public static void Operations(Book book, Pen pen)
    {
        if (book.Week.Context?.Conduct is not { } conduct)
        {
            return;
        }

        pen.Heading("Raters and their time, up to the end of this week");
        pen.Table(
            "RaterTime", [Column.Text("Figure", 34), Column.Number("Value", Look.Score, 14), Column.Text("What it means", 64)],
            [
                ["Raters", conduct.Raters.Count, "People who have handed in something, or have taken a step to production."],
                ["Of them paused", conduct.Raters.Count(rater => rater.IsPaused), "At the end of the week; a rule of the watch or a lead paused them."],
                ["Gold items judged", conduct.Raters.Sum(rater => rater.GoldItems), "Judgements of items with a known right judgement; they enter no other figure."],
                ["Items judged twice", conduct.Raters.Sum(rater => rater.Repeats), "To see whether raters agree with themselves."],
                ["Active hours", Math.Round(conduct.Raters.Sum(rater => rater.ActiveSeconds) / 3600.0, 1), "Time at the form, with gold items and repeats."],
                ["Hours at sources", Math.Round(conduct.Raters.Sum(rater => rater.CheckingSeconds) / 3600.0, 1), "Time with a source open beside the task; it is work."],
            ]);
    }

    public static void Changes(Book book, Pen pen)
    {
        if (book.Week.Context?.Conduct is not { } conduct)
        {
            return;
        }

        pen.Heading("Gold items added and retired");
        pen.Table(
            "ConductEdits", [Column.Text("What", 34), Column.Text("Which", 50), Column.Text("Day (UTC)", 12)],
            conduct.Edits.Select(edit => (object?[])[edit.What, edit.Words, $"{edit.Day:yyyy-MM-dd}"]), "Nothing of this kind in this week.");
    }

    private static object?[] Row(RaterConduct rater) => rater.Tasks < Fewest
        ? [rater.Rater, .. Enumerable.Repeat("–", 9), rater.Steps, rater.Pauses, rater.IsPaused ? "paused" : "", rater.Tasks, "–", "–"]
        :
        [
            rater.Rater, rater.GoldItems, Value(rater.GoldAccuracy), Limit(rater.GoldAccuracy.Low), Limit(rater.GoldAccuracy.High), Value(rater.CriticalsFound), rater.CriticalsFound.N, Value(rater.GoldBias),
            rater.Repeats, Value(rater.Consistency), rater.Steps, rater.Pauses, rater.IsPaused ? "paused" : "active", rater.Tasks, Math.Round(rater.ActiveSeconds / 3600.0, 2), Math.Round(rater.CheckingSeconds / 3600.0, 2),
        ];

    private static object Value(EstimateView estimate) => estimate.Value is { } value ? value : "–";

    private static object Limit(double? limit) => limit is { } value ? value : "–";
}
