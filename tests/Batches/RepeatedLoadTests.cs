using System.Text;
using HealthEval.Batches;
using HealthEval.Storage;
using HealthEval.Tests.Storage;

namespace HealthEval.Tests.Batches;

public sealed class RepeatedLoadTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_same_file_twice_adds_nothing_and_leaves_its_receipt_alone()
    {
        var content = Lines(30);
        var first = (await _rig.IngestAsync(content)).Batch;
        var receipt = await ReceiptAsync(first);
        var second = (await _rig.IngestAsync(content, "renamed.jsonl")).Batch;

        Assert.Equal((30L, 0L), (first.Accepted, first.Duplicate));
        Assert.Equal((0L, 30L, first.BatchId), (second.Accepted, second.Duplicate, second.BatchId));
        Assert.Equal((30, 30L), ((await _rig.ItemsAsync()).Count, await _rig.TasksAsync()));
        Assert.Equal(receipt, await ReceiptAsync(first));
    }

    [Fact]
    public async Task A_corrected_file_adds_only_what_was_missing()
    {
        await _rig.IngestAsync("""
            {"item_id":"1","prompt":"q1","response":"a1"}
            {"item_id":"2","prompt":"q2","response":}
            """);
        var corrected = (await _rig.IngestAsync("""
            {"item_id":"1","prompt":"q1","response":"a1"}
            {"item_id":"2","prompt":"q2","response":"a2"}
            """)).Batch;

        Assert.Equal((1L, 1L, 0L), (corrected.Accepted, corrected.Duplicate, corrected.Rejected));
        Assert.Equal(["a1", "a2"], (await _rig.ItemsAsync()).Select(item => item.Responses[0].Content));
    }

    [Theory]
    [InlineData("""{"item_id":"1","prompt":"q1","response":"a1"}""", """{"item_id":"1","prompt":"q1","response":"other"}""", "item_id")]
    [InlineData("""{"prompt_id":"1","prompt":"q","responses":[{"response_id":"r","content":"a"}]}""", """{"prompt_id":"1","prompt":"q","responses":[{"response_id":"r","content":"b"}]}""", "response_id")]
    [InlineData("""{"prompt_id":"1","prompt":"q","response_id":"r","response":"a"}""", """{"prompt_id":"1","prompt":"q","responses":[{"response_id":"r","content":"b"}]}""", "response_id")]
    [InlineData("""{"prompt_id":"1","prompt":"q","response":"a"}""", """{"prompt_id":"1","prompt":"other words","response":"a"}""", "prompt_id")]
    [InlineData("""{"prompt_id":"1","prompt":"q","response":"a"}""", """{"prompt_id":"1","prompt":[{"role":"system","content":"s"},{"role":"user","content":"q"}],"responses":[{"content":"a"},{"content":"b"}]}""", "prompt_id")]
    public async Task The_same_id_with_other_content_is_refused_and_the_first_one_stays(string first, string other, string path)
    {
        var receipt = (await _rig.IngestAsync($"{first}\n{first}\n{other}")).Batch;
        var later = (await _rig.IngestAsync(other)).Batch;

        Assert.Equal((1L, 1L, 1L), (receipt.Accepted, receipt.Duplicate, receipt.Rejected));
        Assert.Equal((3L, path), (receipt.Errors[0].Line, receipt.Errors[0].Path));
        Assert.Equal(("failed", path), (later.State, later.Errors[0].Path));
        Assert.StartsWith("a", Assert.Single(await _rig.ItemsAsync()).Responses[0].Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt_id":"1","prompt":"q","responses":[{"model":"m1","content":"a"},{"model":"m2","content":"b"}]}""", """{"prompt_id":"1","prompt":"q","responses":[{"model":"m3","content":"c"},{"model":"m2","content":"b"}]}""")]
    [InlineData("""{"prompt_id":"1","prompt":"q","responses":[{"response_id":"r1","content":"a"},{"response_id":"r2","content":"b"}]}""", """{"prompt_id":"1","prompt":"q","responses":[{"response_id":"r2","content":"b"},{"response_id":"r3","content":"c"}]}""")]
    [InlineData("""{"prompt_id":"1","prompt":"q","model":"m1","response":"a"}""", """{"prompt_id":"1","prompt":"q","model":"m2","response":"a"}""")]
    [InlineData("""{"prompt_id":"1","prompt":"q","model":"m1","response":"a"}""", """{"prompt_id":"1","prompt":"q","model":"m1","response":"b"}""")]
    public async Task A_later_batch_may_ask_the_same_prompts_of_other_models(string week1, string week2)
    {
        await _rig.IngestAsync(week1);
        var second = (await _rig.IngestAsync(week2)).Batch;
        var again = (await _rig.IngestAsync(week2 + "\n" + week1)).Batch;

        Assert.Equal(("loaded", 1L, 0L, 1L), (second.State, second.Accepted, second.Rejected, second.Items));
        Assert.Equal((0L, 2L, 0L), (again.Accepted, again.Duplicate, again.Rejected));
        Assert.Equal(("1", 2), ((await _rig.ItemsAsync()).Select(item => item.PromptId).Distinct().Single(), (await _rig.ItemsAsync()).Count));
    }

    [Fact]
    public async Task Of_a_long_record_only_the_responses_that_are_new_are_added_wherever_they_stand()
    {
        await _rig.IngestAsync(Long("""{"model":"m","content":"x"}""", """{"model":"m","content":"x"}""", """{"response_id":"r1","content":"a"}""", """{"content":"b"}""", """{"content":"c"}"""));
        var more = (await _rig.IngestAsync(Long("""{"content":"new"}""", """{"content":"c"}""", """{"model":"m","content":"x"}""", """{"content":"b"}""", """{"model":"m","content":"x"}""", """{"response_id":"r1","content":"a"}"""))).Batch;
        var single = (await _rig.IngestAsync("""{"prompt_id":"1","prompt":"q","response_id":"r1","response":"a"}""")).Batch;

        Assert.Equal((1L, 1L, 1L), (more.Accepted, more.Items, more.Responses));
        Assert.Equal((0L, 1L), (single.Accepted, single.Duplicate));
        Assert.Equal(["a", "b", "c", "new", "x", "x"], (await _rig.ItemsAsync()).Select(item => item.Responses.Single().Content).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_long_record_with_one_changed_response_is_refused_as_a_whole()
    {
        static string Record(string last) => Long([.. Enumerable.Range(1, 6).Select(n => $$"""{"response_id":"{{n}}","content":"a{{n}}"}"""), $$"""{"response_id":"7","content":"{{last}}"}""", """{"response_id":"8","content":"new in both"}"""]);
        await _rig.IngestAsync(Record("a7").Replace(""",{"response_id":"8","content":"new in both"}""", "", StringComparison.Ordinal));
        var receipt = (await _rig.IngestAsync(Record("changed") + "\n")).Batch;

        Assert.Equal((0L, 1L, "failed"), (receipt.Accepted, receipt.Rejected, receipt.State));
        Assert.Equal(7, (await _rig.ItemsAsync()).Count);
    }

    [Fact]
    public async Task A_long_record_with_an_id_of_its_own_cannot_come_again_with_other_responses()
    {
        await _rig.IngestAsync(Long([.. Enumerable.Range(1, 6).Select(n => $$"""{"content":"a{{n}}"}""")]).Replace("prompt_id", "item_id", StringComparison.Ordinal));
        var receipt = (await _rig.IngestAsync(Long([.. Enumerable.Range(1, 7).Select(n => $$"""{"content":"a{{n}}"}""")]).Replace("prompt_id", "item_id", StringComparison.Ordinal))).Batch;

        Assert.Equal(("failed", "item_id", 6), (receipt.State, receipt.Errors[0].Path, (await _rig.ItemsAsync()).Count));
    }

    [Fact]
    public async Task Spacing_and_the_order_of_fields_do_not_make_a_record_another_one()
    {
        await _rig.IngestAsync("""{"item_id":"1","prompt":"q","response":"a","x":1,"y":{"k":"é"}}""");
        var receipt = (await _rig.IngestAsync("""{ "y": {"k":"\u00e9"}, "x":1, "response":"a", "prompt":"q", "item_id":"1" }""")).Batch;

        Assert.Equal(1L, receipt.Duplicate);
    }

    [Fact]
    public async Task A_load_that_was_interrupted_is_completed_and_counts_as_one()
    {
        var content = Encoding.UTF8.GetBytes(Lines(5_000));
        using var failing = _rig.Loader(new FailingStore(_rig.Documents, commits: 2));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => failing.RunAsync(_rig.Project, IngestRig.Source(content), _ => { }, again: false, default));
        var left = (await _rig.ItemsAsync()).Count;
        var receipt = (await _rig.IngestAsync(content, again: false)).Batch;

        Assert.InRange(left, 1, 4_999);
        Assert.Equal(("loaded", 5_000L, 5_000L, 0L, 5_000L), (receipt.State, receipt.Read, receipt.Accepted, receipt.Duplicate, receipt.Items));
        Assert.Equal((5_000, 5_000L), ((await _rig.ItemsAsync()).Count, await _rig.TasksAsync()));
    }

    [Fact]
    public async Task Two_loads_of_one_file_at_once_make_one_set_of_items()
    {
        var content = Encoding.UTF8.GetBytes(Lines(1_200));
        await Task.WhenAll(_rig.IngestAsync(content, again: false), _rig.IngestAsync(content, again: false));

        Assert.Equal((1_200, 1_200L), ((await _rig.ItemsAsync()).Count, await _rig.TasksAsync()));
    }

    [Fact]
    public async Task The_same_content_in_two_projects_is_two_sets_of_tasks()
    {
        var one = (await _rig.IngestAsync(Lines(3))).Batch;
        _rig.Project = _rig.Project with { ProjectId = "p2" };
        var two = (await _rig.IngestAsync(Lines(3))).Batch;

        Assert.Equal((3L, 3L), (one.Accepted, two.Accepted));
        Assert.NotEqual(one.BatchId, two.BatchId);
    }

    private static string Long(params string[] responses) => $$"""{"prompt_id":"1","prompt":"q","responses":[{{string.Join(',', responses)}}]}""";

    private static string Lines(int count) => string.Join('\n', Enumerable.Range(1, count).Select(n => $$"""{"item_id":"{{n}}","prompt":"q{{n}}","response":"a{{n}}"}"""));

    private async Task<string> ReceiptAsync(Batch batch)
    {
        using var reader = new StreamReader((await _rig.Files.OpenAsync(Batch.ReceiptPath("p1", batch.BatchId), default))!);
        return await reader.ReadToEndAsync();
    }
}
