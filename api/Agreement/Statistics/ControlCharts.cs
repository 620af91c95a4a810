using System.Runtime.InteropServices;

namespace HealthEval.Agreement.Statistics;

/// <summary>One point of a control chart.</summary>
/// <param name="Index">1-based position in the series.</param>
/// <param name="Value">EWMA, or the larger of the two cumulative sums.</param>
/// <param name="Lower">Lower limit (EWMA), or the lower cumulative sum.</param>
/// <param name="Upper">Upper limit (EWMA), or the upper cumulative sum.</param>
/// <param name="Signal">True when the point is out of control.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChartPoint(int Index, double Value, double Lower, double Upper, bool Signal);

/// <summary>A control chart: the summary's value is the last point.</summary>
/// <param name="Summary">Last value; details: first signal, limits, parameters.</param>
/// <param name="Points">All points.</param>
public sealed record ControlChart(Estimate Summary, IReadOnlyList<ChartPoint> Points);

/// <summary>Early warning of drift.</summary>
public static class ControlCharts
{
    /// <summary>
    /// Exponentially weighted moving average z_t = λx_t + (1 − λ)z_{t−1} from the target, with limits target ± L·σ·√(λ/(2 − λ)) (or, <paramref name="exactLimits"/>,
    /// times √(1 − (1 − λ)^{2t})). In the unit of the series; undefined for an empty series, λ outside (0, 1] or σ not above 0.
    /// Source: Roberts 1959; NIST/SEMATECH e-Handbook 6.3.2.4.
    /// </summary>
    public static ControlChart Ewma(IReadOnlyList<double> series, double target, double sigma, double lambda = 0.3, double width = 3, bool exactLimits = false)
    {
        const string measure = "ewma";
        if (Refusal(series, sigma) is { } reason || lambda is not (> 0 and <= 1))
        {
            return new ControlChart(Estimate.None(measure, Refusal(series, sigma) ?? "λ must be above 0 and at most 1"), []);
        }
        var (z, points) = (target, new ChartPoint[series.Count]);
        for (var t = 0; t < points.Length; t++)
        {
            z = (lambda * series[t]) + ((1 - lambda) * z);
            var half = width * sigma * Math.Sqrt(lambda / (2 - lambda) * (exactLimits ? 1 - Math.Pow(1 - lambda, 2 * (t + 1)) : 1));
            points[t] = new ChartPoint(t + 1, z, target - half, target + half, z < target - half || z > target + half);
        }
        return new ControlChart(Summary(measure, points, ("lambda", lambda), ("target", target), ("sigma", sigma), ("lower", points[^1].Lower), ("upper", points[^1].Upper)), points);
    }

    /// <summary>
    /// Two-sided tabular CUSUM: upper S⁺ = max(0, S⁺ + x − target − k), lower S⁻ = max(0, S⁻ + target − k − x); a signal when either exceeds h.
    /// In the unit of the series; undefined for an empty series or h not above 0. Source: Page 1954; NIST/SEMATECH e-Handbook 6.3.2.3.
    /// </summary>
    public static ControlChart Cusum(IReadOnlyList<double> series, double target, double k, double h)
    {
        const string measure = "cusum";
        if (Refusal(series, h) is { } reason)
        {
            return new ControlChart(Estimate.None(measure, reason.Replace("σ", "h", StringComparison.Ordinal)), []);
        }
        var (up, down, points) = (0.0, 0.0, new ChartPoint[series.Count]);
        for (var t = 0; t < points.Length; t++)
        {
            up = Math.Max(0, up + series[t] - target - k);
            down = Math.Max(0, down + target - k - series[t]);
            points[t] = new ChartPoint(t + 1, Math.Max(up, down), down, up, up > h || down > h);
        }
        return new ControlChart(Summary(measure, points, ("target", target), ("k", k), ("h", h)), points);
    }

    /// <summary>
    /// Population stability index Σ(p − q)·ln(p/q) between two distributions of counts over the same categories, 0 or more; by custom below 0.1 is stable, above 0.25 shifted.
    /// With an empty category in one of them the index is infinite, hence undefined, unless <paramref name="smoothing"/> adds a pseudo-count to every category.
    /// Source: Kullback and Leibler 1951 (the symmetric divergence J); Siddiqi 2006.
    /// </summary>
    public static Estimate PopulationStability(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double smoothing = 0)
    {
        const string measure = "psi";
        ArgumentOutOfRangeException.ThrowIfNotEqual(actual.Count, expected.Count);
        var (before, after) = (expected.Sum(), actual.Sum());
        var size = new SampleSize(expected.Count, (int)(before + after), 0);
        if (before <= 0 || after <= 0)
        {
            return Estimate.None(measure, before <= 0 ? "the expected distribution is empty" : "the actual distribution is empty", size);
        }
        var sum = 0.0;
        for (var i = 0; i < expected.Count; i++)
        {
            var p = (expected[i] + smoothing) / (before + (smoothing * expected.Count));
            var q = (actual[i] + smoothing) / (after + (smoothing * expected.Count));
            if ((p > 0) != (q > 0))
            {
                return Estimate.None(measure, "a category is empty in one distribution only, so the index is infinite; smoothing makes it finite", size);
            }
            sum += p > 0 ? (q - p) * Math.Log(q / p) : 0;
        }
        return Estimate.Of(measure, sum, size).With("smoothing", smoothing);
    }

    private static string? Refusal(IReadOnlyList<double> series, double sigma) =>
        series.Count == 0 ? "the series is empty" : sigma > 0 ? null : "σ must be above 0";

    private static Estimate Summary(string measure, ChartPoint[] points, params ReadOnlySpan<(string, object?)> parameters)
    {
        var first = Array.FindIndex(points, p => p.Signal);
        return Estimate.Of(measure, points[^1].Value, new SampleSize(points.Length, points.Length, 0)) with
        {
            Details = Details.Of([.. parameters, ("firstSignal", first < 0 ? null : points[first].Index), ("signals", points.Count(p => p.Signal))]),
        };
    }
}
