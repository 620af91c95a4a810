using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;

namespace HealthEval.Reports;

internal sealed record RefutedClaim(string TaskId, string Rater, int Number, string Model, string? Verdict, bool Critical, string? Quote, string? Correction, string? Source, string? Tier)
{
    public RefutedClaim(AnnotationExport annotation, int number, string model, Claim claim)
        : this(annotation.TaskId, annotation.Rater, number, model, claim.Verdict, claim.Critical, claim.Quote, claim.Correction, Cited(claim)?.Url ?? Cited(claim)?.Title, Cited(claim)?.Tier)
    {
    }

    private static Evidence? Cited(Claim claim) => claim.Evidence?.FirstOrDefault(e => e.Stance == "refutes") ?? claim.Evidence?.ElementAtOrDefault(0);
}

/// <summary>Something that a rater marked as critical: a span, or a refuted claim.</summary>
internal sealed record CriticalFinding(string TaskId, string Rater, string Unit, string What, string? Quote, string? Comment, bool Simulated)
{
    public CriticalFinding(AnnotationExport annotation, string unit, string what, string? quote, string? comment)
        : this(annotation.TaskId, annotation.Rater, unit, what, quote, comment, annotation.Simulated)
    {
    }
}

/// <summary>Answers to one behaviour check or customer rule.</summary>
internal sealed class AnswerTally(string key)
{
    private readonly List<ClusterTotals> _prompts = [];

    public string Key { get; } = key;

    public SortedDictionary<string, int> ByAnswer { get; } = new(StringComparer.Ordinal);

    public string? WorstExample { get; private set; }

    public int Of(string answer) => ByAnswer.GetValueOrDefault(answer);

    /// <summary>Share of the answers that say yes or no: the same prompt gets several, so the interval is by prompt.</summary>
    public Estimate Rate => _prompts.Count == 0 ? Estimate.None("rate", "nobody answered yes or no") : ClusteredRate.Compute("rate", _prompts);

    public void Add(string prompt, string answer, string task, string? comment)
    {
        if (answer is "yes" or "no" or "complies" or "violates")
        {
            _prompts.Add(new ClusterTotals(prompt, [answer is "yes" or "complies" ? 1 : 0], [1]));
        }

        ByAnswer[answer] = Of(answer) + 1;
        if (WorstExample is null && answer is "no" or "violates" && !string.IsNullOrWhiteSpace(comment))
        {
            WorstExample = $"{task}: {comment}";
        }
    }
}

/// <summary>One rater's reading of one response's rubric: Σ points of met criteria ÷ Σ positive points; null when nothing is positive.</summary>
/// <param name="Axes">The same over the criteria of one tag "axis:…" each; axes without positive points are left out.</param>
internal sealed record RubricScore(string Unit, string Prompt, string Model, double? Score, int Met, int Judged, IReadOnlyDictionary<string, double> Axes)
{
    private const string Axis = "axis:";

    public static RubricScore Of(ItemBrief item, AnnotationExport annotation, IGrouping<string, CriterionCheck> checks)
    {
        var response = item.Response(annotation.ResponseId(checks.Key));
        var met = checks.Where(c => c.Met == true).Select(c => c.Criterion).ToHashSet(StringComparer.Ordinal);
        var without = checks.Where(c => c.NotApplicable == true).Select(c => c.Criterion).ToHashSet(StringComparer.Ordinal);
        JudgedCriterion[] judged = [.. item.Rubric.Where(c => !without.Contains(c.Id)).Select(c => new JudgedCriterion(c.Points, met.Contains(c.Id), c.Tags))];
        var axes = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var tag in item.Rubric.SelectMany(c => c.Tags).Where(t => t.StartsWith(Axis, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            if (Agreement.Statistics.RubricScore.Answer(judged, tag) is { } score)
            {
                axes[tag[Axis.Length..]] = score;
            }
        }

        return new RubricScore(
            RatedResponse.UnitOf(annotation.TaskId, response.ResponseId), item.PromptId, response.Model, Agreement.Statistics.RubricScore.Answer(judged), met.Count,
            checks.Count(c => c.Met is not null), axes);
    }
}

/// <summary>One rater's week.</summary>
internal sealed class RaterTally(string rater)
{
    private readonly List<int> _seconds = [];

    public string Rater { get; } = rater;

    public int Judgements { get; private set; }

    public int Ratings { get; private set; }

    public int StraightLined { get; private set; }

    public int Spans { get; private set; }

    public int Claims { get; private set; }

    public bool Simulated { get; private set; }

    /// <summary>Active seconds per judgement, lower median; null where none were recorded.</summary>
    public int? MedianSeconds => At(0.5);

    public int? FastestTenth => At(0.1);

    public void Add(AnnotationExport annotation, IReadOnlyCollection<WeekRow> rows)
    {
        Judgements++;
        Ratings += rows.Count;
        StraightLined += rows.Count(r => r.Rated.Scores[0] > 0 && r.Rated.Scores.Distinct().Count() == 1);
        Spans += annotation.Judgement.Spans.Count;
        Claims += annotation.Judgement.Claims.Count;
        Simulated |= annotation.Simulated;
        if (annotation.Judgement.ActiveSeconds > 0)
        {
            _seconds.Add(annotation.Judgement.ActiveSeconds);
        }
    }

    private int? At(double share)
    {
        _seconds.Sort();
        return _seconds.Count == 0 ? null : _seconds[(int)(share * (_seconds.Count - 1))];
    }
}

internal static class Places
{
    /// <summary>Place of a word in a vocabulary, or −1.</summary>
    public static int IndexOf(this IReadOnlyList<string> words, string? word)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == word)
            {
                return i;
            }
        }

        return -1;
    }
}
