using HealthEval.Guidelines;
using HealthEval.Http;

namespace HealthEval.Projects;

/// <summary>What a project asks of its raters beside judging. A project from before there was any of it has none, and all of it is off.</summary>
/// <param name="RepeatShare">How many of a person's tasks are ones that they have judged before, as a share.</param>
/// <param name="RepeatAfterDays">How long ago that is at least.</param>
/// <param name="Quiz">Whether the guideline's quiz comes first; so <paramref name="Calibration"/> and <paramref name="Qualification"/>.</param>
/// <param name="QuizPass">Share of right answers that passes, in at most two tries.</param>
/// <param name="QualificationItems">So many gold items are judged before anything else.</param>
/// <param name="QualificationAlpha">Krippendorff's α (ordinal) with the references that qualifies, if every planted critical error is found as well.</param>
/// <param name="SecondOnHarm">Whether harm from moderate on, or a critical finding, asks for a second judgement.</param>
/// <param name="SecondShare">Of the rest, how many get a second judgement, as a share.</param>
/// <param name="ThirdOnDispute">Whether a third person judges where two disagree, before an adjudicator has it.</param>
/// <param name="DisputeRange">Scores so far apart are a disagreement that asks for the third.</param>
/// <param name="Rules">What a rule of the watch does: off, notice or pause, where that is not its default.</param>
/// <param name="Rates">Pay for one judgement in a mode, or for one settled case, in the project's own currency. Gold items and repeats are paid as what they copy.</param>
internal sealed record QualitySettings(
    double RepeatShare = 0.03,
    int RepeatAfterDays = 7,
    bool Quiz = false,
    bool Calibration = false,
    bool Qualification = false,
    double QuizPass = 0.8,
    int QualificationItems = 20,
    double QualificationAlpha = 0.6,
    bool SecondOnHarm = true,
    double SecondShare = 0.25,
    bool ThirdOnDispute = true,
    int DisputeRange = 2,
    IReadOnlyDictionary<string, string>? Rules = null,
    IReadOnlyDictionary<string, double>? Rates = null)
{
    public const int FewestDaysBetween = 7;
    public static readonly IReadOnlyList<string> Actions = ["off", "notice", "pause"];
    public static readonly IReadOnlyList<string> PaidKinds = [.. Vocabulary.Modes, "case"];

    /// <summary>Of the watch over raters; what each means stands where it is reckoned.</summary>
    public static readonly IReadOnlyDictionary<string, string> DefaultActions = new Dictionary<string, string>
    {
        ["gold_accuracy"] = "pause",
        ["missed_criticals"] = "pause",
        ["false_alarms"] = "notice",
        ["gold_error"] = "pause",
        ["severity"] = "notice",
        ["straight_lining"] = "pause",
        ["text_reuse"] = "pause",
        ["pace"] = "notice",
    };

    /// <summary>A new project's.</summary>
    public static readonly QualitySettings Standard = new();

    public string ActionOf(string rule) => Rules?.GetValueOrDefault(rule) ?? DefaultActions[rule];

    public void Check(Faults faults, Guideline? guideline)
    {
        faults.Require(RepeatShare is >= 0 and <= 0.2, "quality.repeatShare", "A share between 0 and 0.2 (0.03 is three tasks in a hundred).");
        faults.Require(RepeatAfterDays is >= FewestDaysBetween and <= 365, "quality.repeatAfterDays", $"Between {FewestDaysBetween} and 365 days: sooner, people remember.");
        faults.Require(QuizPass is > 0 and <= 1, "quality.quizPass", "A share above 0 and at most 1.");
        faults.Require(QualificationItems is >= 5 and <= 100, "quality.qualificationItems", "Between 5 and 100 gold items.");
        faults.Require(QualificationAlpha is >= 0 and <= 1, "quality.qualificationAlpha", "Between 0 and 1 (0.6 is usual).");
        faults.Require(SecondShare is >= 0 and <= 1, "quality.secondShare", "A share between 0 and 1.");
        faults.Require(DisputeRange is >= 1 and <= 4, "quality.disputeRange", "Between 1 and 4 points.");
        faults.Require(!Quiz || guideline?.Quiz is { Count: > 0 }, "quality.quiz", "This guideline version has no quiz. Choose another version, or leave the quiz off.");
        faults.Require(!Calibration || guideline?.Calibration is { Count: > 0 }, "quality.calibration", "This guideline version has no calibration items. Choose another version, or leave the calibration off.");
        foreach (var (rule, action) in Rules ?? new Dictionary<string, string>())
        {
            faults.Require(DefaultActions.ContainsKey(rule), $"quality.rules.{rule}", $"There is no such rule. Choose from: {string.Join(", ", DefaultActions.Keys)}.");
            faults.Require(Actions.Contains(action), $"quality.rules.{rule}", $"Choose one of: {string.Join(", ", Actions)}.");
        }

        faults.Require(
            (Rates ?? new Dictionary<string, double>()).All(rate => PaidKinds.Contains(rate.Key) && rate.Value is >= 0 and <= 1_000_000),
            "quality.rates", $"An amount from 0 on for any of: {string.Join(", ", PaidKinds)}.");
    }
}
