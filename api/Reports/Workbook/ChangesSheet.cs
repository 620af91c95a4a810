using HealthEval.Guidelines;

namespace HealthEval.Reports.Workbook;

/// <summary>What changed since the week before: the figures, what raters were asked, and what was scored again.</summary>
internal static class ChangesSheet
{
    private static readonly IReadOnlyList<Column> Numbers =
    [
        Column.Number("Week before", Look.Score, 12), Column.Number("This week", Look.Score, 12), Column.Number("Change, like for like", Look.Score),
        Column.Number("95% low", Look.Score), Column.Number("95% high", Look.Score), Column.Number("Raw change", Look.Score), Column.Number("Raw: 95% low", Look.Score), Column.Number("Raw: 95% high", Look.Score),
        Column.Number("p, adjusted", "0.000"), Column.Number("Counted before", Look.Count), Column.Number("Counted now", Look.Count), Column.Text("What is counted", 18, wrap: false),
    ];

    public static void Write(Book book)
    {
        var pen = book.Sheet("Changes", Look.Accent);
        pen.Title("Changes", "Against the week before, computed from its judgements. The change is like for like: models and strata of both weeks, in the same shares; the raw change of all responses stands beside it. A change is called clear only when its interval excludes 0 after adjustment for looking at many figures (Holm). Changes of rates are in percentage points.");
        pen.Heading("Headline figures");
        Table(pen, "FigureChanges", book.Changes.Headlines);
        Mix(pen, book.Changes.Mix);
        pen.Heading("Guideline, taxonomy and trusted sources");
        var before = book.Week.Context!.PreviousGuideline;
        pen.Table(
            "GuidelineChanges", [Column.Text("Part and entry", 34), Column.Text("Before and after", 50), Column.Text("Edit", 12)],
            before is null ? [] : GuidelineChanges.Between(before, book.Week.MainGuideline).Select(c => (object?[])[$"{c.Part}: {c.Entry}", $"BEFORE {c.Before}\nAFTER {c.After}", c.What]),
            before is null ? "Nothing was judged in the week before." : $"Nothing changed: {before.Id} v{before.Version} in both weeks.");
        ConductTables.Changes(book, pen);
        Rescored(book, pen);
        SetAside(book, pen);
    }

    private static void Mix(Pen pen, Mix mix)
    {
        pen.Heading("What was rated: models and strata in both weeks");
        pen.Note(mix.Sentence);
        pen.Table(
            "Mix",
            [
                Column.Text("Model or stratum", 34), Column.Text("In which weeks", 50), Column.Number("Responses before", Look.Count, 12), Column.Number("Responses now", Look.Count, 12),
                Column.Number("Share before", Look.Rate), Column.Number("Share now", Look.Rate),
            ],
            mix.Shares.Select(s => (object?[])[s.Name, s.Words, s.Before, s.Now, s.ShareBefore is { } b ? b : "–", s.ShareNow is { } n ? n : "–"]));
    }

    private static void Table(Pen pen, string name, IReadOnlyList<Change> changes)
    {
        var block = pen.Table(name, [Column.Text("Figure", 34), Column.Text("Reading", 50), .. Numbers], changes.Select(c => (object?[])[c.Figure.Name, c.Reading, .. Values(c)]));
        Format(pen, block, changes);
    }

    /// <summary>The same, model by model, for the sheet Models.</summary>
    public static void ModelTable(Pen pen, IReadOnlyList<Change> changes)
    {
        var block = pen.Table("ModelChanges", [Column.Text("Model", 26), Column.Text("Figure", 24), .. Numbers, Column.Text("Reading", 30)], changes.Select(c => (object?[])[c.Subject, c.Figure.Name, .. Values(c), c.Reading]));
        Format(pen, block, changes);
    }

    private static object?[] Values(Change c) =>
    [
        c.Before is { } b ? b : "–", c.Now is { } n ? n : "–", c.Difference.Value is { } d ? d : "–", .. Pen.Limits(c.Difference),
        c.Raw.Value is { } raw ? raw : "–", .. Pen.Limits(c.Raw), c.Difference.Details.Number("pHolm") is { } p ? p : "–", c.NBefore, c.NNow, c.Figure.Unit,
    ];

    /// <summary>Each row in the format of its figure.</summary>
    private static void Format(Pen pen, Block block, IReadOnlyList<Change> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            pen.Sheet.Range(block.FirstRow + i, 3, block.FirstRow + i, 10).Style.NumberFormat.SetFormat(Look.FormatOf(changes[i].Figure));
        }
    }

    private static void SetAside(Book book, Pen pen)
    {
        pen.Heading("Judgements that were set aside in this week");
        pen.Note("They are in no figure of this report, and the figures of the week before that stand here are computed without them. Reports that were delivered stay as they are.");
        pen.Table(
            "SetAside", [Column.Text("Rater", 34), Column.Text("Judged in the week", 50), Column.Text("Set aside on", 12), Column.Number("Judgements", Look.Count, 12), Column.Number("Items", Look.Count, 12)],
            (book.Week.Context!.SetAside ?? []).Select(one => (object?[])[one.Rater, one.JudgedIn, one.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), one.Judgements, one.Items]),
            "None.");
    }

    private static void Rescored(Book book, Pen pen)
    {
        var rescoring = Rescoring.Of(book.Figures.Totals, book.Week.Previous, book.Changes.Before);
        pen.Heading("Responses of the week before that were scored again");
        pen.Table(
            "Rescored", [Column.Text("Response", 34), Column.Text("Model", 50), Column.Number("Raters before", Look.Count, 12), Column.Number("Raters in this week", Look.Count, 12), Column.Number("Mean before", Look.Score, 12), Column.Number("Mean of both", Look.Score, 12)],
            rescoring.Responses.Select(r => (object?[])[r.Before.Unit, r.Before.Model, r.Before.Ratings, r.Now.Ratings, r.Before.Mean is { } b ? b : "not rated", r.Together.Mean is { } t ? t : "not rated"]),
            "No response of the week before was judged again.");
        if (rescoring.Responses.Count == 0)
        {
            return;
        }

        pen.Note("What the week before would have been with these later judgements. Its report stays as it was delivered.");
        var block = pen.Table(
            "RescoredFigures", [Column.Text("Figure", 34), Column.Text("What it shows", 50), Column.Number("As reported", Look.Score, 12), Column.Number("With them", Look.Score, 12), Column.Number("Effect", Look.Score, 12)],
            rescoring.Figures.Select(f => (object?[])[f.Headline.Name, "all of the week before, with the later judgements added", f.Reported is { } r ? r : "not defined", f.WithRescores is { } w ? w : "not defined", f.WithRescores - f.Reported is { } e ? e : "not defined"]));
        for (var i = 0; i < rescoring.Figures.Count; i++)
        {
            pen.Sheet.Range(block.FirstRow + i, 3, block.FirstRow + i, 5).Style.NumberFormat.SetFormat(Look.FormatOf(rescoring.Figures[i].Headline));
        }
    }
}
