using System.Text;

namespace HealthEval.Tests.Batches;

public sealed class StrictReadingTests : IDisposable
{
    private const string Good = """{"prompt":"q","response":"a"}""";
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\n \r\n\n")]
    public async Task A_file_without_records_fails_and_says_so(string content)
    {
        var receipt = (await _rig.IngestAsync(content)).Batch;

        Assert.Equal(("failed", "The file has no records.", 0L), (receipt.State, receipt.Reason, receipt.Items));
    }

    [Theory]
    [InlineData("\uFEFF{0}\n{1}\n")]
    [InlineData("{0}\r\n{1}\r\n")]
    [InlineData("\n{0}\n\n   \n{1}")]
    public async Task Byte_order_mark_line_ends_and_blank_lines_change_nothing(string layout)
    {
        var receipt = (await _rig.IngestAsync(layout.Replace("{0}", Good, StringComparison.Ordinal).Replace("{1}", """{"prompt":"q2","response":"a2"}""", StringComparison.Ordinal))).Batch;

        Assert.Equal(("loaded", 2L), (receipt.State, receipt.Accepted));
        Assert.Equal(["a", "a2"], (await _rig.ItemsAsync()).Select(item => item.Responses[0].Content));
    }

    [Theory]
    [InlineData("{bad")]
    [InlineData("""{"prompt":"q","response":"a"} {"prompt":"q","response":"b"}""")]
    [InlineData("""{"prompt":"q","response":"a","score":NaN}""")]
    [InlineData("""{"prompt":"q","prompt":"r","response":"a"}""")]
    [InlineData("""{"prompt":"q","response":"a","x":{"y":1,"y":2}}""")]
    [InlineData("""{"prompt":"q","response":"a",}""")]
    [InlineData("""{"prompt":"q","response":"half \ud83d end"}""")]
    [InlineData("""{"prompt":"q","response":"a","x":"\udc00"}""")]
    [InlineData("""{"prompt":"bad \x41","response":"a"}""")]
    [InlineData("[1]")]
    [InlineData("null")]
    public async Task A_line_that_is_not_strict_JSON_is_refused_alone(string bad)
    {
        var receipt = (await _rig.IngestAsync($"{Good}\n{bad}\n{Good.Replace("q", "q2", StringComparison.Ordinal)}")).Batch;

        Assert.Equal(("loaded_with_rejects", 3L, 2L, 1L), (receipt.State, receipt.Read, receipt.Accepted, receipt.Rejected));
        Assert.Equal(2, Assert.Single(receipt.Errors).Line);
    }

    [Theory]
    [InlineData(new byte[] { 0xE9 }, 24)]
    [InlineData(new byte[] { 0xC0, 0xAF }, 24)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 24)]
    public async Task Invalid_UTF8_is_refused_with_its_place_and_never_replaced(byte[] invalid, int at)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Good + "\n"), .. "{\"prompt\":\"x\",\"response\""u8[..23], .. invalid, .. "\":\"a\"}\n"u8];
        var receipt = (await _rig.IngestAsync(bytes)).Batch;

        var error = Assert.Single(receipt.Errors);
        Assert.Equal(2, error.Line);
        Assert.Contains($"byte {at} of the line (byte {at + Good.Length + 1} of the file)", error.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', string.Concat((await _rig.ItemsAsync()).SelectMany(item => item.Responses).Select(response => response.Content)));
    }

    [Fact]
    public async Task UTF16_with_a_byte_order_mark_is_read_and_without_one_refused()
    {
        var text = """{"prompt":"Fièvre 😀","response":"a"}""" + "\n";
        var marked = (await _rig.IngestAsync([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)])).Batch;
        var bare = (await _rig.IngestAsync(Encoding.Unicode.GetBytes(text))).Batch;

        Assert.Equal(("loaded", "canonical, jsonl, utf-16"), (marked.State, marked.Format));
        Assert.Equal("Fièvre 😀", (await _rig.ItemsAsync())[0].Messages[0].Content);
        Assert.Equal("failed", bare.State);
        Assert.Contains("UTF-16", bare.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nesting_of_a_million_levels_is_one_refused_line()
    {
        var deep = "{\"prompt\":\"q\",\"response\":\"a\",\"x\":" + string.Concat(Enumerable.Repeat("{\"a\":", 1_000_000));
        var receipt = (await _rig.IngestAsync($"{deep}\n{Good}")).Batch;

        Assert.Equal((1L, 1L), (receipt.Accepted, receipt.Rejected));
        Assert.Equal("Nested deeper than 64 levels.", receipt.Errors[0].Reason);
    }

    [Fact]
    public async Task A_record_over_the_limit_is_skipped_whole_and_the_limit_is_named()
    {
        _rig.Options.MaxRecordBytes = 1 << 20;
        var huge = $$"""{"prompt":"q","response":"{{new string('x', 3 << 20)}}"}""";
        var receipt = (await _rig.IngestAsync($"{Good}\n{huge}\n{Good.Replace("q", "q3", StringComparison.Ordinal)}")).Batch;

        Assert.Equal((2L, 1L), (receipt.Accepted, receipt.Rejected));
        var error = Assert.Single(receipt.Errors);
        Assert.Equal(2, error.Line);
        Assert.Contains("1,048,576", error.Reason, StringComparison.Ordinal);
        Assert.Equal([1L, 3L], (await _rig.ItemsAsync()).Select(item => item.Line));
    }

    [Fact]
    public async Task Of_many_errors_a_bounded_number_is_written_and_the_rest_counted()
    {
        var result = await _rig.IngestAsync(string.Concat(Enumerable.Repeat("{bad\n", 5_000)) + Good);

        Assert.Equal((5_001L, 1L, 5_000L), (result.Batch.Read, result.Batch.Accepted, result.Batch.Rejected));
        Assert.Equal((100, 4_900L, 1_000), (result.Batch.Errors.Count, result.Batch.MoreErrors, result.Errors.Count));
        using var rejects = new StreamReader((await _rig.Files.OpenAsync(HealthEval.Batches.Batch.RejectsPath("p1", result.Batch.BatchId), default))!);
        Assert.Equal(1_001, (await rejects.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_list_and_laid_out_objects_are_read_like_lines()
    {
        var list = (await _rig.IngestAsync("[\n  {\"prompt\":\"1\",\n   \"response\":\"a\"},\n  {\"prompt\":\"2\",\"response\":\"b\"}\n]", "a.json")).Batch;
        var laidOut = (await _rig.IngestAsync("{\n  \"prompt\": \"3\",\n  \"response\": \"}{\"\n}\n{\n  \"prompt\": \"4\",\n  \"response\": \"\\\"]\"\n}\n", "b.json")).Batch;

        Assert.Equal(("canonical, json", 2L, "canonical, json", 2L), (list.Format, list.Accepted, laidOut.Format, laidOut.Accepted));
        Assert.Equal([1L, 2L, 4L, 5L], (await _rig.ItemsAsync()).Select(item => item.Line));
    }

    [Theory]
    [InlineData("""[{"prompt":"1","response":"a"},{"prompt":"2","resp""")]
    [InlineData("""[{"prompt":"1","response":"a"},""")]
    [InlineData("""[{"prompt":"1","response":"a"}""")]
    [InlineData("""[{"prompt":"1","response":"a"} {"prompt":"2","response":"b"}]""")]
    [InlineData("""[{"prompt":"1","response":"a"}] tail""")]
    public async Task A_list_that_is_cut_off_or_malformed_keeps_its_good_records_and_says_where_it_broke(string content)
    {
        var receipt = (await _rig.IngestAsync(content, "a.json")).Batch;

        Assert.Equal(("loaded_with_rejects", 1L, 1L), (receipt.State, receipt.Accepted, receipt.Rejected));
    }

    [Fact]
    public async Task What_is_no_text_is_refused_with_one_short_message()
    {
        var bytes = new byte[65_536];
        new Random(1).NextBytes(bytes);
        var receipt = (await _rig.IngestAsync(bytes)).Batch;

        Assert.Equal("failed", receipt.State);
        Assert.InRange(Assert.Single(receipt.Errors).Reason.Length, 20, 300);
    }

    [Fact]
    public async Task Lines_of_another_shape_are_refused_by_field_and_not_guessed_at()
    {
        var receipt = (await _rig.IngestAsync($$"""
            {{Good}}
            {"id":"x","messages":[{"role":"user","content":"q"}],"completion":"a"}
            {"question":"q","answer":"a"}
            {"prompt":"q","response_a":"x","response_b":"y"}
            """)).Batch;

        Assert.Equal((1L, 3L), (receipt.Accepted, receipt.Rejected));
        Assert.Equal([2L, 3L, 4L], receipt.Errors.Select(error => error.Line).Distinct());
    }

    [Fact]
    public async Task No_message_repeats_what_a_patient_wrote()
    {
        const string Private = "SSN 078-05-1120";
        var result = await _rig.IngestAsync($$"""
            {"prompt":"{{Private}}","response":5}
            {"prompt":"{{Private}}","response":"{{Private}}"
            {"prompt":[{"role":"user","content":"{{Private}}"},{"role":"assistant","content":"{{Private}}"}],"response":"a"}
            {"prompt":"{{Private}}","response":"a","audience":"lay"}
            """);

        Assert.Equal(3L, result.Batch.Rejected);
        Assert.DoesNotContain("078-05", System.Text.Json.JsonSerializer.Serialize(result), StringComparison.Ordinal);
    }
}
