using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Quality;

/// <summary>
/// What is known of one rater from gold items. Every figure has its n and its interval; with fewer than five gold items there is none, because it
/// would say more about chance than about the rater.
/// </summary>
/// <param name="Items">Gold items judged.</param>
/// <param name="Accuracy">Share of scores within the acceptable range, by item resampled.</param>
/// <param name="Exact">Share of scores that are the reference's own.</param>
/// <param name="Kappa">Quadratically weighted, of all scores against the reference.</param>
/// <param name="Sensitivity">Planted critical errors found.</param>
/// <param name="FalseAlarms">Clean controls in which something serious was said to be wrong.</param>
/// <param name="Verdicts">Claims decided as the reference decides them.</param>
/// <param name="Bias">Mean of score − reference; above 0 is lenient.</param>
internal sealed record RaterGold(
    int Items, EstimateView Accuracy, EstimateView Exact, EstimateView Kappa, EstimateView Sensitivity, EstimateView FalseAlarms, EstimateView Verdicts, EstimateView Bias)
{
    public const int Fewest = 5;

    public static RaterGold Of(IReadOnlyList<(string Item, GoldScore Score)> judged)
    {
        var ratings = judged.SelectMany(one => one.Score.Scores.Select(score => (one.Item, Score: score))).ToList();
        var controls = judged.Where(one => one.Score.FalseAlarm is not null).ToList();
        Estimate Shown(Estimate estimate, int of) =>
            of >= Fewest ? estimate : Estimate.None(estimate.Measure, $"fewer than {Fewest} to judge by ({of})");

        return new RaterGold(
            judged.Count,
            View(Shown(Share(ratings, rating => rating.Acceptable, "gold-accuracy"), judged.Count)),
            View(Shown(Share(ratings, rating => rating.Reference == rating.Given, "gold-exact"), judged.Count)),
            View(Shown(Kappas([.. ratings.Select(rating => rating.Score)]), judged.Count)),
            View(Shown(RaterQuality.Sensitivity(judged.Sum(one => one.Score.Found), judged.Sum(one => one.Score.Planted)), judged.Sum(one => one.Score.Planted))),
            View(Shown(Proportions.Wilson(controls.Count(one => one.Score.FalseAlarm == true), controls.Count), controls.Count)),
            View(Shown(Proportions.Wilson(judged.Sum(one => one.Score.SameVerdicts), judged.Sum(one => one.Score.Verdicts)), judged.Sum(one => one.Score.Verdicts))),
            View(Shown(RaterQuality.SignedBias([.. ratings.Select(rating => ((double)rating.Score.Given, (double)rating.Score.Reference))], [.. ratings.Select(rating => rating.Item)]), judged.Count)));
    }

    private static Estimate Share(List<(string Item, GoldRating Score)> ratings, Func<GoldRating, bool> counts, string measure) => ClusterMean.Compute(
        [.. ratings.Select(rating => counts(rating.Score) ? 1d : 0d)], [.. ratings.Select(rating => rating.Item)], resampling: null, measure);

    private static Estimate Kappas(IReadOnlyList<GoldRating> ratings)
    {
        const string measure = "weighted-kappa";
        if (ratings.Count == 0)
        {
            return Estimate.None(measure, UndefinedReason.NoRatings);
        }

        var counts = new double[5, 5];
        foreach (var rating in ratings)
        {
            counts[rating.Given - 1, rating.Reference - 1]++;
        }

        var scale = Scale.OfNumbers([1, 2, 3, 4, 5]);
        return TwoRaterAgreement.CohenKappa(ContingencyTable.Of(counts, scale), AgreementWeights.Of(WeightSet.Quadratic, scale));
    }

    private static EstimateView View(Estimate estimate) => EstimateView.Of(estimate);
}
