using HealthEval.Agreement;
using HealthEval.Annotations;

namespace HealthEval.Quality;

/// <summary>A person's own page of one project.</summary>
/// <param name="AskWhom">Leads by name.</param>
/// <param name="CriticalsFound">Of retired gold items only.</param>
/// <param name="Consistency">Of items that came twice: the same score again.</param>
internal sealed record MyQuality(
    string ProjectId, string ProjectName, string State, PausedView? Paused, IReadOnlyList<string> AskWhom, IReadOnlyList<StepView> Steps, EstimateView CriticalsFound,
    IReadOnlyList<MyGold> Gold, IReadOnlyList<MyCase> Cases, PeerView Peers, EstimateView Consistency);

internal sealed record PausedView(string Words, DateTimeOffset Since);

/// <param name="Asked">Whether the project asks for it.</param>
/// <param name="There">Whether it can be taken, for practice where it is not asked for.</param>
internal sealed record StepView(string Step, bool Asked, bool There, bool Waived, IReadOnlyList<StepResult> Results);

/// <summary>A retired gold item: mine beside the reference, with the reasons.</summary>
internal sealed record MyGold(string TaskId, DateTimeOffset SubmittedAt, IReadOnlyList<MyScore> Scores, int Planted, int Found, bool? FalseAlarm, IReadOnlyList<string> PlantedWords, string? Why)
{
    public static MyGold Of(Annotation made, GoldItem gold, GoldScore score) => new(
        made.TaskId, made.SubmittedAt, [.. score.Scores.Select(one => new MyScore(one.Dimension, one.Given, one.Reference, one.Acceptable))], score.Planted, score.Found, score.FalseAlarm,
        [.. gold.Reference.Spans.Where(span => span.Kind != "strength" && span.Severity == "critical").Select(span => $"{span.Code}: {span.Quote ?? span.MissingText} {span.Comment}".Trim())], gold.Note);
}

internal sealed record MyScore(string Dimension, int Mine, int Reference, bool Acceptable);

internal sealed record MyCase(string TaskId, DateTimeOffset SettledAt, IReadOnlyList<MyPoint> Points);

/// <param name="Response">As this person saw it; null for the task as a whole.</param>
internal sealed record MyPoint(string Kind, string? Response, string? Dimension, string? Quote, string? Mine, string Final, string Why)
{
    public static MyPoint Of(Ruling ruling, int place, Annotation made)
    {
        var point = ruling.Point;
        var letter = point.ResponseId is { } id && made.ResponseOrder.ToList().IndexOf(id) is var at and >= 0 ? ((char)('A' + at)).ToString() : null;
        return new MyPoint(point.Kind, letter, point.Dimension, point.Quote, place < point.Values.Length ? point.Values[place] : null, ruling.Final, ruling.Rationale);
    }
}

/// <param name="Weeks">Share of own scores within one point of the others' mean, by week.</param>
/// <param name="Bias">Mean of own − others', above 0 is more lenient.</param>
internal sealed record PeerView(IReadOnlyList<WeekOfAgreement> Weeks, IReadOnlyList<BiasOfDimension> Bias);

internal sealed record WeekOfAgreement(DateOnly Monday, EstimateView Near);

internal sealed record BiasOfDimension(string Dimension, EstimateView Bias);
