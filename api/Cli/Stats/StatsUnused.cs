using System.CommandLine;

namespace HealthEval.Cli.Stats;

/// <summary>Refuses options that were given and had no part in the result: a reader would take them to be in it.</summary>
internal static class StatsUnused
{
    private static readonly string[] Tracked = ["--weights", "--form", "--item", "--tolerance", "--ties", "--position"];

    public static void Refuse(StatsRequest request, IReadOnlyList<StatsResult> results, Func<Option, bool> isGiven, IEnumerable<Option> options)
    {
        var given = options.Where(isGiven).Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var defined = results.Where(r => r.Estimate.IsDefined).Select(r => r.Estimate).ToList();
        foreach (var option in Tracked.Where(o => given.Contains(o) && !request.Asked.Contains(o)))
        {
            throw new StatsInputException($"{option} has no meaning for '{request.Measure.Name}': leave it out.");
        }

        if (defined.Count == 0)
        {
            return;
        }

        if (given.Contains("--cluster") && !defined.Exists(e => e.Details["clusters"] is not null || e.Details["interval"] is not null) && request.Draws > 0)
        {
            throw new StatsInputException($"'{request.Measure.Name}' takes units for independent, so --cluster would change nothing. Add --bootstrap where the measure has one, or leave it out.");
        }

        if (request.Bootstrap && request.Draws > 0 && !defined.Exists(e => e.Seed is not null))
        {
            throw new StatsInputException($"'{request.Measure.Name}' has no bootstrap interval: leave --bootstrap out.");
        }

        if (given.Contains("--interval") && request.Draws > 0 && !defined.Exists(e => e.Seed is not null))
        {
            throw new StatsInputException($"--interval says how limits are read from a bootstrap, and '{request.Measure.Name}' made none here. Add --bootstrap where the measure has one, or leave it out.");
        }
    }
}
