using System.Text;
using FsCheck;
using FsCheck.Fluent;
using HealthEval.Batches;

namespace HealthEval.Tests.Batches;

/// <summary>In a project that asks for comparison, lines about one prompt become one item.</summary>
public sealed class LineGroupTests : IDisposable
{
    private readonly IngestRig _rig = Comparing();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Lines_with_one_prompt_become_one_item_wherever_they_stand()
    {
        var receipt = (await _rig.IngestAsync("prompt_id,prompt,model,response\n1,q1,m1,a\n2,q2,m1,b\n1,q1,m2,c\n3,q3,m1,d\n2,q2,m2\n1,q1,m1,e\n", "t.csv")).Batch;

        Assert.Equal((6L, 5L, 1L, 3L, 5L), (receipt.Read, receipt.Accepted, receipt.Rejected, receipt.Items, receipt.Responses));
        var items = await _rig.ItemsAsync();
        Assert.Equal(["q1: a m1, c m2, e m1", "q2: b m1", "q3: d m1"], items.Select(Show));
        Assert.Equal([2L, 3L, 5L], items.Select(item => item.Line));
        Assert.Equal((6L, 3L), (receipt.Errors[0].Line, await _rig.TasksAsync()));
    }

    [Fact]
    public async Task A_project_that_does_not_compare_gets_an_item_per_line()
    {
        _rig.Project = _rig.Project with { Comparison = false };
        var receipt = (await _rig.IngestAsync("prompt,model,response\nq1,m1,a\nq1,m2,c\n", "t.csv")).Batch;

        Assert.Equal((2L, 2L), (receipt.Items, receipt.Responses));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}],"model":"m1"}""", """{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"b"}],"model":"m2"}""")]
    [InlineData("""{"prompt":"q","completion":"a","label":true}""", """{"prompt":"q","completion":"b","label":false}""")]
    [InlineData("""{"prompt":"q","response":"a","helpfulness":3,"correctness":4}""", """{"prompt":"q","response":"b","helpfulness":1,"correctness":1}""")]
    [InlineData("""{"id":1,"data":{"prompt":"q","response":"a"}}""", """{"id":2,"data":{"prompt":"q","response":"b"}}""")]
    public async Task Every_format_with_one_response_a_line_is_grouped(string first, string second)
    {
        var receipt = (await _rig.IngestAsync($"{first}\n{second}\n")).Batch;

        Assert.Equal((2L, 1L, 2L), (receipt.Accepted, receipt.Items, receipt.Responses));
        Assert.Equal(["a", "b"], Assert.Single(await _rig.ItemsAsync()).Responses.Select(response => response.Content).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_only_one_line_says_is_kept_with_its_response()
    {
        await _rig.IngestAsync("""
            {"item_id":"i1","prompt":"q","model":"m1","response":"a","tags":["x"],"run":7,"latency":1.5}
            {"item_id":"i2","prompt":"q","model":"m2","response":"b","tags":["y"],"run":7,"latency":2.5}
            """);
        var item = Assert.Single(await _rig.ItemsAsync());
        var own = item.Meta!["responses"].EnumerateArray().Select(fields => fields.GetRawText()).ToList();

        Assert.Equal(["x", "y"], item.Tags);
        Assert.Equal(7, item.Meta["run"].GetInt32());
        Assert.Equal("""{"item_id":"i1","latency":1.5}""", own[item.Responses.ToList().FindIndex(response => response.Model == "m1")]);
        Assert.Null(item.ItemId);
    }

    [Theory]
    [InlineData("""{"prompt":"q","response":"b","audience":"clinician"}""")]
    [InlineData("""{"prompt":[{"role":"system","content":"s"},{"role":"user","content":"q"}],"response":"b"}""")]
    [InlineData("""{"prompt_id":"other","prompt":"q","response":"b"}""")]
    [InlineData("""{"prompt":"q","response":"b","rubric":["Says so"]}""")]
    public async Task Lines_that_a_rater_would_have_to_judge_differently_stay_apart(string other)
    {
        var receipt = (await _rig.IngestAsync("""{"prompt":"q","response":"a"}""" + "\n" + other)).Batch;

        Assert.Equal((2L, 2L), (receipt.Accepted, receipt.Items));
    }

    [Fact]
    public async Task More_responses_than_can_be_compared_are_items_of_their_own()
    {
        var receipt = (await _rig.IngestAsync(string.Join('\n', Enumerable.Range(1, 9).Select(n => $$"""{"prompt":"q","response":"a{{n}}"}""").Concat(Enumerable.Range(1, 8).Select(n => $$"""{"prompt":"p","response":"a{{n}}"}"""))))).Batch;

        Assert.Equal((17L, 10L, 17L), (receipt.Accepted, receipt.Items, receipt.Responses));
    }

    [Fact]
    public async Task What_came_before_stays_where_it_is_and_only_what_is_new_is_grouped()
    {
        await _rig.IngestAsync(Lines("q", "a", "b"));
        var corrected = (await _rig.IngestAsync(Lines("q", "c", "b", "d", "a"))).Batch;
        var again = (await _rig.IngestAsync(Lines("q", "c", "b", "d", "a"))).Batch;

        Assert.Equal((2L, 2L, 1L, 2L), (corrected.Accepted, corrected.Duplicate, corrected.Items, corrected.Responses));
        Assert.Equal((0L, 4L), (again.Accepted, again.Duplicate));
        Assert.Equal(["q: a, b", "q: c, d"], (await _rig.ItemsAsync()).Select(Show).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_load_that_was_interrupted_between_lines_and_items_is_completed()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 1500).Select(n => Lines($"q{n % 700}", $"a{n}"))));
        for (var commits = 1; commits < 5; commits++)
        {
            using var failing = _rig.Loader(new FailingStore(_rig.Documents, commits));
            await Assert.ThrowsAnyAsync<Exception>(() => failing.RunAsync(_rig.Project, IngestRig.Source(content), _ => { }, again: false, default));
        }

        var receipt = (await _rig.IngestAsync(content, again: false)).Batch;

        Assert.Equal(("loaded", 1500L, 0L, 700L, 1500L), (receipt.State, receipt.Accepted, receipt.Duplicate, receipt.Items, receipt.Responses));
        Assert.Equal((700, 700L), ((await _rig.ItemsAsync()).Count, await _rig.TasksAsync()));
    }

    [Fact]
    public async Task An_id_with_two_contents_is_refused_line_by_line()
    {
        var receipt = (await _rig.IngestAsync("""
            {"item_id":"1","prompt":"q","response":"a"}
            {"item_id":"1","prompt":"q","response":"changed"}
            {"item_id":"1","prompt":"q","response":"a"}
            {"prompt_id":"p","prompt":"q","response":"a"}
            {"prompt_id":"p","prompt":"q","response":"b"}
            {"prompt_id":"p","prompt":"other words","response":"a"}
            {"prompt_id":"p","prompt":"other words","response":"b"}
            """)).Batch;
        var later = (await _rig.IngestAsync("""{"item_id":"1","prompt":"q","response":"changed later"}""")).Batch;

        Assert.Equal((3L, 1L, 3L), (receipt.Accepted, receipt.Duplicate, receipt.Rejected));
        Assert.Equal([(2L, "item_id"), (6L, "prompt_id"), (7L, "prompt_id")], receipt.Errors.Select(error => (error.Line, error.Path)));
        Assert.Equal(("failed", "item_id"), (later.State, later.Errors[0].Path));
    }

    [Fact]
    public void In_one_file_the_order_of_the_lines_makes_no_difference()
    {
        var lines = Enumerable.Range(1, 20).Select(n => $$"""{"prompt":"q{{n % 4}}","model":"m{{n % 3}}","response":"a{{n % 11}}","n":{{n}}}""").ToArray();
        string? expected = null;
        Prop.ForAll(Arb.From(Gen.Shuffle(lines)), order =>
        {
            using var rig = Comparing();
            rig.IngestAsync(string.Join('\n', order.Concat(order[..7]))).GetAwaiter().GetResult();
            var store = string.Join('\n', rig.ItemsAsync().GetAwaiter().GetResult().Select(item => item.TaskId + item.ContentSha256).Order(StringComparer.Ordinal));
            expected ??= store;
            return store == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15).WithReplay(20261127, 7));
    }

    private static string Lines(string prompt, params string[] responses) => string.Concat(responses.Select(response => $$"""{"prompt":"{{prompt}}","response":"{{response}}"}""" + "\n"));

    private static string Show(EvalItem item) =>
        $"{item.Messages[0].Content}: {string.Join(", ", item.Responses.Select(response => $"{response.Content} {response.Model}".TrimEnd()).Order(StringComparer.Ordinal))}";

    private static IngestRig Comparing()
    {
        var rig = new IngestRig();
        rig.Project = rig.Project with { Comparison = true };
        return rig;
    }
}
