using System.Globalization;

namespace HealthEval.Agreement.Statistics;

/// <summary>How far apart two values may be said to be (Stevens 1946).</summary>
public enum MeasurementLevel
{
    /// <summary>Equal or different.</summary>
    Nominal,

    /// <summary>Ordered.</summary>
    Ordinal,

    /// <summary>Differences mean something.</summary>
    Interval,

    /// <summary>Ratios mean something: zero is nothing.</summary>
    Ratio,
}

/// <summary>
/// The levels a rating may take, in order: numbers, ordered labels or unordered labels. A level nobody used counts when the scale was
/// stated (a 1–5 scale has five levels even if nobody gave a 5); a scale found from data has only the levels seen.
/// </summary>
public sealed class Scale
{
    private Scale(string[] labels, double[]? numbers, bool ordered, bool stated)
    {
        Labels = labels;
        Numbers = numbers;
        IsOrdered = ordered;
        IsStated = stated;
    }

    /// <summary>The levels as text, in order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The levels as ascending numbers, or null when they are labels.</summary>
    public IReadOnlyList<double>? Numbers { get; }

    /// <summary>True when the order of the levels means something.</summary>
    public bool IsOrdered { get; }

    /// <summary>True when the levels were stated rather than found from the data.</summary>
    public bool IsStated { get; }

    /// <summary>Number of levels.</summary>
    public int Count => Labels.Count;

    /// <summary>A numeric scale; the levels are sorted and made distinct.</summary>
    public static Scale OfNumbers(IEnumerable<double> levels, bool stated = true)
    {
        double[] numbers = [.. levels.Distinct().Order()];
        if (Array.Exists(numbers, n => !double.IsFinite(n)))
        {
            throw new ArgumentException("A level must be a finite number.", nameof(levels));
        }
        return new Scale([.. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))], numbers, ordered: true, stated);
    }

    /// <summary>Labels whose order, low to high, is the one given.</summary>
    public static Scale OfOrderedLabels(IEnumerable<string> levels) => new([.. levels.Distinct(StringComparer.Ordinal)], null, ordered: true, stated: true);

    /// <summary>Labels without an order; they are sorted so that the result does not depend on the order of the input.</summary>
    public static Scale OfLabels(IEnumerable<string> levels, bool stated = true) =>
        new([.. levels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], null, ordered: false, stated);
}
