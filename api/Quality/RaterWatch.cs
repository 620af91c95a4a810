using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>What the rules look at: the last judgements of one person in one project, reduced to a few numbers each. A memory aid: the judgements are the truth.</summary>
/// <param name="Judged">All since the watch began, or since the person was resumed.</param>
/// <param name="Told">At which judgement each rule last told the lead.</param>
internal sealed record RaterWatch(
    string ProjectId, string PersonId, string Pseudonym, int Judged, IReadOnlyList<Glance> Recent, IReadOnlyList<GoldGlance> Gold, IReadOnlyDictionary<string, int> Told)
{
    public const int Window = 40;

    public static RaterWatch New(string projectId, string personId, string pseudonym) => new(projectId, personId, pseudonym, 0, [], [], new Dictionary<string, int>());

    public static DocumentKey Key(string projectId, string personId) => new(DocumentKind.Watch, new Partition(projectId, "watch"), personId);

    public static DocumentQuery Of(string projectId) => new(DocumentKind.Watch) { ProjectId = projectId, Scope = "watch", Top = 500 };

    public RaterWatch With(Glance glance, GoldGlance? gold) => this with
    {
        Judged = Judged + 1,
        Recent = [.. Recent.TakeLast(Window - 1), glance],
        Gold = gold is null ? Gold : [.. Gold.TakeLast(Window - 1), gold],
    };
}

/// <summary>One judgement.</summary>
/// <param name="Straight">Whether all scores of a response are the same, in every response; null where there are fewer than two scores.</param>
/// <param name="WordsPerMinute">Of the text that was judged, with the time at sources counted as work; null where no time was sent.</param>
/// <param name="Text">Of the rationale, a hash over its words; null where it is too short to tell copying from being brief.</param>
/// <param name="Severity">How much higher than expected the scores are, in standard deviations: than those of the others on the same responses, else than the project's.</param>
internal sealed record Glance(bool? Straight, double? WordsPerMinute, string? Text, double? Mean, double? Severity);

/// <summary>One judgement of a gold item.</summary>
/// <param name="Right">Whether its scores are acceptable, but for one in six.</param>
/// <param name="Error">Mean of score − reference, in points.</param>
internal sealed record GoldGlance(bool Right, double? Error, int Planted, int Found, bool? FalseAlarm);
