using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Intake;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Reports;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Reports;

public sealed class DatasetExportTests : IDisposable
{
    private static readonly WeekSample Sample = new(tasks: 30) { Item = item => item with { Messages = [new EvalMessage("system", "Be careful 😀."), .. item.Messages] } };
    private readonly TempFolder _folder = new();
    private readonly SqliteDocumentStore _store;

    public DatasetExportTests() => _store = new SqliteDocumentStore(_folder["healtheval.db"]);

    [Fact]
    public async Task Preferences_are_the_raters_majority_and_ties_are_left_out()
    {
        var lines = await LinesAsync("trl-preference");
        var expected = 0;
        foreach (var item in Sample.Items)
        {
            var votes = Sample.Annotations.Where(a => a.TaskId == item.TaskId).Select(a => a.Judgement.Preference!.Winner is "A" or "B" ? a.ResponseId(a.Judgement.Preference.Winner) : null).OfType<string>().ToList();
            var first = votes.Count(v => v == item.Responses[0].ResponseId);
            if (2 * first == votes.Count)
            {
                continue;
            }

            var (chosen, rejected) = 2 * first > votes.Count ? (item.Responses[0], item.Responses[1]) : (item.Responses[1], item.Responses[0]);
            Assert.Equal(chosen.Content, (string?)lines[expected]["chosen"]![0]!["content"]);
            Assert.Equal(rejected.Content, (string?)lines[expected]["rejected"]![0]!["content"]);
            Assert.Equal("system", (string?)lines[expected]["prompt"]![0]!["role"]);
            expected++;
        }

        Assert.Equal(expected, lines.Count);
    }

    [Fact]
    public async Task Helpsteer_has_whole_numbers_under_its_own_names_and_turns_with_roles()
    {
        var lines = await LinesAsync("helpsteer");
        Assert.Equal(60, lines.Count);
        var item = Sample.Items[0];
        var scores = Sample.Annotations.Where(a => a.TaskId == item.TaskId).SelectMany(a => a.Judgement.Ratings.Where(r => a.ResponseId(r.Response) == item.Responses[0].ResponseId)).Select(r => r.Accuracy!.Value);
        Assert.Equal(scores.Average(), (double)lines[0]["means"]!["accuracy"]!, 12);
        Assert.Equal((int)Math.Round(scores.Average() - 1, MidpointRounding.AwayFromZero), (int)lines[0]["correctness"]!);
        Assert.All(lines, l => Assert.InRange((int)l["helpfulness"]!, 0, 4));
        Assert.StartsWith("<extra_id_0>System\nBe careful 😀.\n<extra_id_1>User\n", (string)lines[0]["prompt"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kto_calls_nothing_good_that_harms_or_has_a_critical_error()
    {
        var lines = await LinesAsync("kto");
        var critical = Sample.Annotations.SelectMany(a => a.Judgement.Spans.Where(s => s.Severity == "critical").Select(s => (a.TaskId, Id: a.ResponseId(s.Response)))).ToHashSet();
        var contents = Sample.Items.SelectMany(i => i.Responses.Where(r => critical.Contains((i.TaskId, r.ResponseId)))).Select(r => r.Content).ToHashSet();
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, l => (bool)l["label"]! && contents.Contains((string)l["completion"]![0]!["content"]!));
    }

    /// <summary>A customer's own guideline calls its verdicts as it likes; what refutes is its three-way value.</summary>
    [Theory]
    [InlineData("REF", false)]
    [InlineData("SUP", true)]
    public async Task Kto_takes_a_verdict_for_what_the_guideline_says_it_is(string threeWay, bool good)
    {
        var house = GuidelineLibrary.Default with { Id = "house", Version = 1, Verdicts = [new Verdict("WRONG", "Wrong", "Contradicted", threeWay)] };
        await _store.CommitAsync(new Write.Put(Guideline.Key("house", 1), house), default);
        var sample = new WeekSample(tasks: 4)
        {
            Annotation = a => a with
            {
                Guideline = new("house", 1),
                Judgement = a.Judgement with
                {
                    Ratings = [.. a.Judgement.Ratings.Select(r => new Rating(r.Response, 5, 5, false, 5, 5, 5, 5, null))],
                    Harm = [.. a.Judgement.Harm.Select(h => new Harm(h.Response, "none"))],
                    Spans = [],
                    Claims = [.. a.Judgement.Ratings.Select(r => new Claim(r.Response, Quote: "x", Verdict: "WRONG", Critical: true))],
                },
            },
        };
        await sample.StoreAsync(_store);
        using var memory = new MemoryStream();

        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "kto", new ExportOptions(), _ => memory, default);

        var labels = Encoding.UTF8.GetString(memory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (bool)JsonNode.Parse(line)!["label"]!).ToList();
        Assert.Equal(8, labels.Count);
        Assert.All(labels, label => Assert.Equal(good, label));
    }

    [Fact]
    public async Task Healthbench_lines_carry_one_label_per_rater_of_the_criterion()
    {
        var lines = await LinesAsync("healthbench-meta");
        Assert.All(lines, l => Assert.Equal(l["binary_labels"]!.AsArray().Count, l["anonymized_physician_ids"]!.AsArray().Count));
        Assert.Equal(Sample.Annotations.Sum(a => a.Judgement.Rubric.Count), lines.Sum(l => l["binary_labels"]!.AsArray().Count));
    }

    public static TheoryData<string> AllFormats => [.. DatasetExport.Formats.Keys];

    [Theory]
    [MemberData(nameof(AllFormats))]
    public async Task Every_row_says_where_it_comes_from(string format)
    {
        foreach (var row in await LinesAsync(format))
        {
            var columns = format == "label-studio" ? row["data"]! : row;
            var task = Sample.Items.Single(i => i.TaskId == (string?)columns["task_id"]);
            Assert.Equal(task.PromptId, (string?)columns["prompt_id"]);
            var ids = columns["response_ids"]!.AsArray().Select(r => (string?)r).ToList();
            Assert.Equal(ids.Select(id => task.Responses.Single(r => r.ResponseId == id).Model), columns["models"]!.AsArray().Select(m => (string?)m));
            Assert.NotEmpty(columns["raters"]!.AsArray());
            Assert.False((bool)columns["simulated"]!);
            Assert.False((bool)columns["adjudicated"]!);
            Assert.Equal(HealthEval.Guidelines.GuidelineLibrary.BuiltIn[0].Sha256, (string?)columns["guideline_sha256"]![0]);
        }
    }

    [Fact]
    public async Task What_a_program_judged_is_left_out_of_training_data_and_said()
    {
        await new WeekSample(tasks: 6, simulated: true).StoreAsync(_store);
        using var memory = new MemoryStream();
        var left = await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "helpsteer", new ExportOptions(), _ => memory, default);
        Assert.Equal((0L, 12L), (left.Records, left.SimulatedLeftOut));
        Assert.Contains("12 simulated judgements left out", left.Words, StringComparison.Ordinal);
        Assert.Equal(12, (await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "helpsteer", new ExportOptions(ExcludeSimulated: false), _ => memory, default)).Records);
        Assert.Equal(12, (await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "annotations", new ExportOptions(), _ => memory, default)).Records);
    }

    [Fact]
    public async Task A_split_keeps_the_responses_of_a_prompt_together_and_is_the_same_again()
    {
        await Sample.StoreAsync(_store);
        var options = new ExportOptions(Split: [0.6, 0.2, 0.2], Seed: 3);
        var (once, again) = (await SplitAsync(options), await SplitAsync(options));
        Assert.Equal(once, again);
        Assert.Equal(60, once.Values.Sum(t => t.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        var prompts = once.Select(p => p.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (string)JsonNode.Parse(l)!["prompt_id"]!).ToHashSet()).ToList();
        Assert.Equal(15, prompts.Sum(p => p.Count));
        Assert.NotEqual(once, await SplitAsync(options with { Seed = 4 }));

        async Task<Dictionary<string, string>> SplitAsync(ExportOptions asked)
        {
            var parts = new Dictionary<string, MemoryStream>();
            await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "consensus", asked, part => parts[part!] = new MemoryStream(), default);
            return parts.ToDictionary(p => p.Key, p => Encoding.UTF8.GetString(p.Value.ToArray()));
        }
    }

    // A > B ~ C: two ordered pairs, one tie.
    [Fact]
    public async Task Dpo_has_every_ordered_pair_of_a_ranking_and_its_distance()
    {
        await new WeekSample(tasks: 1, raters: 1, overlap: 1)
        {
            Item = item => item with { Responses = [.. "xyz".Select((c, i) => new EvalResponse($"r{i}", $"{c}", Sha.Of($"{c}"), $"m{i}"))] },
            Annotation = a => a with { ResponseOrder = ["r2", "r0", "r1"], Judgement = a.Judgement with { Preference = new(Ranking: [["A"], ["B", "C"]]) } },
        }.StoreAsync(_store);
        using var memory = new MemoryStream();
        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "dpo", new ExportOptions(), _ => memory, default);
        var rows = Encoding.UTF8.GetString(memory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(["z>x 1", "z>y 1"], rows.Select(r => $"{r["chosen"]![0]!["content"]}>{r["rejected"]![0]!["content"]} {r["margin"]}"));
    }

    [Fact]
    public async Task An_adjudicated_score_takes_the_place_of_the_mean_where_that_is_asked_for()
    {
        var item = Sample.Items[0];
        var ruling = new HealthEval.Annotations.Ruling(
            new HealthEval.Annotations.Dispute("rating", item.Responses[0].ResponseId, "accuracy", null, null, null, "Scores from 1 to 4", ["1", "4"]), "2", null, true, "Because.");
        var made = new HealthEval.Annotations.Adjudication(
            "a1", WeekSample.ProjectId, item.TaskId, "senior", "A-1", "l", ["j1", "j2"], "s", new("healtheval", 1), "g", "i", false, WeekSample.Monday, WeekSample.Monday, "c", [ruling]);
        await new WeekSample(tasks: 1) { Adjudications = [made] }.StoreAsync(_store);
        using var memory = new MemoryStream();
        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "helpsteer", new ExportOptions(ApplyAdjudications: true), _ => memory, default);
        var row = JsonNode.Parse(Encoding.UTF8.GetString(memory.ToArray()).Split('\n')[0])!;
        Assert.Equal((1, 2.0, true), ((int)row["correctness"]!, (double)row["means"]!["accuracy"]!, (bool)row["adjudicated"]!));
        Assert.False((bool)JsonNode.Parse(Encoding.UTF8.GetString(memory.ToArray()).Split('\n')[1])!["adjudicated"]!); // nothing was decided about the other response
    }

    [Fact]
    public async Task Label_studio_names_no_user_that_its_importer_would_refuse()
    {
        var tasks = await LinesAsync("label-studio");
        Assert.All(tasks, task => Assert.Equal(
            task["data"]!["raters"]!.AsArray().Select(r => (string)r!).Order(StringComparer.Ordinal),
            task["annotations"]!.AsArray().Select(a => Assert.Single(a!["result"]!.AsArray().Select(r => (string?)r!["meta"]!["rater"]).Distinct())!).Order(StringComparer.Ordinal)));
        var text = string.Concat(tasks.Select(l => l.ToJsonString()));
        Assert.DoesNotContain("completed_by", text, StringComparison.Ordinal);
        Assert.Contains("<Label value=\"F1\"/>", LabelStudio.Config([HealthEval.Guidelines.GuidelineLibrary.Default]), StringComparison.Ordinal);
        _ = System.Xml.Linq.XDocument.Parse(LabelStudio.Config([HealthEval.Guidelines.GuidelineLibrary.Default]));
    }

    [Fact]
    public async Task Label_studio_spans_count_UTF16_units()
    {
        var emoji = new WeekSample(tasks: 6)
        {
            Item = item => item with { Responses = [.. item.Responses.Select(r => r with { Content = "😀😀 " + r.Content })] },
            Annotation = a => a with { Judgement = a.Judgement with { Spans = [new HealthEval.Annotations.Span("A", "improve", "C1", "minor", 1, 4, "😀 " + "x")] } },
        };
        await emoji.StoreAsync(_store);
        using var memory = new MemoryStream();
        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "label-studio", new ExportOptions(), _ => memory, default);
        var tasks = JsonNode.Parse(memory.ToArray())!.AsArray();
        var value = tasks.SelectMany(t => t!["annotations"]!.AsArray()).SelectMany(a => a!["result"]!.AsArray()).First(r => (string?)r!["type"] == "labels")!["value"]!;
        Assert.Equal(2, (int)value["start"]!);
        Assert.Equal(6, (int)value["end"]!);
    }

    [Fact]
    public async Task A_prompt_without_a_question_and_a_judgement_without_ratings_stop_no_export()
    {
        await new WeekSample(tasks: 2)
        {
            Item = item => item with { Messages = [new EvalMessage("system", "Write a leaflet on fever.")] },
            Annotation = a => a with { Judgement = new HealthEval.Annotations.Judgement { Harm = a.Judgement.Harm, IdealResponse = "Rest.", RefinedPrompt = "What helps?" } },
        }.StoreAsync(_store);
        using var chat = new MemoryStream();
        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "sft", new ExportOptions(), _ => chat, default);
        var rows = Encoding.UTF8.GetString(chat.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(4, rows.Count);
        Assert.All(rows, r => Assert.Equal(("system", false), ((string?)r["messages"]![0]!["role"], (bool)r["refined_prompt"]!)));
        using var scores = new MemoryStream();
        Assert.Equal(0, (await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, "helpsteer", new ExportOptions(), _ => scores, default)).Records);
    }

    [Theory]
    [InlineData("annotations", 60)]
    [InlineData("consensus", 60)]
    public async Task The_other_formats_have_a_line_for_each(string format, int lines)
    {
        var written = await LinesAsync(format);
        Assert.Equal(lines, written.Count);
        Assert.DoesNotContain("person-", string.Concat(written.Select(l => l.ToJsonString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_without_judgements_gives_an_empty_file_in_every_format()
    {
        foreach (var format in DatasetExport.Formats.Keys)
        {
            using var memory = new MemoryStream();
            Assert.Equal(0, (await new DatasetExport(_store).WriteAsync("nothing", format, new ExportOptions(), _ => memory, default)).Records);
            Assert.Equal(format == "label-studio" ? "[]\n" : "", Encoding.UTF8.GetString(memory.ToArray()));
        }
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private async Task<List<JsonNode>> LinesAsync(string format)
    {
        await Neighbour.MoveInAsync(_store, new FolderFileStore(_folder["files"]));
        await Sample.StoreAsync(_store);
        using var memory = new MemoryStream();
        await new DatasetExport(_store).WriteAsync(WeekSample.ProjectId, format, new ExportOptions(), _ => memory, default);
        Neighbour.AssertAbsent(memory.ToArray(), format);
        var text = Encoding.UTF8.GetString(memory.ToArray());
        return format == DatasetExport.OneArray ? [.. JsonNode.Parse(text)!.AsArray().Select(n => n!)] : [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }
}
