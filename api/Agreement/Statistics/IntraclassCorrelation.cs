namespace HealthEval.Agreement.Statistics;

/// <summary>The six intraclass correlations of Shrout and Fleiss (1979): model 1–3, for one rating or the mean of k.</summary>
public enum IccForm
{
    /// <summary>ICC(1,1): each unit has its own raters; one rating.</summary>
    OneSingle,

    /// <summary>ICC(2,1): raters are a random sample, all rate all units; one rating, absolute agreement.</summary>
    TwoSingle,

    /// <summary>ICC(3,1): these raters only; one rating, consistency.</summary>
    ThreeSingle,

    /// <summary>ICC(1,k): mean of k ratings.</summary>
    OneMean,

    /// <summary>ICC(2,k): mean of k ratings, absolute agreement.</summary>
    TwoMean,

    /// <summary>ICC(3,k): mean of k ratings, consistency (Cronbach's alpha).</summary>
    ThreeMean,
}

/// <summary>Intraclass correlations with their exact or Satterthwaite limits.</summary>
public static class IntraclassCorrelation
{
    /// <summary>
    /// One of the six forms. Input: numbers. Models 2 and 3 use the units that every rater rated (the others are dropped and counted in the details);
    /// model 1 needs no rater identity and uses every rated unit, with k₀ = (N − Σm²/N)/(n − 1) for unequal numbers of ratings.
    /// Range: at most 1, may be negative. Undefined for labels, with fewer than two units or two ratings each, when the units' means do not differ, and for model 2 when the
    /// estimated variance is not above 0 (raters who contradict each other).
    /// Details: the mean squares BMS, WMS, JMS, EMS, F and its p. Source: Shrout and Fleiss 1979, Psychological Bulletin 86: 420–428; limits as their pages 424–425.
    /// </summary>
    public static Estimate Compute(RatingMatrix matrix, IccForm form, double confidence = 0.95)
    {
        var measure = "icc(" + Name(form) + ")";
        if (matrix.Scale.Numbers is not { } numbers)
        {
            return Estimate.None(measure, UndefinedReason.NeedsNumbers, matrix.Size);
        }
        var oneWay = form is IccForm.OneSingle or IccForm.OneMean;
        var raters = Enumerable.Range(0, matrix.Units.Count).Aggregate(new HashSet<int>(), (set, u) => { set.UnionWith(matrix.RatersOf(u).ToArray()); return set; }).Count;
        double[][] rows = [.. Enumerable.Range(0, matrix.Units.Count)
            .Where(u => matrix.LevelsOf(u).Length is var m && (oneWay ? m > 0 : m == raters))
            .Select(u => matrix.LevelsOf(u).ToArray().Select(l => numbers[l]).ToArray())];
        var size = new SampleSize(rows.Length, rows.Sum(r => r.Length), raters);
        if (Refusal(matrix, rows, raters, oneWay) is { } reason)
        {
            return Estimate.None(measure, reason, size);
        }
        var table = oneWay ? AnovaTable.OneWay(rows) : AnovaTable.TwoWay(rows);
        if (!(table.Bms > 0))
        {
            return Estimate.None(measure, "the units' means do not differ, so there is nothing for raters to agree about", size);
        }
        var (value, lower, upper) = Describe(table, form, confidence);
        if (value > 1 + 1e-9)
        {
            return Estimate.None(measure, "the estimated variance of the ratings is not above 0, so no share of it can be taken", size);
        }
        var estimate = Estimate.Of(measure, value, size) with
        {
            Interval = Interval.Of(lower, upper, confidence, form is IccForm.TwoSingle or IccForm.TwoMean ? "F with Satterthwaite degrees of freedom" : "F"),
            Details = table.ToDetails(oneWay).And("unitsDropped", matrix.Units.Count - rows.Length),
        };
        return estimate.Interval is null ? estimate.With("interval", "a limit has no bound") : estimate;
    }

    /// <summary>"1,1" … "3,k" as an <see cref="IccForm"/>, or null.</summary>
    public static IccForm? Parse(string form) => form.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant() switch
    {
        "1,1" => IccForm.OneSingle,
        "2,1" => IccForm.TwoSingle,
        "3,1" => IccForm.ThreeSingle,
        "1,k" => IccForm.OneMean,
        "2,k" => IccForm.TwoMean,
        "3,k" => IccForm.ThreeMean,
        _ => null,
    };

    private static string Name(IccForm form) => form switch
    {
        IccForm.OneSingle => "1,1",
        IccForm.TwoSingle => "2,1",
        IccForm.ThreeSingle => "3,1",
        IccForm.OneMean => "1,k",
        IccForm.TwoMean => "2,k",
        _ => "3,k",
    };

    private static string? Refusal(RatingMatrix matrix, double[][] rows, int raters, bool oneWay)
    {
        if (matrix.RatingCount == 0)
        {
            return UndefinedReason.NoRatings;
        }
        if (raters < 2 && !Array.Exists(rows, r => r.Length > 1))
        {
            return UndefinedReason.OneRater;
        }
        if (rows.Length < 2)
        {
            return !oneWay && matrix.Units.Count > 1 ? UndefinedReason.NeedsCompleteMatrix : UndefinedReason.OneUnit;
        }
        return Array.TrueForAll(rows, r => r.Length < 2) ? UndefinedReason.NoPairableUnits : null;
    }

    private static (double Value, double Lower, double Upper) Describe(AnovaTable t, IccForm form, double confidence)
    {
        var (n, k, p) = (t.Units, t.PerUnit, (1 + confidence) / 2);
        switch (form)
        {
            case IccForm.OneSingle or IccForm.OneMean:
                var (low, high) = Limits(t.Bms / t.Wms, n - 1, t.WithinDf, p);
                return form == IccForm.OneSingle
                    ? ((t.Bms - t.Wms) / (t.Bms + ((k - 1) * t.Wms)), Single(low, k), Single(high, k))
                    : ((t.Bms - t.Wms) / t.Bms, 1 - (1 / low), 1 - (1 / high));
            case IccForm.ThreeSingle or IccForm.ThreeMean:
                (low, high) = Limits(t.Bms / t.Ems, n - 1, (n - 1) * (k - 1), p);
                return form == IccForm.ThreeSingle
                    ? ((t.Bms - t.Ems) / (t.Bms + ((k - 1) * t.Ems)), Single(low, k), Single(high, k))
                    : ((t.Bms - t.Ems) / t.Bms, 1 - (1 / low), 1 - (1 / high));
            default:
                var single = (t.Bms - t.Ems) / (t.Bms + ((k - 1) * t.Ems) + (k * (t.Jms - t.Ems) / n));
                (low, high) = Absolute(t, single, p);
                return form == IccForm.TwoSingle
                    ? (single, low, high)
                    : ((t.Bms - t.Ems) / (t.Bms + ((t.Jms - t.Ems) / n)), SpearmanBrown(low, k), SpearmanBrown(high, k));
        }
    }

    private static (double Low, double High) Limits(double f, double df1, double df2, double p) => double.IsFinite(f)
        ? (f / Distributions.FisherQuantile(p, df1, df2), f * Distributions.FisherQuantile(p, df2, df1))
        : (f, f);

    // (F − 1)/(F + k − 1), which tends to 1 when F has no bound (no error variance at all).
    private static double Single(double f, double k) => double.IsInfinity(f) ? 1 : (f - 1) / (f + k - 1);

    // At −1/(k − 1) and below the mean of k ratings has no variance left to be a share of: the limit has no bound.
    private static double SpearmanBrown(double icc, double k) => 1 + (icc * (k - 1)) > 0 ? icc * k / (1 + (icc * (k - 1))) : double.NegativeInfinity;

    private static (double Low, double High) Absolute(AnovaTable t, double icc, double p)
    {
        if (t.Ems <= 0)
        {
            return (double.NaN, double.NaN);
        }
        var (n, k, fj) = (t.Units, t.PerUnit, t.Jms / t.Ems);
        var inner = (n * (1 + ((k - 1) * icc))) - (k * icc);
        var df = (k - 1) * (n - 1) * Math.Pow((k * icc * fj) + inner, 2) / (((n - 1) * k * k * icc * icc * fj * fj) + (inner * inner));
        var (up, down) = (Distributions.FisherQuantile(p, n - 1, df), Distributions.FisherQuantile(p, df, n - 1));
        var other = (k * t.Jms) + (((k * n) - k - n) * t.Ems);
        return (n * (t.Bms - (up * t.Ems)) / ((up * other) + (n * t.Bms)), n * ((down * t.Bms) - t.Ems) / (other + (n * down * t.Bms)));
    }
}
