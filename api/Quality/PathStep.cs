using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Quality;

/// <summary>How far a person is with one step to production, under the scales that are in force.</summary>
/// <param name="Asked">Whether the project asks for it.</param>
/// <param name="State">none when the guideline has nothing to take it with, else open, passed, failed or waived.</param>
/// <param name="Tries">Of the quiz and the qualification; of the calibration the items that are done.</param>
/// <param name="Total">Questions, or items.</param>
/// <param name="Right">Of the last try, out of <paramref name="Of"/>: answers, or scores that lie where experts have them. Of the calibration: of all items.</param>
internal sealed record PathStep(
    string Step, bool Asked, string State, int Tries, int Total, int Right, int Of, double? Alpha, int? CriticalsFound, int? CriticalsPlanted, DateTimeOffset? At)
{
    public static IReadOnlyList<PathStep> All(QualitySettings? settings, Guideline guideline, Standing standing)
    {
        var scales = Scales.Of(guideline);
        return
        [
            Tried(ProductionPath.Quiz, settings?.Quiz == true, guideline.Quiz?.Count ?? 0, ProductionPath.QuizTries, scales, standing),
            Practised(settings?.Calibration == true, guideline.Calibration ?? [], scales, standing),
            Tried(ProductionPath.Qualification, settings?.Qualification == true, settings?.QualificationItems ?? 0, mostTries: 1, scales: "", standing),
        ];
    }

    private static PathStep Tried(string step, bool asked, int total, int mostTries, string scales, Standing standing)
    {
        var tries = standing.ResultsOf(step, scales).ToList();
        var last = tries.FindLast(one => one.Passed) ?? (tries.Count == 0 ? null : tries[^1]);
        var state = total == 0 ? "none" : standing.IsWaived(step, scales) ? "waived" : last?.Passed == true ? "passed" : tries.Count >= mostTries ? "failed" : "open";
        return new PathStep(step, asked, state, tries.Count, total, last?.Right ?? 0, last?.Of ?? 0, last?.Alpha, last?.CriticalsFound, last?.CriticalsPlanted, last?.At);
    }

    /// <summary>It teaches, so that nobody fails it.</summary>
    private static PathStep Practised(bool asked, IReadOnlyList<CalibrationItem> items, string scales, Standing standing)
    {
        var done = standing.ResultsOf(ProductionPath.Calibration, scales).DistinctBy(one => one.Item).Where(one => items.Any(item => item.Id == one.Item)).ToList();
        var state = items.Count == 0 ? "none" : standing.IsWaived(ProductionPath.Calibration, scales) ? "waived" : done.Count == items.Count ? "passed" : "open";
        return new PathStep(
            ProductionPath.Calibration, asked, state, done.Count, items.Count, done.Sum(one => one.Right), done.Sum(one => one.Of), Alpha: null,
            done.Sum(one => one.CriticalsFound ?? 0), done.Sum(one => one.CriticalsPlanted ?? 0), done.Count == 0 ? null : done.Max(one => one.At));
    }
}
