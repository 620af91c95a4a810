using HealthEval.Annotations;

namespace HealthEval.Cli;

/// <summary>How a simulated rater judges: well, or badly in one way, so that every rule of the watch can be seen to fire.</summary>
/// <param name="Apply">What becomes of a good judgement; the number counts those that the rater has made.</param>
internal sealed record RaterProfile(string Name, Func<Judgement, int, Judgement> Apply)
{
    private const double DriftPerTask = 0.05;
    private const double MostDrift = 1.2; // more would end in one score for everything, which is another rule

    public static readonly RaterProfile Good = new("good", (judgement, _) => judgement);

    public static readonly IReadOnlyList<RaterProfile> All =
    [
        Good,
        new("lazy", (judgement, _) => judgement with
        {
            Ratings = [.. judgement.Ratings.Select(rating => Scored(rating, _ => 4) with { Rationale = "Fine." })],
            Harm = [.. judgement.Harm.Select(harm => new Harm(harm.Response, "none"))],
            Spans = [],
            Claims = [],
            ActiveSeconds = 9,
        }),
        new("harsh", (judgement, _) => Shifted(judgement, -1.5)),
        new("drifting", (judgement, done) => Shifted(judgement, Math.Min(MostDrift, done * DriftPerTask))),
        new("careless", (judgement, _) => judgement with
        {
            Spans = [.. judgement.Spans.Where(span => span.Severity != "critical")],
            Harm = [.. judgement.Harm.Select(harm => new Harm(harm.Response, "none"))],
        }),
        new("copying", (judgement, _) => judgement with
        {
            Ratings = [.. judgement.Ratings.Select(rating => rating with { Rationale = "The answer is acceptable and says what is needed." })],
        }),
    ];

    public static RaterProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    private static Judgement Shifted(Judgement judgement, double by) => judgement with
    {
        Ratings = [.. judgement.Ratings.Select(rating => Scored(rating, score => Math.Clamp((int)Math.Round(score + by, MidpointRounding.AwayFromZero), 1, 5)))],
    };

    private static Rating Scored(Rating rating, Func<int, int> to) => rating with
    {
        Accuracy = To(rating.Accuracy, to),
        Reasoning = To(rating.Reasoning, to),
        Completeness = To(rating.Completeness, to),
        Clarity = To(rating.Clarity, to),
        Tone = To(rating.Tone, to),
        Appropriateness = To(rating.Appropriateness, to),
        Custom = rating.Custom?.ToDictionary(own => own.Key, own => to(own.Value)),
    };

    private static int? To(int? score, Func<int, int> to) => score is { } given ? to(given) : null;
}
