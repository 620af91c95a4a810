using System.Text;
using HealthEval.Batches;
using HealthEval.Intake;

namespace HealthEval.Tests.Batches;

/// <summary>What one file, one record and one value may cost: limits that name themselves, and input made to be expensive.</summary>
public sealed class CostTests : IDisposable
{
    private const string Good = """{"prompt":"q","response":"a"}""";
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_file_has_no_more_records_than_the_limit()
    {
        _rig.Options.MaxRecords = 100;
        var lines = Enumerable.Range(1, 101).Select(n => $$"""{"item_id":"{{n}}","prompt":"q","response":"a"}""").ToList();
        var whole = (await _rig.IngestAsync(string.Join('\n', lines))).Batch;
        var rest = (await _rig.IngestAsync(string.Join('\n', lines[50..]))).Batch;

        Assert.Equal((BatchState.Failed, 100L, 0L), (whole.State, whole.Accepted, whole.Rejected));
        Assert.Equal("More than 100 records in one file, the limit. The records before line 101 are loaded; send the others in another file.", whole.Reason);
        Assert.Equal(BatchState.Loaded, rest.State);
        Assert.Equal(101, await _rig.TasksAsync());
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("list")]
    [InlineData("lists in lists")]
    [InlineData("objects in lists")]
    public async Task A_record_has_no_more_values_than_the_limit(string shape)
    {
        var over = (await _rig.IngestAsync($"{Good}\n{Values(shape, _rig.Options.MaxValues + 1)}\n")).Batch;
        Assert.Equal((1L, 1L), (over.Accepted, over.Rejected));
        Assert.Equal((2L, "The record has more than 100,000 fields and list entries, the most that one may have."), (over.Errors[0].Line, over.Errors[0].Reason));

        _rig.Options.MaxValues = 40;
        var under = (await _rig.IngestAsync(Values(shape, 30))).Batch;
        Assert.Equal(BatchState.Loaded, under.State);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[]}""", 3)]
    [InlineData("[1,[2,{}]]", 5)]
    [InlineData("[[[]]]", 3)]
    [InlineData("\"a,b,[{\"", 1)]
    public void Values_are_counted_wherever_they_are(string json, int values)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);

        Assert.False(JsonRecord.HasMoreValues(utf8, values));
        Assert.True(JsonRecord.HasMoreValues(utf8, values - 1));
    }

    [Theory]
    [InlineData("abcd", 4)]
    [InlineData("\\n\\n\\\"\\\\", 4)]
    [InlineData("\\u0041\\u00e9\\u4e2d", 6)]
    [InlineData("\\ud83d\\ude00", 4)]
    [InlineData("é中😀", 9)]
    public void A_text_is_as_long_as_its_UTF8_however_it_is_written(string text, int bytes)
    {
        var utf8 = Encoding.UTF8.GetBytes($$"""{"k":["{{text}}"]}""");

        Assert.True(JsonRecord.HasLongerText(utf8, bytes - 1));
        Assert.False(JsonRecord.HasLongerText(utf8, bytes));
        Assert.False(JsonRecord.HasLongerText(utf8.AsSpan(..^3), bytes)); // no JSON: somebody else says so
    }

    [Theory]
    [InlineData("{\"prompt\":\"q\",\"response\":\"{0}\"}\n{\"prompt\":\"q\",\"response\":\"a\"}")]
    [InlineData("[{\"prompt\":\"q\",\"response\":\"{0}\"},{\"prompt\":\"q\",\"response\":\"a\"}]")]
    [InlineData("prompt,response\nq,{0}\nq,a\n")]
    [InlineData("prompt,response\nq,\"{0}\"\nq,a\n")]
    public async Task A_text_that_fits_into_no_item_is_refused_before_anything_is_made_of_it(string shape)
    {
        var receipt = (await _rig.IngestAsync(shape.Replace("{0}", new string('x', _rig.Options.MaxItemBytes + 1), StringComparison.Ordinal))).Batch;

        Assert.Equal((BatchState.LoadedWithRejects, 1L, 1L), (receipt.State, receipt.Accepted, receipt.Rejected));
        Assert.Equal("Too large: a text of more than 1,500,000 bytes, the most that an item may have with all its texts. Shorten it, or split the conversation.", receipt.Errors[0].Reason);
    }

    [Fact]
    public async Task Fifty_thousand_different_keys_and_then_one_of_them_again_is_a_rejected_record()
    {
        var keys = string.Join(',', Enumerable.Range(0, 50_000).Select(n => $"\"k{n}\":{n}"));
        var receipt = (await _rig.IngestAsync($$"""{"prompt":"q","response":"a",{{keys}},"k0":1}""" + "\n" + Good)).Batch;

        Assert.Equal((1L, 1L), (receipt.Accepted, receipt.Rejected));
    }

    [Fact]
    public async Task Unknown_fields_by_the_thousands_are_kept_within_the_limit()
    {
        var keys = string.Join(',', Enumerable.Range(0, 50_000).Select(n => $"\"k{n}\":{n}"));
        var receipt = (await _rig.IngestAsync($$"""{"prompt":"q","response":"a",{{keys}}}""")).Batch;

        Assert.Equal(BatchState.Loaded, receipt.State);
        Assert.InRange(Assert.Single(await _rig.ItemsAsync()).Meta!.Sum(field => field.Key.Length + field.Value.GetRawText().Length), 60_000, _rig.Options.MaxMetaBytes);
    }

    [Fact]
    public async Task A_long_prompt_is_not_multiplied_by_a_thousand_responses()
    {
        var responses = string.Join(',', Enumerable.Range(0, 1_000).Select(n => $"{{\"content\":\"a{n}\"}}"));
        var receipt = (await _rig.IngestAsync($$"""{"prompt":"{{new string('q', 100_000)}}","responses":[{{responses}}]}""" + "\n" + Good)).Batch;

        Assert.Equal((1L, 1L, 1L), (receipt.Accepted, receipt.Rejected, receipt.Items));
        Assert.Matches("^Too large: 100,[0-9]{3},[0-9]{3} bytes once each of its 1,000 responses stands with the prompt, the limit is 8,388,608[.]", receipt.Errors[0].Reason);
    }

    [Fact]
    public async Task A_hundred_thousand_levels_are_one_rejected_record()
    {
        foreach (var open in new[] { "[", "{\"a\":" })
        {
            var deep = $$"""{"prompt":"q","response":"a","x":{{string.Concat(Enumerable.Repeat(open, 100_000))}}""";
            var receipt = (await _rig.IngestAsync($"{deep}\n{{\"prompt\":\"q\",\"response\":\"{open.Length}\"}}")).Batch;

            Assert.Equal((1L, 1L, "Nested deeper than 64 levels."), (receipt.Accepted, receipt.Rejected, receipt.Errors[0].Reason));
        }
    }

    [Fact]
    public async Task Hundreds_of_thousands_of_empty_records_are_counted_and_not_kept()
    {
        var receipt = (await _rig.IngestAsync(Good + "\n" + string.Concat(Enumerable.Repeat("{}\n", 300_000)))).Batch;

        Assert.Equal((300_001L, 1L, 300_000L), (receipt.Read, receipt.Accepted, receipt.Rejected));
        Assert.Equal(_rig.Options.MaxErrorsInReceipt, receipt.Errors.Count);
    }

    private static string Values(string shape, int count)
    {
        var values = shape switch
        {
            "keys" => "{" + string.Join(',', Enumerable.Range(0, count).Select(n => $"\"{n}\":0")) + "}",
            "list" => "[" + string.Join(',', Enumerable.Repeat("0", count)) + "]",
            "lists in lists" => "[" + string.Join(',', Enumerable.Repeat("[[]]", count / 2)) + "]",
            _ => "[" + string.Join(',', Enumerable.Repeat("{\"a\":{}}", count / 2)) + "]",
        };
        return $$"""{"prompt":"q","response":"a","x":{{values}}}""";
    }
}
