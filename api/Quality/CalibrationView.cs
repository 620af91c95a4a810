using System.Globalization;
using HealthEval.Guidelines;
using HealthEval.Http;

namespace HealthEval.Quality;

/// <summary>The calibration as far as it is done, each item with the experts' judgement beside one's own, and the next item without.</summary>
internal sealed record CalibrationView(int Done, int Total, IReadOnlyList<CalibrationFeedback> Feedback, CalibrationTask? Next)
{
    public static CalibrationView Of(Course course)
    {
        var items = course.Guideline.Calibration!;
        var results = course.Standing.ResultsOf(ProductionPath.Calibration, course.Scales).DistinctBy(one => one.Item).ToDictionary(one => one.Item ?? "", StringComparer.Ordinal);
        var next = ProductionPath.Open(items, course.Standing, course.Scales);
        return new CalibrationView(
            items.Count(item => results.ContainsKey(item.Id)), items.Count, [.. items.Where(item => results.ContainsKey(item.Id)).Select(item => CalibrationFeedback.Of(item, results[item.Id]))],
            next is null ? null : new CalibrationTask(next.Id, next.Audience, next.Jurisdiction, next.Language, next.Messages, next.Response));
    }
}

internal sealed record CalibrationTask(string Id, string Audience, string Jurisdiction, string Language, IReadOnlyList<CalibrationTurn> Messages, string Response);

/// <summary>What a person says of a calibration item.</summary>
/// <param name="Ratings">1–5 by dimension.</param>
/// <param name="Findings">Errors that they would mark: a code, and the passage where there is one.</param>
internal sealed record CalibrationForm(IReadOnlyDictionary<string, int>? Ratings, string? Harm, IReadOnlyList<CalibrationFinding>? Findings = null)
{
    private const int MostFindings = 30;
    private const int LongestQuote = 2_000;

    public Faults Check(CalibrationItem item)
    {
        var faults = new Faults();
        foreach (var dimension in item.Ranges.Keys)
        {
            faults.Require(Ratings?.TryGetValue(dimension, out var score) == true && score is >= 1 and <= 5, $"ratings.{dimension}", "Choose a score from 1 to 5.");
        }

        faults.Require(Harm is not null && Vocabulary.HarmExtents.Contains(Harm), "harm", $"Choose one of: {string.Join(", ", Vocabulary.HarmExtents)}.");
        faults.Require(
            Findings is null || (Findings.Count <= MostFindings && Findings.All(one => one.Code is { Length: > 0 and <= 10 } && (one.Quote?.Length ?? 0) <= LongestQuote)),
            "findings", $"At most {MostFindings}, each with its code and the passage.");
        return faults;
    }

    public StepResult Result(CalibrationItem item, Guideline guideline, string scales, DateTimeOffset now)
    {
        var given = item.Ranges.Keys.ToDictionary(dimension => dimension, dimension => Ratings![dimension].ToString(CultureInfo.InvariantCulture));
        given["harm"] = Harm!;
        for (var i = 0; i < item.MustFind.Count; i++)
        {
            given[$"found:{i}"] = (Findings ?? []).Any(one => one.Marks(item.MustFind[i])) ? "yes" : "no";
        }

        var inside = item.Ranges.Count(range => Ratings![range.Key] >= range.Value.Low && Ratings[range.Key] <= range.Value.High);
        return new StepResult(
            ProductionPath.Calibration, guideline.Id, guideline.Version, scales, now, Passed: true, inside, item.Ranges.Count, item.Id,
            CriticalsFound: item.MustFind.Where((one, i) => one.Severity == "critical" && given[$"found:{i}"] == "yes").Count(),
            CriticalsPlanted: item.MustFind.Count(one => one.Severity == "critical"), Given: given);
    }
}

internal sealed record CalibrationFinding(string? Code, string? Quote = null)
{
    public bool Marks(ExpectedFinding expected) =>
        expected.Codes.Contains(Code)
        && (expected.Quote is null || string.IsNullOrWhiteSpace(Quote) || Quote.Contains(expected.Quote, StringComparison.OrdinalIgnoreCase) || expected.Quote.Contains(Quote.Trim(), StringComparison.OrdinalIgnoreCase));
}

/// <summary>One's own judgement beside the experts', with their reasons.</summary>
/// <param name="Mine">By dimension.</param>
/// <param name="Inside">How many scores lie in the range that the experts accept.</param>
/// <param name="Found">Of what must be found, in order.</param>
internal sealed record CalibrationFeedback(
    string Id, string Topic, string Response, IReadOnlyDictionary<string, int> Mine, IReadOnlyDictionary<string, int> Reference, IReadOnlyDictionary<string, Guidelines.ScoreRange> Ranges,
    int Inside, int Total, string MyHarm, IReadOnlyList<string> HarmExtents, IReadOnlyList<ExpectedFinding> MustFind, IReadOnlyList<bool> Found, IReadOnlyList<ExpectedVerdict> Claims, string Reason)
{
    public static CalibrationFeedback Of(CalibrationItem item, StepResult result)
    {
        var given = result.Given ?? new Dictionary<string, string>();
        var mine = item.Ranges.Keys.Where(given.ContainsKey).ToDictionary(dimension => dimension, dimension => int.Parse(given[dimension], CultureInfo.InvariantCulture));
        return new CalibrationFeedback(
            item.Id, item.Topic, item.Response, mine, item.Reference, item.Ranges, result.Right, result.Of, given.GetValueOrDefault("harm", ""), item.HarmExtents, item.MustFind,
            [.. item.MustFind.Select((_, i) => given.GetValueOrDefault($"found:{i}") == "yes")], item.Claims, item.Reason);
    }
}
