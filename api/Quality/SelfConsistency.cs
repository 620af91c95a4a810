using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Storage;

namespace HealthEval.Quality;

/// <summary>One score that a person gave to a response, the first or the second time that they saw it.</summary>
/// <param name="Again">When they handed it in the second time.</param>
internal sealed record RepeatedScore(string Rater, string Unit, string Item, string Dimension, int Score, DateTimeOffset Again);

/// <summary>How far people agree with themselves: the same score on an item that came twice.</summary>
internal static class SelfConsistency
{
    private static readonly Scale OneToFive = Scale.OfNumbers([1, 2, 3, 4, 5]);

    /// <summary>Both scores of everything that was judged twice, by pseudonym; of one person, or of all.</summary>
    public static async Task<IReadOnlyList<RepeatedScore>> ReadAsync(IDocumentStore store, string projectId, string? personId, CancellationToken cancellation)
    {
        var scores = new List<RepeatedScore>();
        var query = personId is null ? Repeat.Of(projectId) : Repeat.Of(projectId, personId);
        await foreach (var (repeat, _) in store.AllAsync<Repeat>(query, cancellation))
        {
            var again = await store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.AsideAnnotation) { ProjectId = projectId, Scope = repeat.TaskId }, cancellation).FirstOrDefaultAsync(cancellation);
            var first = (await store.FindAsync<Annotation>(Annotation.Key(projectId, repeat.SourceTaskId, repeat.AnnotationId), cancellation))?.Value;
            if (again?.Value is { } second && first is not null)
            {
                scores.AddRange(Of(first, repeat.SourceTaskId, second.SubmittedAt).Concat(Of(second, repeat.SourceTaskId, second.SubmittedAt)));
            }
        }

        return scores;
    }

    /// <summary>Share of the same score again; of one dimension, or of all.</summary>
    public static Estimate Of(IReadOnlyList<RepeatedScore> scores, string? dimension)
    {
        var chosen = scores.Where(score => dimension is null || score.Dimension == dimension).ToList();
        var items = chosen.Select(score => (score.Rater, score.Item)).Distinct().Count();
        return items < RaterGold.Fewest
            ? Estimate.None("self-consistency", $"fewer than {RaterGold.Fewest} items were judged twice ({items})")
            : RaterQuality.SelfConsistency(RatingMatrix.FromNumbers([.. chosen.Select(score => new Agreement.Statistics.Rating($"{score.Unit}/{score.Dimension}", score.Rater, score.Score, score.Item))], OneToFive, Repeats.All));
    }

    private static IEnumerable<RepeatedScore> Of(Annotation made, string item, DateTimeOffset again) =>
        from rating in made.Judgement.Ratings
        from score in rating.AllScores
        where score.Score is not null
        select new RepeatedScore(made.Pseudonym, $"{item}/{made.ResponseId(rating.Response)}", item, score.Dimension, score.Score!.Value, again);
}

/// <summary>A rater's self-consistency, of all dimensions together and of each.</summary>
internal sealed record ConsistencyView(string Rater, int Items, EstimateView All, IReadOnlyDictionary<string, EstimateView> ByDimension)
{
    public static IReadOnlyList<ConsistencyView> Of(IReadOnlyList<RepeatedScore> scores) =>
    [
        .. scores.GroupBy(score => score.Rater, StringComparer.Ordinal).OrderBy(rater => rater.Key, StringComparer.Ordinal).Select(rater => new ConsistencyView(
            rater.Key, rater.Select(score => score.Item).Distinct().Count(), EstimateView.Of(SelfConsistency.Of([.. rater], null)),
            Vocabulary.Dimensions.Union(scores.Select(score => score.Dimension)).ToDictionary(dimension => dimension, dimension => EstimateView.Of(SelfConsistency.Of([.. rater], dimension))))),
    ];
}
