using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;
using DocumentFormat.OpenXml.Packaging;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Reports;

/// <summary>From a benchmark's prompts to the runs of two models, scored as HealthBench scores them. The figures are worked out by hand.</summary>
public sealed class BenchmarkRunTests : IAsyncLifetime
{
    private const string Rows = """
        {"prompt_id":"q1","prompt":[{"role":"user","content":"Bleach?"}],"rubrics":[{"criterion":"Names the poison line","points":5,"tags":["axis:accuracy"]},{"criterion":"Asks for the age","points":5,"tags":["axis:completeness"]},{"criterion":"Advises vomiting","points":-10,"tags":["axis:accuracy"]}],"example_tags":["theme:emergency_referrals"]}
        {"prompt_id":"q2","prompt":[{"role":"user","content":"Coffee and gout?"}],"rubrics":[{"criterion":"Says that it is uncertain","points":10,"tags":["axis:accuracy"]}],"example_tags":["theme:hedging"]}
        """;

    private TestApp _app = null!;
    private HttpClient _lead = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("p1");
        _lead = await _app.SignedInAsync(Roles.Lead, "p1");
    }

    public ValueTask DisposeAsync()
    {
        _lead.Dispose();
        return _app.DisposeAsync();
    }

    [Fact]
    public async Task Runs_are_scored_by_axis_and_theme_and_compared_prompt_by_prompt()
    {
        var added = await JsonAsync(await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows)));
        Assert.Equal(("bleach-and-gout", 2, 4), ((string)added["benchmark"]!["benchmarkId"]!, (int)added["benchmark"]!["prompts"]!, (int)added["benchmark"]!["criteria"]!));
        var first = await RunAsync("m1", "2026-11-16");
        var second = await RunAsync("m2", "2026-11-17");
        Assert.Equal((2, 2, 0), ((int)second["covered"]!, (int)second["prompts"]!, (int)second["surplus"]!));
        await JudgeAsync("m1", ("q1", ["c1"]), ("q2", ["c1"]));
        await JudgeAsync("m2", ("q1", ["c3"]), ("q2", []));

        var scores = await JsonAsync(await _lead.GetAsync("benchmarks/p1/scores"));
        Assert.Equal(
            ["m1 all 0.75 of 2", "m1 axis:accuracy 1 of 2", "m1 axis:completeness 0 of 1", "m1 theme:emergency_referrals 0.5 of 1", "m1 theme:responding_under_uncertainty 1 of 1"],
            scores["scores"]!.AsArray().Where(one => (string)one!["runId"]! == (string)first["runId"]!).Select(one => $"{one!["model"]} {one["what"]} {one["value"]} of {one["judged"]}"));
        Assert.Equal(0, (double)scores["scores"]!.AsArray().First(one => (string)one!["runId"]! == (string)second["runId"]!)!["value"]!); // −0.5, clipped
        var change = scores["changes"]!.AsArray()[0]!;
        Assert.Equal(("m2, 2026-11-17", "m1, 2026-11-16", "all", -1.25, 2), ((string)change["candidate"]!, (string)change["baseline"]!, (string)change["what"]!, (double)change["value"]!, (int)change["prompts"]!));
        Assert.InRange((double)change["low"]!, -3.0, -1.25);

        var turned = await JsonAsync(await _lead.GetAsync("benchmarks/p1/scores?candidate=m1&baseline=m2"));
        Assert.Equal(1.25, (double)turned["changes"]![0]!["value"]!);
    }

    [Fact]
    public async Task The_workbook_has_a_sheet_of_runs_and_the_report_is_the_same_again_from_its_own_files()
    {
        await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        await RunAsync("m1", "2026-11-16");
        await JudgeAsync("m1", ("q1", ["c1"]), ("q2", ["c1"]));
        using var folder = new TempFolder();
        var project = (await _app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value;
        await _app.Services.GetRequiredService<Gathering>().WriteAsync(project, IsoWeek.Parse("2026-W47")!.Value, folder.Path, default);
        await Report.CompileAsync(folder.Path, default);

        using var workbook = new OpenedWorkbook(SpreadsheetDocument.Open(folder[ReportFiles.Workbook], isEditable: false));
        Assert.Empty(workbook.Errors);
        var row = workbook.Table("BenchmarkScores")[0];
        Assert.Equal(("bleach-and-gout", "m1", "Whole rubric", "0.75", "2"),
            (row["Benchmark"], row["Model"], row["What"], row["Score"], row["Prompts judged"]));
        Assert.True((await Verification.OfAsync(folder.Path, default)).Same);

        using var earlier = new TempFolder();
        await _app.Services.GetRequiredService<Gathering>().WriteAsync(project, IsoWeek.Parse("2026-W46")!.Value, earlier.Path, default);
        Assert.Equal(0, new FileInfo(earlier[ReportFiles.Benchmarks]).Length); // judged after that week
    }

    [Fact]
    public async Task The_sheet_compares_what_was_judged_in_both_runs_and_nothing_else()
    {
        await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        await RunAsync("m1", "2026-11-16");
        await RunAsync("m2", "2026-11-17");
        await JudgeAsync("m1", ("q1", ["c1"]), ("q2", ["c1"]));
        await JudgeAsync("m2", ("q2", []));
        using var folder = new TempFolder();
        var project = (await _app.Store.FindAsync<Project>(Project.Key("p1"), default))!.Value;
        await _app.Services.GetRequiredService<Gathering>().WriteAsync(project, IsoWeek.Parse("2026-W47")!.Value, folder.Path, default);
        await Report.CompileAsync(folder.Path, default);

        using var workbook = new OpenedWorkbook(SpreadsheetDocument.Open(folder[ReportFiles.Workbook], isEditable: false));
        var rows = workbook.Table("BenchmarkChanges");
        Assert.Equal(["Whole rubric", "Axis: accuracy", "Theme: responding under uncertainty"], rows.Select(row => row["What"]));
        Assert.All(rows, row => Assert.Equal(("m2,\n2026-11-17", "m1,\n2026-11-16", "-1"), (row["Run"], row["Against"], row["Difference"])));
    }

    [Fact]
    public void Axes_and_themes_stand_before_the_many_clusters()
    {
        var scores = new SortedDictionary<string, double> { ["all"] = 1, ["axis:accuracy"] = 1, ["cluster:a"] = 1, ["level:cluster"] = 1 };
        var reading = new BenchmarkReading("r1", "b", 1, "m", new DateOnly(2026, 11, 16), 1, 1, "q1", "global_health", "t1", "a1", "R-1", Simulated: false, scores);

        Assert.Equal(["all", "axis:accuracy", "theme:global_health", "level:cluster", "cluster:a"], new BenchmarkScores([reading]).Scores.Select(one => one.What));
    }

    [Fact]
    public async Task Grades_of_an_automatic_grader_stand_apart_from_what_people_found()
    {
        await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        await UploadAsync(string.Join('\n', Rows.Split('\n').Select((row, index) =>
        {
            var graded = JsonNode.Parse(row)!.AsObject();
            var criteria = graded["rubrics"]!.DeepClone().AsArray();
            criteria[0]!["criteria_met"] = index == 1; // the poison line is not named, says the grader, and that it is uncertain is said
            graded.Remove("rubrics");
            return new JsonObject(graded.ToList().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())))
            {
                ["rubric_items"] = criteria,
                ["completion"] = "An answer.",
                ["model"] = "m1",
                ["grader_model"] = "g"
            }.ToJsonString();
        })), "graded");
        var before = await JsonAsync(await _lead.GetAsync("benchmarks/p1/scores"));
        await JudgeAsync("m1", ("q1", ["c1"]));
        var scores = await JsonAsync(await _lead.GetAsync("benchmarks/p1/scores"));

        Assert.Empty(before["scores"]!.AsArray());
        var machine = Assert.Single(scores["machines"]!.AsArray())!;
        Assert.Equal(("g", 0.5, 2, 1, -0.5), ((string)machine["judge"]!, (double)machine["value"]!, (int)machine["prompts"]!, (int)machine["both"]!,
            (double)machine["difference"]!));
        Assert.Equal(0.5, (double)scores["scores"]!.AsArray().Single(one => (string)one!["what"]! == "all")!["value"]!); // people's: 5 of 10 points on q1
        Assert.Equal(0, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1", Where = [new Filter.Equal("rater", "g")] },
            default));
    }

    [Fact]
    public async Task An_answer_that_was_held_belongs_to_its_run_once_it_is_released()
    {
        await _app.AddProjectAsync("p2", project => project with { Privacy = "hold" });
        using var lead = await _app.SignedInAsync(Roles.Lead, "p2");
        await lead.PostAsync("benchmarks/p2?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        var batch = (string)(await JsonAsync(await lead.PostAsync("batches/p2?name=a.jsonl", new StringContent(
            """{"prompt_id":"q1","response":"Call the poison line. My SSN is 078-05-1120.","model":"m1"}"""))))["batchId"]!;
        await Until.TrueAsync("a final receipt", async () =>
            BatchState.IsFinal((string)(await JsonAsync(await lead.GetAsync($"batches/p2/{batch}")))["state"]!));
        Assert.Empty((await JsonAsync(await lead.GetAsync("benchmarks/p2")))["runs"]!.AsArray());

        var held = Assert.Single((await JsonAsync(await lead.GetAsync($"batches/p2/{batch}/held")))["held"]!.AsArray())!;
        await JsonAsync(await lead.PostAsync($"batches/p2/{batch}/held/{held["taskId"]}", Json("""{"decision":"release","why":"made up"}""")));

        Assert.Equal(1, (int)Assert.Single((await JsonAsync(await lead.GetAsync("benchmarks/p2")))["runs"]!.AsArray())!["covered"]!);
    }

    [Fact]
    public async Task A_run_is_exported_in_the_shape_of_the_meta_evaluation_and_the_trail_says_so()
    {
        await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        var run = await RunAsync("m1", "2026-11-16");
        await RunAsync("m2", "2026-11-17");
        await JudgeAsync("m1", ("q1", ["c1"]));
        await JudgeAsync("m2", ("q1", ["c2"]));

        var lines = (await _lead.GetStringAsync($"benchmarks/p1/runs/{run["runId"]}/export")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["Names the poison line true", "Asks for the age false", "Advises vomiting false"], lines.Select(line => $"{line["rubric"]} {line["binary_labels"]![0]!.ToJsonString()}"));
        Assert.All(lines, line => Assert.Equal(("q1", "Answer of m1 to q1."), ((string)line["prompt_id"]!, (string)line["completion"]!)));
        var trail = await _app.Services.GetRequiredService<AuditTrail>().EntriesAsync("p1", default).Select(entry => entry.Action).ToListAsync();
        Assert.Subset(trail.ToHashSet(), new HashSet<string> { AuditActions.BenchmarkAdded, AuditActions.RunAdded, AuditActions.RunExported });
    }

    [Fact]
    public async Task An_answer_that_is_the_same_in_two_runs_is_judged_once_and_counts_in_both()
    {
        await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        var first = await RunAsync("m1", "2026-11-16");
        var batch = await UploadAsync("""
            {"prompt_id":"q1","response":"Answer of m1 to q1.","model":"m1"}
            {"prompt_id":"q2","response":"Another answer to q2.","model":"m1"}
            """, "again");
        var receipt = await JsonAsync(await _lead.GetAsync($"batches/p1/{batch}"));
        var second = (await JsonAsync(await _lead.PostAsync("benchmarks/p1/bleach-and-gout/runs", Json($$"""{"batches":["{{batch}}"],"date":"2026-11-17"}"""))))["runs"]![0]!;
        await JudgeAsync("m1", ("q1", ["c1"]));

        Assert.Contains(receipt["warnings"]!.AsArray(), warning => (string)warning!["class"]! == "answer_of_an_earlier_run_counts_in_this_one_too");
        Assert.Equal((1, 1), ((int)receipt["accepted"]!, (int)receipt["duplicate"]!));
        Assert.Equal((2, 2, 0), ((int)second["covered"]!, (int)second["answers"]!, second["missing"]!.AsArray().Count));
        var scores = (await JsonAsync(await _lead.GetAsync("benchmarks/p1/scores")))["scores"]!.AsArray().Where(one => (string)one!["what"]! == "all").ToList();
        Assert.Equal([(string)first["runId"]!, (string)second["runId"]!], scores.Select(one => (string)one!["runId"]!));
        Assert.All(scores, one => Assert.Equal((0.5, 1), ((double)one!["value"]!, (int)one["judged"]!)));
        Assert.Contains("Answer of m1 to q1.", await _lead.GetStringAsync($"benchmarks/p1/runs/{second["runId"]}/export"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_nothing_but_answers_that_came_before_is_one()
    {
        await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        await RunAsync("m1", "2026-11-16");
        await UploadAsync("""{"prompt_id":"q1","response":"Answer of m1 to q1.","model":"m1"}""", "again");

        var runs = (await JsonAsync(await _lead.GetAsync("benchmarks/p1")))["runs"]!.AsArray();
        Assert.Equal([2, 1], runs.Select(run => (int)run!["covered"]!));
    }

    [Theory]
    [InlineData("""{"batches":[]}""", 422)]
    [InlineData("""{"batches":["b000000000000000000000000"]}""", 422)]
    [InlineData("""{"batches":["BATCH"],"date":"30.11.2026"}""", 422)]
    public async Task A_run_of_nothing_is_refused(string form, int status)
    {
        await _lead.PostAsync("benchmarks/p1?name=Bleach%20and%20gout&file=rows.jsonl", new StringContent(Rows));
        var batch = await UploadAsync("""{"prompt":"Something else?","response":"A."}""", "else");

        Assert.Equal((HttpStatusCode)status, (await _lead.PostAsync("benchmarks/p1/bleach-and-gout/runs", Json(form.Replace("BATCH", batch, StringComparison.Ordinal)))).StatusCode);
        Assert.Equal("no_answers", await (await _lead.PostAsync("benchmarks/p1/bleach-and-gout/runs", Json($$"""{"batches":["{{batch}}"]}"""))).ProblemAsync(422));
        Assert.Equal("not_found", await (await _lead.PostAsync("benchmarks/p1/other/runs", Json($$"""{"batches":["{{batch}}"]}"""))).ProblemAsync(404));
    }

    [Fact]
    public async Task A_batch_of_prompts_becomes_a_benchmark_without_being_sent_again()
    {
        var batch = await UploadAsync(Rows, "prompts");
        var added = await JsonAsync(await _lead.PostAsync($"benchmarks/p1?name=From%20a%20batch&batch={batch}", null));
        var list = await JsonAsync(await _lead.GetAsync("benchmarks/p1"));

        Assert.Equal(("from-a-batch", true), ((string)added["benchmark"]!["benchmarkId"]!, (bool)added["isNew"]!));
        Assert.Equal("From a batch", (string)Assert.Single(list["benchmarks"]!.AsArray())!["name"]!);
        Assert.Equal(2, (await _lead.GetStringAsync("benchmarks/p1/from-a-batch/1")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private async Task<JsonNode> RunAsync(string model, string date)
    {
        var batch = await UploadAsync(string.Join('\n', new[] { "q1", "q2" }.Select(prompt => $$"""{"prompt_id":"{{prompt}}","response":"Answer of {{model}} to {{prompt}}.","model":"{{model}}"}""")), model);
        return (await JsonAsync(await _lead.PostAsync("benchmarks/p1/bleach-and-gout/runs", Json($$"""{"batches":["{{batch}}"],"date":"{{date}}"}"""))))["runs"]![0]!;
    }

    /// <summary>One rater's reading of the rubrics of the model's answers: what is named is met, everything else is not.</summary>
    private async Task JudgeAsync(string model, params (string Prompt, string[] Met)[] readings)
    {
        var items = await _app.Store.AllAsync<EvalItem>(new DocumentQuery(DocumentKind.Item) { ProjectId = "p1" }, default).Select(stored => stored.Value).ToListAsync();
        foreach (var (prompt, met) in readings)
        {
            var item = items.Single(item => item.PromptId == prompt && item.Responses[0].Model == model);
            var judgement = new Judgement { Rubric = [.. item.Rubric.Select(criterion => new CriterionCheck("A", criterion.Id, met.Contains(criterion.Id)))] };
            var annotation = new Annotation(
                Guid.NewGuid().ToString(), "p1", item.TaskId, "person-1", "R-1001", "lease", [item.Responses[0].ResponseId], "seed", new GuidelineReference("healtheval", 1), GuidelineLibrary.BuiltIn[0].Sha256,
                item.ContentSha256, [], false, _app.Time.GetUtcNow(), _app.Time.GetUtcNow(), Sha.Of(HealthEval.Storage.Json.Bytes(judgement)), judgement);
            await _app.Store.CommitAsync(new Write.Create(Annotation.Key("p1", item.TaskId, annotation.AnnotationId), annotation), default);
        }
    }

    private async Task<string> UploadAsync(string content, string name)
    {
        var batch = (string)(await JsonAsync(await _lead.PostAsync($"batches/p1?name={name}.jsonl", new StringContent(content))))["batchId"]!;
        await Until.TrueAsync("a final receipt", async () => BatchState.IsFinal((string)(await JsonAsync(await _lead.GetAsync($"batches/p1/{batch}")))["state"]!));
        return batch;
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
