using System.Globalization;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Intake;
using HealthEval.Reports;
using HealthEval.Storage;

namespace HealthEval.Tests.Reports;

/// <summary>The rows of an exported week as JSON, without the program's types, and what a reader adds up from them.</summary>
internal static class ExportedRows
{
    public static readonly string[] Dimensions = ["accuracy", "reasoning", "completeness", "clarity", "tone", "appropriateness"];

    public static WeekSample SampleOf(string kind)
    {
        Annotation Changed(Annotation a)
        {
            var number = int.Parse(a.TaskId[1..], CultureInfo.InvariantCulture);
            var judgement = a.Judgement with { ActiveSeconds = number % 5 == 0 ? 0 : a.Judgement.ActiveSeconds };
            if (number % 4 == 1)
            {
                judgement = judgement with { Ratings = [.. judgement.Ratings.Select(r => new Rating(r.Response, 4, 4, false, 4, 4, 4, 4, null))] };
            }

            return number % 3 == 0 ? a with { Judgement = Later(judgement, number), Guideline = new("healtheval", 2) } : a with { Judgement = judgement };
        }

        return kind switch
        {
            "pairs" => new WeekSample(tasks: 60) { Item = Negative, Annotation = Changed },
            "a person's answers" => new WeekSample(seed: 4, tasks: 40) { Item = item => Persons(Negative(item)), Annotation = Changed },
            "threes" => new WeekSample(seed: 3, tasks: 30, raters: 4, overlap: 3) { Item = item => Third(Negative(item)), Annotation = a => Ranked(Changed(a)) },
            _ => new WeekSample(seed: 5, tasks: 20, raters: 1, overlap: 1) { Item = Negative, Annotation = Changed },
        };
    }

    /// <summary>With what only the later guideline has: a code, and a verdict.</summary>
    private static Judgement Later(Judgement judgement, int number) => judgement with
    {
        Spans = [.. judgement.Spans, new Span("A", "conceptual_error", "K7", number % 2 == 0 ? "major" : "critical", null, null, null, MissingText: "the base rate")],
        Claims = [.. judgement.Claims.Select((claim, i) => i == 0 ? claim with { Verdict = "NOT_FOUND" } : claim)],
    };

    /// <summary>A third of the judgements ranks all three, with a tie; the others name the best, as judgements from before rankings do.</summary>
    private static Annotation Ranked(Annotation a) => int.Parse(a.TaskId[1..], CultureInfo.InvariantCulture) % 3 == 2
        ? a with { Judgement = a.Judgement with { Preference = new Preference(Ranking: [["C"], ["A", "B"]], BothBad: true) } }
        : a;

    private static EvalItem Persons(EvalItem item) =>
        item with { Responses = [.. item.Responses.Select(r => r.Model == "cedar" ? r with { Model = "human-physician" } : r)] };

    private static EvalItem Negative(EvalItem item) => item with { Rubric = [.. item.Rubric, new RubricCriterion("c3", "Frightens", -10, [])] };

    private static EvalItem Third(EvalItem item) =>
        item with { Responses = [.. item.Responses, new EvalResponse($"{item.TaskId}-r2", "Drink and rest.", Sha.Of("Drink and rest."), "dill")] };

    public static IReadOnlyList<JsonNode> JudgementsOf(CompiledWeek week) => Lines(week, ReportFiles.Annotations);

    public static Dictionary<string, JsonNode> Items(CompiledWeek week) => Lines(week, ReportFiles.Items).ToDictionary(item => Text(item["taskId"]));

    public static List<JsonNode> Lines(CompiledWeek week, string file) =>
        [.. File.ReadLines(week[file]).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!)];

    public static string ResponseOf(JsonNode annotation, string letter) => Text(annotation["responseOrder"]![letter[0] - 'A']);

    public static string ModelOf(JsonNode item, string response) =>
        Text(item["responses"]!.AsArray().Single(r => Text(r!["responseId"]) == response)!["model"]);

    public static string Text(JsonNode? node) => node is null ? "" : node.GetValue<string>();

    public static int? Score(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var score) ? score : null;

    public static bool IsRefuted(string verdict) => verdict is "REFUTED" or "OUTDATED" or "NOT_FOUND";

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    public static void AssertShare(int part, int whole, string shown)
    {
        if (whole == 0)
        {
            Assert.Equal("not defined", shown);
        }
        else
        {
            Assert.Equal((double)part / whole, Number(shown), 9);
        }
    }

    public static T Of<T>(SortedDictionary<string, T> known, string key)
        where T : new() => known.TryGetValue(key, out var value) ? value : known[key] = new T();

    /// <summary>One response's judgements, added up.</summary>
    public sealed class Sums
    {
        public int[] Scores { get; } = new int[6];

        public int[] Given { get; } = new int[6];

        public int Harmful { get; private set; }

        public int Harms { get; private set; }

        public int Supported { get; private set; }

        public int Refuted { get; private set; }

        public int Decided { get; private set; }

        /// <summary>Raters who found a critical error.</summary>
        public int Critical { get; private set; }

        public int Raters { get; private set; }

        public void Add(JsonNode judgement, string letter)
        {
            Raters++;
            foreach (var rating in judgement["ratings"]!.AsArray().Where(r => Text(r!["response"]) == letter))
            {
                for (var d = 0; d < 6; d++)
                {
                    Scores[d] += Score(rating![Dimensions[d]]) ?? 0;
                    Given[d] += Score(rating[Dimensions[d]]) is null ? 0 : 1;
                }
            }

            foreach (var harm in judgement["harm"]!.AsArray().Where(h => Text(h!["response"]) == letter))
            {
                Harms++;
                Harmful += Text(harm!["extent"]) is "moderate" or "severe" or "death" ? 1 : 0;
            }

            var critical = judgement["spans"]!.AsArray()
                .Any(s => Text(s!["response"]) == letter && Text(s["severity"]) == "critical" && Text(s["kind"]) != "strength");
            foreach (var claim in judgement["claims"]!.AsArray().Where(c => Text(c!["response"]) == letter))
            {
                var verdict = Text(claim!["verdict"]);
                Supported += verdict == "SUPPORTED" ? 1 : 0;
                Refuted += IsRefuted(verdict) ? 1 : 0;
                Decided += verdict is "SUPPORTED" or "PARTLY_SUPPORTED" || IsRefuted(verdict) ? 1 : 0;
                critical |= (bool?)claim["critical"] == true && IsRefuted(verdict);
            }

            Critical += critical ? 1 : 0;
        }
    }
}
