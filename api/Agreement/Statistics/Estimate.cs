using System.Runtime.InteropServices;

namespace HealthEval.Agreement.Statistics;

/// <summary>A confidence interval and how it was made.</summary>
/// <param name="Lower">Lower limit, in the unit of the estimate.</param>
/// <param name="Upper">Upper limit, in the unit of the estimate.</param>
/// <param name="Confidence">Coverage aimed at, 0–1 (0.95 for 95 %).</param>
/// <param name="Method">The method in words, for example "Wilson score" or "cluster bootstrap, percentile".</param>
public sealed record Interval(double Lower, double Upper, double Confidence, string Method)
{
    /// <summary>An interval, or null when a limit is not a finite number.</summary>
    public static Interval? Of(double lower, double upper, double confidence, string method) =>
        double.IsFinite(lower) && double.IsFinite(upper) ? new Interval(lower, upper, confidence, method) : null;
}

/// <summary>What a statistic rests on.</summary>
/// <param name="Units">Units (items) that entered the statistic.</param>
/// <param name="Ratings">Ratings that entered the statistic.</param>
/// <param name="Raters">Raters who gave them; for a count table the largest number of ratings on one unit.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SampleSize(int Units, int Ratings, int Raters);

/// <summary>
/// The one result type of this library: a value with its uncertainty and its sample size, or the reason why there is none.
/// Every number in it is finite: what cannot be computed is null here, and <see cref="Undefined"/> says why the value is.
/// </summary>
public sealed record Estimate
{
    private Estimate(string measure, double? value, string? undefined)
    {
        Measure = measure;
        Value = value;
        Undefined = undefined;
    }

    /// <summary>The measure and its variant, for example "krippendorff-alpha ordinal".</summary>
    public string Measure { get; init; }

    /// <summary>The estimate, or null exactly when <see cref="Undefined"/> has a reason.</summary>
    public double? Value { get; }

    /// <summary>Why there is no value, as a sentence for the reader; null when there is one.</summary>
    public string? Undefined { get; }

    /// <summary>Standard error of the value, or null when the method gives none.</summary>
    public double? StandardError { get; init => field = value is { } v && double.IsFinite(v) ? v : null; }

    /// <summary>Confidence interval, or null; then <see cref="Details"/> may hold the reason under "interval".</summary>
    public Interval? Interval { get; init; }

    /// <summary>Units, ratings and raters behind the value.</summary>
    public SampleSize N { get; init; }

    /// <summary>Seed of the random numbers, when any were used.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Everything else worth knowing, by name; numbers in it are finite or null.</summary>
    public Details Details { get; init; } = Details.None;

    /// <summary>True when there is a value.</summary>
    public bool IsDefined => Value is not null;

    /// <summary>A result with a value; a value that is not finite becomes an undefined result.</summary>
    public static Estimate Of(string measure, double value, SampleSize n) => double.IsFinite(value)
        ? new Estimate(measure, value, null) { N = n }
        : new Estimate(measure, null, UndefinedReason.NotFinite) { N = n };

    /// <summary>A result without a value, with the reason.</summary>
    public static Estimate None(string measure, string reason, SampleSize n = default) => new(measure, null, reason) { N = n };

    /// <summary>The same result with one more detail.</summary>
    public Estimate With(string name, object? detail) => this with { Details = Details.And(name, detail) };
}
