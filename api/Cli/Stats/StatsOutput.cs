using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>One result, of the whole file or of one group.</summary>
internal sealed record StatsResult(string? Group, Estimate Estimate);

/// <summary>Results as JSON for programs and as text for people.</summary>
internal static class StatsOutput
{
    private const int MostRows = 20;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(StatsMeasure measure, IReadOnlyList<StatsResult> results, bool grouped, bool explain)
    {
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream, Indented);
        if (grouped)
        {
            json.WriteStartArray();
        }
        foreach (var result in results)
        {
            Write(json, measure, result, explain);
        }
        if (grouped)
        {
            json.WriteEndArray();
        }
        json.Flush();
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + Environment.NewLine;
    }

    public static string Text(StatsMeasure measure, IReadOnlyList<StatsResult> results, bool explain)
    {
        var text = new StringBuilder();
        if (explain)
        {
            text.Append(Explain(measure)).AppendLine();
        }
        foreach (var (group, estimate) in results)
        {
            text.AppendLine(group is null ? estimate.Measure : $"{estimate.Measure} · {group}");
            Line(text, "estimate", estimate.Value is { } v ? Number(v) : $"undefined: {estimate.Undefined}");
            Line(text, "se", estimate.StandardError is { } se ? Number(se) : null);
            Line(text, estimate.Interval is { } i ? $"{100 * i.Confidence:0.##} % CI" : "CI", estimate.Interval is { } ci ? $"{Number(ci.Lower)} to {Number(ci.Upper)}  ({ci.Method})" : null);
            Line(text, "n", $"{estimate.N.Units} units, {estimate.N.Ratings} ratings, {estimate.N.Raters} raters");
            Line(text, "seed", estimate.Seed?.ToString());
            Details(text, estimate.Details, "  ");
            text.AppendLine();
        }
        return text.ToString().TrimEnd() + Environment.NewLine;
    }

    public static string Explain(StatsMeasure measure) => $"""
        {measure.Name}{(measure.Aliases.Length > 0 ? $" (also: {string.Join(", ", measure.Aliases)})" : "")}
          formula        {measure.Explanation.Formula}
          it means       {measure.Explanation.Means}
          it does not    {measure.Explanation.DoesNotMean}
          source         {measure.Explanation.Source}
          input          {(measure.NeedsFile ? measure.Input : "no file")}
          settings       {(measure.Settings.Length > 0 ? measure.Settings : "none")}

        """;

    private static void Write(Utf8JsonWriter json, StatsMeasure measure, StatsResult result, bool explain)
    {
        var e = result.Estimate;
        json.WriteStartObject();
        if (result.Group is { } group)
        {
            json.WriteString("group", group);
        }
        json.WriteString("measure", measure.Name);
        Value(json, "estimate", e.Value);
        Value(json, "se", e.StandardError);
        Value(json, "ci", e.Interval is { } i ? new[] { i.Lower, i.Upper } : null);
        Value(json, "ciMethod", e.Interval?.Method);
        json.WriteStartObject("n");
        json.WriteNumber("units", e.N.Units);
        json.WriteNumber("ratings", e.N.Ratings);
        json.WriteNumber("raters", e.N.Raters);
        json.WriteEndObject();
        Value(json, "undefined", e.Undefined);
        Value(json, "seed", e.Seed is { } seed ? (decimal)seed : null);
        Value(json, "details", e.Measure == measure.Name ? e.Details : e.Details.And("variant", e.Measure));
        if (explain)
        {
            Value(json, "explain", Agreement.Statistics.Details.Of(
                ("formula", measure.Explanation.Formula), ("means", measure.Explanation.Means), ("doesNotMean", measure.Explanation.DoesNotMean), ("source", measure.Explanation.Source)));
        }
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        Value(json, value);
    }

    private static void Value(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string s: json.WriteStringValue(s); break;
            case bool b: json.WriteBooleanValue(b); break;
            case double d when double.IsFinite(d): json.WriteNumberValue(d); break;
            case double: json.WriteNullValue(); break;
            case int or long or ulong or decimal: json.WriteNumberValue(Convert.ToDecimal(value)); break;
            case Details details:
                json.WriteStartObject();
                foreach (var (name, item) in details.Pairs)
                {
                    Value(json, name, item);
                }
                json.WriteEndObject();
                break;
            case System.Collections.IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list)
                {
                    Value(json, item);
                }
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }

    private static void Details(StringBuilder text, Details details, string indent)
    {
        foreach (var (name, value) in details.Pairs)
        {
            switch (value)
            {
                case null: break;
                case Details[] rows: Table(text, name, rows, indent); break;
                case Details inner:
                    text.Append(indent).AppendLine(name);
                    Details(text, inner, indent + "  ");
                    break;
                default: text.Append(indent).Append($"{name,-20} ").AppendLine(Cell(value)); break;
            }
        }
    }

    private static void Table(StringBuilder text, string name, Details[] rows, string indent)
    {
        text.Append(indent).AppendLine(name);
        if (rows.Length == 0)
        {
            return;
        }
        string[] columns = [.. rows[0].Pairs.Select(p => p.Key)];
        string[][] cells = [.. rows.Take(MostRows).Select(r => columns.Select(c => Cell(r[c])).ToArray())];
        int[] widths = [.. columns.Select((c, i) => Math.Max(c.Length, cells.Max(r => r[i].Length)))];
        text.Append(indent).Append("  ").AppendLine(string.Join("  ", columns.Select((c, i) => c.PadRight(widths[i]))).TrimEnd());
        foreach (var row in cells)
        {
            text.Append(indent).Append("  ").AppendLine(string.Join("  ", row.Select((c, i) => c.PadRight(widths[i]))).TrimEnd());
        }
        if (rows.Length > MostRows)
        {
            text.Append(indent).AppendLine($"  … and {rows.Length - MostRows} more (--json prints all)");
        }
    }

    private static string Cell(object? value) => value switch
    {
        null => "–",
        double d => Number(d),
        string s => s,
        System.Collections.IEnumerable list => List([.. list.Cast<object?>().Select(Cell)]),
        _ => value.ToString()!,
    };

    private static string List(string[] items) => items.Length == 0 ? "–" : $"[{string.Join(", ", items.Take(12))}{(items.Length > 12 ? $", … {items.Length} in all" : "")}]";

    private static string Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e9 ? $"{value:0}" : Math.Abs(value) is >= 1e-4 and < 1e9 ? $"{value:0.######}" : $"{value:0.####e+0}";

    private static void Line(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append("  ").Append($"{name,-20} ").AppendLine(value);
        }
    }
}
