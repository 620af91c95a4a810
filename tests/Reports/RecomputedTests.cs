using System.Globalization;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Reports;
using HealthEval.Storage;
using static HealthEval.Tests.Reports.ExportedRows;

namespace HealthEval.Tests.Reports;

/// <summary>
/// Sheets computed a second time, from the exported rows, by loops that share nothing with the program: a reader of the exports
/// comes to the figures of the workbook. The weeks have what goes wrong: ties, a third response, negative points, equal scores, seconds that
/// were not recorded, several guidelines, one rater only.
/// </summary>
public sealed class RecomputedTests(SampleWeeks weeks)
{
    private static readonly string[] Extents = ["none", "mild", "moderate", "severe", "death"];

    public static TheoryData<string> Weeks => ["pairs", "threes", "one rater"];

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Behaviour_counts_every_answer(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var checks = JudgementsOf(week).SelectMany(a => a["judgement"]!["behaviour"]!.AsArray()).GroupBy(c => Text(c!["check"]))
            .OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var table = workbook.Table("Behaviour");

        Assert.Equal(checks.Select(g => g.Key), table.Select(r => r["Check"]));
        foreach (var (answers, row) in checks.Zip(table))
        {
            var (yes, no) = (answers.Count(c => Text(c!["answer"]) == "yes"), answers.Count(c => Text(c!["answer"]) == "no"));
            Assert.Equal((yes, no), (Number(row["Yes"]), Number(row["No"])));
            Assert.Equal(answers.Count(c => Text(c!["answer"]) == "na"), Number(row["Not applicable"]));
            Assert.Equal(yes + no, Number(row["Answers"]));
            AssertShare(yes, yes + no, row["Rate"]);
        }
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task A_rubric_is_scored_over_its_positive_points_and_a_model_by_the_mean(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var (scores, met, judged) = (new Dictionary<string, List<double>>(), new Dictionary<string, int>(), new Dictionary<string, int>());
        var items = Items(week);
        foreach (var annotation in JudgementsOf(week))
        {
            var item = items[Text(annotation["taskId"])];
            var points = item["rubric"]!.AsArray().ToDictionary(c => Text(c!["id"]), c => (double)c!["points"]!);
            foreach (var answers in annotation["judgement"]!["rubric"]!.AsArray().GroupBy(c => Text(c!["response"])))
            {
                var model = ModelOf(item, ResponseOf(annotation, answers.Key));
                var (earned, possible) = (0.0, 0.0);
                foreach (var value in points.Values)
                {
                    possible += value > 0 ? value : 0;
                }

                foreach (var answer in answers)
                {
                    var yes = (bool)answer!["met"]!;
                    earned += yes ? points[Text(answer["criterion"])] : 0;
                    met[model] = met.GetValueOrDefault(model) + (yes ? 1 : 0);
                    judged[model] = judged.GetValueOrDefault(model) + 1;
                }

                (scores.TryGetValue(model, out var known) ? known : scores[model] = []).Add(earned / possible);
            }
        }

        var table = workbook.Table("Rubrics");
        Assert.Equal(scores.Keys.Order(StringComparer.Ordinal), table.Select(r => r["Model"]));
        Assert.All(table, row =>
        {
            Assert.Equal(Math.Clamp(scores[row["Model"]].Average(), 0, 1), Number(row["Score"]), 9);
            Assert.Equal(scores[row["Model"]].Count, Number(row["Readings"]));
            Assert.Equal((met[row["Model"]], judged[row["Model"]]), (Number(row["Criteria met"]), Number(row["of judged"])));
        });
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Every_rater_has_their_own_counts_times_and_equal_scores(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        foreach (var mine in JudgementsOf(week).GroupBy(a => Text(a["rater"])))
        {
            var row = workbook.Table("Raters").Single(r => r["Rater"] == mine.Key);
            var judgements = mine.Select(a => a["judgement"]!).ToList();
            var ratings = judgements.SelectMany(j => j["ratings"]!.AsArray()).ToList();
            Assert.Equal((judgements.Count, ratings.Count), (Number(row["Judgements"]), Number(row["Ratings"])));

            List<int> seconds = [.. judgements.Select(j => (int)j["activeSeconds"]!).Where(s => s > 0).Order()];
            Assert.Equal(seconds[(seconds.Count - 1) / 2], Number(row["Median active seconds"]));
            Assert.Equal(seconds[(seconds.Count - 1) / 10], Number(row["Fastest tenth, seconds"]));
            var equal = ratings.Count(r => Dimensions.All(d => Score(r![d]) is { } score && score == Score(r["accuracy"])));
            Assert.Equal((double)equal / ratings.Count, Number(row["Same score six times"]), 9);
            Assert.Equal((double)judgements.Sum(j => j["spans"]!.AsArray().Count) / judgements.Count, Number(row["Spans per judgement"]), 9);
            Assert.Equal((double)judgements.Sum(j => j["claims"]!.AsArray().Count) / judgements.Count, Number(row["Claims per judgement"]), 9);
        }

        Assert.Contains(workbook.Table("Raters"), r => Number(r["Same score six times"]) > 0); // else the week proves nothing
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task What_next_week_is_compared_with_is_the_sum_of_each_responses_judgements(string kind)
    {
        var week = await weeks.OfAsync(kind);
        var expected = new SortedDictionary<string, Sums>(StringComparer.Ordinal);
        foreach (var annotation in JudgementsOf(week))
        {
            foreach (var (response, letter) in annotation["responseOrder"]!.AsArray().Select((id, i) => (Text(id), $"{(char)('A' + i)}")))
            {
                var sums = Of(expected, $"{Text(annotation["taskId"])}/{response}");
                sums.Add(annotation["judgement"]!, letter);
            }
        }

        var lines = Lines(week, ReportFiles.Responses);
        Assert.Equal(expected.Keys, lines.Select(l => Text(l["unit"])));
        foreach (var line in lines)
        {
            var sums = expected[Text(line["unit"])];
            Assert.Equal(sums.Scores, line["sums"]!.AsArray().Select(n => (int)n!));
            Assert.Equal(sums.Given, line["counts"]!.AsArray().Select(n => (int)n!));
            Assert.Equal((sums.Harmful, sums.Harms), ((int)line["harmVotes"]!, (int)line["harmJudged"]!));
            Assert.Equal((sums.Supported, sums.Decided), ((int)line["supported"]!, (int)line["decided"]!));
            Assert.Equal((sums.Critical, sums.Raters), ((int)line["criticalVotes"]!, (int)line["ratings"]!));
        }

        Assert.Contains(expected.Values, s => s.Decided > s.Supported + s.Refuted); // a claim that is partly supported
        if (kind == "pairs")
        {
            Assert.Contains(expected.Values, s => s.Harms == 2 && s.Harmful == 1); // a tie
        }

        using var workbook = week.Open();
        var headlines = workbook.Table("Headlines").ToDictionary(r => r["Figure"]);
        foreach (var (name, some, most) in ((string, Func<Sums, bool>, Func<Sums, bool>)[])[
            ("Harm moderate or worse", s => s.Harmful > 0, s => 2 * s.Harmful > s.Harms), ("Critical error", s => s.Critical > 0, s => 2 * s.Critical > s.Raters)])
        {
            var (any, majority) = (headlines[name + " (any rater)"], headlines[name + " (more than half of the raters)"]);
            Assert.Equal((expected.Values.Count(some), expected.Count), (Number(any["Numerator"]), Number(any["Denominator"])));
            Assert.Equal((expected.Values.Count(most), expected.Count), (Number(majority["Numerator"]), Number(majority["Denominator"])));
        }
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Verdicts_are_counted_by_type_and_partly_is_half_in_the_lenient_precision(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var claims = JudgementsOf(week).SelectMany(a => a["judgement"]!["claims"]!.AsArray()).Select(c => Text(c!["verdict"])).ToList();
        int Count(params string[] verdicts) => claims.Count(verdicts.Contains);
        var (supported, partly) = (Count("SUPPORTED"), Count("PARTLY_SUPPORTED"));
        var decided = supported + partly + Count("REFUTED", "OUTDATED", "NOT_FOUND");

        var (strict, lenient) = (workbook.Table("Precision")[0], workbook.Table("Precision")[1]);
        Assert.Equal((double)supported / decided, Number(strict["Value"]), 9);
        Assert.Equal((supported + (partly / 2.0)) / decided, Number(lenient["Value"]), 9);
        Assert.Equal((supported, decided), (Number(strict["Numerator"]), Number(strict["Decided claims"])));
        Assert.Equal((supported + (partly / 2.0), decided), (Number(lenient["Numerator"]), Number(lenient["Decided claims"])));
        Assert.Equal(claims.Count, workbook.Table("VerdictsByType").Sum(r => Number(r["All"])));
        Assert.Equal(decided, workbook.Table("VerdictsByType").Sum(r => Number(r["Decided"])));
        Assert.Equal(claims.Count, workbook.Table("VerdictsByModel").Sum(r => Number(r["All"])));
        Assert.Equal(Count("REFUTED", "OUTDATED", "NOT_FOUND"), workbook.Table("RefutedClaims").Count);
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Harm_by_extent_and_mechanism_and_every_critical_finding_are_there(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var harms = JudgementsOf(week).SelectMany(a => a["judgement"]!["harm"]!.AsArray()).ToList();
        Assert.Equal(Extents.Select(e => (double)harms.Count(h => Text(h!["extent"]) == e)), workbook.Table("HarmMatrix").Select(r => Number(r["All"])));
        Assert.Equal(harms.Count(h => h!["mechanism"] is not null), workbook.Table("Mechanisms").Sum(r => Number(r["Judgements"])));

        List<string> findings = [];
        foreach (var annotation in JudgementsOf(week))
        {
            var (task, judgement) = (Text(annotation["taskId"]), annotation["judgement"]!);
            var spans = judgement["spans"]!.AsArray().Where(s => Text(s!["severity"]) == "critical");
            var claims = judgement["claims"]!.AsArray().Where(c => (bool?)c!["critical"] == true && IsRefuted(Text(c["verdict"])));
            findings.AddRange(spans.Concat(claims).Select(found => $"{task} {ResponseOf(annotation, Text(found!["response"]))} {Text(annotation["rater"])}"));
        }

        Assert.NotEmpty(findings);
        var shown = workbook.Table("CriticalFindings").Select(r => $"{r["Task"]} {r["Response"]} {r["Rater"]}");
        Assert.Equal(findings.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Weeks))]
    public async Task Responses_far_apart_are_those_of_two_points_or_of_no_harm_against_moderate(string kind)
    {
        var week = await weeks.OfAsync(kind);
        using var workbook = week.Open();
        var opinions = new SortedDictionary<string, List<(int?[] Scores, int Extent)>>(StringComparer.Ordinal);
        foreach (var annotation in JudgementsOf(week))
        {
            foreach (var rating in annotation["judgement"]!["ratings"]!.AsArray())
            {
                var letter = Text(rating!["response"]);
                var harm = annotation["judgement"]!["harm"]!.AsArray().First(h => Text(h!["response"]) == letter)!;
                var said = ((int?[])[.. Dimensions.Select(d => Score(rating[d]))], Array.IndexOf(Extents, Text(harm["extent"])));
                Of(opinions, $"{Text(annotation["taskId"])}/{ResponseOf(annotation, letter)}").Add(said);
            }
        }

        var expected = opinions.Where(o => Range(o.Value) >= 2 || (o.Value.Exists(v => v.Extent == 0) && o.Value.Exists(v => v.Extent >= 2)))
            .ToDictionary(o => o.Key, o => Range(o.Value));
        var table = expected.Count == 0 ? [] : workbook.Table("Disagreements");
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), table.Select(r => r["Response"]).Order(StringComparer.Ordinal));
        Assert.All(table, r => Assert.Equal(expected[r["Response"]] < 2 ? "–" : $"{expected[r["Response"]]}", r["Range"]));
        Assert.Equal(kind == "one rater", table.Count == 0);

        static int Range(List<(int?[] Scores, int Extent)> all) => Enumerable.Range(0, 6).Max(d =>
        {
            var given = all.Select(o => o.Scores[d]).OfType<int>().DefaultIfEmpty().ToList();
            return given.Max() - given.Min();
        });
    }

    /// <summary>For weeks of two responses: who won is told by response, whatever letter it was shown under.</summary>
    [Fact]
    public async Task Of_two_models_the_one_whose_answer_was_preferred_has_the_win()
    {
        var week = await weeks.OfAsync("pairs");
        using var workbook = week.Open();
        var items = Items(week);
        var wins = new Dictionary<(string Winner, string Loser), int>();
        foreach (var annotation in JudgementsOf(week).Where(a => Text(a["judgement"]!["preference"]!["winner"]) is "A" or "B"))
        {
            var item = items[Text(annotation["taskId"])];
            var winner = ResponseOf(annotation, Text(annotation["judgement"]!["preference"]!["winner"]));
            var loser = item["responses"]!.AsArray().Select(r => Text(r!["responseId"])).Single(id => id != winner);
            var pair = (ModelOf(item, winner), ModelOf(item, loser));
            wins[pair] = wins.GetValueOrDefault(pair) + 1;
        }

        Assert.All(workbook.Table("Preferences"), row =>
        {
            var (model, other) = (row["Model"], row["against"]);
            Assert.Equal((wins.GetValueOrDefault((model, other)), wins.GetValueOrDefault((other, model))), (Number(row["Wins"]), Number(row["Losses"])));
        });
        Assert.Equal(wins.Values.Sum(), workbook.Table("Preferences").Sum(r => Number(r["Wins"]) + Number(r["Losses"])));
    }

    [Fact]
    public async Task Only_what_was_settled_in_the_week_is_in_its_report()
    {
        DateTimeOffset[] times = [WeekSample.Monday.AddTicks(-1), WeekSample.Monday, WeekSample.Monday.AddDays(7).AddTicks(-1), WeekSample.Monday.AddDays(7)];
        var dispute = new Dispute("rating", "t00000-r0", "accuracy", null, null, null, "Scores from 1 to 4", ["1", "4"]);
        var ruling = new Ruling(dispute, "2", null, Overturned: true, "The dose is missing.");
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6)
        {
            Adjudications = [.. times.Select((time, i) => new Adjudication(
                $"a{i}", WeekSample.ProjectId, $"t0000{i}", "senior-1", "A-1", "l", ["j1", "j2"], "seed", new("healtheval", 1), "g", "i", false,
                time.AddMinutes(-5), time, "c", [ruling]))],
        });
        using var workbook = week.Open();

        Assert.Equal(["a1", "a2"], Lines(week, ReportFiles.Adjudications).Select(l => Text(l["adjudicationId"])));
        var operations = workbook.Table("Operations").ToDictionary(r => r["Figure"]);
        Assert.Equal("2", operations["Cases settled in this week"]["Value"]);
        Assert.Equal(("2", "2"), (operations["Points overturned"]["Value"], operations["Points overturned"]["of"]));
    }

    [Fact]
    public async Task After_a_week_without_a_report_nothing_is_called_a_change()
    {
        using var week = await CompiledWeek.OfAsync(new WeekSample(tasks: 6));
        var headlines = JsonNode.Parse(week.Bytes(ReportFiles.Figures))!;
        headlines["week"] = "2026-W45";
        await File.WriteAllTextAsync(week[ReportFiles.History], $"[{headlines.ToJsonString()}]");
        File.Copy(week[ReportFiles.Responses], week[ReportFiles.Previous], overwrite: true);
        await Report.CompileAsync(week.Folder, default);
        using var workbook = week.Open();

        Assert.All(workbook.Table("FigureChanges"), r => Assert.Equal(("–", "–"), (r["Week before"], r["Raw change"])));
        Assert.All(workbook.Table("ModelChanges"), r => Assert.Equal(("–", "–"), (r["Change, like for like"], r["Raw change"])));
    }

    [Fact]
    public async Task A_change_is_clear_only_when_it_is_after_adjustment_for_all_that_is_looked_at()
    {
        var sample = new WeekSample(seed: 8, tasks: 16);
        using var week = await CompiledWeek.OfAsync(sample);
        using var before = await CompiledWeek.OfAsync(new WeekSample(seed: 11, tasks: 16));
        var earlier = Json.Parse<WeekHeadlines>(before.Bytes(ReportFiles.Figures)) with { Week = "2026-W46" };
        await File.WriteAllBytesAsync(week[ReportFiles.History], Json.Bytes(new[] { earlier }));
        File.Copy(before[ReportFiles.Responses], week[ReportFiles.Previous], overwrite: true);
        var figures = new Figures(WeekData.Read(week.Folder));
        var changes = new WeekChanges(figures, WeekHeadlines.Of(figures));

        foreach (var family in new[] { changes.Headlines, changes.Models })
        {
            var tested = family.Where(c => c.Difference.Details["pValue"] is double).OrderBy(c => (double)c.Difference.Details["pValue"]!).ToList();
            var (largest, left) = (0.0, tested.Count);
            Assert.True(tested.Count > 3);
            foreach (var change in tested)
            {
                largest = Math.Max(largest, Math.Min(1, (double)change.Difference.Details["pValue"]! * left--)); // Holm 1979
                Assert.Equal(largest, Convert.ToDouble(change.Difference.Details["pHolm"], CultureInfo.InvariantCulture), 12);
                Assert.True(!change.IsClear || largest < 0.05);
            }
        }
    }
}
