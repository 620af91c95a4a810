using System.Text.Json.Nodes;
using HealthEval.Reports;
using static HealthEval.Tests.Reports.ExportedRows;

namespace HealthEval.Tests.Reports;

/// <summary>More sheets computed a second time from the exported rows, cell by cell, by plain loops.</summary>
public sealed class RecomputedSheetsTests(SampleWeeks weeks)
{
    private static readonly string[] Names = ["Accuracy", "Reasoning", "Completeness", "Clarity", "Tone", "Appropriateness"];

    public static TheoryData<string> Weeks => ["pairs", "threes", "one rater", "a person's answers"];

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Every_model_has_its_means_index_rates_and_penalty(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var models = PlainRow.Of(week).GroupBy(r => r.Model).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (Name: g.Key, Rows: g.ToList())).ToList();
        var (overview, means, rates) = (workbook.Table("Models"), workbook.Table("ModelMeans"), workbook.Table("ModelRates"));

        Assert.Equal(models.Select(m => m.Name), overview.Select(r => r["Model"]));
        foreach (var (i, (name, rows)) in models.Index())
        {
            Assert.Equal(PlainRow.Index(rows), Number(overview[i]["Index 0–100"]), 9);
            Assert.Equal(rows.Select(r => r.Unit).Distinct().Count(), Number(overview[i]["Responses"]));
            Assert.Equal(rows.Select(r => r.Prompt).Distinct().Count(), Number(overview[i]["Prompts"]));
            Assert.Equal((rows.Count, rows.Sum(r => r.Errors)), (Number(overview[i]["Ratings"]), Number(overview[i]["Errors marked"])));
            Assert.Equal((double)rows.Sum(r => r.Penalty) / rows.Count, Number(overview[i]["Penalty per rating"]), 9);
            Assert.Equal(100.0 * rows.Sum(r => r.Penalty) / rows.Sum(r => r.Words), Number(overview[i]["Penalty per 100 words"]), 9);
            Assert.All(Enumerable.Range(0, 6), d => Assert.Equal(PlainRow.Mean(rows, d)!.Value, Number(means[i][Names[d]]), 9));

            foreach (var (figure, (part, whole)) in RatesOf(rows))
            {
                var row = rates.Single(r => r["Model"] == name && r["Figure"] == figure);
                Assert.Equal((part, whole), (Number(row["Numerator"]), Number(row["Denominator"])));
                AssertShare(part, whole, row["Rate"]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Headlines_dimensions_and_slices_are_of_what_models_wrote(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var rows = PlainRow.OfModels(week);
        var (headlines, dimensions, distribution) = (workbook.Table("Headlines").ToDictionary(r => r["Figure"]), workbook.Table("Dimensions"), workbook.Table("Distribution"));

        Assert.Equal(PlainRow.Index(rows), Number(headlines["Quality index (0–100)"]["Value"]), 9);
        Assert.Equal((rows.Sum(r => r.Supported), rows.Sum(r => r.Decided)), (Number(headlines["Factual precision"]["Numerator"]), Number(headlines["Factual precision"]["Denominator"])));
        for (var d = 0; d < 6; d++)
        {
            var given = rows.Where(r => r.Scores[d] is not null).ToList();
            Assert.Equal(PlainRow.Mean(rows, d)!.Value, Number(dimensions[d]["Mean"]), 9);
            Assert.Equal(PlainRow.Mean(rows, d)!.Value, Number(headlines[Names[d] + " (1–5)"]["Value"]), 9);
            Assert.Equal((given.Count, rows.Count - given.Count), (Number(dimensions[d]["Ratings"]), Number(dimensions[d]["Not rated or N/A"])));
            Assert.Equal((given.Select(r => r.Unit).Distinct().Count(), given.Select(r => r.Rater).Distinct().Count()), (Number(dimensions[d]["Responses"]), Number(dimensions[d]["Raters"])));
            Assert.All(Enumerable.Range(1, 5), level => Assert.Equal(given.Count(r => r.Scores[d] == level), Number(distribution[d][$"{level}"])));
        }

        foreach (var (by, field) in new[] { ("Sub-domain", "subdomain"), ("Audience", "audience"), ("Risk", "riskTier"), ("Language", "language") })
        {
            var slices = workbook.Table("Slices").Where(r => r["By"] == by).ToDictionary(r => r["Group"]);
            var groups = rows.GroupBy(r => Text(r.Item[field])).ToList();
            Assert.Equal(groups.Select(g => g.Key).Order(StringComparer.Ordinal), slices.Keys.Order(StringComparer.Ordinal));
            Assert.All(groups, group =>
            {
                Assert.Equal(PlainRow.Index([.. group]), Number(slices[group.Key]["Index 0–100"]), 9);
                Assert.Equal((group.Select(r => r.Unit).Distinct().Count(), group.Count()), (Number(slices[group.Key]["Responses"]), Number(slices[group.Key]["Ratings"])));
                var (harmful, judged) = PlainRow.Share(group, r => r.Extent.Length == 0 ? null : r.IsHarm, isMajority: false);
                Assert.Equal((harmful, judged), (Number(slices[group.Key]["Harmful"]), Number(slices[group.Key]["of"])));
            });
        }
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Every_code_is_named_counted_weighed_and_put_to_the_responses_it_was_marked_in(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var (items, table) = (Items(week), workbook.Table("ErrorCodes").ToDictionary(r => r["Code"]));
        var spans = JudgementsOf(week).SelectMany(a => a["judgement"]!["spans"]!.AsArray()
            .Select(s => (Task: Text(a["taskId"]), Response: ResponseOf(a, Text(s!["response"])), Code: Text(s["code"]), Severity: Text(s["severity"]))))
            .Where(s => !s.Code.StartsWith('G') && !ModelOf(items[s.Task], s.Response).StartsWith("human", StringComparison.Ordinal)).ToList();
        var responses = PlainRow.OfModels(week).Select(r => r.Unit).ToHashSet();

        Assert.Equal(spans.Select(s => s.Code).Distinct().Order(StringComparer.Ordinal), table.Keys.Order(StringComparer.Ordinal));
        foreach (var code in spans.GroupBy(s => s.Code))
        {
            var row = table[code.Key];
            var (minor, major, critical) = (code.Count(s => s.Severity == "minor"), code.Count(s => s.Severity == "major"), code.Count(s => s.Severity == "critical"));
            Assert.Equal((code.Count(), minor, major, critical), (Number(row["Marked"]), Number(row["Minor"]), Number(row["Major"]), Number(row["Critical"])));
            Assert.Equal(minor + (5 * major) + (25 * critical), Number(row["Penalty"]));
            var affected = code.Select(s => $"{s.Task}/{s.Response}").Where(responses.Contains).Distinct().Count();
            Assert.Equal((affected, responses.Count), (Number(row["Responses affected"]), Number(row["of responses"])));
            AssertShare(affected, responses.Count, row["Affected"]);
            Assert.DoesNotContain("not in the taxonomy", row["Name"] + row["Group"], StringComparison.Ordinal); // K7 is in the later guideline only
        }

        Assert.Contains("K7", table.Keys);
        var groups = workbook.Table("ErrorGroups");
        Assert.Equal(spans.Count, groups.Sum(r => Number(r["Marked"])));
        Assert.Equal(table.Values.Sum(r => Number(r["Penalty"])), groups.Sum(r => Number(r["Penalty"])));
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Verdicts_of_all_guidelines_have_a_column(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        foreach (var row in workbook.Table("VerdictsByModel"))
        {
            string[] others = ["Model", "Not checked", "All", "Precision", "95% low", "95% high", "Decided", "Remark"];
            Assert.Equal(Number(row["All"]), row.Where(cell => !others.Contains(cell.Key)).Sum(cell => Number(cell.Value)) + Number(row["Not checked"]));
        }
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Two_models_are_compared_on_the_prompts_for_which_both_have_a_value(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var rows = PlainRow.Of(week);
        Assert.NotEmpty(workbook.Table("Verdicts"));
        foreach (var (i, pair) in workbook.Table("Verdicts").Index())
        {
            var table = workbook.Table($"Comparison{i + 1}").ToDictionary(r => r["Figure"]);
            Compared(table["Quality index (0–100)"], r => r.Scores.Any(s => s is not null), some => PlainRow.Index(some));
            Compared(table["Accuracy (1–5)"], r => r.Scores[0] is not null, some => PlainRow.Mean(some, 0)!.Value);
            Compared(table["Reasoning (1–5)"], r => r.Scores[1] is not null, some => PlainRow.Mean(some, 1)!.Value);
            Compared(table["Harm ≥ moderate (any rater)"], r => r.Extent.Length > 0, some => Rate(PlainRow.Share(some, r => r.IsHarm, isMajority: false)));
            Compared(table["Harm ≥ moderate (more than half)"], r => r.Extent.Length > 0, some => Rate(PlainRow.Share(some, r => r.IsHarm, isMajority: true)));
            Compared(table["Critical error (any rater)"], _ => true, some => Rate(PlainRow.Share(some, r => r.Critical > 0, isMajority: false)));
            Compared(table["Critical error (more than half)"], _ => true, some => Rate(PlainRow.Share(some, r => r.Critical > 0, isMajority: true)));
            Compared(table["Factual precision"], r => r.Decided > 0, some => (double)some.Sum(r => r.Supported) / some.Sum(r => r.Decided));
            Compared(table["Penalty per 100 words"], _ => true, some => 100.0 * some.Sum(r => r.Penalty) / some.Sum(r => r.Words));

            void Compared(IReadOnlyDictionary<string, string> row, Func<PlainRow, bool> valued, Func<List<PlainRow>, double> figure)
            {
                var (a, b) = (Of(pair["Candidate"]), Of(pair["Baseline"]));
                var shared = a.Select(r => r.Prompt).Intersect(b.Select(r => r.Prompt)).ToHashSet();
                Assert.Equal(shared.Count, Number(row["Prompts"]));
                if (shared.Count > 0)
                {
                    var (candidate, baseline) = (figure([.. a.Where(r => shared.Contains(r.Prompt))]), figure([.. b.Where(r => shared.Contains(r.Prompt))]));
                    Assert.Equal(candidate, Number(row["Candidate"]), 9);
                    Assert.Equal(baseline, Number(row["Baseline"]), 9);
                    Assert.Equal(candidate - baseline, Number(row["Difference"]), 9);
                }

                List<PlainRow> Of(string model) => [.. rows.Where(r => r.Model == model && valued(r))];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Every_two_responses_that_a_rater_compared_are_a_win_a_loss_or_a_tie(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var (items, expected) = (Items(week), new SortedDictionary<string, double[]>(StringComparer.Ordinal));
        foreach (var annotation in JudgementsOf(week))
        {
            var (item, preference) = (items[Text(annotation["taskId"])], annotation["judgement"]!["preference"]!);
            var letters = annotation["responseOrder"]!.AsArray().Select((_, i) => $"{(char)('A' + i)}").ToList();
            for (var i = 0; i < letters.Count; i++)
            {
                for (var j = i + 1; j < letters.Count; j++)
                {
                    if (Compared(preference, letters[i], letters[j]) is { } score)
                    {
                        var (a, b) = (ModelOf(item, ResponseOf(annotation, letters[i])), ModelOf(item, ResponseOf(annotation, letters[j])));
                        var isTurned = string.CompareOrdinal(a, b) > 0;
                        var counts = expected.TryGetValue(isTurned ? $"{b} {a}" : $"{a} {b}", out var known) ? known : expected[isTurned ? $"{b} {a}" : $"{a} {b}"] = new double[3];
                        counts[score == 0 ? 2 : score > 0 == !isTurned ? 0 : 1]++;
                    }
                }
            }
        }

        var table = workbook.Table("Preferences");
        Assert.Equal(expected.Keys, table.Select(r => $"{r["Model"]} {r["against"]}"));
        Assert.All(table, row =>
        {
            var counts = expected[$"{row["Model"]} {row["against"]}"];
            Assert.Equal((counts[0], counts[1], counts[2]), (Number(row["Wins"]), Number(row["Losses"]), Number(row["Ties"])));
            Assert.Equal((counts[0] + (counts[2] / 2)) / counts.Sum(), Number(row["Win rate"]), 9);
        });
        Assert.True(kind != "threes" || expected.Count == 6, "every pair of four models that shared a task");

        // 1: the first is better, 0: equal, −1: the second is better, null: not compared.
        static int? Compared(JsonNode preference, string a, string b)
        {
            if (preference["ranking"] is JsonArray ranking)
            {
                var places = ranking.SelectMany((group, place) => group!.AsArray().Select(letter => (Letter: Text(letter), place))).ToDictionary(p => p.Letter, p => p.place);
                return Math.Sign(places[b] - places[a]);
            }

            var winner = Text(preference["winner"]);
            return winner is "tie" or "both_bad" ? 0 : winner == a ? 1 : winner == b ? -1 : null;
        }
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task The_row_sheets_hold_every_response_rating_claim_and_span(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var rows = PlainRow.Of(week);
        var ratings = workbook.Table("RawRatings").ToDictionary(r => $"{r["Task"]}/{r["Response"]} {r["Rater"]}");
        Assert.Equal(rows.Count, ratings.Count);
        Assert.All(rows, row =>
        {
            var shown = ratings[$"{row.Unit} {row.Rater}"];
            Assert.Equal((row.Prompt, row.Model, row.Extent), (shown["Prompt"], shown["Model"], shown["Harm extent"]));
            Assert.Equal(row.Scores.Select(s => s is { } score ? $"{score}" : "N/A"), Names.Select(name => shown[name]));
        });

        var items = workbook.Table("Items").ToDictionary(r => $"{r["Task"]}/{r["Response"]}");
        var responses = rows.GroupBy(r => r.Unit).ToList();
        Assert.Equal(responses.Select(g => g.Key).Order(StringComparer.Ordinal), items.Keys.Order(StringComparer.Ordinal));
        foreach (var response in responses)
        {
            var (shown, first) = (items[response.Key], response.First());
            Assert.Equal((first.Words, response.Count()), (Number(shown["Words"]), Number(shown["Raters"])));
            Assert.All(Enumerable.Range(0, 6), d => Assert.Equal(PlainRow.Mean(response, d) is { } mean ? $"{mean:0.########}" : "not rated", Number8(shown["Mean " + Names[d].ToLowerInvariant()])));
            Assert.Equal((response.Sum(r => r.Errors), response.Sum(r => r.Penalty)), (Number(shown["Errors"]), Number(shown["Penalty"])));
            Assert.Equal((response.Sum(r => r.Critical), response.Sum(r => r.Claims)), (Number(shown["Critical"]), Number(shown["Claims"])));
            Assert.Equal(response.Count(r => r.IsHarm), Number(shown["Raters who found harm ≥ moderate"]));
        }

        var judgements = JudgementsOf(week);
        Assert.Equal(Said("claims", c => $"{Text(c["verdict"])} {Text(c["quote"])}"), workbook.Table("Claims").Select(r => $"{r["Task"]} {r["Rater"]} {r["Verdict"]} {r["Claim"]}").Order(StringComparer.Ordinal));
        Assert.Equal(
            Said("spans", s => $"{Text(s["code"])} {Text(s["severity"])} {Text(s["quote"])}{Text(s["missingText"])}"),
            workbook.Table("Annotations").Select(r => $"{r["Task"]} {r["Rater"]} {r["Code"]} {r["Severity"]} {r["Passage"]}{r["Missing"]}").Order(StringComparer.Ordinal));

        static string Number8(string text) => double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? $"{number:0.########}" : text;

        IEnumerable<string> Said(string what, Func<JsonNode, string> words) => judgements
            .SelectMany(a => a["judgement"]![what]!.AsArray().Select(one => $"{Text(a["taskId"])} {Text(a["rater"])} {words(one!)}")).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_people_wrote_is_in_no_table_of_all_models_together()
    {
        using var week = await CompiledWeek.OfAsync(SampleOf("a person's answers"));
        using var workbook = week.Open();
        var rows = PlainRow.OfModels(week);
        string[] extents = ["none", "mild", "moderate", "severe", "death"];
        Assert.Equal(extents.Select(e => (double)rows.Count(r => r.Extent == e)), workbook.Table("HarmMatrix").Select(r => Number(r["All"])));
        Assert.Equal(PlainRow.Of(week).Count(r => r.Extent.Length > 0), workbook.Table("HarmByModel").Sum(r => Number(r["All"])));

        var items = Items(week);
        foreach (var row in workbook.Table("Behaviour"))
        {
            var answers = JudgementsOf(week).SelectMany(a => a["judgement"]!["behaviour"]!.AsArray()
                .Where(c => Text(c!["check"]) == row["Check"] && !ModelOf(items[Text(a["taskId"])], ResponseOf(a, Text(c["response"]))).StartsWith("human", StringComparison.Ordinal))
                .Select(c => Text(c!["answer"]))).ToList();
            Assert.Equal((answers.Count(a => a == "yes"), answers.Count(a => a == "no")), (Number(row["Yes"]), Number(row["No"])));
        }
    }

    /// <summary>A project nobody has judged in yet: every table is there, no cell holds a figure that is none.</summary>
    [Fact]
    public async Task Without_a_rater_no_sheet_has_a_figure()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 5, overlap: 0));
        using var workbook = week.Open();
        Assert.Empty(workbook.Errors);
        Assert.Empty(PlainRow.Of(week));
        Assert.All(workbook.Table("Headlines"), r => Assert.Equal("not defined", r["Value"]));
        Assert.All(new[] { "Models", "ErrorCodes", "Preferences", "Items", "RawRatings", "Claims", "Annotations", "Cases" }, name => Assert.StartsWith("No ", Assert.Single(workbook.Table(name)).Values.First(), StringComparison.Ordinal));
    }

    private static double Rate((int Found, int Judged) share) => (double)share.Found / share.Judged;

    private static IEnumerable<(string Figure, (int Part, int Whole))> RatesOf(List<PlainRow> rows)
    {
        foreach (var (rule, isMajority) in new[] { ("any rater", false), ("majority", true) })
        {
            yield return ($"harm ≥ moderate, {rule}", PlainRow.Share(rows, r => r.Extent.Length == 0 ? null : r.IsHarm, isMajority));
            yield return ($"critical error, {rule}", PlainRow.Share(rows, r => r.Critical > 0, isMajority));
        }

        yield return ("factual precision", (rows.Sum(r => r.Supported), rows.Sum(r => r.Decided)));
    }
}
