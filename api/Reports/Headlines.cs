using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>One headline figure: on Summary, in figures.json, and in later weeks' trends.</summary>
/// <param name="Undefined">Why there is no value.</param>
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
    double? StandardError = null)
{
    public bool LowN => N < Figures.LowN;

    public static Headline Of(string key, string name, string format, bool higherIsBetter, string unit, Estimate e) => new(
        key, name, format, higherIsBetter, e.Value, e.Undefined, e.Interval?.Lower, e.Interval?.Upper, e.Interval?.Method,
        e.Details.Number("successes"), e.Details.Number("trials"), e.N.Units, unit, e.Seed, e.StandardError);

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

    public static WeekHeadlines Of(Figures f)
    {
        var accuracy = f.Dimensions[0];
        return new WeekHeadlines(f.Week.Project.Week, f.Week.Judgements, f.Responses, f.Week.RaterTallies.Count, f.Week.Simulated > 0,
        [
            Headline.Of("index", "Quality index (0–100)", "index", higherIsBetter: true, "responses", f.Index),
            Headline.Of("harm", "Harm moderate or worse", "rate", higherIsBetter: false, "responses", f.Harm),
            Headline.Of("precision", "Factual precision", "rate", higherIsBetter: true, "decided claims", f.Precision),
            Headline.Of("critical", "Responses with a critical error", "rate", higherIsBetter: false, "responses", f.Critical),
            Headline.Of("agreement", "Rater agreement (α, accuracy)", "alpha", higherIsBetter: true, "responses with 2+ raters", accuracy.Agreement.Alpha),
            Headline.Of("exact", "Identical accuracy scores", "rate", higherIsBetter: true, "responses with 2+ raters", accuracy.Agreement.Exact),
            .. f.Dimensions.Select(d => Headline.Of("mean_" + d.Key, $"{d.Name} (1–5)", "score", higherIsBetter: true, "responses", d.Mean)),
            Headline.Of("gold", "Accuracy against gold", "rate", higherIsBetter: true, "gold items", Estimate.None("gold accuracy", "no gold item was judged")),
        ],
            f.Dimensions.Select(d => d.Agreement).Append(f.HarmAgreement).Where(a => a.Alpha.IsDefined).ToDictionary(a => a.Name, a => a.Alpha.Value!.Value, StringComparer.Ordinal));
    }

    /// <summary>No judgement carries a gold answer, so accuracy against gold is never computed; this says how that fits the project's plan.</summary>
    public static string NoGold(WeekData week) => week.Project.GoldShare > 0
        ? $"No judgement of this week is of a gold item, though {week.Project.GoldShare:0%} are planned: accuracy against gold is not defined."
        : "The project mixes in no gold items: accuracy against gold is not defined.";
}

internal static class Sentence
{
    /// <summary>A reason as a sentence of its own.</summary>
    public static string Of(string reason) => reason.Length == 0 ? "" : char.ToUpperInvariant(reason[0]) + reason[1..].TrimEnd('.') + ".";
}
