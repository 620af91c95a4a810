namespace HealthEval.Reports.Workbook;

internal enum ChartKind
{
    /// <summary>Horizontal bars, first category on top.</summary>
    Bars,

    /// <summary>Horizontal bars that fill up to 100 %.</summary>
    Shares,

    /// <summary>Upright bars side by side; series marked <see cref="ChartSeries.AsLine"/> run over them on their own axis.</summary>
    Columns,

    Lines,
}

/// <param name="Sheet">Where the chart stands; its data may be elsewhere.</param>
/// <param name="At">First column and row, then the column and row it ends before, counted from 0.</param>
/// <param name="Second">The axis on the right, for series shown as a line over columns.</param>
internal sealed record Chart(string Sheet, ChartKind Kind, string Title, IReadOnlyList<ChartSeries> Series, (int Column, int Row, int ToColumn, int ToRow) At, Axis Value, Axis? Second = null);

/// <param name="Name">What the value axis says; a chart without it leaves the reader guessing.</param>
internal sealed record Axis(string Name, double? Min = null, double? Max = null, string Format = "General");

internal sealed record ChartSeries(string Name, Texts Categories, Numbers Values, string Color, (Numbers Plus, Numbers Minus)? Error = null, bool AsLine = false);

/// <summary>Cells that hold the categories, and what is in them.</summary>
internal sealed record Texts(string Reference, IReadOnlyList<string> Values);

internal sealed record Numbers(string Reference, IReadOnlyList<double?> Values);
