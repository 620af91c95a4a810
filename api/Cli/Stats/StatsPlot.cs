using System.Globalization;
using System.Security;
using System.Text;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>A small SVG: intervals of the results, abilities of items, or confusion matrices of raters, whichever the results hold.</summary>
internal static class StatsPlot
{
    private const int Width = 720;
    private const int Left = 190;
    private const int RowHeight = 26;

    public static string Draw(StatsMeasure measure, IReadOnlyList<StatsResult> results)
    {
        if (results.Count == 1 && results[0].Estimate.Details["raters"] is Details[] raters && raters.Length > 0 && raters[0]["confusion"] is IReadOnlyList<double[]?>)
        {
            return Confusions(measure, raters, results[0].Estimate.Details["levels"] as IReadOnlyList<string> ?? []);
        }
        var items = results.Count == 1 && results[0].Estimate.Details["items"] is Details[] list ? list.Select(Item) : results.Select(Result);
        return Intervals(results[0].Estimate.Measure, [.. items]);
    }

    private static (string Name, double? Value, double? Lower, double? Upper) Item(Details item) =>
        (item["item"]?.ToString() ?? "", item.Number("logAbility") ?? item.Number("winRate"), Limit(item["ci"], 0), Limit(item["ci"], 1));

    private static (string Name, double? Value, double? Lower, double? Upper) Result(StatsResult result) =>
        (result.Group ?? "all", result.Estimate.Value, result.Estimate.Interval?.Lower, result.Estimate.Interval?.Upper);

    private static double? Limit(object? limits, int at) => limits is double?[] list ? list[at] : null;

    private static string Intervals(string title, (string Name, double? Value, double? Lower, double? Upper)[] rows)
    {
        double[] numbers = [.. rows.SelectMany(r => new[] { r.Value, r.Lower, r.Upper }).Where(v => v is not null).Select(v => v!.Value)];
        var (low, high) = numbers.Length == 0 ? (0, 1) : (Math.Min(0, numbers.Min()), Math.Max(low0(numbers), numbers.Max()));
        var (svg, height) = (new StringBuilder(), 70 + (rows.Length * RowHeight));
        Open(svg, title, height);
        for (var tick = 0; tick <= 5; tick++)
        {
            var at = low + ((high - low) * tick / 5);
            svg.Append($"""<line x1="{X(at)}" x2="{X(at)}" y1="40" y2="{height - 24}" stroke="#d0d0d0"/><text x="{X(at)}" y="{height - 8}" text-anchor="middle">{N(at)}</text>""");
        }
        for (var i = 0; i < rows.Length; i++)
        {
            var y = 40 + (i * RowHeight) + (RowHeight / 2);
            svg.Append($"""<text x="{Left - 12}" y="{y + 4}" text-anchor="end">{Escape(rows[i].Name)}</text>""");
            if (rows[i] is { Lower: { } a, Upper: { } b })
            {
                svg.Append($"""<line x1="{X(a)}" x2="{X(b)}" y1="{y}" y2="{y}" stroke="#1f4e79" stroke-width="2"/>""");
            }
            svg.Append(rows[i].Value is { } v
                ? $"""<circle cx="{X(v)}" cy="{y}" r="4" fill="#1f4e79"><title>{N(v)}</title></circle>"""
                : $"""<text x="{Left}" y="{y + 4}" font-style="italic">undefined</text>""");
        }
        return svg.Append("</svg>\n").ToString();

        string X(double value) => N(Left + ((value - low) / (high > low ? high - low : 1) * (Width - Left - 30)));

        static double low0(double[] all) => all.Max() <= 1 && all.Min() >= -1 ? 1 : all.Max();
    }

    private static string Confusions(StatsMeasure measure, Details[] raters, IReadOnlyList<string> levels)
    {
        const int Cell = 34;
        var (svg, q) = (new StringBuilder(), levels.Count);
        var block = (q * Cell) + 70;
        Open(svg, $"{measure.Name}: rows true, columns said", 50 + (((raters.Length + 2) / 3) * block));
        for (var g = 0; g < raters.Length; g++)
        {
            var (x, y) = (60 + (g % 3 * ((q * Cell) + 70)), 80 + (g / 3 * block));
            svg.Append($"""<text x="{x}" y="{y - 24}" font-weight="bold">{Escape(raters[g]["rater"]?.ToString() ?? "")}</text>""");
            var rows = (IReadOnlyList<double[]?>)raters[g]["confusion"]!;
            for (var i = 0; i < q; i++)
            {
                svg.Append($"""<text x="{x - 6}" y="{y + (i * Cell) + 21}" text-anchor="end">{Escape(levels[i])}</text><text x="{x + (i * Cell) + 17}" y="{y - 6}" text-anchor="middle">{Escape(levels[i])}</text>""");
                for (var j = 0; j < q; j++)
                {
                    var share = rows[i]?[j];
                    svg.Append($"""<rect x="{x + (j * Cell)}" y="{y + (i * Cell)}" width="{Cell - 2}" height="{Cell - 2}" fill="#1f4e79" fill-opacity="{N(share ?? 0)}" stroke="#bbb"/>""");
                    svg.Append($"""<text x="{x + (j * Cell) + 16}" y="{y + (i * Cell) + 20}" text-anchor="middle" fill="{(share > 0.5 ? "#fff" : "#222")}">{(share is { } s ? s.ToString("0.##", CultureInfo.InvariantCulture) : "–")}</text>""");
                }
            }
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static void Open(StringBuilder svg, string title, int height) => svg
        .Append($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="12" fill="#222">""")
        .Append($"""<rect width="{Width}" height="{height}" fill="#fff"/><text x="12" y="24" font-size="15">{Escape(title)}</text>""");

    private static string N(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(new string([.. text.Where(c => !char.IsControl(c))])) ?? "";
}
