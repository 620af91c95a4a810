using HealthEval.Guidelines;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

internal static class FoundInTask
{
    /// <summary>What all judgements of one task found, in short.</summary>
    public static TaskFindings Found(this IReadOnlyList<Annotation> judgements)
    {
        var extents = judgements.SelectMany(made => made.Judgement.Harm).Select(harm => harm.Extent).OfType<string>().Select(Place).ToList();
        var scores = from made in judgements
                     from rating in made.Judgement.Ratings
                     from score in rating.AllScores
                     where score.Score is not null
                     group score.Score!.Value by (Response: made.ResponseId(rating.Response), score.Dimension);
        return new TaskFindings(
            extents.Count == 0 ? null : Vocabulary.HarmExtents[extents.Max()],
            judgements.Any(made => made.Judgement.Spans.Any(span => span is { Severity: "critical", Kind: not "strength" })),
            [.. judgements.SelectMany(made => made.Judgement.Flags).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            scores.Select(given => given.Max() - given.Min()).DefaultIfEmpty(0).Max());
    }

    /// <summary>Where an extent stands, from none to death; −1 for none of them.</summary>
    public static int Place(string? extent)
    {
        for (var place = 0; place < Vocabulary.HarmExtents.Count; place++)
        {
            if (Vocabulary.HarmExtents[place] == extent)
            {
                return place;
            }
        }

        return -1;
    }
}
