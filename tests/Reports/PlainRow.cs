using System.Text.Json.Nodes;
using HealthEval.Reports;
using static HealthEval.Tests.Reports.ExportedRows;

namespace HealthEval.Tests.Reports;

/// <summary>One rater on one response, read from the lines of an export as a script would.</summary>
internal sealed record PlainRow(string Task, string Prompt, string Response, string Model, string Rater, int?[] Scores, string Extent, int Words, JsonNode Item)
{
    private static readonly Dictionary<string, int> Weights = new() { ["minor"] = 1, ["major"] = 5, ["critical"] = 25 };

    public string Unit => $"{Task}/{Response}";

    public bool IsHarm => Extent is "moderate" or "severe" or "death";

    public int Errors { get; private set; }

    public int Penalty { get; private set; }

    public int Critical { get; private set; }

    public int Claims { get; private set; }

    public int Supported { get; private set; }

    public int Decided { get; private set; }

    public static List<PlainRow> Of(CompiledWeek week)
    {
        var (items, rows) = (Items(week), new List<PlainRow>());
        foreach (var annotation in JudgementsOf(week))
        {
            var (item, judgement) = (items[Text(annotation["taskId"])], annotation["judgement"]!);
            foreach (var (response, letter) in annotation["responseOrder"]!.AsArray().Select((id, i) => (Text(id), $"{(char)('A' + i)}")))
            {
                var rating = judgement["ratings"]!.AsArray().SingleOrDefault(r => Text(r!["response"]) == letter);
                var extent = judgement["harm"]!.AsArray().Where(h => Text(h!["response"]) == letter).Select(h => Text(h!["extent"])).SingleOrDefault("");
                if (rating is null && extent.Length == 0)
                {
                    continue;
                }

                var content = Text(item["responses"]!.AsArray().Single(r => Text(r!["responseId"]) == response)!["content"]);
                var row = new PlainRow(
                    Text(item["taskId"]), Text(item["promptId"]), response, ModelOf(item, response), Text(annotation["rater"]),
                    [.. Dimensions.Select(d => Score(rating?[d]))], extent, content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, item);
                row.Add(judgement, letter);
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>What models wrote.</summary>
    public static List<PlainRow> OfModels(CompiledWeek week) => [.. Of(week).Where(row => !row.Model.StartsWith("human", StringComparison.Ordinal))];

    /// <summary>Mean of the means of the dimensions that somebody scored, from 0 to 100.</summary>
    public static double Index(IReadOnlyCollection<PlainRow> rows) =>
        Enumerable.Range(0, 6).Select(d => Mean(rows, d)).OfType<double>().Average(mean => (mean - 1) * 25);

    public static double? Mean(IEnumerable<PlainRow> rows, int dimension)
    {
        var given = rows.Select(r => r.Scores[dimension]).OfType<int>().ToList();
        return given.Count == 0 ? null : given.Average();
    }

    /// <summary>Responses that any, or more than half, of the raters found something in, of those that were judged.</summary>
    public static (int Found, int Judged) Share(IEnumerable<PlainRow> rows, Func<PlainRow, bool?> found, bool isMajority)
    {
        var (some, all) = (0, 0);
        foreach (var response in rows.GroupBy(r => r.Unit))
        {
            var said = response.Select(found).OfType<bool>().ToList();
            all += said.Count > 0 ? 1 : 0;
            some += isMajority ? (2 * said.Count(yes => yes) > said.Count ? 1 : 0) : said.Contains(true) ? 1 : 0;
        }

        return (some, all);
    }

    private void Add(JsonNode judgement, string letter)
    {
        foreach (var span in judgement["spans"]!.AsArray().Where(s => Text(s!["response"]) == letter && Text(s["kind"]) != "strength"))
        {
            Errors++;
            Penalty += Weights.GetValueOrDefault(Text(span!["severity"]));
            Critical += Text(span["severity"]) == "critical" ? 1 : 0;
        }

        foreach (var claim in judgement["claims"]!.AsArray().Where(c => Text(c!["response"]) == letter))
        {
            var verdict = Text(claim!["verdict"]);
            Claims++;
            Supported += verdict == "SUPPORTED" ? 1 : 0;
            Decided += verdict is "SUPPORTED" or "PARTLY_SUPPORTED" || IsRefuted(verdict) ? 1 : 0;
            Critical += (bool?)claim["critical"] == true && IsRefuted(verdict) ? 1 : 0;
        }
    }
}
