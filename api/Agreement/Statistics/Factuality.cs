namespace HealthEval.Agreement.Statistics;

/// <summary>Precision of checked claims.</summary>
public static class Factuality
{
    /// <summary>
    /// Strict: supported ÷ (supported + partly + refuted), with Wilson's interval. Claims without a verdict either way are no part of it. Range 0–1; undefined without such claims.
    /// Source: Min and others 2023, FActScore.
    /// </summary>
    public static Estimate StrictPrecision(int supported, int partly, int refuted, double confidence = 0.95) =>
        Proportions.Wilson(supported, supported + partly + refuted, confidence) with { Measure = "factual-precision strict" };

    /// <summary>Lenient: a partly supported claim counts one half. Wilson's interval on the half counts. Range 0–1; undefined without such claims.</summary>
    public static Estimate LenientPrecision(int supported, int partly, int refuted, double confidence = 0.95)
    {
        const string measure = "factual-precision lenient";
        var claims = supported + partly + refuted;
        if (claims == 0)
        {
            return Estimate.None(measure, "no claim was supported or refuted");
        }
        var (score, squares) = (supported + (partly / 2.0), supported + (partly / 4.0));
        var p = score / claims;
        return Estimate.Of(measure, p, new SampleSize(claims, claims, 0)) with
        {
            StandardError = Math.Sqrt(Math.Max(0, (squares / claims) - (p * p)) / claims),
            Interval = Proportions.WilsonInterval(score, claims, confidence),
            Details = Details.Of(("supported", supported), ("partly", partly), ("refuted", refuted)),
        };
    }

    /// <summary>
    /// F1@K of one answer: precision = supported ÷ (supported + not supported), recall = min(1, supported ÷ K), harmonic mean; 0 when nothing is supported.
    /// Range 0–1; undefined without claims or with K below 1. Source: Wei and others 2024, SAFE, eq. 1.
    /// </summary>
    public static Estimate F1AtK(int supported, int notSupported, int k)
    {
        var measure = "f1@" + k.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var size = new SampleSize(supported + notSupported, supported + notSupported, 0);
        if (size.Units == 0 || k < 1)
        {
            return Estimate.None(measure, k < 1 ? "K must be at least 1" : "the answer makes no claim", size);
        }
        var (precision, recall) = (supported / (double)size.Units, Math.Min(1, supported / (double)k));
        var f1 = supported == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return Estimate.Of(measure, f1, size) with { Details = Details.Of(("precision", precision), ("recall", recall), ("k", k)) };
    }
}

/// <summary>Weighted error counts.</summary>
public static class SeverityPenalty
{
    /// <summary>The product's weights: minor 1, major 5, critical 25.</summary>
    public static IReadOnlyDictionary<string, double> Standard { get; } =
        new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase) { ["minor"] = 1, ["major"] = 5, ["critical"] = 25 };

    /// <summary>
    /// Σ weight × count, 0 or more, and per 100 words in the details. Undefined when a severity has no weight.
    /// Source: Lommel and others 2014 (MQM); Freitag and others 2021 for the weighting of human evaluation.
    /// </summary>
    /// <param name="counts">Errors per severity.</param>
    /// <param name="words">Words of the text, for the rate; 0 leaves it out.</param>
    /// <param name="weights">Weight per severity; null takes <see cref="Standard"/>.</param>
    public static Estimate Compute(IReadOnlyDictionary<string, int> counts, int words = 0, IReadOnlyDictionary<string, double>? weights = null)
    {
        const string measure = "mqm-penalty";
        weights ??= Standard;
        var size = new SampleSize(1, counts.Values.Sum(), 0);
        if (counts.Keys.FirstOrDefault(k => !weights.ContainsKey(k)) is { } unknown)
        {
            return Estimate.None(measure, $"the severity '{unknown}' has no weight", size);
        }
        var penalty = counts.Sum(c => c.Value * weights[c.Key]);
        return Estimate.Of(measure, penalty, size).With("per100Words", words > 0 ? 100 * penalty / words : null);
    }
}

/// <summary>Harm extent by likelihood.</summary>
public static class HarmMatrix
{
    /// <summary>Counts of judgements by extent (rows) and likelihood (columns); labels outside the lists are refused with an exception.</summary>
    public static int[,] Count(IEnumerable<(string Extent, string Likelihood)> judgements, IReadOnlyList<string> extents, IReadOnlyList<string> likelihoods)
    {
        var table = new int[extents.Count, likelihoods.Count];
        foreach (var (extent, likelihood) in judgements)
        {
            var (row, column) = (extents.ToList().IndexOf(extent), likelihoods.ToList().IndexOf(likelihood));
            if (row < 0 || column < 0)
            {
                throw new ArgumentException($"'{extent}' × '{likelihood}' is not in the matrix.", nameof(judgements));
            }
            table[row, column]++;
        }
        return table;
    }

    /// <summary>Share of judgements at or beyond an extent and a likelihood (row and column number), with Wilson's interval. Undefined without judgements.</summary>
    public static Estimate Rate(int[,] table, int fromExtent, int fromLikelihood = 0, double confidence = 0.95)
    {
        var (hit, all) = (0, 0);
        for (var i = 0; i < table.GetLength(0); i++)
        {
            for (var j = 0; j < table.GetLength(1); j++)
            {
                all += table[i, j];
                hit += i >= fromExtent && j >= fromLikelihood ? table[i, j] : 0;
            }
        }
        return Proportions.Wilson(hit, all, confidence) with { Measure = "harm-rate" };
    }
}
