using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>A dimension that a customer asks for beside the six: its mean, resampled by prompt, and how far raters agree on it.</summary>
internal sealed record CustomDimension(string Key, string Name, Estimate Mean, Estimate Alpha, IReadOnlyList<int> Distribution)
{
    private static readonly Scale OneToFive = Scale.OfNumbers([1, 2, 3, 4, 5]);

    /// <summary>Of the guideline that most of the week was judged under; judgements under others count where they have the same key.</summary>
    public static IReadOnlyList<CustomDimension> Of(WeekData week)
    {
        if (week.Guideline.CustomDimensions is not { Count: > 0 } dimensions)
        {
            return [];
        }

        var scores = week.Annotations().SelectMany(annotation => annotation.ResponseOrder.SelectMany((response, i) => ScoresOf(week, annotation, response, i))).ToLookup(one => one.Key, one => one.Rating, StringComparer.Ordinal);
        return [.. dimensions.Select(dimension => Of(dimension, [.. scores[dimension.Key]]))];
    }

    private static IEnumerable<(string Key, Rating Rating)> ScoresOf(WeekData week, AnnotationExport annotation, string response, int place)
    {
        var rating = annotation.Judgement.Ratings.FirstOrDefault(one => one.Response == ((char)('A' + place)).ToString());
        return (rating?.Custom ?? new Dictionary<string, int>())
            .Select(score => (score.Key, new Rating(RatedResponse.UnitOf(annotation.TaskId, response), annotation.Rater, score.Value, week.Item(annotation.TaskId).PromptId)));
    }

    private static CustomDimension Of(Dimension dimension, IReadOnlyList<Rating> ratings) => new(
        dimension.Key, dimension.Name,
        ClusterMean.Compute([.. ratings.Select(rating => (double)rating.Value)], [.. ratings.Select(rating => rating.Cluster ?? rating.Unit)], Figures.Resampling, "mean " + dimension.Key),
        KrippendorffAlpha.Compute(RatingMatrix.FromNumbers([.. ratings], OneToFive), MeasurementLevel.Ordinal, Figures.Resampling),
        [.. Enumerable.Range(1, 5).Select(score => ratings.Count(rating => rating.Value == score))]);
}
