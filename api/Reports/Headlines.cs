using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>One headline figure: on Summary, in figures.json, and in later weeks' trends.</summary>
/// <param name="Undefined">Why there is no value.</param>
/// <param name="Prompts">Different prompts behind it, where the figure is resampled by prompt.</param>
/// <param name="Format">index, rate, score or alpha.</param>
internal sealed record Headline(
    string Key,
    string Name,
    string Format,
    bool HigherIsBetter,
    double? Value,
    string? Undefined,
    double? Low,
    double? High,
    string? Method,
    double? Numerator,
    double? Denominator,
    int N,
    string Unit,
    ulong? Seed,
    double? StandardError = null,
    int? Prompts = null)
{
    /// <summary>Prompts are what is drawn, so they decide how little a figure rests on.</summary>
    public bool LowN => (Prompts ?? N) < Figures.LowN;

    public static Headline Of(string key, string name, string format, bool higherIsBetter, string unit, Estimate e) => new(
        key, name, format, higherIsBetter, e.Value, e.Undefined, e.Interval?.Lower, e.Interval?.Upper, e.Interval?.Method,
        e.Details.Number("successes"), e.Details.Number("trials"), e.N.Units, unit, e.Seed, e.StandardError,
        (int?)e.Details.Number("clusters"));

    public string Show(double? value) => value is not { } v ? "–" : Format switch
    {
        "rate" => (v * 100).ToString("0.0") + "%",
        "index" => v.ToString("0.0"),
        _ => v.ToString("0.00"),
    };

    /// <summary>"95% CI 71.2–75.4", or why there is none.</summary>
    public string Range => (Value, Low) switch
    {
        (null, _) => Sentence.Of(Undefined!),
        (_, null) => "no interval: one prompt only",
        _ => $"95% CI {Show(Low)} to {Show(High)}",
    };
}

/// <param name="Alphas">α of everything with ordered values, by its name; what is undefined is left out.</param>
internal sealed record WeekHeadlines(string Week, int Judgements, int Responses, int Raters, bool Simulated, IReadOnlyList<Headline> Figures, IReadOnlyDictionary<string, double>? Alphas = null)
{
    public Headline? Find(string key) => Figures.FirstOrDefault(f => f.Key == key);

    /// <summary>"harm" or "critical" by the rule that is a project's headline.</summary>
    public Headline Find(string finding, FindingRule rule) => Find($"{finding}_{rule.Key()}")!;

    public static WeekHeadlines Of(Figures f) => Of(
        f.Week, f.Responses, f.Index, f.Findings, f.Precision, f.Dimensions[0].Agreement.Exact, [.. f.Dimensions.Select(d => (d.Key, d.Name, d.Mean, d.Agreement.Alpha))], (f.HarmAgreement.Name, f.HarmAgreement.Alpha));

    /// <summary>The same of an earlier week, without what only its own report shows.</summary>
    public static WeekHeadlines OfEarlier(WeekData week, bool withIntervals)
    {
        var (rows, resampling) = (Reports.Figures.Rated(week.ModelRows), withIntervals ? Reports.Figures.Resampling : null);
        var (means, totals) = (GroupMeans.Of(rows, resampling ?? new Resampling(Draws: 0)), Reports.Figures.TotalsOf(week));
        var dimensions = Vocabulary.Dimensions.Select((key, d) => (
            key, week.Guideline.Dimensions.First(x => x.Key == key).Name, means.Means[d],
            KrippendorffAlpha.Compute(RatingMatrices.OfDimension(rows, d), MeasurementLevel.Ordinal, resampling))).ToArray();
        var harm = (AgreementFigures.Harm, KrippendorffAlpha.Compute(RatingMatrices.OfHarm(rows), MeasurementLevel.Ordinal, resampling: null));
        return Of(
            week, totals.Count, means.Index, FindingRates.Of(totals), week.Verdicts.Strict, PercentAgreement.Compute(RatingMatrices.OfDimension(rows, 0), 0, resampling), dimensions, harm);
    }

    private static WeekHeadlines Of(
        WeekData week, int responses, Estimate index, FindingRates findings, Estimate precision, Estimate exact,
        (string Key, string Name, Estimate Mean, Estimate Alpha)[] dimensions, (string Name, Estimate Alpha) harm) => new(
        week.Project.Week, week.Judgements, responses, week.RaterTallies.Count, week.Simulated > 0,
        [
            Headline.Of("index", "Quality index (0–100)", "index", higherIsBetter: true, "responses", index),
            .. Findings("harm", "Harm moderate or worse", week.Rule, findings.Harm),
            Headline.Of("precision", "Factual precision", "rate", higherIsBetter: true, "decided claims", precision),
            .. Findings("critical", "Critical error", week.Rule, findings.Critical),
            Headline.Of("agreement", "Rater agreement (α, accuracy)", "alpha", higherIsBetter: true, "responses with 2+ raters", dimensions[0].Alpha),
            Headline.Of("exact", "Identical accuracy scores", "rate", higherIsBetter: true, "responses with 2+ raters", exact),
            .. dimensions.Select(d => Headline.Of("mean_" + d.Key, $"{d.Name} (1–5)", "score", higherIsBetter: true, "responses", d.Mean)),
            AgainstGold(week.Context?.Conduct?.Gold),
        ],
        dimensions.Select(d => (d.Name, d.Alpha)).Append(harm).Where(a => a.Alpha.IsDefined).ToDictionary(a => a.Name, a => a.Alpha.Value!.Value, StringComparer.Ordinal));

    /// <summary>Both rules, the project's headline first.</summary>
    private static IEnumerable<Headline> Findings(string key, string name, FindingRule headline, Func<FindingRule, Estimate> rate) =>
        ((FindingRule[])[headline, headline == FindingRule.Any ? FindingRule.Majority : FindingRule.Any])
        .Select(rule => Headline.Of($"{key}_{rule.Key()}", $"{name} ({rule.Words()})", "rate", higherIsBetter: false, "responses", rate(rule)));

    private static Headline AgainstGold(GoldOfWeek? gold) => gold is { Judgements: > 0, Accuracy: var share }
        ? new Headline("gold", "Accuracy against gold", "rate", HigherIsBetter: true, share.Value, share.Undefined, share.Low, share.High, share.Method, Numerator: null, Denominator: null, share.N, "scores", Seed: null, Prompts: gold.Items)
        : Headline.Of("gold", "Accuracy against gold", "rate", higherIsBetter: true, "gold items", Estimate.None("gold accuracy", "no gold item was judged"));

    /// <summary>What the week's report knows of gold items, so that no sentence contradicts the table below it.</summary>
    public static string AboutGold(WeekData week)
    {
        var (conduct, share) = (week.Context?.Conduct, week.Project.GoldShare);
        var earlier = conduct?.Raters.Any(rater => rater.GoldItems > 0) == true;
        return conduct?.Gold is { Judgements: > 0 } gold
            ? $"{gold.Judgements:N0} judgements of this week are of {gold.Items:N0} gold items, whose right judgement is known: they enter no figure of a model, and the table below says what they show of each rater."
            : (share > 0, earlier) switch
            {
                (_, true) => "The table below says what gold items, whose right judgement is known, show of each rater; they enter no figure of a model.",
                (true, false) => $"No gold item has been judged so far. {share:0%} of tasks are to be gold as soon as the project has any: until then accuracy against gold is not defined.",
                (false, false) => "The project mixes in no gold items: accuracy against gold is not defined.",
            };
    }
}

internal static class Sentence
{
    /// <summary>A reason as a sentence of its own.</summary>
    public static string Of(string reason) => reason.Length == 0 ? "" : char.ToUpperInvariant(reason[0]) + reason[1..].TrimEnd('.') + ".";
}
