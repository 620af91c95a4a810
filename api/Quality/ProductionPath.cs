using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Quality;

/// <summary>The steps to production: the quiz, the calibration, the qualification, each if the project asks for it. Pure: what a person did says what comes next.</summary>
internal static class ProductionPath
{
    public const string Quiz = "quiz";
    public const string Calibration = "calibration";
    public const string Qualification = "qualification";
    public const string QuizFailed = "quiz_failed";
    public const string QualificationFailed = "qualification_failed";
    public const int QuizTries = 2;

    public static readonly IReadOnlyList<string> All = [Quiz, Calibration, Qualification];

    /// <summary>What the person has to do before they judge, or that they failed it; null when they may judge.</summary>
    public static string? Next(QualitySettings? settings, Guideline guideline, Standing standing)
    {
        if (settings is null)
        {
            return null;
        }

        var scales = Scales.Of(guideline);
        if (settings.Quiz && guideline.Quiz is { Count: > 0 } && !standing.IsWaived(Quiz, scales))
        {
            var tries = standing.ResultsOf(Quiz, scales).ToList();
            if (!tries.Exists(result => result.Passed))
            {
                return tries.Count < QuizTries ? Quiz : QuizFailed;
            }
        }

        if (settings.Calibration && guideline.Calibration is { Count: > 0 } items && !standing.IsWaived(Calibration, scales) && Open(items, standing, scales) is not null)
        {
            return Calibration;
        }

        return settings.Qualification && !standing.IsWaived(Qualification, "") ? Examined(standing) : null;
    }

    /// <summary>The first calibration item that the person has not done.</summary>
    public static CalibrationItem? Open(IReadOnlyList<CalibrationItem> items, Standing standing, string scales)
    {
        var done = standing.ResultsOf(Calibration, scales).Select(result => result.Item).ToHashSet(StringComparer.Ordinal);
        return items.FirstOrDefault(item => !done.Contains(item.Id));
    }

    /// <summary>Once qualified in a project is qualified: another version of its scales asks for the calibration, not for this.</summary>
    private static string? Examined(Standing standing)
    {
        var tries = standing.ResultsOf(Qualification, "").ToList();
        return tries.Count == 0 ? Qualification : tries[^1].Passed ? null : QualificationFailed;
    }
}
