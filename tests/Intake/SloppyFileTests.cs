using System.Text;
using HealthEval.Tests.Batches;

namespace HealthEval.Tests.Intake;

/// <summary>What people send when they are in a hurry.</summary>
public sealed class SloppyFileTests
{
    [Theory]
    [InlineData("{\"prompt\":\"Q?\",\"response\":\"A.\"},\n{\"prompt\":\"Q2?\",\"response\":\"B.\"},\n")]
    [InlineData("""{"about":{"n":2},"runs":[{"model":"m1","items":[{"prompt":"Q?","response":"A."}]},{"model":"m2","items":[{"prompt":"Q2?","response":"B."}]}]}""")]
    [InlineData("\"Model\nresponse\",\"User\nprompt\"\nA.,Q?\nB.,Q2?\n")]
    public async Task Records_are_found_though_their_surroundings_are_not_as_they_should_be(string content)
    {
        var read = await Reading.OfAsync(content);

        Assert.Equal(("loaded", 2L), (read.Batch.State, read.Batch.Accepted));
        Assert.Equal(["user: Q2?", "user: Q?"], read.Prompts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_run_says_of_all_its_records_is_each_record_s()
    {
        var read = await Reading.OfAsync("""{"runs":[{"model":"m1","date":"d1","samples":[{"prompt":"Q?","response":"A."},{"prompt":"Q2?","response":"B.","model":"own"}]},{"note":"broken"}]}""");

        Assert.Equal(["m1: A.", "own: B."], read.Answers);
        Assert.Contains("a list 'samples'", Assert.Single(read.Batch.Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_of_another_kind_are_metadata_and_system_rules_in_parts_are_read()
    {
        var read = await Reading.OfAsync("""{"item_id":{"$oid":"5f"},"system":[{"type":"text","text":"Be kind."}],"messages":[{"role":"user","content":"Q?"}],"response":"A."}""");

        Assert.Equal("system: Be kind. | user: Q?", Assert.Single(read.Prompts));
        Assert.Equal((null, "item_id"), (read.Items[0].ItemId, Assert.Single(read.Items[0].Meta!).Key));
        Assert.Contains("foreign_field_kept_as_metadata", read.Notes);
    }

    [Theory]
    [InlineData("cost_usd", true)]
    [InlineData("request_time", true)]
    [InlineData("totalLatencyMs", true)]
    [InlineData("generated_at", true)]
    [InlineData("time_of_day", false)]
    [InlineData("at_risk", false)]
    [InlineData("format", false)]
    [InlineData("symptoms", false)]
    public async Task What_a_call_cost_and_when_it_was_made_is_not_what_it_is(string field, bool isSame)
    {
        var read = await Reading.OfAsync($$"""
            {"prompt":"Q?","response":"A.","{{field}}":1}
            {"prompt":"Q?","response":"A.","{{field}}":2}
            """);

        Assert.Equal(isSame ? 1 : 2, read.Items.Count);
    }

    [Fact]
    public async Task What_is_written_about_the_data_in_an_archive_is_no_batch()
    {
        var zip = PackedFileTests.Zip(("a/README.md", "# Notes"u8.ToArray()), ("LICENSE", "MIT"u8.ToArray()), ("a/data.jsonl", """{"prompt":"Q?","response":"A."}"""u8.ToArray()));

        Assert.Equal(("loaded", 1L), (await Reading.OfAsync(zip, "z.zip")).Batch is var batch ? (batch.State, batch.Accepted) : default);
    }

    [Fact]
    public async Task Two_objects_on_a_line_are_told_apart_in_words()
    {
        var read = await Reading.OfAsync("{\"prompt\":\"Q?\",\"response\":\"A.\"}{\"prompt\":\"Q2?\",\"response\":\"B.\"}\n{\"prompt\":\"Q3?\",\"response\":\"C.\"}\n");

        Assert.Equal("There is more than one object on this line. Put each on a line of its own.", Assert.Single(read.Batch.Errors).Reason);
    }

    [Fact]
    public async Task What_a_column_says_about_an_answer_is_none_and_a_physician_s_is_the_reference()
    {
        var read = await Reading.OfAsync("question,answer_gpt,answer_llama,answer_gpt_score,answer_time_ms,response_length,doctor_answer\nQ?,A.,B.,5,350,2,Ref.\n");

        Assert.Equal("gpt: A. | llama: B.", Assert.Single(read.Answers));
        Assert.Equal("Ref.", read.Items[0].Reference!.Value.GetString());
    }

    [Fact]
    public async Task A_Markdown_table_is_refused_in_words()
    {
        var read = await Reading.OfAsync("| prompt | response |\n|:---|---:|\n| Q? | A. |\n", "t.txt");

        Assert.Equal(("failed", 0), (read.Batch.State, read.Items.Count));
        Assert.Contains("Markdown table", read.Batch.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_of_Inspect_is_one_though_its_transcript_lies_beside_it()
    {
        var read = await Reading.OfAsync("""{"id":1,"epoch":1,"input":"Q?","target":"Ref","messages":[{"role":"user","content":"Q?"},{"role":"assistant","content":"A."}],"output":{"model":"m","choices":[{"message":{"role":"assistant","content":"A."}}]}}""");

        Assert.Equal(("inspect, jsonl", "m: A."), (read.Batch.Format, Assert.Single(read.Answers)));
        Assert.Equal("Ref", read.Items[0].Reference!.Value.GetString());
    }

    [Fact]
    public async Task A_rubric_is_read_once()
    {
        var read = await Reading.OfAsync("""{"prompt_id":"p","prompt":[{"role":"user","content":"Q?"}],"completion":"A.","rubrics":[{"criterion":"Says so","points":5,"tags":["axis:accuracy"]}],"example_tags":["theme:hedging"]}""");

        Assert.Equal("Says so", Assert.Single(Assert.Single(read.Items).Rubric).Criterion);
    }
}
