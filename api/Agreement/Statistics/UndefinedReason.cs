namespace HealthEval.Agreement.Statistics;

/// <summary>The sentences that say why a statistic has no value.</summary>
public static class UndefinedReason
{
    /// <summary>There is nothing to compute from.</summary>
    public const string NoRatings = "there are no ratings";

    /// <summary>Agreement needs two ratings of the same unit somewhere.</summary>
    public const string NoPairableUnits = "no unit has two ratings, so nothing can be compared";

    /// <summary>One rater cannot agree with anybody.</summary>
    public const string OneRater = "there is only one rater";

    /// <summary>All ratings are equal: agreement beyond chance is 0 ÷ 0.</summary>
    public const string NoVariation = "all ratings have the same value, so agreement beyond chance cannot be told from chance";

    /// <summary>The chance agreement is already 1.</summary>
    public const string NoRoomAboveChance = "the agreement expected by chance is already complete, so there is nothing beyond chance to measure";

    /// <summary>The measure needs exactly two raters.</summary>
    public const string NeedsTwoRaters = "the measure compares exactly two raters";

    /// <summary>The measure needs at least two units.</summary>
    public const string OneUnit = "there are fewer than two units";

    /// <summary>The measure needs every rater on every unit.</summary>
    public const string NeedsCompleteMatrix = "the measure needs every rater's rating on every unit, and some are missing";

    /// <summary>The measure needs numbers.</summary>
    public const string NeedsNumbers = "the values are labels, and this measure needs numbers";

    /// <summary>The order of the labels is unknown.</summary>
    public const string NeedsOrder = "the values are labels without a stated order, and this measure needs one";

    /// <summary>The ratio metric divides by the sum of two values.</summary>
    public const string NeedsPositive = "the ratio metric needs numbers of 0 or more";

    /// <summary>The computation overflowed or divided by zero.</summary>
    public const string NotFinite = "the computation gave no finite number";

    /// <summary>The sampling error of one cluster is unknown.</summary>
    public const string OneCluster = "there is only one cluster, so its sampling error is unknown";

    /// <summary>Units or resamples that are all alike say nothing about the sampling error.</summary>
    public const string NoSpread = "all units or resamples give the same value, so they do not show how far another sample would differ";
}
