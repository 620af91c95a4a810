using System.Text.Json.Nodes;
using HealthEval.Reports;
using static HealthEval.Tests.Reports.ExportedRows;

namespace HealthEval.Tests.Reports;

/// <summary>Every format of the dataset computed a second time from the exported judgements and items, row by row, by plain loops.</summary>
public sealed class RecomputedExportsTests(SampleWeeks weeks)
{
    public static TheoryData<string> Weeks => ["pairs", "threes", "one rater", "a person's answers"];

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Every_ordered_pair_of_every_ranking_is_a_row_of_dpo_and_ties_are_none(string kind)
    {
        var week = await weeks.OfAsync(kind);
        var expected = Pairs(week).Where(pair => pair.Places > 0).Select(pair => $"{pair.Task} {pair.Better} {pair.Worse} {pair.Places} {pair.Rater}").Order(StringComparer.Ordinal).ToList();
        var rows = await week.ExportAsync("dpo");

        Assert.NotEmpty(expected);
        Assert.Equal(expected, rows.Select(r => $"{Text(r["task_id"])} {Text(r["response_ids"]![0])} {Text(r["response_ids"]![1])} {(int)r["margin"]!} {Text(r["raters"]![0])}").Order(StringComparer.Ordinal));
        AssertTexts(week, rows, ("chosen", 0), ("rejected", 1));
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task What_more_raters_preferred_is_chosen_and_an_even_vote_is_left_out(string kind)
    {
        var week = await weeks.OfAsync(kind);
        var expected = new List<string>();
        foreach (var pair in Pairs(week).GroupBy(pair => (pair.Task, First: Min(pair.Better, pair.Worse), Second: Max(pair.Better, pair.Worse))))
        {
            var (first, second, all) = (pair.Count(p => p.Places > 0 && p.Better == pair.Key.First), pair.Count(p => p.Places > 0 && p.Better == pair.Key.Second), pair.Count());
            if (first != second)
            {
                var (chosen, rejected) = first > second ? (pair.Key.First, pair.Key.Second) : (pair.Key.Second, pair.Key.First);
                expected.Add($"{pair.Key.Task} {chosen} {rejected} of {all} by {Math.Abs(first - second)}");
            }
        }

        var rows = await week.ExportAsync("trl-preference");
        Assert.NotEmpty(expected);
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            rows.Select(r => $"{Text(r["task_id"])} {Text(r["response_ids"]![0])} {Text(r["response_ids"]![1])} of {(int)r["votes"]!} by {(int)r["margin"]!}").Order(StringComparer.Ordinal));
        AssertTexts(week, rows, ("chosen", 0), ("rejected", 1));
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Good_is_a_mean_of_four_without_harm_or_a_critical_error_and_bad_is_below_three_or_with_either(string kind)
    {
        var week = await weeks.OfAsync(kind);
        var expected = new List<string>();
        foreach (var response in PlainRow.Of(week).GroupBy(row => row.Unit))
        {
            var harms = response.Any(row => row.IsHarm || row.Critical > 0);
            var mean = MeanOf(response);
            if (harms || mean >= 4 || mean < 3)
            {
                expected.Add($"{response.Key} {!harms && mean >= 4}");
            }
        }

        var rows = await week.ExportAsync("kto");
        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Select(r => $"{Text(r["task_id"])}/{Text(r["response_ids"]![0])} {(bool)r["label"]!}").Order(StringComparer.Ordinal));
        Assert.Contains(rows, r => (bool)r["label"]!);
        Assert.Contains(rows, r => !(bool)r["label"]!);
        AssertTexts(week, rows, ("completion", 0));
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Helpsteer_and_the_consensus_hold_the_means_of_every_response(string kind)
    {
        var week = await weeks.OfAsync(kind);
        var (helpsteer, consensus) = (ByUnit(await week.ExportAsync("helpsteer")), ByUnit(await week.ExportAsync("consensus")));
        var responses = PlainRow.Of(week).GroupBy(row => row.Unit).ToDictionary(g => g.Key, g => g.ToList());

        Assert.Equal(responses.Keys.Order(StringComparer.Ordinal), consensus.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(responses.Where(r => MeanOf(r.Value) is not null).Select(r => r.Key).Order(StringComparer.Ordinal), helpsteer.Keys.Order(StringComparer.Ordinal));
        foreach (var (unit, rows) in responses)
        {
            var all = consensus[unit];
            Assert.Equal((rows.Count, rows[0].Model), ((int)all["ratings"]!, Text(all["model"])));
            Assert.Equal(MeanOf(rows) ?? -1, (double?)all["mean"] ?? -1, 9);
            string[] extents = ["none", "mild", "moderate", "severe", "death"];
            var worst = rows.Max(row => Array.IndexOf(extents, row.Extent));
            Assert.Equal(worst < 0 ? "" : extents[worst], Text(all["harmAtWorst"]));
            var (said, harmful) = (rows.Count(row => row.Extent.Length > 0), rows.Count(row => row.IsHarm));
            Assert.Equal((harmful > 0, 2 * harmful > said), ((bool)all["harmModerateOrWorse"]!["anyRater"]!, (bool)all["harmModerateOrWorse"]!["majority"]!));
            for (var d = 0; d < 6; d++)
            {
                Assert.Equal(rows.Count(row => row.Scores[d] is not null), (int)all["scores"]![Dimensions[d]]!["raters"]!);
                Assert.Equal(PlainRow.Mean(rows, d) ?? -1, (double?)all["scores"]![Dimensions[d]]!["mean"] ?? -1, 9);
                Assert.Equal(PlainRow.Mean(rows, d) ?? -1, (double?)helpsteer[unit]["means"]![Dimensions[d]] ?? -1, 9);
            }

            Assert.Equal((Whole(MeanOf(rows)), Whole(PlainRow.Mean(rows, 0)), Whole(PlainRow.Mean(rows, 3))), ((int?)helpsteer[unit]["helpfulness"], (int?)helpsteer[unit]["correctness"], (int?)helpsteer[unit]["coherence"]));
        }

        static int? Whole(double? mean) => mean is { } m ? (int)Math.Floor(m - 1 + 0.5) : null;
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Judgements_claims_and_labels_of_criteria_are_all_there_once(string kind)
    {
        var week = await weeks.OfAsync(kind);
        var (judgements, claims, labels) = (await week.ExportAsync("annotations"), await week.ExportAsync("claims"), await week.ExportAsync("healthbench-meta"));

        Assert.Equal(JudgementsOf(week).Select(a => a.ToJsonString()).Order(StringComparer.Ordinal), judgements.Select(Bare).Order(StringComparer.Ordinal));
        Assert.Equal(
            JudgementsOf(week).SelectMany(a => a["judgement"]!["claims"]!.AsArray().Select((claim, i) => $"{Text(a["annotationId"])} {i + 1} {ResponseOf(a, Text(claim!["response"]))} {Text(a["rater"])} {claim.ToJsonString()}")).Order(StringComparer.Ordinal),
            claims.Select(c => $"{Text(c["annotationId"])} {(int)c["number"]!} {Text(c["responseId"])} {Text(c["rater"])} {c["claim"]!.ToJsonString()}").Order(StringComparer.Ordinal));

        var expected = new List<string>();
        foreach (var annotation in JudgementsOf(week))
        {
            var criteria = Items(week)[Text(annotation["taskId"])]["rubric"]!.AsArray().ToDictionary(c => Text(c!["id"]), c => Text(c!["criterion"]));
            expected.AddRange(annotation["judgement"]!["rubric"]!.AsArray().Select(c => $"{ResponseOf(annotation, Text(c!["response"]))} {criteria[Text(c["criterion"])]} {Text(annotation["rater"])} {(bool)c["met"]!}"));
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), labels.SelectMany(row => row["binary_labels"]!.AsArray().Select((met, i) =>
            $"{Text(row["completion_id"])} {Text(row["rubric"])} {Text(row["anonymized_physician_ids"]![i])} {(bool)met!}")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Label_studio_holds_every_score_and_the_place_of_every_passage(string kind)
    {
        var week = await weeks.OfAsync(kind);
        var (scores, passages) = (new List<string>(), new List<string>());
        foreach (var annotation in JudgementsOf(week))
        {
            var (rater, responses) = (Text(annotation["rater"]), Items(week)[Text(annotation["taskId"])]["responses"]!.AsArray());
            foreach (var rating in annotation["judgement"]!["ratings"]!.AsArray())
            {
                scores.AddRange(Dimensions.Where(d => Score(rating![d]) is not null).Select(d => $"{ResponseOf(annotation, Text(rating!["response"]))} {rater} {d} {Score(rating[d])}"));
            }

            foreach (var span in annotation["judgement"]!["spans"]!.AsArray().Where(s => s!["start"] is not null))
            {
                var response = ResponseOf(annotation, Text(span!["response"]));
                var length = Text(responses.Single(r => Text(r!["responseId"]) == response)!["content"]).Length;
                if ((int)span["end"]! <= length)
                {
                    passages.Add($"{response} {rater} {Text(span["code"])} {(int)span["start"]!}-{(int)span["end"]!} {Text(span["quote"])} {Text(span["severity"])}");
                }
            }
        }

        var regions = (await week.ExportAsync("label-studio")).SelectMany(task => task["annotations"]!.AsArray().SelectMany(a => a!["result"]!.AsArray().Select(region => (Data: task["data"]!, Region: region!)))).ToList();
        Assert.NotEmpty(passages);
        Assert.Equal(scores.Order(StringComparer.Ordinal), regions.Where(r => Text(r.Region["type"]) == "rating")
            .Select(r => $"{Text(r.Data["responseId"])} {Text(r.Region["meta"]!["rater"])} {Text(r.Region["from_name"])} {(int)r.Region["value"]!["rating"]!}").Order(StringComparer.Ordinal));
        Assert.Equal(passages.Order(StringComparer.Ordinal), regions.Where(r => Text(r.Region["type"]) == "labels").Select(r => (r.Data, r.Region, Value: r.Region["value"]!, Meta: r.Region["meta"]!))
            .Select(r => $"{Text(r.Data["responseId"])} {Text(r.Meta["rater"])} {Text(r.Value["labels"]![0])} {(int)r.Value["start"]!}-{(int)r.Value["end"]!} {Text(r.Value["text"])} {Text(r.Meta["severity"])}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Ideal_answers_follow_the_prompt_as_it_was_and_as_it_was_refined()
    {
        var sample = new WeekSample(tasks: 12)
        {
            Annotation = a => (a.TaskId[^1] - '0') % 3 is var kind && kind == 0 ? a : a with
            {
                Judgement = a.Judgement with { IdealResponse = $"Better: {a.AnnotationId}", RefinedPrompt = kind == 1 ? $"Asked better: {a.AnnotationId}" : " " },
            },
        };
        using var week = await CompiledWeek.OfAsync(sample);
        var expected = new List<string>();
        foreach (var annotation in JudgementsOf(week).Where(a => Text(a["judgement"]!["idealResponse"]).Length > 0))
        {
            var asked = Text(Items(week)[Text(annotation["taskId"])]["messages"]![0]!["content"]);
            expected.Add($"{asked} > {Text(annotation["judgement"]!["idealResponse"])} False");
            if (Text(annotation["judgement"]!["refinedPrompt"]).Trim() is { Length: > 0 } refined)
            {
                expected.Add($"{refined} > {Text(annotation["judgement"]!["idealResponse"])} True");
            }
        }

        Assert.Contains(expected, line => line.EndsWith("True", StringComparison.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await week.ExportAsync("sft"))
            .Select(r => $"{Text(r["messages"]![0]!["content"])} > {Text(r["messages"]![1]!["content"])} {(bool)r["refined_prompt"]!}").Order(StringComparer.Ordinal));
    }

    /// <summary>What each judgement said of every two responses it compared, by response; 0 places apart is a tie.</summary>
    private static List<(string Task, string Rater, string Better, string Worse, int Places)> Pairs(CompiledWeek week)
    {
        var pairs = new List<(string Task, string Rater, string Better, string Worse, int Places)>();
        foreach (var annotation in JudgementsOf(week))
        {
            var preference = annotation["judgement"]!["preference"]!;
            var letters = annotation["responseOrder"]!.AsArray().Select((_, i) => $"{(char)('A' + i)}").ToList();
            var ranks = letters.ToDictionary(letter => letter, letter => preference["ranking"] is JsonArray groups ? groups.ToList().FindIndex(g => g!.AsArray().Any(l => Text(l) == letter))
                : Text(preference["winner"]) is "tie" or "both_bad" || Text(preference["winner"]) == letter ? 0 : 1);
            foreach (var (better, worse) in letters.SelectMany(a => letters.Where(b => string.CompareOrdinal(a, b) < 0).Select(b => ranks[a] <= ranks[b] ? (a, b) : (b, a))))
            {
                if (preference["ranking"] is not null || ranks[better] == 0) // those that are only not the best were not compared
                {
                    pairs.Add((Text(annotation["taskId"]), Text(annotation["rater"]), ResponseOf(annotation, better), ResponseOf(annotation, worse), ranks[worse] - ranks[better]));
                }
            }
        }

        return pairs;
    }

    private static void AssertTexts(CompiledWeek week, IEnumerable<JsonNode> rows, params (string Field, int Place)[] fields)
    {
        var texts = Items(week).Values.SelectMany(item => item["responses"]!.AsArray()).ToDictionary(r => Text(r!["responseId"]), r => Text(r!["content"]));
        Assert.All(rows, row => Assert.All(fields, field => Assert.Equal(texts[Text(row["response_ids"]![field.Place])], Text(row[field.Field]![0]!["content"]))));
    }

    private static Dictionary<string, JsonNode> ByUnit(IEnumerable<JsonNode> rows) => rows.ToDictionary(row => $"{Text(row["task_id"])}/{Text(row["response_ids"]![0])}");

    private static double? MeanOf(IEnumerable<PlainRow> rows) =>
        Enumerable.Range(0, 6).Select(d => PlainRow.Mean(rows, d)).OfType<double>().ToList() is { Count: > 0 } means ? means.Average() : null;

    /// <summary>A judgement without the columns that say where a row comes from.</summary>
    private static string Bare(JsonNode row)
    {
        foreach (var column in new[] { "item_id", "task_id", "prompt_id", "response_ids", "models", "raters", "votes", "margin", "guideline_sha256", "adjudicated" })
        {
            row.AsObject().Remove(column);
        }

        return row.ToJsonString();
    }

    private static string Min(string a, string b) => string.CompareOrdinal(a, b) < 0 ? a : b;

    private static string Max(string a, string b) => string.CompareOrdinal(a, b) < 0 ? b : a;
}
