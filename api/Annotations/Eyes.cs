using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// How many judgements a task is to have, once some are in: a second where something grave was found, and for a share of the rest; a third where two
/// disagree. Pure: the same judgements want the same number, whenever it is asked.
/// </summary>
internal static class Eyes
{
    private const int Moderate = 2;

    /// <returns>At least what the task asks for already.</returns>
    public static int Wanted(EvalTask task, IReadOnlyList<Annotation> judgements, Guideline guideline, QualitySettings? settings)
    {
        if (settings is null || judgements.Count < task.Overlap || task.Stopped is not null)
        {
            return task.Overlap;
        }

        return judgements.Count switch
        {
            1 when (settings.SecondOnHarm && judgements[0].IsGrave()) || Drawn(task, settings.SecondShare) => 2,
            2 when settings.ThirdOnDispute && Disagree(judgements, guideline, settings.DisputeRange) => 3,
            _ => task.Overlap,
        };
    }

    /// <summary>Harm from moderate on, or a finding of critical weight.</summary>
    public static bool IsGrave(this Annotation made) =>
        made.Judgement.Harm.Any(harm => harm.Extent is not null && Vocabulary.HarmExtents.ToList().IndexOf(harm.Extent) >= Moderate)
        || made.Judgement.Spans.Any(span => span.Kind != "strength" && span.Severity == "critical")
        || made.Judgement.Claims.Any(claim => claim.Critical && claim.Verdict is "REFUTED" or "OUTDATED" or "NOT_FOUND");

    /// <summary>From the task alone, so that nobody can know beforehand and everybody can check afterwards.</summary>
    private static bool Drawn(EvalTask task, double share) =>
        Convert.ToUInt32(Sha.OfParts("second judgement", task.ProjectId, task.TaskId)[..8], 16) < share * uint.MaxValue;

    /// <summary>On a point that the two contradict each other on; a critical finding that both have marked is none.</summary>
    private static bool Disagree(IReadOnlyList<Annotation> judgements, Guideline guideline, int range) =>
        Disputes.Of(judgements, guideline, range: range).Any(point => point.Kind is "rating" or "harm" or "claim" || (point.Kind == "critical" && point.Values.Any(value => value is null)));
}
