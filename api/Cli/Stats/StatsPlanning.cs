using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Planning measures of <c>healtheval stats</c>; they read no file.</summary>
internal static class StatsPlanning
{
    private const string Group = "Planning (no file)";

    public static readonly StatsMeasure[] Measures =
    [
        new("items-for-proportion", ["sample-size-proportion"], Group, "",
            new("smallest n whose Wilson interval is no wider", "items needed for a share", "assumes independent items", "Wilson 1927"),
            (_, r) => Planning.ItemsForProportion(r.RequireSetting("proportion"), r.RequireSetting("width"), r.Confidence), "--set proportion=0.8 --set width=0.1"),
        new("items-for-mean", ["sample-size-mean", "items-for-width"], Group, "",
            new("n = 4z²σ²(1 + (k − 1)ρ)/k ÷ width²", "items needed for a mean with k ratings each", "σ and ρ must come from a pilot", "design effect, Kish 1965"),
            (_, r) => Planning.ItemsForMean(r.RequireSetting("sd"), r.RequireSetting("width"), (int)(r.Setting("raters") ?? 1), r.Setting("icc") ?? 0, r.Confidence), "--set sd=1 --set width=0.2 --set raters=2 --set icc=0.5"),
        new("items-for-icc", ["sample-size-icc"], Group, "",
            new("n = 8z²(1 − ρ)²(1 + (k − 1)ρ)²/(k(k − 1)w²) + 1", "items needed for an intraclass correlation", "an approximation; better above 30 items", "Bonett 2002"),
            (_, r) => Planning.ItemsForIcc(r.RequireSetting("icc"), r.RequireSetting("width"), r.RequireCount("raters"), r.Confidence), "--set icc=0.7 --set width=0.2 --set raters=3"),
        new("raters-for-reliability", ["spearman-brown", "sample-size-raters"], Group, "",
            new("k = R(1 − ρ)/(ρ(1 − R))", "raters per item so that their mean reaches a reliability", "assumes that more raters are like these", "Spearman 1910; Brown 1910"),
            (_, r) => Planning.RatersForReliability(r.RequireSetting("icc"), r.RequireSetting("reliability")), "--set icc=0.4 --set reliability=0.8"),
        new("power", ["power-difference"], Group, "",
            new("Φ(δ/√(2σ²(1 − ρ)/n) − z) + Φ(−… − z)", "chance to see a true difference between two models", "nothing about whether it matters", "normal theory"),
            (_, r) => Planning.Power(r.RequireSetting("difference"), r.RequireSetting("sd"), r.RequireCount("items"), r.Setting("correlation") ?? 0, r.Setting("level") ?? 0.05), "--set difference=0.1 --set sd=0.5 --set items=200 --set correlation=0.5 --set level=0.05"),
        new("items-for-power", ["sample-size-power", "sample-size"], Group, "",
            new("n = 2σ²(1 − ρ)(z_{1−α/2} + z_power)²/δ²", "items per model to see a difference", "σ and ρ must come from a pilot", "normal theory"),
            (_, r) => Planning.ItemsForPower(r.RequireSetting("difference"), r.RequireSetting("sd"), r.Setting("power") ?? 0.8, r.Setting("correlation") ?? 0, r.Setting("level") ?? 0.05), "--set difference=0.1 --set sd=0.5 --set power=0.8 --set correlation=0.5"),
        new("alpha-width", ["simulate-alpha"], Group, "",
            new("2z × standard deviation of α over simulated studies (--draws)", "how wide α's interval would be", "as good as its assumptions: a rating is right with probability knows, else a draw from the prevalence", "simulation, seeded"),
            (_, r) => Planning.SimulateAlphaWidth(Study(r), r.Resampling), Settings),
        new("items-for-alpha", ["sample-size-alpha"], Group, "",
            new("items scaled by (width/target)² until the simulated width fits", "items needed for an interval of α", "see alpha-width", "simulation, seeded"),
            (_, r) => Planning.ItemsForAlpha(Study(r), r.RequireSetting("width"), r.Resampling with { Draws = Math.Min(r.Draws, 400) }), Settings + " --set width=0.2"),
    ];

    private const string Settings = "--set items=100 --set raters=3 --set levels=5 --set knows=0.8";

    private static AlphaStudy Study(StatsRequest request) => new(
        (int)(request.Setting("items") ?? 100), (int)(request.Setting("raters") ?? 2), [.. Enumerable.Repeat(1.0, Math.Max(2, (int)(request.Setting("levels") ?? 5)))],
        request.Setting("knows") ?? 0.8, request.Level ?? MeasurementLevel.Ordinal);
}
