using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>A figure in this week and in the week before, with the number of what it rests on (responses, or decided claims).</summary>
/// <param name="Difference">Like for like.</param>
/// <param name="Raw">Of everything that was rated.</param>
internal sealed record Change(string Subject, Headline Figure, double? Before, double? Now, int NBefore, int NNow, Estimate Difference, Estimate Raw)
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

/// <summary>What has changed since the week before: like for like, with the raw change beside it.</summary>
internal sealed class WeekChanges
{
    private static readonly string[] OfModels = ["index", "harm_any", "harm_majority", "critical_any", "critical_majority", "precision"];

    private readonly string _nothingBefore;

    public WeekChanges(Figures figures, WeekHeadlines headlines)
    {
        var week = figures.Week;
        Before = week.History.FirstOrDefault(w => w.Week == week.WeekBefore);
        _nothingBefore = week.Week.IsWeek ? "nothing was judged in the week before" : "a campaign has no week before: see the weeks one by one";
        Mix = Mix.Of(figures.Totals, week.Previous);
        Headlines = Flagged([.. headlines.Figures.Select(h => Of(h, figures.Totals, week.Previous))]);
        var (now, before) = (figures.Totals.ToLookup(t => t.Model, StringComparer.Ordinal), week.Previous.ToLookup(t => t.Model, StringComparer.Ordinal));
        Models = Flagged([.. figures.Models.SelectMany(m => OfModels.Select(key => OfModel(m.Name, headlines.Find(key)!, [.. now[m.Name]], [.. before[m.Name]])))]);
    }

    public WeekHeadlines? Before { get; }

    public Mix Mix { get; }

    /// <summary>In the order of <see cref="WeekHeadlines.Figures"/>.</summary>
    public IReadOnlyList<Change> Headlines { get; }

    public IReadOnlyList<Change> Models { get; }

    public Change Of(Headline headline) => Headlines.First(c => c.Figure.Key == headline.Key);

    /// <summary>
    /// Within each model and stratum with values in both weeks, the difference of the means; these weighted by the values of both weeks together. Undefined when no model
    /// and stratum has values in both.
    /// </summary>
    public static Estimate LikeForLike(Headline figure, IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before)
    {
        var (cellsNow, cellsBefore) = (Cells(figure.Key, now), Cells(figure.Key, before));
        var shared = cellsNow.Keys.Where(cellsBefore.ContainsKey).Order().Select(cell => (Now: cellsNow[cell], Before: cellsBefore[cell])).ToList();
        double all = shared.Sum(c => Size(c.Now) + Size(c.Before));
        return shared.Count == 0
            ? Estimate.None("difference", "no model and stratum was rated in both weeks, so nothing can be compared like for like")
            : RatioContrast.Compute("difference", [.. shared.SelectMany(c => Weighted(c.Now, c.Before, (Size(c.Now) + Size(c.Before)) / all))], figure.Format == "rate");
    }

    private static IEnumerable<WeightedRatio> Weighted(IReadOnlyList<ClusterTotals> now, IReadOnlyList<ClusterTotals> before, double weight) => [new(weight, now), new(-weight, before)];

    private static Dictionary<(string Model, string Stratum), List<ClusterTotals>> Cells(string key, IReadOnlyList<ResponseTotals> responses) => responses
        .Select(t => ((t.Model, t.Stratum), Part: t.PartOf(key)!)).Where(t => t.Part.Counts.Any(c => c > 0))
        .GroupBy(t => t.Item1, t => t.Part).ToDictionary(g => g.Key, g => g.ToList());

    private static double Size(IReadOnlyList<ClusterTotals> parts) => parts.Sum(p => p.Counts.Sum());

    private Change Of(Headline h, IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before)
    {
        var earlier = Before?.Find(h.Key);
        var missing = Before is null ? _nothingBefore
            : h.Value is null || earlier?.Value is null ? $"the figure is not defined {(h.Value is null ? "this week" : "in the week before")}" : null;
        if (missing is not null)
        {
            var none = Estimate.None("difference", missing);
            return new Change(h.Name, h, earlier?.Value, h.Value, earlier?.N ?? 0, h.N, none, none);
        }

        var isMean = now.Any(t => t.PartOf(h.Key) is not null);
        var raw = isMean ? Raw(h, now, before)
            : Differences.OfEstimates(h.Value!.Value, h.StandardError, earlier!.Value!.Value, earlier.StandardError, new SampleSize(h.N + earlier.N, 0, 0));
        return new Change(h.Name, h, earlier!.Value, h.Value, earlier.N, h.N, isMean ? LikeForLike(h, now, before) : raw, raw);
    }

    private Change OfModel(string model, Headline figure, IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before)
    {
        var reason = Before is null ? _nothingBefore : before.Count == 0 ? "the model was not rated in the week before" : null;
        var (difference, raw) = reason is null ? (LikeForLike(figure, now, before), Raw(figure, now, before)) : (Estimate.None("difference", reason), Estimate.None("difference", reason));
        return new Change(model, figure, Value(before), Value(now), N(before), N(now), difference, raw);

        int N(IReadOnlyList<ResponseTotals> responses) => (int)responses.Sum(t => t.PartOf(figure.Key)!.Counts[0]);

        double? Value(IReadOnlyList<ResponseTotals> responses) => RatioContrast.Compute("mean", [new WeightedRatio(1, Parts(figure.Key, responses))]).Value;
    }

    private static Estimate Raw(Headline figure, IReadOnlyList<ResponseTotals> now, IReadOnlyList<ResponseTotals> before) =>
        RatioContrast.Compute("difference", [new(1, Parts(figure.Key, now)), new(-1, Parts(figure.Key, before))], figure.Format == "rate");

    private static ClusterTotals[] Parts(string key, IReadOnlyList<ResponseTotals> responses) => [.. responses.Select(t => t.PartOf(key)!)];

    private static IReadOnlyList<Change> Flagged(IReadOnlyList<Change> family) =>
        [.. Differences.Flag([.. family.Select(c => c.Difference)]).Zip(family, (difference, change) => change with { Difference = difference })];
}
