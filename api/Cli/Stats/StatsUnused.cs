using System.CommandLine;

namespace HealthEval.Cli.Stats;

/// <summary>Refuses options that were given and had no part in the result: a reader would take them to be in it.</summary>
internal static class StatsUnused
{
    /// <summary>Those that say what to do and how to show it, and those with a rule of their own below.</summary>
    private static readonly string[] Elsewhere = ["--measure", "--explain", "--plot", "--list", "--json", "--set", "--by", "--cluster", "--bootstrap"];

    /// <summary>Those that a measure asks for before anything can be undefined.</summary>
    private static readonly string[] First = ["--weights", "--form", "--item", "--tolerance", "--ties", "--position"];

    public static void Refuse(StatsRequest request, IReadOnlyList<StatsResult> results, Func<Option, bool> isGiven, IEnumerable<Option> options)
    {
        var asked = request.Asked.ToHashSet(StringComparer.OrdinalIgnoreCase); // before what follows asks too
        string[] given = [.. options.Where(isGiven).Select(o => o.Name).Except(Elsewhere)];
        given = request.Draws == 0 ? [.. given.Except(["--draws"])] : given; // no bootstrap was asked for, and none there is
        var defined = results.Where(r => r.Estimate.IsDefined).Select(r => r.Estimate).ToList();
        if (given.FirstOrDefault(request.NoPart.ContainsKey) is { } apart)
        {
            throw new StatsInputException($"{apart} has no part in '{request.Measure.Name}' here: {request.NoPart[apart]}. Leave it out, or say the shape with --format.");
        }

        if (given.FirstOrDefault(o => !asked.Contains(o) && (defined.Count > 0 || First.Contains(o))) is { } unasked)
        {
            throw new StatsInputException(Resampled.Contains(unasked)
                ? $"{unasked} is about a bootstrap, and '{request.Measure.Name}' made none here. Add --bootstrap where the measure has one, or leave it out."
                : $"{unasked} has no meaning for '{request.Measure.Name}' here: leave it out.");
        }

        if (request.Settings.Keys.FirstOrDefault(name => !asked.Contains($"--set {name}")) is { } setting && defined.Count > 0)
        {
            var takes = request.Measure.Settings.Length > 0 ? $"It takes {request.Measure.Settings}, some of them only without a file." : "It takes no --set.";
            throw new StatsInputException($"--set {setting} has no part in '{request.Measure.Name}' here. {takes}");
        }

        if (defined.Count > 0)
        {
            RefuseClusters(request, defined, given);
        }
    }

    private static readonly string[] Resampled = ["--seed", "--draws", "--interval"];

    private static void RefuseClusters(StatsRequest request, List<Agreement.Statistics.Estimate> defined, string[] given)
    {
        var isResampled = request.Draws == 0 || defined.Exists(e => e.Seed is not null);
        if (request.ClusterColumn is not null && request.Draws > 0 && !defined.Exists(e => e.Details["clusters"] is not null || e.Details["interval"] is not null))
        {
            throw new StatsInputException($"'{request.Measure.Name}' takes units for independent, so --cluster would change nothing. Add --bootstrap where the measure has one, or leave it out.");
        }

        if (request.Bootstrap && !isResampled)
        {
            throw new StatsInputException($"'{request.Measure.Name}' has no bootstrap interval: leave --bootstrap out.");
        }

        if (given.Contains("--interval") && !isResampled)
        {
            throw new StatsInputException($"--interval says how limits are read from a bootstrap, and '{request.Measure.Name}' made none here. Add --bootstrap where the measure has one, or leave it out.");
        }
    }
}
