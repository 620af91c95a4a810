using System.Text;

namespace HealthEval.Tests.Batches;

public sealed class TableTests : IDisposable
{
    private readonly IngestRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("prompt,response,model\n\"a, b\",\"x \"\"y\"\" z\",m\n", "csv")]
    [InlineData("\uFEFFprompt,response,model\r\n\"a, b\",\"x \"\"y\"\" z\",m\r\n", "csv")]
    [InlineData("Prompt;Response;Model\n\"a, b\";\"x \"\"y\"\" z\";m", "csv")]
    [InlineData("sep=;\nprompt;response;model\n\"a, b\";\"x \"\"y\"\" z\";m", "csv")]
    [InlineData("prompt\tresponse\tmodel\na, b\t\"x \"\"y\"\" z\"\tm\n", "tsv")]
    [InlineData("question,answer,model\n\"a, b\",\"x \"\"y\"\" z\",m\n", "csv")]
    public async Task A_table_is_read_whatever_separates_its_cells(string content, string container)
    {
        var receipt = (await _rig.IngestAsync(content, "t.csv")).Batch;

        Assert.Equal(("loaded", 1L), (receipt.State, receipt.Accepted));
        Assert.EndsWith(container, receipt.Format, StringComparison.Ordinal);
        var item = Assert.Single(await _rig.ItemsAsync());
        Assert.Equal(("a, b", "x \"y\" z", "m"), (item.Messages[0].Content, item.Responses[0].Content, item.Responses[0].Model));
    }

    [Fact]
    public async Task Line_breaks_inside_quotes_are_kept_and_lines_are_counted_where_rows_begin()
    {
        var receipt = (await _rig.IngestAsync("prompt,response\n\"q\r\n1\",\"a\n\nb\"\nonly one cell\nq2,a2\n", "t.csv")).Batch;

        Assert.Equal((2L, 1L), (receipt.Accepted, receipt.Rejected));
        Assert.Equal(6, Assert.Single(receipt.Errors).Line);
        var items = await _rig.ItemsAsync();
        Assert.Equal(("q\r\n1", "a\n\nb"), (items[0].Messages[0].Content, items[0].Responses[0].Content));
        Assert.Equal([2L, 7L], items.Select(item => item.Line));
    }

    [Fact]
    public async Task Response_a_and_b_are_two_blinded_responses_of_one_task()
    {
        var receipt = (await _rig.IngestAsync("prompt,response_a,response_b,model_a,model_b\nq,x,y,m1,m2\n", "t.csv")).Batch;

        Assert.Equal((1L, 2L), (receipt.Items, receipt.Responses));
        Assert.Equal(["x m1", "y m2"], Assert.Single(await _rig.ItemsAsync()).Responses.Select(response => $"{response.Content} {response.Model}"));
    }

    [Fact]
    public async Task Rows_with_one_prompt_id_and_several_models_are_all_kept()
    {
        var receipt = (await _rig.IngestAsync("prompt_id,prompt,model,response\np,q,m1,a\np,q,m2,a\np,q,m1,b\np,q,m1,a\n", "t.csv")).Batch;

        Assert.Equal((3L, 1L), (receipt.Accepted, receipt.Duplicate));
    }

    [Theory]
    [InlineData("prompt,response\na,\"never closed\nb,c\n", "line 2 is never closed")]
    [InlineData("c1,q,m,a\nc2,q,m,a\n", "Required columns not found")]
    [InlineData("prompt,model\nq,m\n", "Required columns not found")]
    [InlineData("prompt,response,prompt\na,b,c\n", "appears twice")]
    [InlineData("prompt,response\n", "no records")]
    [InlineData("just some words\n", "No known format")]
    public async Task A_table_that_cannot_be_trusted_is_refused_as_a_whole(string content, string reason)
    {
        var receipt = (await _rig.IngestAsync(content, "t.csv")).Batch;

        Assert.Equal(("failed", 0L), (receipt.State, receipt.Accepted));
        Assert.Contains(reason, receipt.Reason, StringComparison.Ordinal);
        Assert.Empty(await _rig.ItemsAsync());
    }

    [Fact]
    public async Task A_table_in_the_code_page_of_Western_Europe_is_read_with_a_warning()
    {
        byte[] bytes = [.. "prompt,response\nq0,a0\nFi"u8, 0xE8, .. "vre "u8, 0x96, .. ","u8, 0x93, .. "ok"u8, 0x94, .. "\n"u8];
        var receipt = (await _rig.IngestAsync(bytes, "t.csv")).Batch;

        Assert.Equal(("loaded", "canonical, csv, windows-1252", 2L), (receipt.State, receipt.Format, receipt.Accepted));
        Assert.Equal("not_utf8_read_as_windows_1252", Assert.Single(receipt.Warnings).Class);
        Assert.Equal(("Fièvre –", "“ok”"), ((await _rig.ItemsAsync())[1].Messages[0].Content, (await _rig.ItemsAsync())[1].Responses[0].Content));
    }

    [Fact]
    public async Task A_table_whose_encoding_is_named_is_read_without_a_warning()
    {
        var receipt = (await _rig.IngestAsync([.. "prompt,response\nFi"u8, 0xE8, .. "vre,a\n"u8], "t.csv", encoding: "windows-1252")).Batch;

        Assert.Equal(("loaded", 0), (receipt.State, receipt.Warnings.Count));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0xA8, 0xC3 }, 3)] // UTF-8 with one damaged character
    [InlineData(new byte[] { 0xE8, 0x81 }, 1)] // a byte that no character of the code page has
    public async Task A_damaged_table_is_refused_with_the_place_and_not_garbled(byte[] damaged, int at)
    {
        var receipt = (await _rig.IngestAsync([.. "prompt,response\nq,"u8, .. damaged, .. ",\n"u8], "t.csv")).Batch;

        Assert.Equal(("failed", 0), (receipt.State, (await _rig.ItemsAsync()).Count));
        Assert.Contains($"line 2, byte {18 + at}", receipt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_may_be_as_large_as_a_record_may_be()
    {
        var large = string.Concat(Enumerable.Repeat("a\"\"b,\n", 100_000));
        var receipt = (await _rig.IngestAsync(Encoding.UTF8.GetBytes($"prompt,response\nq,\"{large}\"\n"), "t.csv")).Batch;

        Assert.Equal(1L, receipt.Accepted);
        Assert.Equal(large.Replace("\"\"", "\"", StringComparison.Ordinal), (await _rig.ItemsAsync())[0].Responses[0].Content);
    }
}
