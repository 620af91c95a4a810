using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>A figure in this week and in the week before, with the number of what it rests on (responses, or decided claims).</summary>
internal sealed record Change(string Subject, Headline Figure, double? Before, double? Now, int NBefore, int NNow, Estimate Difference)
{
    /// <summary>The interval excludes 0, and so does the test after Holm's adjustment for the whole family of figures.</summary>
    public bool IsClear => Difference.Details["flagged"] is true && Difference.Interval is { } i && (i.Lower > 0 || i.Upper < 0);

    public string Reading => Difference switch
    {
        { Value: null } => Sentence.Of(Difference.Undefined!),
        { Interval: null } => "not tested: too few prompts in one of the weeks",
        _ when !IsClear => "no clear change",
        { Value: > 0 } => "clearly higher: " + (Figure.HigherIsBetter ? "better" : "worse"),
        _ => "clearly lower: " + (Figure.HigherIsBetter ? "worse" : "better"),
    };

    /// <summary>"+1.3 (−0.4 to 3.0)".</summary>
    public string Short => Difference.Value is not { } d ? "–"
        : Signed(d) + (Difference.Interval is { } i ? $" ({Signed(i.Lower)} to {Signed(i.Upper)})" : "") + (Figure.Format == "rate" ? " points" : "");

    private string Signed(double value) => (value < 0 ? "−" : "+") + Figure.Show(Math.Abs(value)).TrimEnd('%');
}

/// <summary>
/// What has changed since the week before, from that week's own report. Responses to one prompt are resampled together, and a prompt of both weeks
/// is drawn for both at once; α, which is no mean of responses, is compared by its standard errors.
/// </summary>
internal sealed class WeekChanges
{
    private static readonly string[] OfModels = ["index", "harm", "critical", "precision"];

    public WeekChanges(Figures figures, WeekHeadlines headlines, Resampling resampling)
    {
        var week = figures.Week;
        Before = week.History.FirstOrDefault(w => w.Week == week.Week.Add(-1).ToString());
        Headlines = Flagged([.. headlines.Figures.Select(h => new Change(h.Name, h, Before?.Find(h.Key)?.Value, h.Value, Before?.Find(h.Key)?.N ?? 0, h.N, Difference(h, figures.Totals, week.Previous, resampling)))]);
        var (now, before) = (figures.Totals.ToLookup(t => t.Model, StringComparer.Ordinal), week.Previous.ToLookup(t => t.Model, StringComparer.Ordinal));
        Models = Flagged([.. figures.Models.SelectMany(m => OfModels.Select(key => OfModel(m.Name, headlines.Find(key)!, [.. now[m.Name]], [.. before[m.Name]], resampling)))]);
    }

    public WeekHeadlines? Before { get; }

    /// <summary>In the order of <see cref="WeekHeadlines.Figures"/>.</summary>
    public IReadOnlyList<Change> Headlines { get; }

    public IReadOnlyList<Change> Models { get; }

    public Change Of(Headline headline) => Headlines.First(c => c.Figure.Key == headline.Key);

    private Estimate Difference(Headline h, IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before, Resampling resampling)
    {
        if (Before?.Find(h.Key) is not { } earlier)
        {
            return Estimate.None("difference", Before is null ? "there is no finished report of the week before" : "the report of the week before did not have this figure");
        }

        return h.Value is null || earlier.Value is null ? Estimate.None("difference", $"the figure is not defined {(h.Value is null ? "this week" : "in the week before")}")
            : now.All(t => t.PartOf(h.Key) is null) ? Differences.OfEstimates(h.Value.Value, h.StandardError, earlier.Value.Value, earlier.StandardError, new SampleSize(h.N + earlier.N, 0, 0))
            : Compare(h.Key, now, before, resampling);
    }

    private Change OfModel(string model, Headline figure, IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before, Resampling resampling)
    {
        var difference = Before is null ? Estimate.None("difference", "there is no finished report of the week before")
            : before.Count == 0 ? Estimate.None("difference", "the model was not rated in the week before")
            : Compare(figure.Key, now, before, resampling);
        return new Change(model, figure, difference.Details.Number("previous"), difference.Details.Number("current"), N(before), N(now), difference);

        int N(IReadOnlyList<ResponseTotals> responses) => (int)responses.Sum(t => t.PartOf(figure.Key)!.Counts[0]);
    }

    private static Estimate Compare(string key, IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before, Resampling resampling) =>
        Differences.OfTotals([.. now.Select(t => t.PartOf(key)!)], [.. before.Select(t => t.PartOf(key)!)], resampling);

    private static IReadOnlyList<Change> Flagged(IReadOnlyList<Change> family) =>
        [.. Differences.Flag([.. family.Select(c => c.Difference)]).Zip(family, (difference, change) => change with { Difference = difference })];
}
