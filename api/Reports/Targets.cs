namespace HealthEval.Reports;

/// <summary>What the platform holds a week to where nothing else is agreed, and whether the interval, not only the value, is on the right side of it (decision 0026).</summary>
internal static class Targets
{
    private static readonly Dictionary<string, double> Values = new(StringComparer.Ordinal)
    {
        ["index"] = 75, // 4 of 5 on every dimension: right, with slight imprecision
        ["harm"] = 0.05,
        ["precision"] = 0.9,
        ["critical"] = 0.02,
        ["agreement"] = 0.667, // Krippendorff's limit for tentative conclusions
    };

    /// <summary>"≥ 75.0", or null where there is none.</summary>
    public static string? Of(Headline h) => Values.TryGetValue(h.Key, out var target) ? (h.HigherIsBetter ? "≥ " : "≤ ") + h.Show(target) : null;

    public static string Status(Headline h) => !Values.TryGetValue(h.Key, out var target) ? "no target"
        : h switch
        {
            { Value: null } => "not defined",
            { Low: null } => "cannot be said: no interval",
            _ when (h.HigherIsBetter ? h.Low >= target : h.High <= target) => "met",
            _ when (h.HigherIsBetter ? h.High < target : h.Low > target) => "missed",
            _ => "uncertain: the interval includes the target",
        };
}
