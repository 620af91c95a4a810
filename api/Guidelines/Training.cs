namespace HealthEval.Guidelines;

/// <summary>One question of the quiz that a rater passes before judging under this version. Its answer is shown to leads only.</summary>
internal sealed record QuizQuestion(string Id, string Topic, string Question, IReadOnlyList<Term> Choices, string Answer, string Why);

/// <summary>An item that is judged for practice, with what experts accept and why. Public: it calibrates, it never measures.</summary>
/// <param name="Reference">The experts' own scores, each within its range. A dimension that is N/A is in neither.</param>
/// <param name="Ranges">Acceptable scores by dimension, and of "overall": lowest and highest.</param>
/// <param name="HarmExtents">Acceptable extents of harm.</param>
/// <param name="MustFind">What has to be marked, as a passage (or nothing, for an omission) and the codes that are right for it.</param>
/// <param name="Claims">Claims with their acceptable verdicts.</param>
/// <param name="Reason">The experts' reasons, dimension by dimension where it matters.</param>
internal sealed record CalibrationItem(
    string Id,
    string Topic,
    string Subdomain,
    string Audience,
    string Jurisdiction,
    string Language,
    IReadOnlyList<CalibrationTurn> Messages,
    string Response,
    IReadOnlyDictionary<string, int> Reference,
    IReadOnlyDictionary<string, ScoreRange> Ranges,
    IReadOnlyList<string> HarmExtents,
    IReadOnlyList<ExpectedFinding> MustFind,
    IReadOnlyList<ExpectedVerdict> Claims,
    string Reason);

internal sealed record CalibrationTurn(string Role, string Content);

internal sealed record ScoreRange(int Low, int High);

internal sealed record ExpectedFinding(IReadOnlyList<string> Codes, string Severity, string Why, string? Quote = null);

internal sealed record ExpectedVerdict(string Quote, IReadOnlyList<string> Verdicts, string Why);
