using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Everything the caller asked for, already checked.</summary>
internal sealed record StatsRequest
{
    public required StatsMeasure Measure { get; init; }

    /// <summary>The name as typed: an alias may carry a default ("ac2", "icc2k").</summary>
    public required string TypedName { get; init; }

    public MeasurementLevel? Level { get => Ask("--level", field); init; }

    public string? Weights { get => Ask("--weights", field); init; }

    public bool DistanceByRank { get => Ask("--distance", field); init; }

    public string? Form { get => Ask("--form", field); init; }

    public double Confidence { get => Ask("--ci", field); init; } = 0.95;

    public ulong Seed { get => Ask("--seed", field); init; } = Resampling.DefaultSeed;

    /// <summary>As given; null takes what a measure needs.</summary>
    public int? GivenDraws { get => Ask("--draws", field); init; }

    public int Draws => GivenDraws ?? 1000;

    public bool Bootstrap { get; init; }

    public BootstrapInterval Interval { get => Ask("--interval", field); init; }

    public IReadOnlyList<string> Raters { get => Ask("--raters", field); init; } = [];

    public IReadOnlyList<string> Levels { get => Ask("--levels", field); init; } = [];

    public IReadOnlyList<string>? Missing { get => Ask("--missing", field); init; }

    public string Format { get => Ask("--format", field); init; } = "auto";

    public string? UnitColumn { get => Ask("--unit", field); init; }

    public string? RaterColumn { get => Ask("--rater", field); init; }

    public string? ValueColumn { get => Ask("--value", field); init; }

    public string? ClusterColumn { get; init; }

    public string? GroupColumn { get; init; }

    public Repeats? Repeats { get => Ask("--repeats", field); init; }

    public double Tolerance { get => Ask("--tolerance", field); init; }

    public string? Item { get => Ask("--item", field); init; }

    public TieModel Ties { get => Ask("--ties", field); init; }

    public bool Position { get => Ask("--position", field); init; }

    public IReadOnlyDictionary<string, double> Settings { get; init; } = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns that were found to hold no ratings; the result names them, so that a wrong guess is seen.</summary>
    public SortedSet<string> LeftOut { get; } = new(StringComparer.Ordinal);

    /// <summary>Values that differ in capitals only: they count as different, which the result says.</summary>
    public SortedSet<string> Alike { get; } = new(StringComparer.Ordinal);

    /// <summary>How the table was read.</summary>
    public string? ShapeRead { get; set; }

    /// <summary>Options that a measure asked for, also as "--set name"; one that was given and never asked for is refused.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Options that were asked for and had no part in how the table was read, each with the reason.</summary>
    public Dictionary<string, string> NoPart { get; } = new(StringComparer.Ordinal);

    public Resampling Resampling => ResamplingOf(1000);

    /// <summary>With so many draws, unless others were asked for.</summary>
    public Resampling ResamplingOf(int draws) => new(Seed, Math.Max(2, GivenDraws ?? draws), Confidence, Interval);

    /// <summary>The resampling for a measure whose interval is a bootstrap; null with --draws 0.</summary>
    public Resampling? Resample => Draws > 0 ? Resampling : null;

    /// <summary>The resampling for a measure that has a formula; only when --bootstrap asks for it.</summary>
    public Resampling? ResampleIfAsked => Bootstrap && Draws > 0 ? Resampling : null;

    public double? Setting(string name) => Settings.TryGetValue(Ask($"--set {name}", name), out var value) ? value : null;

    public double RequireSetting(string name) =>
        Setting(name) ?? throw new StatsInputException($"'{Measure.Name}' needs a value for {name}: add --set {name}=NUMBER. {Measure.Settings}");

    public int RequireCount(string name) => RequireSetting(name) is var n && n >= 0 && n == Math.Floor(n) && n <= int.MaxValue
        ? (int)n
        : throw new StatsInputException($"--set {name} must be a whole number of 0 or more.");

    private T Ask<T>(string option, T value)
    {
        Asked.Add(option);
        return value;
    }
}
