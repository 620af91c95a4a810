using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>Everything the caller asked for, already checked.</summary>
internal sealed record StatsRequest
{
    public required StatsMeasure Measure { get; init; }

    /// <summary>The name as typed: an alias may carry a default ("ac2", "icc2k").</summary>
    public required string TypedName { get; init; }

    public MeasurementLevel? Level { get; init; }

    public string? Weights
    {
        get
        {
            Asked.Add("--weights");
            return field;
        }
        init;
    }

    public bool DistanceByRank { get; init; }

    public string? Form
    {
        get
        {
            Asked.Add("--form");
            return field;
        }
        init;
    }

    public double Confidence { get; init; } = 0.95;

    public ulong Seed { get; init; } = Resampling.DefaultSeed;

    public int Draws { get; init; } = 1000;

    public bool Bootstrap { get; init; }

    public BootstrapInterval Interval { get; init; }

    public IReadOnlyList<string> Raters { get; init; } = [];

    public IReadOnlyList<string> Levels { get; init; } = [];

    public IReadOnlyList<string>? Missing { get; init; }

    public string Format { get; init; } = "auto";

    public string? UnitColumn { get; init; }

    public string? RaterColumn { get; init; }

    public string? ValueColumn { get; init; }

    public string? ClusterColumn { get; init; }

    public string? GroupColumn { get; init; }

    public Repeats? Repeats { get; init; }

    public double Tolerance
    {
        get
        {
            Asked.Add("--tolerance");
            return field;
        }
        init;
    }

    public string? Item
    {
        get
        {
            Asked.Add("--item");
            return field;
        }
        init;
    }

    public TieModel Ties
    {
        get
        {
            Asked.Add("--ties");
            return field;
        }
        init;
    }

    public bool Position
    {
        get
        {
            Asked.Add("--position");
            return field;
        }
        init;
    }

    public IReadOnlyDictionary<string, double> Settings { get; init; } = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns that were found to hold no ratings; the result names them, so that a wrong guess is seen.</summary>
    public SortedSet<string> LeftOut { get; } = new(StringComparer.Ordinal);

    /// <summary>Values that differ in capitals only: they count as different, which the result says.</summary>
    public SortedSet<string> Alike { get; } = new(StringComparer.Ordinal);

    /// <summary>How the table was read.</summary>
    public string? ShapeRead { get; set; }

    /// <summary>Options that a measure asked for; one that was given and never asked for is refused.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

    public Resampling Resampling => new(Seed, Math.Max(2, Draws), Confidence, Interval);

    /// <summary>The resampling for a measure whose interval is a bootstrap; null with --draws 0.</summary>
    public Resampling? Resample => Draws > 0 ? Resampling : null;

    /// <summary>The resampling for a measure that has a formula; only when --bootstrap asks for it.</summary>
    public Resampling? ResampleIfAsked => Bootstrap && Draws > 0 ? Resampling : null;

    public double? Setting(string name) => Settings.TryGetValue(name, out var value) ? value : null;

    public double RequireSetting(string name) =>
        Setting(name) ?? throw new StatsInputException($"'{Measure.Name}' needs a value for {name}: add --set {name}=NUMBER. {Measure.Settings}");

    public int RequireCount(string name) => RequireSetting(name) is var n && n >= 0 && n == Math.Floor(n) && n <= int.MaxValue
        ? (int)n
        : throw new StatsInputException($"--set {name} must be a whole number of 0 or more.");
}
