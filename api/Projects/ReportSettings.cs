using HealthEval.Http;

namespace HealthEval.Projects;

/// <summary>What a customer and a lead agreed about the reports of a project; what is left out takes the platform's default.</summary>
/// <param name="FindingRule">Whose finding is the headline for harm and critical errors: "any" rater or the "majority". Both are always shown.</param>
/// <param name="Targets">By headline figure.</param>
/// <param name="Margins">By figure of a comparison: how much worse still counts as not worse, in the unit of the figure.</param>
/// <param name="Candidate">The model that is to be decided about.</param>
/// <param name="Baseline">What it is compared with.</param>
/// <param name="References">"Models" that are people's answers: shown beside the models, never pooled with them. Null takes names that begin with human, physician, clinician or reference.</param>
/// <param name="ExactTimes">Deliver when a judgement was begun and handed in to the second; otherwise the day.</param>
internal sealed record ReportSettings(
    string? FindingRule = null,
    IReadOnlyDictionary<string, double>? Targets = null,
    IReadOnlyDictionary<string, double>? Margins = null,
    string? Candidate = null,
    string? Baseline = null,
    IReadOnlyList<string>? References = null,
    bool? ExactTimes = null)
{
    public static readonly IReadOnlyList<string> TargetKeys = ["index", "harm", "precision", "critical", "agreement"];

    public static readonly IReadOnlyList<string> MarginKeys =
        ["index", "mean", "harm", "critical", "precision", "penalty", "rubric", "win_rate"];

    private static readonly string[] Human = ["human", "physician", "clinician", "reference"];

    /// <summary>Whether answers under this name are people's.</summary>
    public static bool IsReference(ReportSettings? agreed, string model) =>
        agreed?.References?.Contains(model) ?? Human.Any(word => model.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    public void Check(Faults faults)
    {
        const string at = "report";
        faults.Require(FindingRule is null or "any" or "majority", $"{at}.findingRule", "Choose any or majority.");
        foreach (var (key, target) in Targets ?? new Dictionary<string, double>())
        {
            faults.Require(TargetKeys.Contains(key), $"{at}.targets", $"Choose from: {string.Join(", ", TargetKeys)}.");
            faults.Require(target >= 0 && target <= (key == "index" ? 100 : 1), $"{at}.targets", $"The target for {key} lies between 0 and {(key == "index" ? 100 : 1)}.");
        }

        foreach (var (key, margin) in Margins ?? new Dictionary<string, double>())
        {
            faults.Require(MarginKeys.Contains(key), $"{at}.margins", $"Choose from: {string.Join(", ", MarginKeys)}.");
            faults.Require(margin is >= 0 and <= 100, $"{at}.margins", "A margin is 0 or more, in the unit of its figure.");
        }

        faults.Require(Candidate is not { Length: 0 or > 200 } && Baseline is not { Length: 0 or > 200 }, $"{at}.candidate", "A model's name has 1 to 200 characters.");
        faults.Require((Candidate is null) == (Baseline is null), $"{at}.candidate", "Name the candidate and the baseline, or neither.");
        faults.Require(Candidate is null || Candidate != Baseline, $"{at}.baseline", "Candidate and baseline are two models.");
    }
}
