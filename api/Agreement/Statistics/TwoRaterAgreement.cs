namespace HealthEval.Agreement.Statistics;

/// <summary>
/// Coefficients for exactly two raters from their contingency table, with any weights. Range: at most 1; 0 is what chance gives.
/// Undefined without units and when the chance agreement is 1. Standard errors are the large-sample ones with divisor n
/// (Fleiss, Cohen and Everitt 1969 for kappa; Gwet 2014 for the others, as irrCAC's table functions). Intervals: normal for kappa, t with n − 1 for the others.
/// </summary>
public static class TwoRaterAgreement
{
    /// <summary>
    /// Cohen's kappa and weighted kappa. The standard error is the one for a confidence interval (non-null); the one under independence (null)
    /// with z and p is in the details as "se0", "z", "pValue". Normal interval. Source: Cohen 1960, 1968; Fleiss, Cohen and Everitt 1969, eq. 11 and 14.
    /// </summary>
    public static Estimate CohenKappa(ContingencyTable table, AgreementWeights weights, double confidence = 0.95)
    {
        var (rows, columns) = Means(table, weights);
        var (po, pe) = (Observed(table, weights), Sum(table.Scale.Count, (i, j) => weights[i, j] * table.RowShares[i] * table.ColumnShares[j]));
        var result = Describe("cohen-kappa", table, weights, po, pe, (i, j) => (rows[i] + columns[j]) / 2, confidence);
        if (result.Value is not { } kappa)
        {
            return result;
        }
        var spread = Sum(table.Scale.Count, (i, j) => table.RowShares[i] * table.ColumnShares[j] * Math.Pow(weights[i, j] - rows[i] - columns[j], 2)) - (pe * pe);
        var se0 = Math.Sqrt(Math.Max(0, spread) / (table.Total * (1 - pe) * (1 - pe)));
        var z = se0 > 0 ? kappa / se0 : (double?)null;
        return result.With("se0", se0).With("z", z).With("pValue", z is { } v ? Distributions.NormalTwoSided(v) : null)
            .With("maximum", Maximum(table, weights, pe));
    }

    /// <summary>Scott's pi: both raters share one set of margins. Source: Scott 1955.</summary>
    public static Estimate ScottPi(ContingencyTable table, AgreementWeights weights, double confidence = 0.95)
    {
        var (rows, columns) = Means(table, weights);
        double[] means = [.. rows.Zip(columns, (r, c) => (r + c) / 2)];
        return Describe("scott-pi", table, weights, Observed(table, weights), SharedChance(table, weights), (i, j) => (means[i] + means[j]) / 2, confidence);
    }

    /// <summary>Gwet's AC1 or AC2 of two raters. Source: Gwet 2008.</summary>
    public static Estimate GwetAc(ContingencyTable table, AgreementWeights weights, double confidence = 0.95)
    {
        var q = (double)table.Scale.Count;
        double[] shares = [.. table.RowShares.Zip(table.ColumnShares, (r, c) => (r + c) / 2)];
        var factor = weights.Sum / (q * (q - 1));
        var pe = factor * shares.Sum(p => p * (1 - p));
        return Describe("gwet-ac", table, weights, Observed(table, weights), pe, (i, j) => factor * (1 - ((shares[i] + shares[j]) / 2)), confidence);
    }

    /// <summary>Brennan and Prediger's coefficient of two raters. Source: Brennan and Prediger 1981.</summary>
    public static Estimate BrennanPrediger(ContingencyTable table, AgreementWeights weights, double confidence = 0.95)
    {
        var pe = weights.Sum / ((double)table.Scale.Count * table.Scale.Count);
        return Describe("brennan-prediger", table, weights, Observed(table, weights), pe, (_, _) => 0, confidence);
    }

    /// <summary>Percent agreement of two raters, weighted, not corrected for chance.</summary>
    public static Estimate Percent(ContingencyTable table, AgreementWeights weights, double confidence = 0.95) =>
        Describe("percent-agreement", table, weights, Observed(table, weights), 0, (_, _) => 0, confidence);

    /// <summary>Krippendorff's alpha of two raters with fixed agreement weights; its standard error is Scott's pi's. Source: Gwet 2014.</summary>
    public static Estimate Krippendorff(ContingencyTable table, AgreementWeights weights, double confidence = 0.95)
    {
        var pi = ScottPi(table, weights, confidence);
        if (pi.Value is not { } value || pi.StandardError is not { } se)
        {
            return pi with { Measure = "krippendorff-alpha (fixed weights)" };
        }
        var alpha = value + ((1 - value) / (2 * table.Total));
        return Estimate.Of("krippendorff-alpha (fixed weights)", alpha, table.Size) with
        {
            StandardError = se,
            Interval = Limits("krippendorff-alpha", alpha, se, table.Total, confidence),
            Details = pi.Details,
        };
    }

    private static Estimate Describe(
        string name, ContingencyTable table, AgreementWeights weights, double po, double pe, Func<int, int, double> chance, double confidence)
    {
        if (!(table.Total > 0))
        {
            return Estimate.None(name, UndefinedReason.NoPairableUnits);
        }
        if (table.Scale.Count < 2 || !(1 - pe > 1e-14))
        {
            return Estimate.None(name, table.Scale.Count < 2 ? UndefinedReason.NoVariation : UndefinedReason.NoRoomAboveChance, table.Size).With("weights", weights.Name);
        }
        var value = (po - pe) / (1 - pe);
        var mean = po - (2 * (1 - value) * pe);
        var squares = Sum(table.Scale.Count, (i, j) => table.Share(i, j) * Math.Pow(weights[i, j] - (2 * (1 - value) * chance(i, j)), 2));
        if (name is "brennan-prediger" or "percent-agreement")
        {
            mean = po;
        }
        var se = Math.Sqrt(Math.Max(0, squares - (mean * mean)) / (table.Total * (1 - pe) * (1 - pe)));
        return Estimate.Of(name, value, table.Size) with
        {
            StandardError = se,
            Interval = Limits(name, value, se, table.Total, confidence),
            Details = Details.Of(("weights", weights.Name), ("levels", table.Scale.Labels), ("observedAgreement", po), ("expectedAgreement", pe)),
        };
    }

    // Kappa's interval is normal by custom (Fleiss, Cohen and Everitt 1969); the others' is irrCAC's.
    private static Interval? Limits(string name, double value, double se, double total, double confidence)
    {
        var normal = name == "cohen-kappa" || total < 2;
        var half = se * (normal ? Distributions.NormalQuantile((1 + confidence) / 2) : Distributions.StudentQuantile((1 + confidence) / 2, total - 1));
        return Interval.Of(value - half, Math.Min(1, value + half), confidence, normal ? "normal" : "t with n − 1 degrees of freedom, at most 1 (Gwet 2014)");
    }

    // The largest kappa that these margins allow (Cohen 1960), for the unweighted coefficient.
    private static double? Maximum(ContingencyTable table, AgreementWeights weights, double pe) => weights.Name == "unweighted"
        ? (table.RowShares.Zip(table.ColumnShares, Math.Min).Sum() - pe) / (1 - pe)
        : null;

    private static double Observed(ContingencyTable table, AgreementWeights weights) => Sum(table.Scale.Count, (i, j) => weights[i, j] * table.Share(i, j));

    private static double SharedChance(ContingencyTable table, AgreementWeights weights) => Sum(
        table.Scale.Count,
        (i, j) => weights[i, j] * (table.RowShares[i] + table.ColumnShares[i]) * (table.RowShares[j] + table.ColumnShares[j]) / 4);

    /// <summary>Mean weight of each row over the column margins, and of each column over the row margins.</summary>
    private static (double[] Rows, double[] Columns) Means(ContingencyTable table, AgreementWeights weights)
    {
        var q = table.Scale.Count;
        var (rows, columns) = (new double[q], new double[q]);
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++)
            {
                rows[i] += weights[i, j] * table.ColumnShares[j];
                columns[j] += weights[i, j] * table.RowShares[i];
            }
        }
        return (rows, columns);
    }

    private static double Sum(int q, Func<int, int, double> term)
    {
        var sum = 0.0;
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++)
            {
                sum += term(i, j);
            }
        }
        return sum;
    }
}
