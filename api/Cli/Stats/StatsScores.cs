using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Score measures of <c>healtheval stats</c>.</summary>
internal static class StatsScores
{
    private const string Group = "Scores";

    /// <summary>A share takes few values, so its limits need more draws than a mean's to stay where they are; and each costs little.</summary>
    private const int ShareDraws = 20_000;

    public static readonly StatsMeasure[] Measures =
    [
        new("mean", ["average", "mean-score", "cluster-mean"], Group, "numbers: a value column, or a column per rater; --cluster names the prompt (default: cluster, prompt or the unit)",
            new("Σ x/n; whole prompts are resampled", "the average score with an interval that respects that answers to one prompt belong together", "an average hides the rare severe error", "Davison and Hinkley 1997, §3.8"),
            Mean),
        new("healthbench-score", ["rubric-score", "healthbench", "hb-score", "rubric"], Group, "a row per judged criterion: answer, points, met[, tags]; --item limits to one tag",
            new("per answer Σ met points/Σ positive points; mean over answers, clipped to 0–1; standard deviation of 1,000 resampled clipped means", "share of the rubric's points that was earned", "an answer may score below 0 before clipping; tags without positive points are absent", "Arora and others 2025 (HealthBench)"),
            HealthBench),
        new("mqm-penalty", ["mqm", "penalty", "severity-penalty"], Group, "errors: severity[, count], severities minor, major, critical; --set words=N for the rate; --set minor=1 and so on changes a weight",
            new("Σ weight × count; minor 1, major 5, critical 25", "weight of all errors, and per 100 words", "one critical error outweighs 24 minor ones by decision, not by nature", "MQM (Lommel and others 2014); Freitag and others 2021"),
            Penalty, "--set words=N --set minor=1 --set major=5 --set critical=25"),
        new("factual-precision", ["factscore", "factual-precision-strict", "strict-precision", "fact-precision"], Group, "claims: verdict[, count] (SUPPORTED, PARTLY_SUPPORTED, REFUTED, OUTDATED; others are left out); or --set supported= partly= refuted= without a file",
            new("supported/(supported + partly + refuted)", "share of the decided claims that hold as they stand", "says nothing about claims nobody could check", "Min and others 2023 (FActScore)"),
            (t, r) => Claims(t, r) is var c ? Factuality.StrictPrecision(c.Supported, c.Partly, c.Refuted, r.Confidence) : null!, "--set supported=N --set partly=N --set refuted=N"),
        new("factual-precision-lenient", ["lenient-precision"], Group, "claims as for factual-precision",
            new("(supported + ½ partly)/(supported + partly + refuted)", "as strict, with half credit where only a qualifier is missing", "says nothing about claims nobody could check", "this product's verdicts"),
            (t, r) => Claims(t, r) is var c ? Factuality.LenientPrecision(c.Supported, c.Partly, c.Refuted, r.Confidence) : null!, "--set supported=N --set partly=N --set refuted=N"),
        new("f1-at-k", ["f1@k", "safe", "f1k"], Group, "",
            new("2PR/(P + R), P = supported/(supported + not), R = min(1, supported/K)", "precision of an answer's facts and whether there are enough of them", "K is a choice; report it", "Wei and others 2024 (SAFE)"),
            (_, r) => Factuality.F1AtK(r.RequireCount("supported"), r.RequireCount("not"), r.RequireCount("k")), "--set supported=N --set not=N --set k=N"),
        new("proportion", ["wilson", "rate", "share", "clopper-pearson", "binomial"], Group, "a column of yes/no (--value names it), --cluster for trials that come several to a prompt; or --set successes= trials= without a file",
            new("x/n, Wilson score interval; clopper-pearson for the exact one; with --cluster whole clusters are resampled, with --bootstrap trials; exact over clusters where all trials are alike", "a share with limits that behave near 0 and 1", "without --cluster or --bootstrap it takes trials for independent", "Wilson 1927; Clopper and Pearson 1934; Newcombe 1998"),
            Proportion, "--set successes=N --set trials=N"),
        new("difference", ["difference-of-means", "week-over-week", "wow", "delta"], Group, "value, period (two of them; the later one in sorting order is current)[, prompt]",
            new("current mean − previous mean; prompts resampled, those in both periods for both at once", "change between two periods or models, with p; with --by the p values are Holm-adjusted over the groups", "a change of the mix of prompts is no change of quality", "Davison and Hinkley 1997; Holm 1979"),
            (t, r) => TwoPeriods(t!, r, (a, b) => Differences.OfMeans(a, b, r.Resampling))),
        new("hedges-g", ["cohens-d", "cohen-d", "standardised-difference", "standardized-difference", "smd", "effect-size"], Group, "value, period (two of them)",
            new("(x̄₁ − x̄₂)/s_pooled × (1 − 3/(4df − 1))", "difference in standard deviations", "large in standard deviations need not matter to a patient", "Hedges 1981; Cohen 1988"),
            (t, r) => TwoPeriods(t!, r, (a, b) => Differences.Standardised(a.Values, b.Values, r.Confidence))),
        new("harm-matrix", ["harm", "harm-rate"], Group, "extent (none, mild, moderate, severe, death), likelihood (low, medium, high)",
            new("counts of extent × likelihood; estimate: share of moderate or worse at medium or higher", "how often an answer could hurt", "judged, not observed, harm", "Singhal and others 2023 (Med-PaLM); AHRQ harm scale"),
            Harm),
    ];

    private static Estimate Mean(StatsTable? table, StatsRequest request)
    {
        var (values, clusters) = new StatsInput(table!, request).Numbers();
        return ClusterMean.Compute(values, clusters, request.Resampling);
    }

    private static Estimate HealthBench(StatsTable? table, StatsRequest request)
    {
        var answer = StatsColumns.Column(table!, request.UnitColumn, "answer", "answer_id", "response", "response_id", "item", "unit", "id", "prompt_id", "prompt", "completion_id");
        var (points, met) = (StatsColumns.Column(table!, null, "points", "weight", "score"), StatsColumns.Column(table!, request.ValueColumn, "met", "criteria_met", "verdict", "value", "label"));
        var tags = table!.Find("tags", "tag", "axis");
        var cluster = request.ClusterColumn is { } named ? table.Require(named) : -1;
        var answers = table.Rows.GroupBy(r => r.Cells[answer], StringComparer.Ordinal).ToArray();
        return RubricScore.DataSet(
            [.. answers.Select(a => a.Select(r => new JudgedCriterion(
                StatsColumns.Number(table, r, points), StatsColumns.Truth(table, r, met),
                tags < 0 ? null : r.Cells[tags].Split(';', '|', ' ').Where(x => x.Length > 0).ToArray())).ToArray())],
            request.Item, cluster < 0 ? null : [.. answers.Select(a => a.First().Cells[cluster])], request.Resampling);
    }

    private static Estimate Penalty(StatsTable? table, StatsRequest request)
    {
        var severity = StatsColumns.Column(table!, request.ValueColumn, "severity", "level", "label", "value");
        var count = table!.Find("count", "n", "errors");
        var counts = table.Rows.GroupBy(r => r.Cells[severity].Trim().ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (int)g.Sum(r => count < 0 ? 1 : StatsColumns.Number(table, r, count)), StringComparer.OrdinalIgnoreCase);
        var weights = SeverityPenalty.Standard.ToDictionary(w => w.Key, w => w.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Settings.Where(s => s.Key != "words"))
        {
            weights[name] = request.Setting(name) ?? value;
        }
        return SeverityPenalty.Compute(counts, (int)(request.Setting("words") ?? 0), weights);
    }

    private static (int Supported, int Partly, int Refuted) Claims(StatsTable? table, StatsRequest request)
    {
        if (table is null)
        {
            return (request.RequireCount("supported"), request.Setting("partly") is null ? 0 : request.RequireCount("partly"), request.RequireCount("refuted"));
        }
        var verdict = StatsColumns.Column(table, request.ValueColumn, "verdict", "label", "value");
        var count = table.Find("count", "n", "claims");
        int Sum(params string[] verdicts) => (int)table.Rows.Where(r => verdicts.Contains(StatsTable.Plain(r.Cells[verdict]), StringComparer.Ordinal))
            .Sum(r => count < 0 ? 1 : StatsColumns.Number(table, r, count));
        return (Sum("supported", "sup"), Sum("partlysupported", "partly", "partial"), Sum("refuted", "outdated", "ref", "notsupported"));
    }

    private static Estimate Proportion(StatsTable? table, StatsRequest request)
    {
        var isExact = StatsTable.Plain(request.TypedName) == "clopperpearson";
        Func<int, int, double, Estimate> of = isExact ? Proportions.ClopperPearson : Proportions.Wilson;
        if (table is null && (request.ClusterColumn is not null || request.Bootstrap))
        {
            throw new StatsInputException("Totals say nothing about clusters: --cluster and --bootstrap need a file with a row per trial.");
        }
        if (table is null)
        {
            return request.RequireCount("successes") <= request.RequireCount("trials")
                ? of(request.RequireCount("successes"), request.RequireCount("trials"), request.Confidence)
                : throw new StatsInputException("There cannot be more successes than trials.");
        }
        var column = request.ValueColumn is { } named ? table.Require(named) : table.Find("value", "success", "outcome", "met", "rating", "label") is var at and >= 0 ? at : table.Header.Length - 1;
        var rows = table.Rows.Where(r => r.Cells[column].Trim().Length > 0).ToArray();
        if (request.ClusterColumn is null && !request.Bootstrap)
        {
            return of(rows.Count(r => StatsColumns.Truth(table, r, column)), rows.Length, request.Confidence);
        }
        if (isExact)
        {
            throw new StatsInputException("clopper-pearson takes trials for independent: use --measure proportion with --cluster or --bootstrap.");
        }
        double[] values = [.. rows.Select(r => StatsColumns.Truth(table, r, column) ? 1.0 : 0.0)];
        string[]? clusters = request.ClusterColumn is { } cluster ? [.. rows.Select(r => r.Cells[table.Require(cluster)].Trim())] : null;
        // Resamples of nothing but yes, or nothing but no, are all the same: then the exact limits over clusters say how far the share may be from it.
        return clusters is not null && values.Distinct().Count() == 1
            ? ClusteredRate.Compute("proportion", [.. values.Select((v, i) => new ClusterTotals(clusters[i], [v], [1]))], request.Confidence)
            : ClusterMean.Compute(values, clusters, request.ResamplingOf(ShareDraws), "proportion").With("successes", values.Sum()).With("trials", values.Length);
    }

    private static Estimate TwoPeriods(StatsTable table, StatsRequest request, Func<Sample, Sample, Estimate> compute)
    {
        var value = StatsColumns.Column(table, request.ValueColumn, "value", "score", "rating", "mean");
        var period = StatsColumns.Column(table, null, "period", "week", "model", "group", "arm", "version", "condition");
        var clusters = StatsColumns.Clusters(table, request.ClusterColumn);
        string[] periods = [.. table.Rows.Select(r => r.Cells[period].Trim()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (periods.Length != 2)
        {
            throw new StatsInputException($"'{request.Measure.Name}' compares two periods, and column '{table.Header[period]}' of {table.Name} has {periods.Length}: {string.Join(", ", periods.Take(10))}.");
        }
        Sample Of(string p)
        {
            int[] rows = [.. Enumerable.Range(0, table.Rows.Count).Where(i => table.Rows[i].Cells[period].Trim() == p)];
            return new Sample([.. rows.Select(i => StatsColumns.Number(table, table.Rows[i], value))], clusters is null ? null : [.. rows.Select(i => clusters[i])]);
        }
        return compute(Of(periods[1]), Of(periods[0])).With("currentPeriod", periods[1]).With("previousPeriod", periods[0]);
    }

    private static Estimate Harm(StatsTable? table, StatsRequest request)
    {
        var (extent, likelihood) = (StatsColumns.Column(table!, null, "extent", "harm_extent"), StatsColumns.Column(table!, null, "likelihood", "harm_likelihood"));
        string[] extents = ["none", "mild", "moderate", "severe", "death"];
        string[] likelihoods = ["low", "medium", "high"];
        var judged = table!.Rows.Select(r => (Row: r, Extent: r.Cells[extent].Trim().ToLowerInvariant(), Likelihood: r.Cells[likelihood].Trim().ToLowerInvariant())).ToArray();
        if (judged.FirstOrDefault(j => !extents.Contains(j.Extent) || !likelihoods.Contains(j.Likelihood)) is { Row: { } bad })
        {
            throw new StatsInputException($"{table.Name}, line {bad.Line}: expected an extent ({string.Join(", ", extents)}) and a likelihood ({string.Join(", ", likelihoods)}).");
        }
        var counts = HarmMatrix.Count(judged.Select(j => (j.Extent, j.Likelihood)), extents, likelihoods);
        var rows = extents.Select((e, i) => Details.Of([("extent", e), .. likelihoods.Select((l, j) => (l, (object?)counts[i, j]))])).ToArray();
        return HarmMatrix.Rate(counts, 2, 1, request.Confidence).With("matrix", rows);
    }
}
