using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Rater-quality measures of <c>healtheval stats</c>.</summary>
internal static class StatsQuality
{
    private const string Group = "Rater quality";
    private const string Series = "a column of numbers in time order";

    public static readonly StatsMeasure[] Measures =
    [
        new("gold-accuracy", ["accuracy", "gold"], Group, "a row per gold item: value and gold columns; --by rater for one figure each",
            new("right/answered, Wilson interval", "how often the gold answer is met", "not corrected for chance; see cohen-kappa with rater and gold as the two raters", "Wilson 1927"),
            (t, r) => Pairs(t!, r) is var (said, gold) ? RaterQuality.GoldAccuracy(t!.Rows.Select(x => (x.Cells[said].Trim(), x.Cells[gold].Trim())), r.Confidence) : null!),
        new("sensitivity", ["recall", "critical-sensitivity"], Group, "a row per planted error: found (yes/no); or --set found= planted= without a file",
            new("found/planted, Wilson interval", "how many planted critical errors were found", "says nothing about false alarms", "Wilson 1927"),
            (t, r) => t is null
                ? RaterQuality.Sensitivity(r.RequireCount("found"), r.RequireCount("planted"), r.Confidence)
                : StatsColumns.Column(t, r.ValueColumn, "found", "value", "detected") is var c ? RaterQuality.Sensitivity(t.Rows.Count(x => StatsColumns.Truth(t, x, c)), t.Rows.Count, r.Confidence) : null!,
            "--set found=N --set planted=N"),
        new("signed-bias", ["bias", "leniency", "severity-bias"], Group, "value and reference (gold) columns, numbers[, prompt]",
            new("mean of rating − reference, cluster bootstrap", "above 0 is lenient, in points of the scale", "the reference may itself be biased", "Davison and Hinkley 1997"),
            (t, r) => Pairs(t!, r) is var (said, gold)
                ? RaterQuality.SignedBias([.. t!.Rows.Select(x => (StatsColumns.Number(t, x, said), StatsColumns.Number(t, x, gold)))], StatsColumns.Clusters(t, r.ClusterColumn), r.Resampling) : null!),
        new("self-consistency", ["intra-rater", "test-retest", "repeatability"], Group, "long ratings in which raters rate some units twice or more",
            new("share of equal pairs of a rater's own ratings of a unit; --tolerance 1 accepts neighbours", "whether a rater says the same thing again", "a careless constant is perfectly consistent", "—"),
            (t, r) => RaterQuality.SelfConsistency(new StatsInput(t!, r).Matrix(Repeats.All), r.Tolerance, r.Resampling)),
        new("straight-lining", ["straightlining", "nondifferentiation"], Group, "a row per judgement in time order, a column of whole numbers per dimension",
            new("share of judgements with the same rating on every dimension", "a sign of not reading", "an excellent answer earns straight fives", "Krosnick 1991"),
            (t, r) => new StatsInput(t!, r with { Format = "wide" }).Cells() is var cells
                ? RaterQuality.StraightLining([.. cells.GroupBy(c => c.Line).Select(g => g.Select(c => (int)(StatsValues.Number(c.Value) ?? throw new StatsInputException($"{t!.Name}, line {c.Line}: '{c.Value}' is not a number."))).ToArray())], r.Confidence)
                : null!),
        new("pace", ["active-time", "median-time"], Group, "a column of seconds",
            new("median, with the interval of its order statistics", "typical time per judgement", "fast is not careless; see it beside accuracy", "Conover 1999"),
            (t, r) => RaterQuality.Pace(StatsColumns.Numbers(t!, StatsColumns.NumericColumn(t!, r.ValueColumn, "seconds", "active_seconds", "time", "value")), r.Setting("peer"), r.Confidence), "--set peer=MEDIAN"),
        new("ewma", ["ewma-chart"], Group, Series,
            new("z = λx + (1 − λ)z from the target; limits target ± L·σ·√(λ/(2 − λ))", "early warning of a small lasting drift", "target and σ must come from a stable period; by default they come from this series", "Roberts 1959; NIST/SEMATECH 6.3.2.4"),
            Ewma, "--set target= --set sigma= --set lambda=0.3 --set width=3"),
        new("cusum", ["cusum-chart"], Group, Series,
            new("S⁺ = max(0, S⁺ + x − target − k), S⁻ alike; signal above h", "early warning of a lasting shift, with when it began", "k and h must be chosen beforehand (half a shift of 1σ; 4 to 5σ)", "Page 1954; NIST/SEMATECH 6.3.2.3"),
            Cusum, "--set target= --set k= --set h="),
        new("psi", ["population-stability", "population-stability-index"], Group, "a row per category: expected and actual counts",
            new("Σ(p − q)·ln(p/q)", "below 0.1 stable, above 0.25 shifted, by custom", "depends on the cut of the categories; an empty one makes it infinite unless --set smoothing=", "Kullback and Leibler 1951; Siddiqi 2006"),
            (t, r) => ControlCharts.PopulationStability(
                StatsColumns.Numbers(t!, StatsColumns.Column(t!, null, "expected", "before", "baseline", "previous")), StatsColumns.Numbers(t!, StatsColumns.Column(t!, null, "actual", "after", "current", "observed")),
                r.Setting("smoothing") ?? 0), "--set smoothing=0.5"),
    ];

    private static (int Said, int Gold) Pairs(StatsTable table, StatsRequest request) => (
        StatsColumns.Column(table, request.ValueColumn, "value", "said", "rating", "answer", "label", "score", "verdict"),
        StatsColumns.Column(table, request.Item, "gold", "truth", "reference", "expected", "correct", "consensus", "true"));

    private static Estimate Ewma(StatsTable? table, StatsRequest request)
    {
        var (series, mean, sd) = Read(table!, request);
        var chart = ControlCharts.Ewma(series, request.Setting("target") ?? mean, request.Setting("sigma") ?? sd, request.Setting("lambda") ?? 0.3, request.Setting("width") ?? 3);
        return Describe(chart);
    }

    private static Estimate Cusum(StatsTable? table, StatsRequest request)
    {
        var (series, mean, sd) = Read(table!, request);
        var sigma = request.Setting("sigma") ?? sd;
        return Describe(ControlCharts.Cusum(series, request.Setting("target") ?? mean, request.Setting("k") ?? sigma / 2, request.Setting("h") ?? 5 * sigma));
    }

    private static (double[] Series, double Mean, double Sd) Read(StatsTable table, StatsRequest request)
    {
        var series = StatsColumns.Numbers(table, StatsColumns.NumericColumn(table, request.ValueColumn, "x", "value", "xbar", "score"));
        var mean = series.Length == 0 ? 0 : series.Average();
        return (series, mean, series.Length < 2 ? 0 : Math.Sqrt(series.Sum(x => (x - mean) * (x - mean)) / (series.Length - 1)));
    }

    private static Estimate Describe(ControlChart chart) => chart.Summary.With("points", chart.Points.Select(p => Details.Of(
        ("index", p.Index), ("value", p.Value), ("lower", p.Lower), ("upper", p.Upper), ("signal", p.Signal))).ToArray());
}
