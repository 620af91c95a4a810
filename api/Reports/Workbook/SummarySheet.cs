using ClosedXML.Excel;
using HealthEval.Agreement;

namespace HealthEval.Reports.Workbook;

/// <summary>One landscape page that a reader understands without help.</summary>
internal static class SummarySheet
{
    private const int Columns = 13;
    private const double Width = 13.5;
    private const int FindingsRows = 14;
    private static string[] Cards(Book book) => ["index", "harm_" + book.Figures.Rule.Key(), "precision", "critical_" + book.Figures.Rule.Key(), "agreement", "exact"];

    public static void Write(Book book)
    {
        var pen = book.Sheet("Summary", Look.Ink, freezeTitle: false);
        var sheet = pen.Sheet;
        sheet.Columns(1, Columns).Width = Width;
        sheet.PageSetup.FitToPages(1, 0);
        Banner(book, pen);
        WriteCards(book, pen);
        var charts = pen.Row;
        WriteFindings(book, pen);
        pen.Skip(Math.Max(0, charts + FindingsRows - pen.Row)); // room for the chart beside them
        if (book.Cases.All > 0)
        {
            CasesSheet.Link(pen.Sheet.Cell(pen.Row, 1), $"Read the {book.Cases.All:N0} critical or harmful {(book.Cases.All == 1 ? "case" : "cases")}", $"'{CasesSheet.Name}'!A1");
            pen.Skip(2);
        }

        AddCharts(book, pen, charts);
        WriteHeadlines(book, pen);
        WriteTrend(book, pen);
        pen.Note("CI = 95% confidence interval: the range in which the true value plausibly lies. α = Krippendorff's alpha: 1 is perfect agreement, 0 is chance. Definitions: sheet Methods.");
        pen.FitNotes(Columns);
    }

    private static void Banner(Book book, Pen pen)
    {
        var (week, project) = (book.Week.Week, book.Week.Project);
        Line(pen, $"{project.Name}: {(week.IsWeek ? "weekly evaluation" : "campaign report")}", Look.Ink, "#FFFFFF", 20, 34, bold: true);
        Line(pen, $"{project.Customer}  ·  {week.Words} ({week.Start:d MMMM} to {week.LastDay:d MMMM yyyy}, UTC)  ·  guideline {GuidelineUse.Words(project.Guidelines)}", Look.Ink, "#CFE3E6", 11, 20, bold: false);
        Line(pen, Size(book), Look.Soft, Look.Ink, 11, 22, bold: false);
        if (book.Week.Simulated > 0)
        {
            Line(pen, $"SIMULATED: {book.Week.Simulated:N0} of {book.Week.Judgements:N0} judgements were made by a program, not by clinicians. Do not use these figures for decisions.", Look.Red, Look.RedInk, 11, 22, bold: true);
        }

        if (project.Revision is { } revision)
        {
            Line(pen, $"REVISION {revision.Number}: replaces the report whose manifest has the SHA-256 {revision.Replaces[..12]}…, which is kept. Reason: {revision.Reason}", Look.Amber, Look.AmberInk, 11, 22, bold: true);
        }

        if (project.Open)
        {
            Line(pen, $"{(week.IsWeek ? "WEEK" : "CAMPAIGN")} STILL OPEN: judgements are still coming in; this report will be replaced when the {(week.IsWeek ? "week" : "last week")} has ended.", Look.Amber, Look.AmberInk, 11, 22, bold: true);
        }

        if (book.Figures.Empty)
        {
            Line(pen, "NO DATA: no judgement was submitted in this week. The sheets are kept so that the series of reports is complete.", Look.Amber, Look.AmberInk, 11, 22, bold: true);
        }

        pen.Skip();
    }

    private static string Size(Book book) => book.Figures.Empty
        ? "No judgements in this week."
        : $"{Many(book.Week.Judgements, "judgement")} by {Many(book.Week.RaterTallies.Count, "rater")} on {Many(book.Figures.Responses, "response")} to {Many(book.Week.Prompts, "prompt")}, from {Many(book.Figures.Models.Count, "model")}.";

    private static string Many(int n, string noun) => $"{n:N0} {noun}{(n == 1 ? "" : "s")}";

    private static void Line(Pen pen, string text, string fill, string ink, double size, double height, bool bold)
    {
        var range = pen.Sheet.Range(pen.Row, 1, pen.Row, Columns);
        range.Style.Fill.SetBackgroundColor(Look.Color(fill));
        var cell = pen.Sheet.Cell(pen.Row, 1);
        Pen.Put(cell, text);
        cell.Style.Font.SetFontSize(size).Font.SetFontColor(Look.Color(ink)).Font.SetBold(bold).Alignment.SetVertical(XLAlignmentVerticalValues.Center).Alignment.SetIndent(1);
        pen.Sheet.Row(pen.Row).Height = height;
        pen.Skip();
    }

    private static void WriteCards(Book book, Pen pen)
    {
        var cards = Cards(book);
        for (var i = 0; i < cards.Length; i++)
        {
            Card(book, pen, (2 * i) + 1, book.Headlines.Find(cards[i])!);
        }

        pen.Sheet.Row(pen.Row + 1).Height = 36;
        pen.Sheet.Rows(pen.Row + 5, pen.Row + 6).Height = 26;
        pen.Skip(8);
    }

    private static void Card(Book book, Pen pen, int column, Headline headline)
    {
        var sheet = pen.Sheet;
        var box = sheet.Range(pen.Row, column, pen.Row + 6, column + 1);
        box.Style.Fill.SetBackgroundColor(Look.Color(Look.Soft));
        box.Style.Border.SetOutsideBorder(XLBorderStyleValues.Medium).Border.SetOutsideBorderColor(XLColor.White);
        Write(0, headline.Name, 9, Look.Ink, bold: true);
        Write(2, headline.Range, 9, Look.Ink, bold: false);
        Write(3, Basis(headline), 9, Look.Muted, bold: false);
        Write(4, Before(book, headline), 9, Look.Muted, bold: false);
        Write(5, Since(book, headline), 9, Look.Muted, bold: false, wrap: true);
        Write(6, Targets.Of(headline, book.Week.Project.Report) is { } target ? $"target {target}: {Targets.Status(headline, book.Week.Project.Report)}" : "no target", 9, Look.Ink, bold: true, wrap: true);
        Write(1, headline.Value is { } v ? v : "not defined", headline.Value is null ? 13 : 24, headline.Value is null ? Look.Muted : Look.Accent, bold: true);
        sheet.Cell(pen.Row + 1, column).Style.NumberFormat.SetFormat(Look.FormatOf(headline));

        void Write(int row, object value, double size, string ink, bool bold, bool wrap = false)
        {
            var range = sheet.Range(pen.Row + row, column, pen.Row + row, column + 1).Merge();
            Pen.Put(range.FirstCell(), value);
            range.Style.Font.SetFontSize(size).Font.SetFontColor(Look.Color(ink)).Font.SetBold(bold);
            range.Style.Alignment.SetHorizontal(XLAlignmentHorizontalValues.Left).Alignment.SetIndent(1).Alignment.SetVertical(XLAlignmentVerticalValues.Center).Alignment.SetWrapText(wrap).Alignment.SetShrinkToFit(!wrap);
        }
    }

    private static string Basis(Headline h) =>
        (h.Numerator is { } k ? $"{k:N0} of {h.Denominator:N0} {h.Unit}" : $"n = {h.N:N0} {h.Unit}") + (h.LowN ? " · low n" : "");

    private static string Before(Book book, Headline headline) => book.Changes.Before is null ? "week before: no judgements"
        : book.Changes.Of(headline).Before is { } value ? $"week before: {headline.Show(value)}" : "week before: not defined";

    private static string Since(Book book, Headline headline) => book.Changes.Of(headline) is { Difference.Value: not null } change
        ? $"{change.Short}: {(change.IsClear ? change.Reading : change.Difference.Interval is null ? "not tested" : "no clear change")}"
        : "change: not defined";

    private static void WriteFindings(Book book, Pen pen)
    {
        var findings = new Findings(book.Figures, book.Headlines, book.Changes);
        Section(book.Week.Week.IsWeek ? "What the week shows" : "What the campaign shows", findings.Observations, "Nothing can be said without data.");
        Section("Risks", findings.Risks, book.Figures.Empty ? "None can be assessed without data." : $"No risk stands out in the figures of {book.Week.Week.This}.");
        Section("What to do next", findings.Actions, book.Figures.Empty ? "Check whether batches and raters were assigned to this project." : $"Nothing beyond the usual follows from the figures of {book.Week.Week.This}.");

        void Section(string title, IReadOnlyList<string> sentences, string otherwise)
        {
            pen.Heading(title);
            foreach (var sentence in sentences.DefaultIfEmpty(otherwise))
            {
                var range = pen.Sheet.Range(pen.Row, 1, pen.Row, 6).Merge();
                Pen.Put(range.FirstCell(), "• " + sentence);
                range.Style.Alignment.SetWrapText().Alignment.SetVertical(XLAlignmentVerticalValues.Top).Font.SetFontSize(11).Font.SetFontColor(Look.Color(Look.Ink));
                var line = 6 * Width * 1.15; // letters are narrower than the digits that widths count
                pen.Sheet.Row(pen.Row).Height = 15.5 * Math.Ceiling((sentence.Length + 2) / line);
                pen.Skip();
            }

            pen.Sheet.Row(pen.Row).Height = 6;
            pen.Skip();
        }
    }

    private static void AddCharts(Book book, Pen pen, int top)
    {
        var bottom = pen.Row - 2;
        if (book.Figures.Empty)
        {
            return;
        }

        book.Charts.Add(DimensionsSheet.MeansChart(book, "Summary", (6, top - 1, 12, bottom)));
    }

    private static void WriteHeadlines(Book book, Pen pen)
    {
        pen.Sheet.PageSetup.AddHorizontalPageBreak(pen.Row - 1); // what is above is one page, at a size that can be read
        pen.Heading("All headline figures");
        List<Column> columns =
        [
            Column.Text("Figure", Width), Column.Number("Value", Look.Score, Width), Column.Number("95% low", Look.Score, Width), Column.Number("95% high", Look.Score, Width),
            Column.Number("Numerator", Look.Count, Width), Column.Number("Denominator", Look.Count, Width), Column.Number("n", Look.Count, Width), Column.Text("n counts", Width),
            Column.Number("Week before", Look.Score, Width), Column.Text("Change (95% CI)", Width), Column.Text("Target and status", Width), Column.Text("Remark", Width),
            Column.Text(book.Week.Cumulative is { } all ? $"All weeks so far ({all.Week})" : "All weeks so far", Width),
        ];
        var block = pen.Table("Headlines", columns, book.Headlines.Figures.Select(h => new object?[]
        {
            h.Name, h.Value is { } v ? v : "not defined", h.Low is { } low ? low : "–", h.High is { } high ? high : "–",
            h.Numerator is { } k ? k : "–", h.Denominator is { } d ? d : "–", h.N, h.Unit, book.Changes.Of(h).Before is { } b ? b : "–",
            book.Changes.Of(h) is { Difference.Value: not null } change ? $"{change.Short}: {change.Reading}" : "–", Targets.Of(h, book.Week.Project.Report) is { } target ? $"{target}: {Targets.Status(h, book.Week.Project.Report)}" : "no target", RemarkOf(h), Cumulative(book, h),
        }));
        for (var i = 0; i < book.Headlines.Figures.Count; i++)
        {
            var format = Look.FormatOf(book.Headlines.Figures[i]);
            pen.Sheet.Range(block.FirstRow + i, 2, block.FirstRow + i, 4).Style.NumberFormat.SetFormat(format);
            pen.Sheet.Cell(block.FirstRow + i, 9).Style.NumberFormat.SetFormat(format);
        }
    }

    /// <summary>The same figure of all judgements up to the end of the week, with its interval and what it rests on.</summary>
    private static string Cumulative(Book book, Headline headline) => book.Week.Cumulative?.Find(headline.Key) switch
    {
        null => "–",
        { Value: null } => "not defined",
        { Low: null } all => $"{all.Show(all.Value)} (n {all.N:N0})",
        var all => $"{all.Show(all.Value)} ({all.Show(all.Low)} to {all.Show(all.High)}; n {all.N:N0})",
    };

    /// <summary>The weeks before, as their own reports stated them, and this one.</summary>
    private static void WriteTrend(Book book, Pen pen)
    {
        if (book.Week.History.Count == 0)
        {
            return;
        }

        pen.Heading(book.Week.Week.IsWeek ? "The last weeks" : "Week by week, and all together");
        var (harm, critical) = ("harm_" + book.Figures.Rule.Key(), "critical_" + book.Figures.Rule.Key());
        WeekHeadlines[] weeks = [.. book.Week.History, book.Headlines];
        List<Column> columns =
        [
            Column.Text("Week", Width), Column.Number("Index 0–100", Look.OneDecimal, Width), Column.Number("Harm ≥ moderate", Look.Rate, Width), Column.Number("Factual precision", Look.Rate, Width),
            Column.Number("Critical error", Look.Rate, Width), Column.Number("Responses", Look.Count, Width), Column.Text("Simulated", Width),
        ];
        var block = pen.Table("Trend", columns, weeks.Select(w => (object?[])
            [w.Week, Of(w, "index"), Of(w, harm), Of(w, "precision"), Of(w, critical), w.Responses, w.Simulated ? "simulated" : "no"]));
        var names = new Texts(block.Reference(1), [.. weeks.Select(w => w.Week)]);
        book.Charts.Add(new Chart(
            "Summary", ChartKind.Columns, "Quality index (bars) and harm rate (line), week by week",
            [
                new ChartSeries("index", names, new Numbers(block.Reference(2), [.. weeks.Select(w => w.Find("index")?.Value)]), "8CC0C6"),
                new ChartSeries("harm moderate or worse", names, new Numbers(block.Reference(3), [.. weeks.Select(w => w.Find(harm)?.Value)]), "B5483A", AsLine: true),
            ],
            (7, block.HeaderRow - 2, 12, block.HeaderRow + 10), new Axis("index (0–100)", 0, 100, "0"), new Axis("harm rate", 0, null, "0%")));
        pen.Skip(Math.Max(0, 9 - weeks.Length));

        static object Of(WeekHeadlines week, string key) => week.Find(key)?.Value is { } v ? v : "not defined";
    }

    private static string RemarkOf(Headline h) => h switch
    {
        { Value: null } => Sentence.Of(h.Undefined!),
        { Low: null } => "one prompt only: no interval",
        { LowN: true } => "low n",
        _ => "",
    };
}
