using System.Text;
using HealthEval.Batches;
using HealthEval.Batches.Benchmarks;
using HealthEval.Intake;
using HealthEval.Storage;

namespace HealthEval.Tests.Batches;

/// <summary>Prompts become a benchmark; answers that come later find their rubric, reference and strata there.</summary>
public sealed class BenchmarkTests : IDisposable
{
    private const string Rows = """
        {"prompt_id":"q1","prompt":[{"role":"user","content":"My child drank bleach, what now?"}],"rubrics":[{"criterion":"Names the poison line","points":5,"tags":["axis:accuracy"]},{"criterion":"Advises vomiting","points":-8,"tags":["axis:accuracy"]}],"example_tags":["theme:emergency_referrals"],"ideal_completions_data":{"ideal_completion":"Call the poison line now."}}
        {"prompt_id":"q2","prompt":[{"role":"user","content":"Is coffee bad for gout?"}],"rubrics":[{"criterion":"Says that it is uncertain","points":4,"tags":["axis:completeness"]}],"example_tags":["theme:hedging"]}
        """;

    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_same_content_in_any_order_is_the_same_version_and_other_content_is_the_next()
    {
        var first = await AddAsync(Rows);
        var turned = await AddAsync(string.Join('\n', Rows.Split('\n').Reverse()));
        var changed = await AddAsync(Rows.Replace("\"points\":4", "\"points\":6", StringComparison.Ordinal));

        Assert.Equal(("gout-and-bleach", 1, true, 2, 3, 1), (first.Benchmark.BenchmarkId, first.Benchmark.Version, first.IsNew, first.Benchmark.Prompts, first.Benchmark.Criteria, first.Benchmark.References));
        Assert.Equal((1, false), (turned.Benchmark.Version, turned.IsNew));
        Assert.Equal((2, true), (changed.Benchmark.Version, changed.IsNew));
        Assert.NotEqual(first.Benchmark.Sha256, changed.Benchmark.Sha256);
        Assert.Equal(["emergency_referrals=1", "responding_under_uncertainty=1"], first.Benchmark.Themes.Select(theme => $"{theme.Key}={theme.Value}"));
        Assert.Equal(first.Benchmark.Sha256, Sha.Of(await BytesAsync(Benchmark.PathOf("p1", "gout-and-bleach", 1))));
    }

    [Theory]
    [InlineData("""{"prompt_id":"q1","response":"Call the poison line.","model":"m1"}""")]
    [InlineData("prompt_id,response,model\nq1,Call the poison line.,m1\n")]
    [InlineData("""{"prompt_id":"q1","responses":[{"model":"m1","content":"Call the poison line."}]}""")]
    [InlineData("""{"prompt":"My child drank bleach, what now?","response":"Call the poison line.","model":"m1"}""")]
    [InlineData("""{"prompt_id":"q1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"My child drank bleach, what now?"}],"response":"Call the poison line.","model":"m1"}""")]
    public async Task An_answer_finds_its_prompt_by_id_or_by_words_and_gets_what_belongs_to_it(string answer)
    {
        await AddAsync(Rows);
        var batch = (await _rig.IngestAsync(answer)).Batch;

        Assert.Equal(("loaded", 1L, 1L), (batch.State, batch.Accepted, batch.Warnings.Single(warning => warning.Class == "attached_to_benchmark").Count));
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(new BenchmarkStamp("gout-and-bleach", 1, "q1"), item.Benchmark);
        Assert.Equal(("q1", "My child drank bleach, what now?", "emergency_referrals"), (item.PromptId, item.Messages[^1].Content, item.Theme));
        Assert.Equal(["Names the poison line", "Advises vomiting"], item.Rubric.Select(criterion => criterion.Criterion));
        Assert.Contains("Call the poison line now.", item.Reference!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_of_no_benchmark_or_in_other_words_is_left_as_it_came_and_said()
    {
        await AddAsync(Rows);
        var batch = (await _rig.IngestAsync("""
            {"prompt":"Something else?","response":"A."}
            {"prompt_id":"q1","prompt":"My child drank wine, what now?","response":"B."}
            {"prompt_id":"q9","response":"C."}
            """)).Batch;

        Assert.Equal((2L, 1L), (batch.Accepted, batch.Rejected));
        Assert.Contains("no benchmark of this project has its prompt_id", batch.Errors[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["benchmark_prompt_in_other_words", "not_in_a_benchmark"], batch.Warnings.Select(warning => warning.Class));
        Assert.All(await _rig.ItemsAsync(), item => Assert.Null(item.Benchmark));
    }

    [Fact]
    public async Task The_same_answer_under_the_next_version_is_judged_anew()
    {
        await AddAsync(Rows);
        await _rig.IngestAsync("""{"prompt_id":"q2","response_id":"r1","response":"Perhaps."}""", "a.jsonl");
        await AddAsync(Rows.Replace("\"points\":4", "\"points\":6", StringComparison.Ordinal));
        var again = (await _rig.IngestAsync("""{"prompt_id":"q2","response_id":"r1","response":"Perhaps."} """, "b.jsonl")).Batch;

        Assert.Equal(("loaded", 1L), (again.State, again.Items));
        Assert.Equal(["1: 4", "2: 6"], (await _rig.ItemsAsync()).Select(item => $"{item.Benchmark!.Version}: {item.Rubric[0].Points}").Order());
    }

    [Fact]
    public async Task A_run_says_what_it_covers_what_is_missing_and_what_is_surplus()
    {
        await AddAsync(Rows);
        var batch = (await _rig.IngestAsync("""
            {"prompt_id":"q1","response":"Call.","model":"m1"}
            {"prompt":"Is coffee bad for gout?","response":"Perhaps.","model":"m2"}
            {"prompt_id":"q1","response":"Wait.","model":"m2"}
            {"prompt":"Something else?","response":"A.","model":"m2"}
            """)).Batch;
        var runs = await Library.AddRunsAsync(_rig.Project, "gout-and-bleach", [batch.BatchId], null, new DateOnly(2026, 11, 30), "lead", default);
        var again = await Library.AddRunsAsync(_rig.Project, "gout-and-bleach", [batch.BatchId], "m1", new DateOnly(2026, 11, 30), "lead", default);

        Assert.Equal(["m1 1/2 missing q2 surplus 0", "m2 2/2 missing  surplus 1"], runs.Select(run => $"{run.Model} {run.Covered}/{run.Prompts} missing {string.Join(',', run.Missing)} surplus {run.Surplus}"));
        Assert.Equal(runs[0].RunId, Assert.Single(again).RunId);
        Assert.Equal(2, (await BenchmarkRun.AllAsync(_rig.Documents, "p1", default)).Count);
        Assert.Empty(await Library.AddRunsAsync(_rig.Project, "another", [batch.BatchId], null, new DateOnly(2026, 11, 30), "lead", default));
    }

    [Fact]
    public async Task A_batch_that_comes_later_is_a_run_by_itself_and_batches_of_one_day_are_one()
    {
        await AddAsync(Rows);
        var first = (await _rig.IngestAsync("""{"prompt_id":"q1","response":"Call.","model":"m1"}""", "a.jsonl")).Batch;
        var second = (await _rig.IngestAsync("""{"prompt_id":"q2","response":"Perhaps.","model":"m1"}""", "b.jsonl")).Batch;
        await _rig.IngestAsync("""{"prompt":"Something else?","response":"A.","model":"m1"}""", "c.jsonl");
        var run = Assert.Single(await BenchmarkRun.AllAsync(_rig.Documents, "p1", default));

        Assert.Equal(("m1", 1, 2, 2, 0, "program"), (run.Model, run.Version, run.Covered, run.Prompts, run.Surplus, run.By));
        Assert.Equal([first.BatchId, second.BatchId], run.Batches);
        Assert.Equal(DateOnly.FromDateTime(first.ReceivedAt.UtcDateTime), run.Date);
    }

    [Fact]
    public async Task Noted_by_hand_on_another_day_it_is_that_run_and_no_second_one()
    {
        await AddAsync(Rows);
        var batch = (await _rig.IngestAsync("""{"prompt_id":"q1","response":"Call.","model":"m1"}""")).Batch;
        await Library.AddRunsAsync(_rig.Project, "gout-and-bleach", [batch.BatchId], null, new DateOnly(2026, 1, 5), "lead", default);
        var run = Assert.Single(await BenchmarkRun.AllAsync(_rig.Documents, "p1", default));

        Assert.Equal((new DateOnly(2026, 1, 5), "lead"), (run.Date, run.By));
    }

    [Theory]
    [InlineData("""{"Question":"Can I take ibuprofen while pregnant?","Free_form_answer":"Not in the third trimester.","Must_have":["Not in the third trimester"],"Nice_to_have":["Names paracetamol"]}""", 2, 1)]
    [InlineData("question,ideal_answer\nIs measles airborne?,\"Yes, it is.\"\n", 0, 1)]
    [InlineData("""[{"id":"a","prompt":"Q one?","reference":"R"},{"id":"b","prompt":"Q two?"}]""", 0, 1)]
    [InlineData("""{"prompt":"Q?","rubric":["Says so"],"response":"An answer of a model.","model":"m1"}""", 1, 0)]
    public async Task Own_files_and_those_of_K_QA_become_benchmarks_and_answers_in_them_do_not(string file, int criteria, int references)
    {
        var made = (await AddAsync(file)).Benchmark;

        Assert.Equal((criteria, references), (made.Criteria, made.References));
        Assert.Empty(await _rig.ItemsAsync());
    }

    [Theory]
    [InlineData("""{"seen":1}""", "No known format")]
    [InlineData("""{"prompt":[{"role":"user","content":""}],"rubric":["x"]}""", "The user's text is empty")]
    public async Task What_holds_no_prompt_is_refused_with_the_reason(string file, string reason)
    {
        var (added, fault) = await Library.AddAsync(_rig.Project, "x y", IngestRig.Source(Encoding.UTF8.GetBytes(file)), "lead", default);

        Assert.Null(added);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    private BenchmarkLibrary Library => new(_rig.Documents, _rig.Files, _rig.Options, _rig.Trail, TimeProvider.System);

    private async Task<BenchmarkAdded> AddAsync(string content)
    {
        var (added, fault) = await Library.AddAsync(_rig.Project, "Gout and bleach", IngestRig.Source(Encoding.UTF8.GetBytes(content)), "lead", default);
        return added ?? throw new InvalidOperationException(fault);
    }

    private async Task<byte[]> BytesAsync(string path)
    {
        await using var stream = (await _rig.Files.OpenAsync(path, default))!;
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
