using HealthEval.Projects;

namespace HealthEval.Reports;

/// <summary>What the platform holds a week to where a project has agreed nothing else, and whether the interval, not only the value, is on the right side of it (decision 0026).</summary>
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
    public static string? Of(Headline h, ReportSettings? agreed = null) => Value(h, agreed) is { } target ? (h.HigherIsBetter ? "≥ " : "≤ ") + h.Show(target) : null;

    public static string Status(Headline h, ReportSettings? agreed = null) => Value(h, agreed) is not { } target ? "no target"
        : h switch
        {
            { Value: null } => "not defined",
            { Low: null } => "cannot be said: no interval",
            _ when (h.HigherIsBetter ? h.Low >= target : h.High <= target) => "met",
            _ when (h.HigherIsBetter ? h.High < target : h.Low > target) => "missed",
            _ => "uncertain: the interval includes the target",
        };

    /// <summary>The targets of a project in words.</summary>
    public static string Words(ReportSettings? agreed)
    {
        return $"Index ≥ {At("index"):0.#}, harm ≤ {At("harm"):0.#%}, factual precision ≥ {At("precision"):0.#%}, critical errors ≤ {At("critical"):0.#%}, α ≥ {At("agreement"):0.###}: "
        + (agreed?.Targets is { Count: > 0 } own ? $"agreed for this project ({string.Join(", ", own.Keys.Order(StringComparer.Ordinal))}), the rest the platform's own, not a norm." : "the platform's own, not a norm.")
        + " Met or missed means that the whole interval is on that side; otherwise it is uncertain.";

        double At(string key) => agreed?.Targets?.TryGetValue(key, out var own) == true ? own : Values[key];
    }

    private static double? Value(Headline h, ReportSettings? agreed)
    {
        var key = h.Key.Split('_')[0] is "harm" or "critical" ? h.Key.Split('_')[0] : h.Key;
        return agreed?.Targets?.TryGetValue(key, out var own) == true ? own : Values.TryGetValue(key, out var target) ? target : null;
    }
}
