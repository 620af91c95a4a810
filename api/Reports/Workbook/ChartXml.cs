using System.Globalization;
using System.Xml.Linq;

namespace HealthEval.Reports.Workbook;

/// <summary>A chart as DrawingML. Elements must come in the schema's order.</summary>
internal static class ChartXml
{
    private static readonly XNamespace C = "http://schemas.openxmlformats.org/drawingml/2006/chart";
    private static readonly XNamespace A = "http://schemas.openxmlformats.org/drawingml/2006/main";
    private const string Grid = "D9E1E3";
    private const string Text = "3B4A52";

    public static XDocument Of(Chart chart) => new(new XElement(
        C + "chartSpace",
        new XAttribute(XNamespace.Xmlns + "c", C), new XAttribute(XNamespace.Xmlns + "a", A),
        Flag("roundedCorners", 0),
        new XElement(
            C + "chart",
            new XElement(C + "title", Rich(chart.Title, 1100, bold: true), Flag("overlay", 0)),
            Flag("autoTitleDeleted", 0),
            new XElement(C + "plotArea", new XElement(C + "layout"), Plot(chart)),
            chart.Series.Count > 1 ? new XElement(C + "legend", Value("legendPos", "b"), Flag("overlay", 0), Font(900)) : null,
            Flag("plotVisOnly", 0),
            Value("dispBlanksAs", "gap")),
        new XElement(C + "spPr", new XElement(A + "solidFill", Rgb("FFFFFF")), new XElement(A + "ln", new XElement(A + "solidFill", Rgb(Grid)))),
        Font(900)));

    private static IEnumerable<XElement> Plot(Chart chart)
    {
        var lines = chart.Series.Where(s => s.AsLine).ToList();
        var first = chart.Series.Where(s => !s.AsLine).ToList();
        yield return chart.Kind == ChartKind.Lines ? Lines(chart, first, 1, 2, 0) : Bars(chart, first);
        if (lines.Count > 0)
        {
            yield return Lines(chart, lines, 3, 4, first.Count);
        }

        var horizontal = chart.Kind is ChartKind.Bars or ChartKind.Shares;
        yield return Category(1, 2, horizontal ? "l" : "b", reversed: horizontal, hidden: false);
        yield return ValueAxis(2, 1, horizontal ? "b" : "l", chart.Value, horizontal ? "max" : "autoZero", grid: true);
        if (lines.Count > 0)
        {
            yield return Category(3, 4, "b", reversed: false, hidden: true);
            yield return ValueAxis(4, 3, "r", chart.Second ?? chart.Value, "max", grid: false);
        }
    }

    private static XElement Bars(Chart chart, List<ChartSeries> series) => new(
        C + "barChart",
        Value("barDir", chart.Kind == ChartKind.Columns ? "col" : "bar"),
        Value("grouping", chart.Kind == ChartKind.Shares ? "percentStacked" : "clustered"),
        Flag("varyColors", 0),
        series.Select((s, i) => new XElement(
            C + "ser", Head(s, i), Fill(s.Color), Flag("invertIfNegative", 0), Errors(s), Categories(s), Values("val", s.Values, chart.Value.Format))),
        Value("gapWidth", chart.Kind == ChartKind.Columns ? "80" : "55"),
        chart.Kind == ChartKind.Shares ? Value("overlap", "100") : null,
        Value("axId", "1"),
        Value("axId", "2"));

    private static XElement Lines(Chart chart, List<ChartSeries> series, int category, int value, int offset) => new(
        C + "lineChart",
        Value("grouping", "standard"),
        Flag("varyColors", 0),
        series.Select((s, i) => new XElement(
            C + "ser",
            Head(s, i + offset),
            new XElement(C + "spPr", new XElement(A + "ln", new XAttribute("w", 28575), new XElement(A + "solidFill", Rgb(s.Color)))),
            new XElement(C + "marker", Value("symbol", "circle"), Value("size", "7"), Fill(s.Color)),
            Errors(s), Categories(s), Values("val", s.Values, (s.AsLine ? chart.Second ?? chart.Value : chart.Value).Format), Flag("smooth", 0))),
        Flag("marker", 1),
        Value("axId", $"{category}"),
        Value("axId", $"{value}"));

    private static IEnumerable<XElement> Head(ChartSeries series, int index) =>
        [Value("idx", $"{index}"), Value("order", $"{index}"), new XElement(C + "tx", new XElement(C + "v", series.Name))];

    private static XElement Categories(ChartSeries series) => new(
        C + "cat",
        new XElement(C + "strRef", new XElement(C + "f", series.Categories.Reference), new XElement(
            C + "strCache", Value("ptCount", $"{series.Categories.Values.Count}"), series.Categories.Values.Select((t, i) => Point(i, t)))));

    private static XElement Values(string name, Numbers numbers, string format) => new(
        C + name,
        new XElement(C + "numRef", new XElement(C + "f", numbers.Reference), new XElement(
            C + "numCache",
            new XElement(C + "formatCode", format),
            Value("ptCount", $"{numbers.Values.Count}"),
            numbers.Values.Select((v, i) => v is { } number ? Point(i, number.ToString("R", CultureInfo.InvariantCulture)) : null))));

    private static XElement Point(int index, string value) => new(C + "pt", new XAttribute("idx", index), new XElement(C + "v", value));

    private static XElement? Errors(ChartSeries series) => series.Error is not { } error ? null : new XElement(
        C + "errBars",
        Value("errBarType", "both"), Value("errValType", "cust"), Flag("noEndCap", 0),
        Values("plus", error.Plus, "General"), Values("minus", error.Minus, "General"),
        new XElement(C + "spPr", new XElement(A + "ln", new XAttribute("w", 15875), new XElement(A + "solidFill", Rgb(Text)))));

    private static XElement Category(int id, int cross, string position, bool reversed, bool hidden) => new(
        C + "catAx",
        Value("axId", $"{id}"),
        new XElement(C + "scaling", Value("orientation", reversed ? "maxMin" : "minMax")),
        Flag("delete", hidden ? 1 : 0),
        Value("axPos", position),
        Value("numFmt", null, ("formatCode", "General"), ("sourceLinked", "0")),
        Value("majorTickMark", "none"), Value("minorTickMark", "none"), Value("tickLblPos", "low"),
        new XElement(C + "spPr", new XElement(A + "ln", new XElement(A + "solidFill", Rgb("9AA8AE")))),
        Font(900),
        Value("crossAx", $"{cross}"), Value("crosses", "autoZero"),
        Flag("auto", 0), Value("lblAlgn", "ctr"), Value("lblOffset", "100"), Flag("noMultiLvlLbl", 1));

    private static XElement ValueAxis(int id, int cross, string position, Axis axis, string crosses, bool grid) => new(
        C + "valAx",
        Value("axId", $"{id}"),
        new XElement(C + "scaling", Value("orientation", "minMax"), Bound("max", axis.Max), Bound("min", axis.Min)),
        Flag("delete", 0),
        Value("axPos", position),
        grid ? new XElement(C + "majorGridlines", new XElement(C + "spPr", new XElement(A + "ln", new XElement(A + "solidFill", Rgb(Grid))))) : null,
        new XElement(C + "title", Rich(axis.Name, 900, bold: false), Flag("overlay", 0)),
        Value("numFmt", null, ("formatCode", axis.Format), ("sourceLinked", "0")),
        Value("majorTickMark", "none"), Value("minorTickMark", "none"), Value("tickLblPos", "nextTo"),
        new XElement(C + "spPr", new XElement(A + "ln", new XElement(A + "noFill"))),
        Font(900),
        Value("crossAx", $"{cross}"), Value("crosses", crosses), Value("crossBetween", "between"));

    private static XElement? Bound(string name, double? value) => value is { } v ? Value(name, v.ToString("R", CultureInfo.InvariantCulture)) : null;

    private static XElement Fill(string color) => new(C + "spPr", new XElement(A + "solidFill", Rgb(color)));

    private static XElement Rgb(string color) => new(A + "srgbClr", new XAttribute("val", color));

    private static XElement Rich(string text, int size, bool bold) => new(
        C + "tx",
        new XElement(C + "rich", new XElement(A + "bodyPr"), new XElement(
            A + "p",
            new XElement(A + "pPr", Run("defRPr", size, bold)),
            new XElement(A + "r", Run("rPr", size, bold), new XElement(A + "t", text)))));

    private static XElement Run(string name, int size, bool bold) =>
        new(A + name, new XAttribute("sz", size), new XAttribute("b", bold ? 1 : 0), new XElement(A + "solidFill", Rgb(Text)));

    private static XElement Font(int size) => new(
        C + "txPr", new XElement(A + "bodyPr"), new XElement(A + "p", new XElement(A + "pPr", Run("defRPr", size, bold: false)), new XElement(A + "endParaRPr", new XAttribute("lang", "en-US"))));

    private static XElement Flag(string name, int value) => Value(name, $"{value}");

    private static XElement Value(string name, string? value, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var element = new XElement(C + name, value is null ? null : new XAttribute("val", value));
        foreach (var (attribute, content) in more)
        {
            element.Add(new XAttribute(attribute, content));
        }

        return element;
    }
}

/// <summary>Where the charts of a sheet stand.</summary>
internal static class DrawingXml
{
    private static readonly XNamespace D = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing";
    private static readonly XNamespace A = "http://schemas.openxmlformats.org/drawingml/2006/main";
    private static readonly XNamespace C = "http://schemas.openxmlformats.org/drawingml/2006/chart";

    public static XDocument Of(IReadOnlyList<Chart> charts) => new(new XElement(
        D + "wsDr",
        new XAttribute(XNamespace.Xmlns + "xdr", D), new XAttribute(XNamespace.Xmlns + "a", A),
        charts.Select((chart, i) => new XElement(
            D + "twoCellAnchor",
            Corner("from", chart.At.Column, chart.At.Row), Corner("to", chart.At.ToColumn, chart.At.ToRow),
            new XElement(
                D + "graphicFrame",
                new XAttribute("macro", ""),
                new XElement(
                    D + "nvGraphicFramePr",
                    new XElement(D + "cNvPr", new XAttribute("id", i + 2), new XAttribute("name", $"Chart {i + 1}"), new XAttribute("descr", chart.Title)),
                    new XElement(D + "cNvGraphicFramePr")),
                new XElement(D + "xfrm", Point("off", "x", "y"), Point("ext", "cx", "cy")),
                new XElement(A + "graphic", new XElement(
                    A + "graphicData",
                    new XAttribute("uri", C),
                    new XElement(C + "chart", new XAttribute(XNamespace.Xmlns + "c", C), new XAttribute(XNamespace.Xmlns + "r", Package.Rel), new XAttribute(Package.Rel + "id", $"rId{i + 1}"))))),
            new XElement(D + "clientData")))));

    private static XElement Corner(string name, int column, int row) => new(
        D + name, new XElement(D + "col", column), new XElement(D + "colOff", 0), new XElement(D + "row", row), new XElement(D + "rowOff", 0));

    private static XElement Point(string name, string x, string y) => new(A + name, new XAttribute(x, 0), new XAttribute(y, 0));
}
